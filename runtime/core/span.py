"""How many candles there are, and how all columns over them are brought up to the newest one at once."""

from collections.abc import Callable
from typing import Any
from weakref import ref

import numpy as np

from runtime.candles import Floats

EMPTY: Floats = np.empty(0)
SPARE = 64
"""For how many more candles there is room at least once a span begins to grow."""
MOST_ARRAYS = 4
"""How many arrays a call of a library holds at most."""
Step = tuple["Member", Callable[..., None], Any, Any, Any, Any]
"""A member and its kernel with all that it is called with, but from where to where."""


class Span:
    """The candles so far of one market and timeframe; one for all its columns."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.room = 0
        self._members: list[ref[Member]] = []
        self._enough = 64
        self._plan: list[Step] | None = None

    def add(self, member: "Member") -> None:
        """Counts a column in; what it is made from must have been counted in before it."""
        if len(self._members) > self._enough:
            self._members = [each for each in self._members if each() is not None]
            self._enough = 2 * len(self._members) + 64
        self._members.append(ref(member))
        self._plan = None

    def reserve(self, stop: int) -> None:
        """Sees to it that there is room for so many candles, in steps so that arrays are seldom moved."""
        if stop > self.room:
            self.room, self._plan = max(stop + SPARE, stop * 9 // 8), None

    def with_room(self, values: Floats, size: int, stop: int) -> Floats:
        """The array, or a larger one with the same first `size` values where it is too short."""
        if len(values) >= stop:
            return values
        larger = np.empty(max(stop, self.room))
        larger[:size] = values[:size]
        return larger

    def prepare(self) -> None:
        """Moves arrays that will soon be full and plans the next step, so that `advance` need not."""
        if self.room - self.size < SPARE // 2:
            self.reserve(self.room + 1)
        self.advance()

    def advance(self) -> None:
        """Brings all columns that somebody needs up to the newest candle: one call of a kernel for most of them."""
        self.reserve(self.size)
        if self._plan is None:
            self._plan = self._planned()
        stop = self.size
        for member, kernel, series, numbers, state, out in self._plan:
            start = member.size
            if start != stop:
                kernel(series, numbers, state, out, start, stop)
                member.size = stop

    def members(self) -> list["Member"]:
        """What is counted in and still needed, in the order in which it was made."""
        return [member for each in self._members if (member := each()) is not None]

    def forget_plan(self) -> None:
        """Lets go of columns that only the plan still holds."""
        self._plan = None

    def used_bytes(self) -> int:
        """How much the columns hold; arrays that several share count once."""
        return sum({id(array): array.nbytes for each in self.members() for array in each.arrays()}.values())

    def most_bytes(self) -> int:
        """A bound of `used_bytes` that needs no counting."""
        return len(self._members) * MOST_ARRAYS * 8 * max(self.size, self.room)

    def _planned(self) -> list[Step]:
        members = self.members()
        for each in members:
            each.follow()
            each.reserve(self.room)
            each.prepare()
        return [step for each in members if (step := each.step()) is not None]


class Member:
    """Something that grows with its span."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.size = 0
        span.add(self)

    def follow(self) -> None:
        """Comes up to the newest candle."""
        stop = self.span.size
        if self.size != stop:
            self.fill(self.size, stop)
            self.size = stop

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        raise NotImplementedError

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""

    def prepare(self) -> None:
        """Gets ready for single candles."""

    def step(self) -> Step | None:
        """How it takes in new candles; None where its values are there once what it is made from has grown."""
        return self.slow_step()

    def slow_step(self) -> Step:
        """A step that works out for itself what it needs."""
        return self, self._step, None, None, None, None

    def _step(self, _: None, __: None, ___: None, ____: None, start: int, stop: int) -> None:
        self.fill(start, stop)

    def arrays(self) -> list[Floats]:
        """The arrays it holds."""
        return []
