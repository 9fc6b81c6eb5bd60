"""One run in memory: its machine, its place on the time line, and the money it is judged by."""

from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import Connection

from runtime.candles import Candles
from runtime.core.calendar import DAY_MS, milliseconds
from runtime.core.machine import Machine
from runtime.core.money import exact
from runtime.core.saved import state_data, state_from
from runtime.core.state import State
from runtime.ledger import runs, strategies
from runtime.markets import Markets
from strategy_dsl.compiler import DEFAULT_BUDGET
from strategy_dsl.defaults import completed
from strategy_dsl.parser import parse
from strategy_dsl.program import Program, build_program
from strategy_dsl.timeframes import timeframe_ms


class LiveRun:
    """A run as loaded from the ledger; everything here can be rebuilt from it."""

    def __init__(self, c: Connection, run: runs.Run, markets: Markets, fee: Decimal) -> None:
        self.id = run.id
        self.strategy = strategies.get(c, run.strategy_id)
        self.version = strategies.version(c, run.version_id)
        self.program = program_of(self.version.text)
        timeframe = self.program.timeframe
        read = {each: markets.candles(each, timeframe) for each in self.program.reads}
        self.candles: dict[str, Candles] = {each: read[each] for each in self.program.markets}
        self.length_ms = timeframe_ms(timeframe)
        self.times = np.unique(np.concatenate([each.time for each in self.candles.values()]))
        self.rows = {name: _rows(each, self.times) for name, each in self.candles.items()}
        saved: dict[str, Any] | None = run.state
        state = State(float(self.strategy.budget)) if saved is None else state_from(saved["machine"])
        self.machine = Machine(self.program, read, float(fee), state)
        if self.strategy.state == "paper":
            # a person has restarted it
            state.memory.halted = False
        started = int(np.searchsorted(self.times + self.length_ms, milliseconds(run.started_at), side="right"))
        self.next_index = started if run.cursor is None else int(np.searchsorted(self.times, run.cursor, side="right"))
        if saved is None:
            self._mark_start()
        equity = state.equity()
        self.day: int = saved["day"] if saved else -1
        self.day_equity: float = saved["day_equity"] if saved else equity
        self.peak: float = saved["peak"] if saved else equity
        self.minute_entries: list[int] = saved["minute_entries"] if saved else []

    def _mark_start(self) -> None:
        for market, rows in self.rows.items():
            row = rows[self.next_index - 1] if self.next_index else -1
            if row >= 0:
                self.machine.state.marks[market] = float(self.candles[market].close[row])

    def data(self) -> dict[str, Any]:
        """What a restart needs."""
        return {
            "machine": state_data(self.machine.state),
            "day": self.day,
            "day_equity": self.day_equity,
            "peak": self.peak,
            "minute_entries": self.minute_entries,
        }

    @property
    def cursor(self) -> int:
        """The opening of the last candle processed, ms UTC."""
        return int(self.times[self.next_index - 1]) if self.next_index else int(self.times[0]) - self.length_ms

    def next_close_ms(self) -> int | None:
        """When the next candle closes; None at the end of the feed."""
        return None if self.next_index >= len(self.times) else int(self.times[self.next_index]) + self.length_ms

    def next_open(self, market: str) -> tuple[float, int] | None:
        """Price and time of the market's next opening: what a market order sent now meets."""
        rows = self.rows[market]
        for index in range(self.next_index, len(self.times)):
            row = rows[index]
            if row >= 0:
                return float(self.candles[market].open[row]), int(self.candles[market].time[row])
        return None

    def equity(self) -> Decimal:
        """What the run is worth at the last closes."""
        return exact(self.machine.state.equity())

    def begin_day(self, close_ms: int) -> None:
        """Starts a new UTC day for the loss of the day."""
        day = (close_ms - 1) // DAY_MS
        if day != self.day:
            self.day, self.day_equity = day, self.machine.state.equity()

    def accept_losses(self) -> None:
        """A person has seen the losses and goes on: they are measured anew from here."""
        self.day_equity = self.peak = self.machine.state.equity()


def program_of(text: str) -> Program:
    """The program of a stored version: it was checked when it was stored, and the gate holds it to today's limits."""
    strategy, _ = completed(parse(text).strategy, DEFAULT_BUDGET)
    return build_program(strategy)


def _rows(candles: Candles, times: "np.ndarray[Any, np.dtype[np.int64]]") -> list[int]:
    at = np.searchsorted(candles.time, times)
    inside = np.minimum(at, len(candles) - 1)
    found: list[int] = np.where(candles.time[inside] == times, inside, -1).tolist()
    return found
