"""Which markets a condition is true on now: compiled like a strategy's, judged on closed candles."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from runtime.candles import Candles
from runtime.core.calendar import milliseconds
from runtime.core.columns import SharedColumns
from runtime.core.machine.flat import judged_flat
from runtime.markets import MarketError, Markets
from strategy_dsl.program import Program, RulePlan
from strategy_dsl.timeframes import timeframe_ms

PLAYED = ("BTC", "ETH", "SOL", "BNB", "XRP", "ADA", "DOGE", "AVAX", "LINK", "LTC")
"""The coins that are looked at on the simulated market, which has any."""
CANDLES = 2_000
"""How much of the past is read: enough for every average that people use to have settled."""


@dataclass(frozen=True)
class Found:
    """One market: whether the condition holds (None unknown), and the values of its first comparison."""

    market: str
    holds: bool | None
    left: float | None
    right: float | None


def markets_to_scan(markets: Markets, traded: list[str]) -> list[str]:
    """The markets of the files or of the person's own strategies; on the simulated market the usual coins."""
    known = list(markets.known_markets())
    if known:
        return known
    return list(dict.fromkeys([*traded, *(() if markets.is_live else (f"{coin}/USDT" for coin in PLAYED))]))


def scanned(programs: Mapping[str, Program], markets: Markets, clock: datetime) -> list[Found]:
    """The one alert of each market's program judged at the last candle that closed by `clock`.

    Raises MarketError where no market could be read.
    """
    found, problem = [], ""
    for name, program in programs.items():
        try:
            candles = _closed(markets.candles(name, program.timeframe), milliseconds(clock))
        except MarketError as error:
            problem = str(error)
            continue
        if len(candles):
            shared, rule = SharedColumns({name: candles}), program.alerts[0]
            value = float(judged_flat(program, shared)[name][rule.number][-1])
            found.append(Found(name, None if math.isnan(value) else value == 1, *_values(rule, shared, name)))
    if not found and problem:
        raise MarketError(problem)
    return found


def _closed(candles: Candles, now_ms: int) -> Candles:
    """The newest candles that had closed by then."""
    stop = int(np.searchsorted(candles.time + timeframe_ms(candles.timeframe), now_ms, side="right"))
    return candles.part(max(0, stop - CANDLES), stop)


def _values(rule: RulePlan, shared: SharedColumns, market: str) -> tuple[float | None, float | None]:
    leaf = rule.leaves[0]
    sides = (leaf.left, leaf.right)
    values = (None if node is None else float(shared.of(market).of(node)[-1]) for node in sides)
    left, right = (None if value is None or math.isnan(value) else value for value in values)
    return left, right
