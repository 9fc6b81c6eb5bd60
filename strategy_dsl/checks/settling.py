"""From which candle on the values of a strategy are settled: a longer history would not change them."""

from collections.abc import Mapping
from dataclasses import dataclass

from strategy_dsl import nodes
from strategy_dsl.catalogue import Function
from strategy_dsl.catalogue.settling import fading
from strategy_dsl.checks.history import History
from strategy_dsl.checks.places import places
from strategy_dsl.program import Program
from strategy_dsl.timeframes import UNITS_MS, timeframe_ms

AVERAGED_TIME = 1.443
"""The time constant of a Heikin-Ashi open, half of which is forgotten with every candle: 1 / ln 2."""

VOLATILITY_BARS = 100
"""How many returns `size volatility` is measured on."""


@dataclass(frozen=True)
class Settled:
    """How many candles of the strategy's timeframe come before its first settled values.

    Fetch that many before a strategy starts live; in a backtest, what was decided on a candle with a smaller index was
    decided too early to be sure. `unsure` are the functions for which no number can say: those that depend on where the
    candles begin for ever, as `obv`, and those that wait for something to happen, as `bars_since`.
    """

    bars: int
    unsure: tuple[str, ...]


def settled_bars(program: Program) -> Settled:
    """Of all that a program reads from candles, on all its markets and timeframes."""
    candle_ms = timeframe_ms(program.timeframe)
    history = _Settling(candle_ms, [])
    reach = max((history.of(place.node) for place in places(program.strategy)), default=0)
    if isinstance(program.strategy.size, nodes.SizeVolatility):
        reach = max(reach, VOLATILITY_BARS * candle_ms)
    return Settled(-(-reach // candle_ms), tuple(dict.fromkeys(history.unsure)))


class _Settling(History):
    """Reckons how long the values of an expression take to settle, and names what never surely does."""

    def __init__(self, candle_ms: int, unsure: list[str]) -> None:
        super().__init__({}, candle_ms)
        self.unsure = unsure

    def on(self, candle_ms: int) -> "_Settling":
        return _Settling(candle_ms, self.unsure)

    def bars(self, node: nodes.Node) -> int:
        if isinstance(node, nodes.FirstSince):
            self.unsure.append("first … since")
        return fading(AVERAGED_TIME) if isinstance(node, nodes.OfCandles) else super().bars(node)

    def row_ms(self, row: Function, numbers: Mapping[str, float], component: str, word: str) -> int:
        bars = row.settled_value(numbers, component)
        if bars is not None:
            return bars * self.candle_ms
        if row.days is not None:
            return row.days(numbers, word) * UNITS_MS["d"]
        if not row.needs_position():
            self.unsure.append(row.name)
        return (row.first_value(numbers, component) or 0) * self.candle_ms
