"""Statistics and arithmetic over series."""

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.averages import sma
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.talib_calls import ta
from runtime.core.functions.windows import divided, rolling, shifted


def highest(values: Floats, length: int) -> Floats:
    """The largest of the last `length` values."""
    return values if length == 1 else ta("MAX", values, timeperiod=length)


def lowest(values: Floats, length: int) -> Floats:
    """The smallest of the last `length` values."""
    return values if length == 1 else ta("MIN", values, timeperiod=length)


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


def _zscore(given: Inputs) -> Floats:
    values, length = given.series[0], given.whole("length")
    return divided(values - sma(values, length), ta("STDDEV", values, timeperiod=length))


def _change(given: Inputs) -> Floats:
    return divided(given.series[0], shifted(given.series[0], given.whole("bars"))) - 1


def _drawdown_from_high(given: Inputs) -> Floats:
    high, close = given.series
    return 1 - divided(close, highest(high, given.whole("length")))


def _rise_from_low(given: Inputs) -> Floats:
    low, close = given.series
    return divided(close, lowest(low, given.whole("length"))) - 1


def _ulcer(given: Inputs) -> Floats:
    close, length = given.series[0], given.whole("length")
    fall = 1 - divided(close, highest(close, length))
    return np.sqrt(rolling(fall**2, length, lambda windows: windows.mean(axis=1)))


def _choose(given: Inputs) -> Floats:
    condition, first, second = given.series
    return np.where(np.isnan(condition), np.nan, np.where(condition == 1, first, second))


def _finite(given: Inputs, function: np.ufunc) -> Floats:
    with np.errstate(all="ignore"):
        found = function(given.series[0])
    return np.where(np.isfinite(found), found, np.nan)


def _round(given: Inputs) -> Floats:
    return np.copysign(np.floor(np.abs(given.series[0]) + 0.5), given.series[0])


STATISTICS: dict[str, Own] = {
    "highest_bars_ago": _highest_bars_ago,
    "lowest_bars_ago": _lowest_bars_ago,
    "median": _median,
    "percentrank": _percentrank,
    "zscore": _zscore,
    "change": _change,
    "drawdown_from_high": _drawdown_from_high,
    "rise_from_low": _rise_from_low,
    "ulcer": _ulcer,
    "choose": _choose,
    "abs": lambda given: np.abs(given.series[0]),
    "min": lambda given: np.minimum(given.series[0], given.series[1]),
    "max": lambda given: np.maximum(given.series[0], given.series[1]),
    "sign": lambda given: np.sign(given.series[0]),
    "sqrt": lambda given: _finite(given, np.sqrt),
    "log": lambda given: _finite(given, np.log),
    "exp": lambda given: _finite(given, np.exp),
    "round": _round,
    "floor": lambda given: np.floor(given.series[0]),
    "ceil": lambda given: np.ceil(given.series[0]),
}
"""By the name in the catalogue."""
