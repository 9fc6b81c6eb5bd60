"""Statistics and arithmetic over series."""

from collections.abc import Mapping

import numpy as np

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column
from runtime.core.functions.averages import sma
from runtime.core.functions.inputs import Inputs, Own, Parts, windowed
from runtime.core.functions.windows import divided, ratio, rolling, shifted


def highest(build: Builder, values: Column, length: int) -> Column:
    """The largest of the last `length` values."""
    return values if length == 1 else build.ta("MAX", values, timeperiod=length)


def lowest(build: Builder, values: Column, length: int) -> Column:
    """The smallest of the last `length` values."""
    return values if length == 1 else build.ta("MIN", values, timeperiod=length)


def _highest_bars_ago(given: Inputs) -> Floats:
    return rolling(given.series[0], given.whole("length"), lambda windows: windows[:, ::-1].argmax(axis=1))


def _lowest_bars_ago(given: Inputs) -> Floats:
    return rolling(given.series[0], given.whole("length"), lambda windows: windows[:, ::-1].argmin(axis=1))


def _median(given: Inputs) -> Floats:
    return rolling(given.series[0], given.whole("length"), lambda windows: np.median(windows, axis=1))


def _percentrank(given: Inputs) -> Floats:
    def share(windows: Floats) -> Floats:
        found: Floats = 100.0 * (windows[:, :-1] <= windows[:, -1:]).mean(axis=1)
        return found

    return rolling(given.series[0], given.whole("length") + 1, share)


def _zscore(given: Parts) -> Column:
    build, (values,), length = given.build, given.series, given.whole("length")
    away = build.operated(values, "-", sma(build, values, length))
    return ratio(build, away, build.ta("STDDEV", values, timeperiod=length))


def _change(given: Inputs) -> Floats:
    return divided(given.series[0], shifted(given.series[0], given.whole("bars"))) - 1


def _drawdown_from_high(given: Parts) -> Column:
    build, (high, close) = given.build, given.series
    return build.operated(1, "-", ratio(build, close, highest(build, high, given.whole("length"))))


def _rise_from_low(given: Parts) -> Column:
    build, (low, close) = given.build, given.series
    return build.operated(ratio(build, close, lowest(build, low, given.whole("length"))), "-", 1)


def _ulcer(given: Parts) -> Column:
    build, (close,), length = given.build, given.series, given.whole("length")
    fall = build.operated(1, "-", ratio(build, close, highest(build, close, length)))
    return build.windowed(
        lambda falls: np.sqrt(rolling(falls**2, length, lambda windows: windows.mean(axis=1))), length - 1, fall
    )


def _choose(given: Inputs) -> Floats:
    condition, first, second = given.series
    return np.where(np.isnan(condition), np.nan, np.where(condition == 1, first, second))


def _finite(given: Inputs, function: np.ufunc) -> Floats:
    with np.errstate(all="ignore"):
        found = function(given.series[0])
    return np.where(np.isfinite(found), found, np.nan)


def _round(given: Inputs) -> Floats:
    return np.copysign(np.floor(np.abs(given.series[0]) + 0.5), given.series[0])


def _before(numbers: Mapping[str, float]) -> int:
    return int(numbers["length"]) - 1


STATISTICS: dict[str, Own] = {
    "highest_bars_ago": windowed(_highest_bars_ago, _before),
    "lowest_bars_ago": windowed(_lowest_bars_ago, _before),
    "median": windowed(_median, _before),
    "percentrank": windowed(_percentrank, lambda numbers: int(numbers["length"])),
    "zscore": _zscore,
    "change": windowed(_change, lambda numbers: int(numbers["bars"])),
    "drawdown_from_high": _drawdown_from_high,
    "rise_from_low": _rise_from_low,
    "ulcer": _ulcer,
    "choose": windowed(_choose, 0),
    "abs": windowed(lambda given: np.abs(given.series[0]), 0),
    "min": windowed(lambda given: np.minimum(given.series[0], given.series[1]), 0),
    "max": windowed(lambda given: np.maximum(given.series[0], given.series[1]), 0),
    "sign": windowed(lambda given: np.sign(given.series[0]), 0),
    "sqrt": windowed(lambda given: _finite(given, np.sqrt), 0),
    "log": windowed(lambda given: _finite(given, np.log), 0),
    "exp": windowed(lambda given: _finite(given, np.exp), 0),
    "round": windowed(_round, 0),
    "floor": windowed(lambda given: np.floor(given.series[0]), 0),
    "ceil": windowed(lambda given: np.ceil(given.series[0]), 0),
}
"""By the name in the catalogue."""
