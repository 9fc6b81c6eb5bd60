"""What a backtest decided; what settled a rule is derived on demand from the columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from runtime.candles import Times
from runtime.core.machine.decisions import Decision, decision_of
from runtime.core.machine.rules import Encoded
from runtime.core.machine.run import play
from runtime.core.machine.state import empty_desk, new_state, with_more_lots
from runtime.core.machine.table import World
from runtime.core.machine.tape import Reel


@dataclass(frozen=True, eq=False)
class Decided:
    """The decisions of a backtest, in their order; `rows` are records of `layout.DECISION`."""

    plan: Encoded
    film: Reel
    cash: float
    rows: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def times(self) -> Times:
        """The openings of the candles on which something was judged, ms UTC."""
        found: Times = self.film.tape.time[np.unique(self.rows["t"])]
        return found

    def on(self, opened_ms: int) -> list[Decision]:
        """Everything decided at the close of the candle that opened at a moment, with what settled it."""
        point = int(np.searchsorted(self.film.tape.time, opened_ms))
        rows = self.rows[self.rows["t"] == point]
        if not len(rows):
            return []
        world = self._as_of(point)
        return [decision_of(self.plan, world, row) for row in rows.tolist()]

    def __iter__(self) -> Iterator[Decision]:
        for opened_ms in self.times:
            yield from self.on(int(opened_ms))

    def _as_of(self, point: int) -> World:
        """The run as it stood right after the close of a point: played again, it is the same."""
        tape = self.film.tape
        cut = tape._replace(time=tape.time[: point + 1])
        desk = empty_desk(64)
        # what keeps its decisions judges every candle, so that the last one is read
        desk.control[0]["keep"] = 1
        worth, exposure = np.empty(point + 1), np.empty(point + 1)
        world = World(self.plan.rules, new_state(self.plan, self.cash, int(tape.time[0])), cut, desk)
        reached = 0
        while (reached := play(world.address, reached, 0, worth, exposure)) >= 0:
            world = World(self.plan.rules, with_more_lots(world.state), cut, desk)
        return world


__all__ = ["Decided"]
