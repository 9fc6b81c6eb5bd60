"""What somebody who knows numba writes for this one strategy: indicators and trades in two loops, nothing else.

`rows` is the number of trades; each trade is entry row, exit row, entry price, exit price, quantity and result.
"""

import math

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def rsi(close, length):
    """Wilder's, seeded with the mean of the first changes."""
    out = np.full(close.shape[0], np.nan)
    gain = loss = 0.0
    for i in range(1, close.shape[0]):
        change = close[i] - close[i - 1]
        up, down = max(change, 0.0), max(-change, 0.0)
        if i <= length:
            gain += up
            loss += down
            if i == length:
                gain /= length
                loss /= length
        else:
            gain = (gain * (length - 1) + up) / length
            loss = (loss * (length - 1) + down) / length
        if i >= length:
            out[i] = 50.0 if gain + loss == 0.0 else 100.0 * gain / (gain + loss)
    return out


@njit(cache=True, error_model="numpy")
def ema(close, length):
    """Seeded with the mean of the first candles."""
    out = np.full(close.shape[0], np.nan)
    total, factor = 0.0, 2.0 / (length + 1)
    for i in range(close.shape[0]):
        if i < length:
            total += close[i]
            if i == length - 1:
                out[i] = total / length
        else:
            out[i] = factor * (close[i] - out[i - 1]) + out[i - 1]
    return out


@njit(cache=True, error_model="numpy")
def note(row, began, ended, price, at, held, fee):
    """Writes a trade down."""
    row[0], row[1], row[2], row[3], row[4] = began, ended, price, at, held
    row[5] = held * (at * (1 - fee) - price * (1 + fee))


@njit(cache=True, error_model="numpy")
def trade(opened, high, low, close, strength, average, below, above, stop_share, target_share, share, fee, cash):
    """The trades and the equity at each close: orders at the next open, stop before target."""
    size = close.shape[0]
    worth = np.empty(size)
    found = np.empty((size // 2 + 1, 6))
    count, held, price, began = 0, 0.0, 0.0, 0
    enter = leave = False
    for i in range(size):
        if leave and held > 0.0:
            cash += held * opened[i] * (1 - fee)
            note(found[count], began, i, price, opened[i], held, fee)
            count, held = count + 1, 0.0
        elif enter and held == 0.0:
            price, began = opened[i], i
            held = share * cash / price
            cash -= held * price * (1 + fee)
        enter = leave = False
        if held > 0.0:
            stop, target = price * (1 - stop_share), price * (1 + target_share)
            at = math.nan
            if low[i] <= stop:
                at = min(opened[i], stop)
            elif high[i] >= target:
                at = max(opened[i], target)
            if not math.isnan(at):
                cash += held * at * (1 - fee)
                note(found[count], began, i, price, at, held, fee)
                count, held = count + 1, 0.0
        worth[i] = cash + held * close[i]
        if held > 0.0:
            leave = strength[i] > above
        elif i and strength[i] < below and strength[i - 1] >= below:
            enter = close[i] > average[i]
    if held > 0.0:
        at = close[size - 1]
        cash += held * at * (1 - fee)
        note(found[count], began, size - 1, price, at, held, fee)
        count += 1
        worth[size - 1] = cash
    return found[:count].copy(), worth


def run(candles, length=14, below=30.0, above=60.0, slow=200):
    """Trades and equity of the strategy on a dict of arrays."""
    close = candles["close"]
    return trade(
        candles["open"], candles["high"], candles["low"], close, rsi(close, length), ema(close, slow),
        below, above, 0.03, 0.06, 0.1, 0.001, 100_000.0,
    )  # fmt: skip
