"""Two values compared on every candle; unknown where one of them is. A fixed number needs no array of its own."""

import math

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

OPERATORS = {
    "<": (1.0, 0.0, 0.0),
    "<=": (1.0, 1.0, 0.0),
    ">": (0.0, 0.0, 1.0),
    ">=": (0.0, 1.0, 1.0),
    "==": (0.0, 1.0, 0.0),
    "!=": (1.0, 0.0, 1.0),
}
"""What a comparison is worth where the left side is below, equal to and above the right one: its first numbers."""
NAN = math.nan


@compiled
def compare(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`left operator right`; numbers: the three of the operator."""
    left, right = series
    below, equal, above = numbers[0], numbers[1], numbers[2]
    # slices: what is chosen between is computed for several candles at once, without a branch
    here, there, found = left[start:stop], right[start:stop], out[start:stop]
    for i in range(len(found)):
        a, b = here[i], there[i]
        found[i] = below if a < b else above if a > b else equal if a == b else NAN


@compiled
def compare_number(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`left operator number`; numbers: the three of the operator, then the number."""
    (left,) = series
    below, equal, above, b = numbers[0], numbers[1], numbers[2], numbers[3]
    here, found = left[start:stop], out[start:stop]
    for i in range(len(found)):
        a = here[i]
        found[i] = below if a < b else above if a > b else equal if a == b else NAN


@compiled
def crosses(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`left[1] <= right[1] and left > right`, or its mirror; numbers: 1 for above, -1 for below."""
    left, right = series
    sign = numbers[0]
    if start == 0 < stop:
        out[0] = 0.0 if sign * left[0] <= sign * right[0] else NAN
    for i in range(max(start, 1), stop):
        was, was_right, now, now_right = sign * left[i - 1], sign * right[i - 1], sign * left[i], sign * right[i]
        known = was <= was_right and now > now_right
        out[i] = 1.0 if known else 0.0 if was > was_right or now <= now_right else NAN


@compiled
def crosses_number(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """As `crosses` of a fixed number; numbers: 1 for above or -1 for below, then the number."""
    (left,) = series
    sign, right = numbers[0], numbers[0] * numbers[1]
    if start == 0 < stop:
        out[0] = 0.0 if sign * left[0] <= right else NAN
    first = max(start, 1)
    # slices and no branches: several candles are compared at once
    before, here, found = left[first - 1 : max(first, stop) - 1], left[first:stop], out[first:stop]
    for i in range(len(found)):
        was, now = sign * before[i], sign * here[i]
        known, never = (was <= right) & (now > right), (was > right) | (now <= right)
        found[i] = 1.0 if known else 0.0 if never else NAN


@compiled
def near(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`|left - right| <= share * |right|`; numbers: the share."""
    left, right = series
    share = numbers[0]
    for i in range(start, stop):
        away, reach = abs(left[i] - right[i]), share * abs(right[i])
        out[i] = 1.0 if away <= reach else 0.0 if away > reach else NAN


@compiled
def one_of(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """Whether a value is one of the numbers."""
    (values,) = series
    for i in range(start, stop):
        found = 0.0 if values[i] == values[i] else NAN
        for number in numbers:
            if values[i] == number:
                found = 1.0
        out[i] = found


@compiled
def moves(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Steps in one direction, so many in a row; numbers: 1 rising or -1 falling, then how many.

    State: the steps in a row that were made, and those in a row of which none was surely not made.
    """
    (values,) = series
    sign, bars = numbers[0], numbers[1]
    made, possible = (0.0, 0.0) if start == 0 else (state[0], state[1])
    before = values[start - 1] if start else NAN
    for i in range(start, stop):
        step = sign * (values[i] - before)
        before = values[i]
        made = made + 1.0 if step > 0 else 0.0
        possible = 0.0 if step <= 0 else possible + 1.0
        # candles before the first may have made their step
        out[i] = 1.0 if made >= bars else NAN if possible >= bars or possible > i else 0.0
    state[0], state[1] = made, possible
