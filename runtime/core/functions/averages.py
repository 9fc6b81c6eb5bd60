"""Averages that TA-Lib does not have or has otherwise."""

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.talib_calls import ta
from runtime.core.functions.windows import rolling


def sma(values: Floats, length: int) -> Floats:
    """The simple average."""
    return values if length == 1 else ta("SMA", values, timeperiod=length)


def ema(values: Floats, length: int) -> Floats:
    """The exponential average, seeded with the mean of the first `length`."""
    return values if length == 1 else ta("EMA", values, timeperiod=length)


def wma(values: Floats, length: int) -> Floats:
    """The weighted average."""
    return values if length == 1 else ta("WMA", values, timeperiod=length)


def _hma(given: Inputs) -> Floats:
    values, length = given.series[0], given.whole("length")
    return wma(2 * wma(values, max(1, length // 2)) - wma(values, length), max(1, round(length**0.5)))


def _vwma(given: Inputs) -> Floats:
    volume, values = given.series
    return ta("VWMA", values, volume, timeperiod=given.whole("length"))


def _alma(given: Inputs) -> Floats:
    """Gaussian weights around 0.85 of the window; pandas-ta-classic 0.8 lays them towards the oldest value."""
    length = given.whole("length")
    place = np.arange(length) - 0.85 * (length - 1)
    weights = np.exp(-(place**2) / (2 * (length / 6) ** 2))
    return rolling(given.series[0], length, lambda windows: (windows * (weights / weights.sum())).sum(axis=1))


def _kalman(given: Inputs) -> Floats:
    state, measured = given.numbers["state_noise"], given.numbers["measurement_noise"]
    out, mean, variance = [], np.nan, 1.0
    for value in given.series[0].tolist():
        if value != value:
            out.append(np.nan)
            continue
        mean = value if mean != mean else mean
        variance += state
        gain = variance / (variance + measured)
        mean += gain * (value - mean)
        variance *= 1 - gain
        out.append(mean)
    return np.array(out, dtype=np.float64)


AVERAGES: dict[str, Own] = {"hma": _hma, "alma": _alma, "vwma": _vwma, "kalman": _kalman}
"""By the name in the catalogue."""
