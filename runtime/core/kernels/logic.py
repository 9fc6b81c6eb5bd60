"""Kleene's logic on every candle and over the last ones: false wins over unknown in `and`, true in `or`."""

import math

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

NAN = math.nan


@compiled
def _both(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


@compiled
def both(series: Series, _: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """`left and right`."""
    left, right = series
    # slices and no branches: several candles are judged at once
    here, there, found = left[start:stop], right[start:stop], out[start:stop]
    for i in range(len(found)):
        found[i] = 0.0 if (here[i] == 0) | (there[i] == 0) else here[i] * there[i]


@compiled
def either(series: Series, _: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """`left or right`."""
    left, right = series
    here, there, found = left[start:stop], right[start:stop], out[start:stop]
    for i in range(len(found)):
        a, b = here[i], there[i]
        found[i] = 1.0 if (a == 1) | (b == 1) else NAN if a != a else b


@compiled
def opposite(series: Series, _: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """`not condition`."""
    (held,) = series
    for i in range(start, stop):
        out[i] = 1.0 - held[i]


@compiled
def tally(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """How many conditions hold, one more added to those before; numbers: 1 where an unknown one counts as held."""
    before, held = series
    generous = numbers[0] == 1
    for i in range(start, stop):
        out[i] = before[i] + (1.0 if held[i] == 1 or (generous and held[i] != held[i]) else 0.0)


@compiled
def enough(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """Whether at least so many hold, given how many do and how many may; numbers: how many are asked for."""
    sure, possible = series
    asked = numbers[0]
    for i in range(start, stop):
        out[i] = 1.0 if sure[i] >= asked else 0.0 if possible[i] < asked else NAN


@compiled
def within(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Whether a window has its deciding value; numbers: that value (0 for `for`, 1 for `in last`), bars, delay.

    The window ends `delay` candles ago. Candles before the first are unknown.
    State: the latest candle with the deciding value, and the latest unknown one.
    """
    (held,) = series
    deciding, bars, delay = numbers[0], int(numbers[1]), int(numbers[2])
    if start == 0:
        state[0], state[1] = -1e18, -1.0
    decided, unknown = state[0], state[1]
    for i in range(start, stop):
        at = i - delay
        if at >= 0 and held[at] == deciding:
            decided = at
        if at >= 0 and held[at] != held[at]:
            unknown = at
        first = at - bars + 1
        # a candle before the first is unknown as well
        doubt = first < 0 or unknown >= first
        out[i] = deciding if decided >= first else NAN if doubt else 1.0 - deciding
    state[0], state[1] = decided, unknown


@compiled
def first_since(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The first event after the last candle with the other condition; a candle with both is not after it."""
    event, since = series
    armed = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        fresh = 1.0 - since[i]
        out[i] = _both(_both(armed, event[i]), fresh)
        armed = 1.0 - _both(1.0 - _both(armed, 1.0 - event[i]), fresh)
    state[0] = armed
