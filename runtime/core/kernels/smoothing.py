"""Exponential and Wilder averages and the RSI, with TA-Lib's seeds and its values to the last digits.

Candle by candle each value would wait for the one before. Blocks of four candles are summed up by themselves instead,
and the average is carried from block to block with powers of its factor. A block begins a fixed number of known values
after the first, so that a column that grows by one candle does the same operations as one computed over the whole.
"""

import math

import numpy as np

from runtime.candles import Floats
from runtime.core.kernels.compiled import Series, compiled

NAN = math.nan
BLOCK = 4
"""Candles that are summed up by themselves."""
NOTHING = 1e-290
"""An average move that is not larger is none: below it digits get lost."""
MOVING = 1e-280
"""An average move from which no candle of a block can fall to `NOTHING`: it halves at most."""
# where `smoothed` remembers what
SEEN, SUM, MEAN, FIRST, AWAY = 0, 1, 2, 3, 4
# and `strength`, besides how many it has seen
PRICE, GAIN, MOVE, GAINED, MOVED, LAST = 1, 2, 3, 4, 5, 6


@compiled
def _powers(rest: float) -> Floats:
    """What is left of an average after each candle of a block."""
    found, power = np.empty(BLOCK), 1.0
    for k in range(BLOCK):
        power *= rest
        found[k] = power
    return found


@compiled
def smoothed(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """`y += factor * (x - y)`, seeded with the mean of the first values; unknown ones are left out.

    Numbers: how many make the seed, the factor.
    """
    (values,) = series
    length, factor = int(numbers[0]), numbers[1]
    powers = _powers(1.0 - factor)
    if start == 0:
        state[:] = 0.0
    i = start
    while i < stop:
        i = _smoothed_blocks(values, length, factor, powers, state, out, i, stop)
        if i < stop:
            out[i] = _smoothed_next(values[i], length, factor, powers, state)
            i += 1


@compiled
def _smoothed_next(value: float, length: int, factor: float, powers: Floats, state: Floats) -> float:
    if value != value:
        return NAN
    seen = int(state[SEEN])
    state[SEEN] += 1.0
    if seen < length:
        state[SUM] += value
        state[MEAN] = state[SUM] / length
        return float(state[MEAN]) if seen == length - 1 else NAN
    place = (seen - length) % BLOCK
    if place == 0:
        state[FIRST], state[AWAY] = value, 0.0
    state[AWAY] = (1.0 - factor) * state[AWAY] + (value - state[FIRST])
    between = state[FIRST] - state[MEAN]
    mean = float(state[MEAN] + ((1.0 - powers[place]) * between + factor * state[AWAY]))
    if place == BLOCK - 1:
        state[MEAN] = mean
    return mean


@compiled
def _smoothed_blocks(
    values: Floats, length: int, factor: float, powers: Floats, state: Floats, out: Floats, start: int, stop: int
) -> int:
    """As many whole blocks of known values as there are; where they end."""
    seen, mean, done = int(state[SEEN]), state[MEAN], 0
    if seen < length or (seen - length) % BLOCK:
        return start
    shares, rest = 1.0 - powers, 1.0 - factor
    here, found = values[start:stop], out[start:stop]
    for block in range(len(here) // BLOCK):
        i = block * BLOCK
        first, away, now = here[i], 0.0, mean
        between = first - mean
        for k in range(BLOCK):
            away = rest * away + (here[i + k] - first)
            now = mean + (shares[k] * between + factor * away)
            found[i + k] = now
        if away != away:
            break
        mean, done = now, i + BLOCK
    state[SEEN], state[MEAN] = seen + done, mean
    return start + done


@compiled
def strength(series: Series, numbers: Floats, state: Floats, out: Floats, start: int, stop: int) -> None:
    """The RSI: 100 times Wilder's average gain over his average move; numbers: the length.

    Both are kept times the length, which makes no difference to their ratio and saves two multiplications a candle.
    50 until something moves and the same value as before when nothing has moved for so long that both averages are
    gone, where TA-Lib says 0 and fakes a crossing. It begins anew after an unknown value.
    """
    (values,) = series
    length = int(numbers[0])
    powers = _powers((length - 1.0) / length)
    if start == 0:
        state[SEEN], state[PRICE] = 0.0, NAN
    i = start
    while i < stop:
        i = _strength_blocks(values, length, powers, state, out, i, stop)
        if i < stop:
            out[i] = _strength_next(values[i], length, powers, state)
            i += 1


@compiled
def _strength_next(value: float, length: int, powers: Floats, state: Floats) -> float:
    change = value - state[PRICE]
    state[PRICE] = value
    if change != change:
        state[SEEN], state[GAIN], state[MOVE], state[LAST] = 0.0, 0.0, 0.0, 50.0
        return NAN
    seen = int(state[SEEN])
    state[SEEN] += 1.0
    gain, move = max(change, 0.0), abs(change)
    if seen < length:
        gain, move = state[GAIN] + gain, state[MOVE] + move
        state[GAIN], state[MOVE] = gain, move
        if seen < length - 1:
            return NAN
    else:
        place = (seen - length) % BLOCK
        if place == 0:
            state[GAINED], state[MOVED] = 0.0, 0.0
        state[GAINED], state[MOVED] = powers[0] * state[GAINED] + gain, powers[0] * state[MOVED] + move
        gain, move = powers[place] * state[GAIN] + state[GAINED], powers[place] * state[MOVE] + state[MOVED]
        if place == BLOCK - 1:
            state[GAIN], state[MOVE] = gain, move
    if move > NOTHING:
        state[LAST] = 100.0 * (gain / move)
    return float(state[LAST])


@compiled
def _strength_blocks(
    values: Floats, length: int, powers: Floats, state: Floats, out: Floats, start: int, stop: int
) -> int:
    """As many whole blocks of a moving market as there are; where they end."""
    seen, gain, move, before, done = int(state[SEEN]), state[GAIN], state[MOVE], state[PRICE], 0
    if seen < length or (seen - length) % BLOCK:
        return start
    rest = powers[0]
    here, found = values[start:stop], out[start:stop]
    for block in range(len(here) // BLOCK):
        i = block * BLOCK
        gained, moved, last, gain_now, move_now = 0.0, 0.0, before, 0.0, 0.0
        for k in range(BLOCK):
            change, last = here[i + k] - last, here[i + k]
            gained, moved = rest * gained + max(change, 0.0), rest * moved + abs(change)
            gain_now, move_now = powers[k] * gain + gained, powers[k] * move + moved
            found[i + k] = 100.0 * (gain_now / move_now)
        if moved != moved or not move > MOVING:
            break
        gain, move, before, done = gain_now, move_now, last, i + BLOCK
    if done:
        state[SEEN], state[GAIN], state[MOVE], state[PRICE] = seen + done, gain, move, before
        state[LAST] = found[done - 1]
    return start + done
