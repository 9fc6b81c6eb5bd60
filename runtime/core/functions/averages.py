"""Averages that TA-Lib does not have or has otherwise."""

import numpy as np

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column
from runtime.core.functions.inputs import Own, Parts, stepped
from runtime.core.kernels import recursions


def sma(build: Builder, values: Column, length: int) -> Column:
    """The simple average."""
    return values if length == 1 else build.ta("SMA", values, timeperiod=length)


def ema(build: Builder, values: Column, length: int) -> Column:
    """The exponential average, seeded with the mean of the first `length`."""
    return values if length == 1 else build.ta("EMA", values, timeperiod=length)


def wma(build: Builder, values: Column, length: int) -> Column:
    """The weighted average."""
    return values if length == 1 else build.ta("WMA", values, timeperiod=length)


def _hma(given: Parts) -> Column:
    build, (values,), length = given.build, given.series, given.whole("length")
    twice = build.operated(2, "*", wma(build, values, max(1, length // 2)))
    return wma(build, build.operated(twice, "-", wma(build, values, length)), max(1, round(length**0.5)))


def _vwma(given: Parts) -> Column:
    volume, values = given.series
    return given.build.ta("VWMA", values, volume, timeperiod=given.whole("length"))


def _alma(given: Parts) -> Column:
    """Gaussian weights around 0.85 of the window; pandas-ta-classic 0.8 lays them towards the oldest value."""
    length = given.whole("length")
    place = np.arange(length) - 0.85 * (length - 1)
    return _weighted(given, np.exp(-(place**2) / (2 * (length / 6) ** 2)))


def _sinwma(given: Parts) -> Column:
    """Half a sine wave of weights; pandas-ta-classic's own loop takes seconds for a year of minutes."""
    length = given.whole("length")
    return _weighted(given, np.sin(np.pi * np.arange(1, length + 1) / (length + 1)))


def _weighted(given: Parts, weights: Floats) -> Column:
    return given.build.stepped(recursions.weighted, given.series, *(weights / weights.sum()).tolist())


AVERAGES: dict[str, Own] = {
    "hma": _hma,
    "alma": _alma,
    "sinwma": _sinwma,
    "vwma": _vwma,
    "kalman": stepped(recursions.kalman, "state_noise", "measurement_noise"),
}
"""By the name in the catalogue."""
