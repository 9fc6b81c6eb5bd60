"""From which candle on a longer history changes a value by less than 1e-9 of it.

A recursive average never forgets, but what came before its first candle weighs less with every candle: after k candles
the share exp(-k / t) is left of it, where t is the time constant (1 over the weight of the newest value). An average of
an average of … forgets by the sum of the first terms of the exponential series instead (the tail of an Erlang
distribution). The figures ask for so little to be left that the value, which may be a small difference of large
averages, changes by less than 1e-9; the tests measure them on real candles.
"""

import math
from collections.abc import Callable

from strategy_dsl.catalogue.row import History, Numbers

AVERAGE, DIFFERENCE = 1e-10, 1e-13
"""What may be left of the past in an average of prices, and in a difference of such averages."""


def fading(time_constant: float, folds: int = 1, left: float = AVERAGE) -> int:
    """Candles until no more than `left` remains of what came before, for so many averages of averages."""
    share, low = 1.0, 0.0
    high = 64.0 + 4 * folds
    while high - low > 0.01:
        middle = (low + high) / 2
        share = math.exp(-middle) * sum(middle**each / math.factorial(each) for each in range(folds))
        low, high = (low, middle) if share <= left else (middle, high)
    return math.ceil(high * time_constant)


def ema_time(numbers: Numbers, *names: str) -> float:
    """The time constant of the slowest of exponential averages: (n + 1) / 2."""
    return (max(numbers[each] for each in names or ("length",)) + 1) / 2


def settles(
    history: History, time_constant: Callable[[Numbers], float], folds: int = 1, left: float = AVERAGE
) -> History:
    """The first value, and as long again as the past takes to fade."""
    return lambda numbers: history(numbers) + fading(time_constant(numbers), folds, left)


def wilder(history: History, folds: int = 1, left: float = AVERAGE) -> History:
    """For Wilder's average, whose time constant is its length."""
    return settles(history, lambda numbers: numbers["length"], folds, left)


def exponential(history: History, folds: int = 1, left: float = AVERAGE) -> History:
    """For the exponential average."""
    return settles(history, ema_time, folds, left)


def gain_time(numbers: Numbers) -> float:
    """The time constant of a Kalman filter whose gain has settled."""
    noise = numbers["state_noise"] / numbers["measurement_noise"]
    gain = (math.sqrt(noise * noise + 4 * noise) - noise) / 2
    return 1.0 if gain >= 1 else -1 / math.log1p(-gain)
