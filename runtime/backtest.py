"""History through the same machine as paper and live, with fills at the next open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from runtime.candles import Candles, Floats, Times
from runtime.core.columns import SharedColumns
from runtime.core.machine import layout as at
from runtime.core.machine.rules import Encoded, encoded
from runtime.core.machine.tape import Costs, Venue, reel
from runtime.core.outside import Outside, OutsideValues, given_for
from runtime.core.trades import Closed
from runtime.decided import Decided
from runtime.player import Player
from strategy_dsl.checks.settling import Settled, settled_bars
from strategy_dsl.program import Program

__all__ = ["Backtest", "Closed", "Costs", "Venue", "run_backtest"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """The result: trades in order of their end, equity at each close, what was held.

    `time` are openings (ms UTC); `equity` and `exposure` (worth of what is open, shorts below zero) are at the closes
    of the same candles. `skipped` counts true rules that were not acted on, by reason.
    """

    trades: tuple[Closed, ...]
    time: Times
    equity: Floats
    exposure: Floats
    cash: float
    signals: int
    skipped: tuple[tuple[str, int], ...]
    alerts: int
    closes: Mapping[str, tuple[Times, Floats]]
    entry_columns: tuple[tuple[Floats, ...], ...]
    program: Program
    decisions: Decided | None = None
    funding: float = 0.0
    """What was paid for holding perpetuals, received below zero; it is in the trades' results, too."""
    ambiguous: int = 0
    """Ranges that touched both stop and target, taken as the stop: candles, or finer candles where there are any."""
    settled: int = 0
    """Candles that touched both and were played on finer candles."""

    @cached_property
    def settling(self) -> Settled:
        """From which candle on the values that the rules read are settled."""
        return settled_bars(self.program)

    @cached_property
    def early(self) -> tuple[bool, ...]:
        """Of each trade whether its entry was decided before the settled candle: more history could change it."""
        places = [int(np.searchsorted(self.closes[each.market][0], each.entry_ms)) for each in self.trades]
        return tuple(place - 1 < self.settling.bars for place in places)

    @cached_property
    def holding(self) -> Floats:
        """What the cash would be worth had it bought all markets in equal parts at their first close."""
        shares = [_carried(self.time, *each) for each in self.closes.values()]
        lines = [line / line[np.flatnonzero(~np.isnan(line))[0]] for line in shares]
        found: Floats = self.cash * (lines[0] if len(lines) == 1 else np.nanmean(np.array(lines), axis=0))
        return found

    @cached_property
    def entry_share(self) -> float:
        """The share of candles on which an entry rule is true, of the market where it is so most often."""
        held = [np.any([column == 1 for column in columns], axis=0) for columns in self.entry_columns if columns]
        return max((float(each.mean()) for each in held), default=0.0)


def run_backtest(
    program: Program,
    candles: Mapping[str, Candles],
    cash: float,
    costs: Costs,
    events: tuple[int, ...] = (),
    outside: OutsideValues | None = None,
    finer: Mapping[str, Candles] | None = None,
    decisions: bool = False,
    shared: SharedColumns | None = None,
) -> Backtest:
    """Plays the candles; raises KeyError for a market without candles and ValueError for none at all.

    `events` are moments of high impact (ms UTC) for windows that go by them; `outside` are values from outside the
    candles, unknown where they are not given; `finer` candles by market tell what came first inside a candle;
    `decisions` keeps what was decided; `shared` are columns of the same candles and values, for as many backtests as
    like to.
    """
    program = with_markets(program, candles)
    if any(not len(candles[market]) for market in program.reads):
        raise ValueError("there are no candles to test on")
    plan = encoded(program, traced=decisions)
    shared = shared or SharedColumns(candles, outside=outside)
    columns = {market: shared.of(market).several(plan.columns) for market in program.markets}
    film = reel(plan, candles, columns, costs, events, funding=funding_of(program, outside or {}), finer=finer)
    player = Player(plan, film, cash, keep=decisions)
    player.play()
    desk, control = player.desk, player.desk.control[0]
    markets = program.markets
    skipped = {at.ACTIONS[k]: int(count) for k, count in enumerate(desk.skips["count"]) if count}
    entries = _entry_columns(plan, [columns[market] for market in markets])
    return Backtest(
        trades=closed(markets, player.trades),
        time=film.tape.time,
        equity=player.worth,
        exposure=player.exposure,
        cash=cash,
        signals=int(control["signals"]),
        skipped=tuple(sorted(skipped.items())),
        alerts=int(control["alerts"]),
        closes={market: (candles[market].time, candles[market].close) for market in markets},
        entry_columns=entries,
        decisions=Decided(plan, film, cash, desk.decisions[: control["decisions"]]) if decisions else None,
        program=program,
        funding=float(control["funding"]),
        ambiguous=int(control["ambiguous"]),
        settled=int(control["settled"]),
    )


def with_markets(program: Program, candles: Mapping[str, Candles]) -> Program:
    """The program with the markets of its universe: all those of its quote that there are candles of."""
    trade = program.strategy.trade
    if trade is None or trade.universe is None or program.markets:
        return program
    found = tuple(name for name in sorted(candles) if name.endswith(f"/{trade.universe.quote}"))
    return replace(program, markets=found, reads=tuple(dict.fromkeys((*found, *program.reads))))


def funding_of(program: Program, outside: OutsideValues) -> dict[str, Outside]:
    """The funding payments of a strategy on perpetuals, by market; none on spot markets."""
    trade = program.strategy.trade
    if trade is None or not trade.perpetual:
        return {}
    found = {market: given_for(outside, "funding_rate", market) for market in program.markets}
    return {market: each for market, each in found.items() if each is not None}


def _entry_columns(plan: Encoded, columns: Sequence[Sequence[Floats]]) -> tuple[tuple[Floats, ...], ...]:
    """The columns of entry rules that need nothing but candles, by market."""
    places = [plan.columns.index(rule.condition) for rule in plan.program.entries if rule.condition in plan.columns]
    return tuple(tuple(each[place] for place in places) for each in columns)


def closed(markets: Sequence[str], rows: at.Records) -> tuple[Closed, ...]:
    """The trades of a desk."""
    # column by column: a whole row at once takes three times as long
    market, *took, kind, rule, side, first = (rows[name].tolist() for name in TRADE_NAMES)
    named, words = [markets[each] for each in market], [at.KINDS[each] for each in kind]
    fees = (rows["entry_fee"] + rows["exit_fee"]).tolist()
    return tuple(map(Closed._make, zip(named, *took, words, rule, side, first, fees, strict=True)))


TRADE_NAMES = (
    "market", "entry_time", "exit_time", "entry_price", "exit_price", "quantity", "pnl", "kind", "rule", "side",
    "entry_rule",
)  # fmt: skip


def _carried(time: Times, own: Times, values: Floats) -> Floats:
    """A market's closes on the common time line, carried forward over missing candles."""
    if len(own) == len(time):
        return values
    rows = np.searchsorted(own, time, side="right") - 1
    return np.where(rows < 0, np.nan, values[np.maximum(rows, 0)])
