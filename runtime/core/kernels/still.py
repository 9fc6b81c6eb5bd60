"""What a market that does not move is worth, where TA-Lib is left with rounding errors or says 0.

These kernels put right what already stands in `out`; `repeats` counts for how many candles nothing has moved.
"""

import math

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

NAN = math.nan


@compiled
def repeats(series: Series, _: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """How many values in a row, this one included, are the same; 0 where unknown."""
    (values,) = series
    run = 0.0 if start == 0 else state[0]
    before = values[start - 1] if start else NAN
    for i in range(start, stop):
        now = values[i]
        run = run + 1.0 if now == before else 1.0 if now == now else 0.0
        out[i], before = run, now
    state[0] = run


@compiled
def scaled(_: Series, numbers: Floats, __: Floats, out: Floats, start: int, stop: int) -> None:
    """Values times a fixed factor."""
    factor = numbers[0]
    for i in range(start, stop):
        out[i] *= factor


@compiled
def kept(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """Exactly the value where nothing moved: a running sum is a little off, and `close < sma` would be true.

    Series: repeats, what to put there; numbers: the length.
    """
    still, values = series
    length = numbers[0]
    for i in range(start, stop):
        if still[i] >= length and out[i] == out[i]:
            out[i] = values[i]


@compiled
def nothing(series: Series, numbers: Floats, _: Floats, out: Floats, start: int, stop: int) -> None:
    """Exactly 0 where nothing moved; series: repeats; numbers: the length."""
    (still,) = series
    length = numbers[0]
    for i in range(start, stop):
        if still[i] >= length and out[i] == out[i]:
            out[i] = 0.0


@compiled
def no_range(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Unknown where there was no range, where TA-Lib says 0 and fakes an oversold market.

    Series: repeats of the highs and of the lows, highs, lows; numbers: length, candles over which it was smoothed.
    """
    still_high, still_low, high, low = series
    length, windows = numbers[0], numbers[1]
    flat = -1e18 if start == 0 else state[0]
    for i in range(start, stop):
        if still_high[i] >= length and still_low[i] >= length and high[i] == low[i]:
            flat = i
        if flat > i - windows:
            out[i] = NAN
    state[0] = flat


@compiled
def no_true_range(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Unknown after so many candles without any true range; series: high, low, close; numbers: how many."""
    high, low, close = series
    moved = -1.0 if start == 0 else state[0]
    for i in range(start, stop):
        before = close[i - 1] if i else NAN
        if i and (high[i] > low[i] or high[i] != before or low[i] != before):
            moved = i
        if i - moved >= numbers[0]:
            out[i] = NAN
    state[0] = moved


@compiled
def no_money(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """Unknown after so many candles on which no money moved; series: high, low, close, volume; numbers: how many."""
    high, low, close, volume = series
    moved = -1.0 if start == 0 else state[0]
    before = (high[start - 1] + low[start - 1] + close[start - 1]) / 3 if start else NAN
    for i in range(start, stop):
        typical = (high[i] + low[i] + close[i]) / 3
        if i and typical != before and volume[i] > 0:
            moved = i
        if i - moved >= numbers[0]:
            out[i] = NAN
        before = typical
    state[0] = moved


@compiled
def pattern(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """A candle pattern as a condition; TA-Lib says no before it can know.

    Series: any of the prices; numbers: 1 for the bullish kind or -1, candles before it can be known.
    """
    (prices,) = series
    seen = 0.0 if start == 0 else state[0]
    for i in range(start, stop):
        seen = seen + 1.0 if prices[i] == prices[i] else 0.0
        out[i] = NAN if seen <= numbers[1] else 1.0 if numbers[0] * out[i] > 0 else 0.0
    state[0] = seen
