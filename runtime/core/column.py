"""Columns: arrays that grow with the candles of one market and timeframe.

A column is filled over all candles the first time it is read, and afterwards only over the candles that are new, with
the same operations in the same order: growing candle by candle gives the same bits as one computation over the whole.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from runtime.candles import Floats
from runtime.core.kernels.compiled import STATE, Kernel
from runtime.core.span import EMPTY, Member, Span, Step


class Column(Member):
    """An array as long as its span; `buffer` may have room for more than `size` values."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.buffer = EMPTY

    def filled(self) -> Floats:
        """The buffer, filled up to the newest candle; what lies beyond means nothing."""
        self.follow()
        return self.buffer

    def values(self) -> Floats:
        """One value a candle, NaN where unknown."""
        self.follow()
        return self.buffer if len(self.buffer) == self.size else self.buffer[: self.size]

    def last(self) -> float:
        """The value on the newest candle; there must be one."""
        self.follow()
        return float(self.buffer[self.size - 1])

    def arrays(self) -> list[Floats]:
        """The arrays it holds."""
        return [self.buffer]

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""
        self.buffer = self.span.with_room(self.buffer, self.size, room)


class Given(Column):
    """A series of the candles themselves; `append` it before its span grows."""

    def __init__(self, span: Span, values: Floats) -> None:
        super().__init__(span)
        self.buffer, self.size = np.ascontiguousarray(values, dtype=np.float64), len(values)
        self._fixed = not self.buffer.flags.writeable

    def follow(self) -> None:
        """Kernels are compiled for arrays that can be written to, though nothing writes to these: copies others."""
        if self._fixed:
            self.buffer, self._fixed = self.buffer.copy(), False

    def append(self, values: Floats) -> None:
        """Values of new candles."""
        stop = self.size + len(values)
        self.follow()
        self.reserve(stop)
        self.buffer[self.size : stop] = values
        self.size = stop

    def arrays(self) -> list[Floats]:
        """The arrays it holds."""
        return []

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return None


class Fixed(Column):
    """The same number on every candle; comparisons and arithmetic take the number itself."""

    def __init__(self, span: Span, number: float) -> None:
        super().__init__(span)
        self.number = number

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""
        if len(self.buffer) < room:
            self.buffer = np.full(max(room, self.span.room), self.number)

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        self.reserve(stop)

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return None


class Stepped(Column):
    """A kernel over other columns of the same span."""

    def __init__(self, span: Span, kernel: Kernel, inputs: Sequence[Column], numbers: Sequence[float]) -> None:
        super().__init__(span)
        self.kernel, self.inputs = kernel, tuple(inputs)
        self.numbers, self.state = np.array(numbers, dtype=np.float64), np.zeros(STATE)

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        series = tuple([each.filled() for each in self.inputs])
        self.reserve(stop)
        self.kernel(series, self.numbers, self.state, self.buffer, start, stop)

    def step(self) -> Step | None:
        """How it takes in new candles."""
        series = tuple([each.buffer for each in self.inputs])
        return self, self.kernel, series, self.numbers, self.state, self.buffer


class Linked(Stepped):
    """A kernel over its own candles and longer ones or another market's, which have a span of their own."""

    def __init__(
        self, span: Span, kernel: Kernel, inputs: Sequence[Column], before: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(span, kernel, inputs, ())
        self.before = before

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        self.before()
        series = tuple([each.values() for each in self.inputs])
        self.reserve(stop)
        self.kernel(series, self.numbers, self.state, self.buffer, start, stop)

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return self.slow_step()


class Patched(Stepped):
    """A column whose values a kernel puts right where they are, without a second array."""

    def __init__(self, base: Column, kernel: Kernel, inputs: Sequence[Column], numbers: Sequence[float]) -> None:
        super().__init__(base.span, kernel, inputs, numbers)
        self.base = base

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""
        self.buffer = self.base.buffer

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        self.base.follow()
        super().fill(start, stop)


class Windowed(Column):
    """A function of arrays whose value depends on no more than the last `reach` candles before it.

    New values are computed from that window alone. With `reach` None everything is computed anew for every candle:
    the honest way where a value may depend on the first candle.
    """

    def __init__(
        self, span: Span, function: Callable[..., Floats], inputs: Sequence[Column], reach: int | None
    ) -> None:
        super().__init__(span)
        self.function, self.inputs, self.reach = function, tuple(inputs), reach

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        tail = 0 if self.reach is None else max(0, start - self.reach)
        found = self.function(*[each.filled()[tail:stop] for each in self.inputs])
        if start == 0:
            self.buffer = found
        else:
            self.reserve(stop)
            self.buffer[start:stop] = found[start - tail :]

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return self.slow_step()


class Dated(Windowed):
    """A function of arrays that goes by the calendar: its value depends on the candles of the last `reach_ms`.

    Where these do not settle it (a hole in the candles, a day of 25 hours) everything is computed anew.
    """

    def __init__(
        self, function: Callable[..., Floats], inputs: Sequence[Column], time: Column, reach_ms: float
    ) -> None:
        super().__init__(time.span, function, inputs, None)
        self.time, self.reach_ms = time, reach_ms

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        time = self.time.filled()
        # one candle more shows that a day began, and that it is not only the candles that do
        tail = int(np.searchsorted(time[:stop], time[start] - self.reach_ms)) - 1 if start else 0
        if tail > 0:
            found = self.function(*[each.filled()[tail:stop] for each in self.inputs])[start - tail :]
            if not np.isnan(found).any():
                self.reserve(stop)
                self.buffer[start:stop] = found
                return
        super().fill(start, stop)


class Line(Column):
    """One result of a call that has several."""

    def __init__(self, call: "HasLines", at: int) -> None:
        super().__init__(call.span)
        self.call, self.at = call, at

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""
        self.buffer = self.call.lines[self.at]

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        self.call.follow()
        self.reserve(stop)

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return None


class HasLines(Member):
    """Something that is computed at once and has several results."""

    lines: list[Floats]

    def arrays(self) -> list[Any]:
        """The arrays it holds."""
        return self.lines
