"""Bands and channels composed of TA-Lib's parts."""

import numpy as np

from runtime.candles import Floats
from runtime.core.column import Column
from runtime.core.functions.averages import ema
from runtime.core.functions.inputs import Own, Parts, windowed
from runtime.core.functions.statistics import highest, lowest
from runtime.core.functions.windows import ratio


def _bollinger(given: Parts) -> Column:
    build, (close,), deviations = given.build, given.series, given.numbers["deviations"]

    def line(at: int) -> Column:
        return build.ta(
            "BBANDS", close, line=at, timeperiod=given.numbers["length"], nbdevup=deviations, nbdevdn=deviations
        )

    match given.component:
        case "width":
            return ratio(build, build.operated(line(0), "-", line(2)), line(1))
        case "percent_b":
            return ratio(build, build.operated(close, "-", line(2)), build.operated(line(0), "-", line(2)))
    return line(("upper", "middle", "lower").index(given.component))


def _keltner(given: Parts) -> Column:
    build = given.build
    middle = ema(build, given.series[2], given.whole("length"))
    if given.component == "middle":
        return middle
    spread = build.ta("ATR", *given.series, timeperiod=given.whole("atr_length"))
    reach = build.operated(given.numbers["multiplier"], "*", spread)
    return build.operated(middle, "+" if given.component == "upper" else "-", reach)


def _donchian(given: Parts) -> Column:
    build, (high, low), length = given.build, given.series, given.whole("length")
    match given.component:
        case "upper":
            return build.shifted(highest(build, high, length), 1)
        case "lower":
            return build.shifted(lowest(build, low, length), 1)
    ends = build.operated(highest(build, high, length), "+", lowest(build, low, length))
    return build.shifted(build.operated(ends, "/", 2), 1)


def _chandelier(given: Parts) -> Column:
    build, (high, low, _), length = given.build, given.series, given.whole("length")
    spread = build.ta("ATR", *given.series, timeperiod=length)
    reach = build.operated(given.numbers["multiplier"], "*", spread)
    if given.component == "long":
        return build.operated(highest(build, high, length), "-", reach)
    return build.operated(lowest(build, low, length), "+", reach)


def _atr_percent(given: Parts) -> Column:
    spread = given.build.ta("ATR", *given.series, timeperiod=given.whole("length"))
    return ratio(given.build, spread, given.series[2])


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
    "body": windowed(lambda given: body(given.series[0], given.series[3]), 0),
    "upper_wick": windowed(lambda given: upper_wick(given.series[0], given.series[1], given.series[3]), 0),
    "lower_wick": windowed(lambda given: lower_wick(given.series[0], given.series[2], given.series[3]), 0),
}
"""By the name in the catalogue."""
