"""What an implementation of our own is given, and how functions of arrays become implementations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column, Dated
from runtime.core.functions.local_time import DAY_MS
from runtime.core.kernels.compiled import Kernel


@dataclass(frozen=True)
class Inputs:
    """The row's inputs, then its series and conditions, in order; all of one length. Texts are words, clocks, zones."""

    series: Sequence[Floats]
    numbers: Mapping[str, float]
    component: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def whole(self, name: str) -> int:
        """A whole number among the arguments."""
        return int(self.numbers[name])


@dataclass(frozen=True)
class Parts:
    """The same as columns, and what makes columns of them."""

    build: Builder
    series: tuple[Column, ...]
    numbers: Mapping[str, float]
    component: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    days: int = 0
    """How many days of candles decide a value, where the calendar does."""

    def whole(self, name: str) -> int:
        """A whole number among the arguments."""
        return int(self.numbers[name])


Own = Callable[[Parts], Column]
"""An implementation of our own."""
Reach = Callable[[Mapping[str, float]], int]


def windowed(function: Callable[[Inputs], Floats], reach: Reach | int) -> Own:
    """A function of arrays whose values depend on no more than so many candles before them."""

    def column(given: Parts) -> Column:
        bars = reach if isinstance(reach, int) else reach(given.numbers)
        return given.build.windowed(_over(function, given), bars, *given.series)

    return column


def dated(function: Callable[[Inputs], Floats], time: int = 4) -> Own:
    """A function of arrays that goes by the calendar; `time` is the place of the openings among the inputs."""

    def column(given: Parts) -> Column:
        return Dated(_over(function, given), given.series, given.series[time], given.days * DAY_MS)

    return column


def stepped(kernel: Kernel, *names: str) -> Own:
    """A kernel over the row's inputs and series, with the numbers named."""

    def column(given: Parts) -> Column:
        return given.build.stepped(kernel, given.series, *(given.numbers[name] for name in names))

    return column


def _over(function: Callable[[Inputs], Floats], given: Parts) -> Callable[..., Floats]:
    return lambda *arrays: function(Inputs(arrays, given.numbers, given.component, given.texts))
