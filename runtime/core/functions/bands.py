"""Bands and channels composed of TA-Lib's parts."""

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.averages import ema
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.statistics import highest, lowest
from runtime.core.functions.talib_calls import ta, ta_lines
from runtime.core.functions.windows import divided, shifted


def _bollinger(given: Inputs) -> Floats:
    close, deviations = given.series[0], given.numbers["deviations"]
    numbers = {"timeperiod": given.numbers["length"], "nbdevup": deviations, "nbdevdn": deviations}
    upper, middle, lower = ta_lines("BBANDS", [close], numbers)
    match given.component:
        case "width":
            return divided(upper - lower, middle)
        case "percent_b":
            return divided(close - lower, upper - lower)
    return {"upper": upper, "middle": middle, "lower": lower}[given.component]


def _keltner(given: Inputs) -> Floats:
    middle = ema(given.series[2], given.whole("length"))
    if given.component == "middle":
        return middle
    reach = given.numbers["multiplier"] * ta("ATR", *given.series, timeperiod=given.whole("atr_length"))
    return middle + reach if given.component == "upper" else middle - reach


def _donchian(given: Inputs) -> Floats:
    high, low = given.series
    length = given.whole("length")
    match given.component:
        case "upper":
            return shifted(highest(high, length), 1)
        case "lower":
            return shifted(lowest(low, length), 1)
    return shifted((highest(high, length) + lowest(low, length)) / 2, 1)


def _chandelier(given: Inputs) -> Floats:
    high, low, _ = given.series
    length = given.whole("length")
    reach = given.numbers["multiplier"] * ta("ATR", *given.series, timeperiod=length)
    return highest(high, length) - reach if given.component == "long" else lowest(low, length) + reach


def _atr_percent(given: Inputs) -> Floats:
    return divided(ta("ATR", *given.series, timeperiod=given.whole("length")), given.series[2])


def body(opened: Floats, close: Floats) -> Floats:
    """The distance between open and close."""
    return np.abs(close - opened)


def upper_wick(opened: Floats, high: Floats, close: Floats) -> Floats:
    """The high minus the top of the body."""
    return high - np.maximum(opened, close)


def lower_wick(opened: Floats, low: Floats, close: Floats) -> Floats:
    """The bottom of the body minus the low."""
    return np.minimum(opened, close) - low


BANDS: dict[str, Own] = {
    "bollinger": _bollinger,
    "keltner": _keltner,
    "donchian": _donchian,
    "chandelier": _chandelier,
    "atr_percent": _atr_percent,
    "body": lambda given: body(given.series[0], given.series[3]),
    "upper_wick": lambda given: upper_wick(given.series[0], given.series[1], given.series[3]),
    "lower_wick": lambda given: lower_wick(given.series[0], given.series[2], given.series[3]),
}
"""By the name in the catalogue."""
