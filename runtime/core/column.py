"""Columns: arrays that grow with the candles of one market and timeframe.

A column is filled over all candles the first time it is read, and afterwards only over the candles that are new, with
the same operations in the same order: growing candle by candle gives the same bits as one computation over the whole.
"""

from collections.abc import Callable, Sequence

import numpy as np

from runtime.candles import Floats
from runtime.core.kernels.compiled import STATE, Kernel

EMPTY: Floats = np.empty(0)
SPARE = 64
"""How many candles there is room for at least once a column begins to grow."""


class Span:
    """How many candles there are so far; one for all columns of a market and timeframe."""

    def __init__(self, size: int) -> None:
        self.size = size


class Column:
    """An array as long as its span; `buffer` may have room for more than `size` values."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.size = 0
        self.buffer = EMPTY

    def filled(self) -> Floats:
        """The buffer, filled up to the newest candle; what lies beyond means nothing."""
        stop = self.span.size
        if self.size != stop:
            self._fill(self.size, stop)
            self.size = stop
        return self.buffer

    def values(self) -> Floats:
        """One value a candle, NaN where unknown."""
        found = self.filled()
        return found if len(found) == self.size else found[: self.size]

    def last(self) -> float:
        """The value on the newest candle; there must be one."""
        return float(self.filled()[self.size - 1])

    def _fill(self, start: int, stop: int) -> None:
        raise NotImplementedError

    def _room(self, stop: int) -> Floats:
        self.buffer = with_room(self.buffer, self.size, stop)
        return self.buffer


def with_room(buffer: Floats, size: int, stop: int) -> Floats:
    """The buffer, or a larger one with the same first `size` values; only one that grows gets spare room."""
    if len(buffer) >= stop:
        return buffer
    larger = np.empty(stop if size == 0 else max(stop + SPARE, len(buffer) * 3 // 2))
    larger[:size] = buffer[:size]
    return larger


class Given(Column):
    """A series of the candles themselves; `append` it before its span grows."""

    def __init__(self, span: Span, values: Floats) -> None:
        super().__init__(span)
        self.buffer, self.size = np.ascontiguousarray(values, dtype=np.float64), len(values)

    def append(self, values: Floats) -> None:
        """Values of new candles."""
        stop = self.size + len(values)
        self._room(stop)[self.size : stop] = values
        self.size = stop


class Fixed(Column):
    """The same number on every candle; comparisons and arithmetic take the number itself."""

    def __init__(self, span: Span, number: float) -> None:
        super().__init__(span)
        self.number = number

    def _fill(self, start: int, stop: int) -> None:
        self._room(stop)[start:stop] = self.number


class Stepped(Column):
    """A kernel over other columns of the same span."""

    def __init__(self, span: Span, kernel: Kernel, inputs: Sequence[Column], numbers: Sequence[float]) -> None:
        super().__init__(span)
        self.kernel, self.inputs = kernel, tuple(inputs)
        self.numbers, self.state = np.array(numbers, dtype=np.float64), np.zeros(STATE)

    def _fill(self, start: int, stop: int) -> None:
        series = tuple([each.filled() for each in self.inputs])
        self.kernel(series, self.numbers, self.state, self._room(stop), start, stop)


class Linked(Stepped):
    """A kernel over its own candles and longer ones or another market's, which have a span of their own."""

    def __init__(
        self, span: Span, kernel: Kernel, inputs: Sequence[Column], before: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(span, kernel, inputs, ())
        self.before = before

    def _fill(self, start: int, stop: int) -> None:
        self.before()
        series = tuple([each.values() for each in self.inputs])
        self.kernel(series, self.numbers, self.state, self._room(stop), start, stop)


class Patched(Column):
    """A column whose values a kernel puts right where they are, without a second array."""

    def __init__(self, base: Column, kernel: Kernel, inputs: Sequence[Column], numbers: Sequence[float]) -> None:
        super().__init__(base.span)
        self.base, self.kernel, self.inputs = base, kernel, tuple(inputs)
        self.numbers, self.state = np.array(numbers, dtype=np.float64), np.zeros(STATE)

    def _fill(self, start: int, stop: int) -> None:
        series = tuple([each.filled() for each in self.inputs])
        self.buffer = self.base.filled()
        self.kernel(series, self.numbers, self.state, self.buffer, start, stop)


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

    def _fill(self, start: int, stop: int) -> None:
        tail = 0 if self.reach is None else max(0, start - self.reach)
        found = self.function(*[each.filled()[tail:stop] for each in self.inputs])
        if start == 0:
            self.buffer = found
        else:
            self._room(stop)[start:stop] = found[start - tail :]
