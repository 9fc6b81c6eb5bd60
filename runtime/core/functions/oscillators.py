"""Oscillators composed of TA-Lib's parts."""

import numpy as np

from runtime.candles import Floats
from runtime.core.column import Column
from runtime.core.functions.averages import ema, sma
from runtime.core.functions.inputs import Own, Parts, windowed
from runtime.core.functions.windows import ratio

NO_RANGE = 1e-12
"""A range that is not wider than this, as a ratio of the value, is none."""


def _place(given: Parts, high: Column, low: Column, value: Column) -> Column:
    """Where a value lies in the range of n bars, smoothed, 0 to 100; exactly 100 and 0 at its ends.

    TA-Lib's STOCH sums on and on: at the ends it is off by rounding, and its two lines cross where they are equal.
    """
    build, length = given.build, given.numbers["length"]
    lowest, highest = low, high
    if length > 1:
        lowest, highest = build.ta("MIN", low, timeperiod=length), build.ta("MAX", high, timeperiod=length)
    k = sma(build, build.windowed(_percent, 0, value, lowest, highest), given.whole("smoothing"))
    d = sma(build, k, given.whole("signal"))
    # both lines begin together, as TA-Lib's do
    return d if given.component == "d" else build.operated(k, "+", build.operated(0, "*", d))


def _percent(value: Floats, lowest: Floats, highest: Floats) -> Floats:
    """0 at the lowest, 100 at the highest; unknown where there is no range, or one that only rounding makes."""
    span = highest - lowest
    wide = span > NO_RANGE * np.abs(highest)
    return np.where(wide, 100 * ((value - lowest) / np.where(wide, span, 1.0)), np.nan)


def _stochastic(given: Parts) -> Column:
    return _place(given, *given.series)


def _stochastic_rsi(given: Parts) -> Column:
    strength = given.build.ta("RSI", given.series[0], timeperiod=given.whole("rsi_length"))
    return _place(given, strength, strength, strength)


def _kdj(given: Parts) -> Column:
    build = given.build
    raw = build.ta("STOCH", *given.series, fastk_period=given.numbers["length"], slowk_period=1, slowd_period=1)
    k = build.ta("RMA", raw, timeperiod=given.whole("smoothing"))
    if given.component == "k":
        return k
    d = build.ta("RMA", k, timeperiod=given.whole("signal"))
    return d if given.component == "d" else build.operated(build.operated(3, "*", k), "-", build.operated(2, "*", d))


def _ppo(given: Parts) -> Column:
    build, (close,) = given.build, given.series
    fast, slow = sorted((given.whole("fast"), given.whole("slow")))
    slower = ema(build, close, slow)
    line = ratio(build, build.operated(ema(build, close, fast), "-", slower), slower)
    if given.component == "line":
        return line
    signal = ema(build, line, given.whole("signal"))
    return signal if given.component == "signal" else build.operated(line, "-", signal)


def _trix(given: Parts) -> Column:
    found = given.build.ta("TRIX", given.series[0], timeperiod=given.whole("length"))
    return given.build.operated(found, "/", 100)


OSCILLATORS: dict[str, Own] = {
    "stochastic": _stochastic,
    "stochastic_rsi": _stochastic_rsi,
    "kdj": _kdj,
    "ppo": _ppo,
    "trix": _trix,
    "inverse_fisher": windowed(lambda given: np.tanh(0.1 * (given.series[0] - 50)), 0),
}
"""By the name in the catalogue."""
