"""Arithmetic, earlier values and candles of other markets and timeframes."""

import math

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

OPERATORS = ("+", "-", "*", "/")
"""In the order of the codes that `operate` takes as its first number."""
NAN = math.nan


@compiled
def _operated(code: int, left: float, right: float) -> float:
    if code == 0:
        return left + right
    if code == 1:
        return left - right
    if code == 2:
        return left * right
    return NAN if right == 0 else left / right


@compiled
def operate(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`left operator right`, a division by nothing unknown; numbers: the operator's code."""
    left, right = series
    code = int(numbers[0])
    for i in range(start, stop):
        out[i] = _operated(code, left[i], right[i])


@compiled
def operate_number(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`left operator number`; numbers: the operator's code, the number."""
    (left,) = series
    code, right = int(numbers[0]), numbers[1]
    for i in range(start, stop):
        out[i] = _operated(code, left[i], right)


@compiled
def number_operate(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """`number operator right`; numbers: the operator's code, the number."""
    (right,) = series
    code, left = int(numbers[0]), numbers[1]
    for i in range(start, stop):
        out[i] = _operated(code, left, right[i])


@compiled
def negative(series: Series, _: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """`-x`."""
    (values,) = series
    for i in range(start, stop):
        out[i] = -values[i]


@compiled
def shift(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """The value some candles earlier; unknown before there are any. Numbers: how many."""
    (values,) = series
    bars = int(numbers[0])
    for i in range(start, min(stop, bars)):
        out[i] = NAN
    for i in range(max(start, bars), stop):
        out[i] = values[i - bars]


@compiled
def known(series: Series, _: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """1 where a value is known, 0 where it is not."""
    (values,) = series
    for i in range(start, stop):
        out[i] = 1.0 if values[i] == values[i] else 0.0


@compiled
def same_time(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Another market's value at the same opening; series: own openings, the other's, its values."""
    time, other, values = series
    at = 0 if start == 0 else int(state[0])
    for i in range(start, stop):
        while at < len(other) and other[at] < time[i]:
            at += 1
        out[i] = values[at] if at < len(other) and other[at] == time[i] else NAN
    state[0] = at


@compiled
def last_closed(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The value of the last longer candle closed at each close; series: own closings, longer closings, values."""
    closing, longer, values = series
    at = 0 if start == 0 else int(state[0])
    for i in range(start, stop):
        while at < len(longer) and longer[at] <= closing[i]:
            at += 1
        out[i] = values[at - 1] if at else NAN
    state[0] = at


@compiled
def averaged_open(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Heikin-Ashi opens; series: open, close, averaged close. State: the middle of the last averaged body."""
    opened, close, averaged = series
    before = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        out[i] = (opened[i] + close[i]) / 2 if i == 0 else before
        before = (out[i] + averaged[i]) / 2
    state[0] = before
