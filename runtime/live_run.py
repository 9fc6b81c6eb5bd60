"""One run in memory: its machine, its place on the time line, and the money it is judged by."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import Connection

from runtime.brokers.paper import PAPER_SLIPPAGE, STEP
from runtime.candles import Candles, Times
from runtime.core.calendar import DAY_MS, milliseconds
from runtime.core.machine import layout
from runtime.core.machine.machine import Machine
from runtime.core.machine.rules import Encoded, encoded
from runtime.core.machine.state import carried, new_state, state_data, state_from
from runtime.core.machine.tape import Costs, Venue
from runtime.core.money import exact
from runtime.ledger import runs, strategies
from runtime.markets import Markets
from runtime.run_candles import after, taken_from
from runtime.run_columns import RunColumns
from strategy_dsl.compiler import DEFAULT_BUDGET
from strategy_dsl.defaults import completed
from strategy_dsl.parser import parse
from strategy_dsl.program import Program, build_program
from strategy_dsl.timeframes import timeframe_ms

PATIENCE_MS = 30_000
"""How long the markets of a run wait for one whose candle is late."""
FRESH_MS = 10_000
"""How long after an opening an order still meets it."""


class LiveRun:
    """A run as loaded from the ledger; everything here can be rebuilt from it."""

    def __init__(self, c: Connection, run: runs.Run, markets: Markets, fee: Decimal, columns: RunColumns) -> None:
        """`columns` are those that the runs of the account share."""
        self.id = run.id
        self.strategy = strategies.get(c, run.strategy_id)
        self.version = strategies.version(c, run.version_id)
        saved = runs.state(c, run.id)
        kept = saved.get("markets", ()) if saved else ()
        self.program = markets.placed(program_of(self.version.text), kept)
        self.leaves = {rule.number: rule.leaves for rule in self.program.rules()}
        """What each rule compares, by its number."""
        self.length_ms = timeframe_ms(self.program.timeframe)
        self.markets, self.run_columns = markets, columns
        self.fee = float(fee)
        self.taken = taken_from(saved)
        self.versions, self.plan = _plan_of(c, self.version, self.program, markets, saved)
        state = self._state(c, saved, milliseconds(run.started_at))
        self._read_candles(run.cursor)
        self._begin(state, milliseconds(run.started_at))
        if self.strategy.state == "paper":
            # a person has restarted it
            self.machine.lift_halt()
        started = int(np.searchsorted(self.times + self.length_ms, milliseconds(run.started_at), side="right"))
        self.next_index = started if run.cursor is None else int(np.searchsorted(self.times, run.cursor, side="right"))
        self.is_new = saved is None
        """Whether its first opening has not been met: what the clock asks for then is done before any candle."""
        if saved is None:
            self._mark_start()
        self.worth = equity = self.machine.equity()
        """What it was worth after its last candle."""
        self.day: int = saved["day"] if saved else -1
        self.day_equity: float = saved["day_equity"] if saved else equity
        # its worth when everything that runs was worth most, together
        self.peak: float = saved["peak"] if saved else equity
        self.minute_entries: list[int] = saved["minute_entries"] if saved else []
        self._saved: tuple[int, dict[str, Any]] | None = None

    def _state(self, c: Connection, saved: dict[str, Any] | None, first_ms: int) -> layout.State | None:
        """What the run remembers; after an edit its positions end as the rules said when they were opened."""
        if saved is None:
            return None
        cash, before = float(self.strategy.budget), saved["versions"]
        if before[0] == self.version.id:
            return state_from(saved["machine"], new_state(self.plan, cash, first_ms))
        kept = saved.get("markets", ())
        programs = [self.markets.placed(program_of(strategies.version(c, each).text), kept) for each in before]
        old = encoded(programs[0], traced=True, older=tuple(programs[1:]))
        state = state_from(saved["machine"], new_state(old, cash, first_ms))
        return carried(state, old, self.plan, cash, first_ms)

    def _read_candles(self, cursor: int | None) -> None:
        timeframe = self.program.timeframe
        self._from = [self.markets.candles(each, timeframe) for each in self.program.reads]
        self._read = {each: self.taken.candles(self.markets, each, timeframe, cursor) for each in self.program.reads}
        self._newest = min((int(each.time[-1]) for each in self._read.values() if len(each)), default=0)
        self.candles: dict[str, Candles] = {each: self._read[each] for each in self.program.markets}
        self.times = _time_line(list(self.candles.values()))
        self.rows = {name: _rows(each, self.times) for name, each in self.candles.items()}

    def _begin(self, state: layout.State | None, first_ms: int = 0) -> None:
        """A machine on the candles that were read: every column is computed from the first of them."""
        costs = Costs(self.fee, PAPER_SLIPPAGE, venue=dict.fromkeys(self.program.markets, Venue(step=float(STEP))))
        given = self.markets.given
        self.columns = self.run_columns.of(self._read, given.values())
        self.machine = Machine(
            self.program, self._read, costs, float(self.strategy.budget), first_ms, state, self.plan, given.events(),
            self.columns.columns,
        )  # fmt: skip
        self.columns.columns.trim()

    def grow(self) -> None:
        """Takes in the candles that have come since: columns grow by them, or begin anew where earlier ones changed."""
        found = (self.markets.candles(each, self.program.timeframe) for each in self.program.reads)
        if all(now is before for now, before in zip(found, self._from, strict=True)):
            return
        cursor, before = self.cursor, self._read
        self._read_candles(cursor)
        newer = {name: after(each, self._read[name]) for name, each in before.items()}
        known = {name: each for name, each in newer.items() if each is not None}
        given = self.markets.given
        self.machine.shared.outside, self.machine.events = given.values(), given.events()
        if len(known) == len(newer) and self.columns.grow(before, self._read, known):
            self.machine.grow()
        else:
            self._begin(self.machine.state)
        self.next_index = int(np.searchsorted(self.times, cursor, side="right"))

    def _mark_start(self) -> None:
        for market, rows in self.rows.items():
            row = int(rows[self.next_index - 1]) if self.next_index else -1
            if row >= 0:
                self.machine.set_mark(market, float(self.candles[market].close[row]), row)

    def data(self) -> dict[str, Any]:
        """What a restart needs."""
        return {
            "machine": state_data(self.machine.state),
            "markets": list(self.program.markets),
            "versions": list(self.versions),
            "day": self.day,
            "day_equity": self.day_equity,
            "peak": self.peak,
            "minute_entries": list(self.minute_entries),
            "candles": self.taken.data(),
        }

    def to_save(self) -> tuple[int, dict[str, Any]] | None:
        """Cursor and data, or None where they are what was given the last time."""
        now = self.cursor, self.data()
        if now == self._saved:
            return None
        self._saved = now
        return now

    @property
    def cursor(self) -> int:
        """The opening of the last candle processed, ms UTC."""
        return int(self.times[self.next_index - 1]) if self.next_index else int(self.times[0]) - self.length_ms

    def next_close_ms(self) -> int | None:
        """When the next candle closes that can be decided on; None at the end of the feed, or while it waits."""
        if self.next_index >= len(self.times):
            return None
        opened = int(self.times[self.next_index])
        now = self.markets.now_ms()
        if now is not None and self._newest < opened and now < opened + self.length_ms + PATIENCE_MS:
            # a market of this run is late: what came of the others waits for it a little
            return None
        return opened + self.length_ms

    def next_look_ms(self) -> int | None:
        """When the next candle closes, also one that is not here yet; None at the end of a replay."""
        coming = self.next_close_ms()
        return self.cursor + 2 * self.length_ms if coming is None and self.markets.is_live else coming

    def next_open(self, market: str) -> tuple[float, int] | None:
        """Price and time of what a market order sent now meets: the next opening, or the present price.

        Live that is the opening that follows the last candle while it is fresh, so that paper and a backtest meet
        the same price; after that the last price that was seen.
        """
        if (now := self.markets.now_ms()) is not None:
            return self._present(market, now)
        rows = self.rows[market]
        for index in range(self.next_index, len(self.times)):
            row = rows[index]
            if row >= 0:
                return float(self.candles[market].open[row]), int(self.candles[market].time[row])
        return None

    def _present(self, market: str, now_ms: int) -> tuple[float, int]:
        price = self.markets.price(market, self.program.timeframe)
        if price is None:
            return float(self.candles[market].close[-1]), now_ms
        follows = price.opened_ms == self.cursor + self.length_ms
        if follows and now_ms - price.opened_ms <= FRESH_MS:
            return price.open, price.opened_ms
        return price.last, now_ms

    def price_age_ms(self, market: str) -> int:
        """How old the price is that an order would meet; 0 in a replay."""
        now = self.markets.now_ms()
        if now is None:
            return 0
        price = self.markets.price(market, self.program.timeframe)
        return now - (int(self.candles[market].time[-1]) + self.length_ms if price is None else price.at_ms)

    def age_ms(self, close_ms: int) -> int:
        """How long ago a candle closed; 0 in a replay, where every candle is the newest."""
        now = self.markets.now_ms()
        return 0 if now is None else now - close_ms

    def equity(self) -> Decimal:
        """What the run is worth at the last closes."""
        return exact(self.machine.equity())

    def begin_day(self, close_ms: int) -> None:
        """Starts a new UTC day for the loss of the day."""
        day = (close_ms - 1) // DAY_MS
        if day > self.day:
            self.day, self.day_equity = day, self.machine.equity()

    def accept_losses(self) -> None:
        """A person has seen the losses and goes on: they are measured anew from here."""
        self.day_equity = self.peak = self.machine.equity()


def _plan_of(
    c: Connection, version: strategies.Version, program: Program, markets: Markets, saved: dict[str, Any] | None
) -> tuple[list[int], Encoded]:
    """The versions that positions of a run go by, the present one first, and the numbers of all of them."""
    before: list[int] = saved["versions"] if saved and _holds(saved) else []
    versions = before if before and before[0] == version.id else [version.id, *before]
    texts = [strategies.version(c, each).text for each in versions[1:]]
    older = tuple(markets.placed(program_of(text), program.markets) for text in texts)
    return versions, encoded(program, traced=True, older=older)


def _holds(saved: dict[str, Any]) -> bool:
    """Whether a saved run has a position open."""
    place = (layout.POSITION.names or ()).index("open")
    return any(row[place] for row in saved["machine"]["positions"])


def program_of(text: str) -> Program:
    """The program of a stored version: it was checked when it was stored, and the gate holds it to today's limits."""
    strategy, _ = completed(parse(text).strategy, DEFAULT_BUDGET)
    return build_program(strategy)


def _time_line(candles: Sequence[Candles]) -> Times:
    """Every opening that one of the markets has a candle of."""
    first = candles[0].time
    if all(np.array_equal(first, each.time) for each in candles[1:]):
        return first
    return np.unique(np.concatenate([each.time for each in candles]))


def _rows(candles: Candles, times: Times) -> Sequence[int] | Times:
    """The candle of each opening, -1 where there is none."""
    if len(candles) == len(times):
        return range(len(times))
    at = np.searchsorted(candles.time, times)
    inside = np.minimum(at, len(candles) - 1)
    found: Times = np.where(candles.time[inside] == times, inside, -1)
    return found
