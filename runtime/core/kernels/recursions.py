"""Recursions over the candles that TA-Lib does not have or has otherwise."""

import math

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

NAN = math.nan


@compiled
def kalman(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Kalman 1960, local level; an unknown value is skipped. Numbers: variance of the state, of the measurement."""
    (values,) = series
    mean, variance = (NAN, 1.0) if start == 0 else (state[0], state[1])
    for i in range(start, stop):
        value = values[i]
        if value != value:
            out[i] = NAN
            continue
        mean = value if mean != mean else mean
        variance += numbers[0]
        gain = variance / (variance + numbers[1])
        mean += gain * (value - mean)
        variance *= 1.0 - gain
        out[i] = mean
    state[0], state[1] = mean, variance


@compiled
def weighted(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """A weighted mean of the last values; numbers: the weights, the oldest first. State: known values in a row."""
    (values,) = series
    length = len(numbers)
    seen = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        seen = seen + 1.0 if values[i] == values[i] else 0.0
        if seen < length:
            out[i] = NAN
            continue
        total = 0.0
        for at in range(length):
            total += numbers[at] * values[i - length + 1 + at]
        out[i] = total
    state[0] = seen


@compiled
def parabolic(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Wilder's stop and reverse; rising at first where the second close is not below the first.

    Series: high, low, close; numbers: step, most. State: candles in a row, 1 up or 0 down, stop, extreme, speed.
    It begins anew after an unknown candle.
    """
    high, low, close = series
    step, most = numbers[0], numbers[1]
    seen, up, level, extreme, speed = (
        (0.0, 1.0, 0.0, 0.0, 0.0) if start == 0 else (state[0], state[1], state[2], state[3], state[4])
    )
    for at in range(start, stop):
        if high[at] != high[at] or low[at] != low[at] or close[at] != close[at]:
            seen = 0.0
            out[at] = NAN
            continue
        seen += 1.0
        if seen == 1:
            out[at] = NAN
            continue
        if seen == 2:
            up = 1.0 if close[at] >= close[at - 1] else 0.0
            level, extreme = (low[at - 1], high[at]) if up == 1 else (high[at - 1], low[at])
            speed = step
            out[at] = level
            continue
        level += speed * (extreme - level)
        if up == 1:
            level = min(level, low[at - 1], low[at - 2])
            beyond, further, other, reached = low[at] < level, high[at] > extreme, low[at], high[at]
        else:
            level = max(level, high[at - 1], high[at - 2])
            beyond, further, other, reached = high[at] > level, low[at] < extreme, high[at], low[at]
        if beyond:
            up, level, extreme, speed = 1.0 - up, extreme, other, step
        elif further:
            extreme, speed = reached, min(speed + step, most)
        out[at] = level
    state[0], state[1], state[2], state[3], state[4] = seen, up, level, extreme, speed


@compiled
def on_balance(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Granville's on-balance volume from 0 at the first candle; series: close, volume."""
    close, volume = series
    total = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        step = close[i] - (close[i - 1] if i else close[i])
        sign = 1.0 if step > 0 else -1.0 if step < 0 else step
        total += sign * volume[i]
        out[i] = total
    state[0] = total


@compiled
def latch(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """True from a candle where the first holds until one where the second does; the second wins."""
    on, off = series
    now = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        fresh, kept = 1.0 - off[i], (1.0 - now) * (1.0 - on[i])
        if now == 1 or on[i] == 1:
            kept = 0.0
        now = 0.0 if fresh == 0 or kept == 1 else fresh * (1.0 - kept)
        out[i] = now
    state[0] = now


@compiled
def bars_since(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Candles since a condition held; unknown before it ever did and where it may have held since."""
    (held,) = series
    last = -1.0 if start == 0 else state[0]
    for i in range(start, stop):
        if held[i] == 1:
            last = i
        elif held[i] != held[i]:
            last = -1.0
        out[i] = NAN if last < 0 else i - last
    state[0] = last


@compiled
def value_when(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The value on the latest candle where the condition held; series: condition, values."""
    held, values = series
    found = NAN if start == 0 else state[0]
    for i in range(start, stop):
        if held[i] == 1:
            found = values[i]
        elif held[i] != held[i]:
            found = NAN
        out[i] = found
    state[0] = found


@compiled
def streak(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """How many candles in a row have held up to now; unknown where the row begins with an unknown."""
    (held,) = series
    run = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        run = 0.0 if held[i] == 0 else run + 1.0 if held[i] == 1 else NAN
        out[i] = run
    state[0] = run


@compiled
def steps_in_a_row(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """How many values in a row went up (numbers: 1) or down (-1) from the one before; unknown on the first."""
    (values,) = series
    run = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        if i == 0:
            out[i] = NAN
            continue
        step = numbers[0] * (values[i] - values[i - 1])
        run = run + 1.0 if step > 0 else 0.0 if step <= 0 else NAN
        out[i] = run
    state[0] = run


@compiled
def count(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """On how many of the last candles a condition held; unknown while one of them is. Numbers: how many candles."""
    (held,) = series
    bars = int(numbers[0])
    true, unknown = (0.0, 0.0) if start == 0 else (state[0], state[1])
    for i in range(start, stop):
        true += held[i] == 1
        unknown += held[i] != held[i]
        if i >= bars:
            true -= held[i - bars] == 1
            unknown -= held[i - bars] != held[i - bars]
        out[i] = NAN if i < bars - 1 or unknown > 0 else true
    state[0], state[1] = true, unknown


FOLDS = ("highest", "lowest", "mean", "sum", "count")
"""What may stand inside `since(C, …)`, in the order of the codes that `since` takes."""


@compiled
def since(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The values from the latest candle that held up to now, folded; numbers: the fold's code.

    Series: condition, values. State: the fold so far, its candles, 1 where there is a latest candle for sure.
    """
    held, values = series
    code = numbers[0]
    total, bars, sure = (NAN, 0.0, 0.0) if start == 0 else (state[0], state[1], state[2])
    for i in range(start, stop):
        value = values[i]
        if held[i] == 1:
            total, bars, sure = value, 1.0, 1.0
        else:
            sure = sure if held[i] == 0 else 0.0
            bars += 1.0
            if code >= 2 or total != total or value != value:
                total = total + value
            elif code == 0:
                total = max(total, value)
            else:
                total = min(total, value)
        out[i] = NAN if sure == 0 else total / bars if code == 2 else total
    state[0], state[1], state[2] = total, bars, sure


@compiled
def swing(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The latest value beyond all of `left` candles before and `right` after it, known `right` candles later.

    Numbers: 1 for highs or -1 for lows, left, right. State: the latest value.
    """
    (values,) = series
    sign, left, right = numbers[0], int(numbers[1]), int(numbers[2])
    found = NAN if start == 0 else state[0]
    for i in range(start, stop):
        first, middle = i - left - right, i - right
        if first >= 0:
            alone = True
            for at in range(first, i + 1):
                # an unknown value is not below either
                if at != middle and not sign * values[at] < sign * values[middle]:
                    alone = False
                    break
            if alone:
                found = values[middle]
        out[i] = found
    state[0] = found
