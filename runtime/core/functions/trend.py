"""Trends: Aroon, choppiness, supertrend, parabolic SAR, Ichimoku."""

import numpy as np

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column
from runtime.core.functions.inputs import Own, Parts, stepped
from runtime.core.functions.statistics import highest, lowest
from runtime.core.functions.windows import divided
from runtime.core.kernels import recursions


def _aroon(given: Parts) -> Column:
    length = given.numbers["length"]
    if given.component == "oscillator":
        return given.build.ta("AROONOSC", *given.series, timeperiod=length)
    return given.build.ta("AROON", *given.series, line=("down", "up").index(given.component), timeperiod=length)


def _choppiness(given: Parts) -> Column:
    build, (high, low, _), length = given.build, given.series, given.whole("length")
    walked = build.ta("SUM", build.ta("TRANGE", *given.series), timeperiod=length)

    def score(walked: Floats, top: Floats, bottom: Floats) -> Floats:
        # a gap lets the range of the window be wider than what was walked inside it
        ratio = np.clip(divided(walked, top - bottom), 1, length)
        found: Floats = 100 * np.log10(ratio) / np.log10(length)
        return found

    return build.windowed(score, 0, walked, highest(build, high, length), lowest(build, low, length))


def _supertrend(given: Parts) -> Column:
    def line(at: int) -> Column:
        return given.build.ta(
            "SUPERTREND",
            *given.series,
            line=at,
            timeperiod=given.numbers["length"],
            multiplier=given.numbers["multiplier"],
        )

    if given.component == "line":
        return line(0)
    return given.build.windowed(lambda level, way: np.where(np.isnan(level), np.nan, way), 0, line(0), line(1))


def _ichimoku(given: Parts) -> Column:
    build, (high, low) = given.build, given.series
    conversion, base, span = (given.whole(name) for name in ("conversion", "base", "span"))
    match given.component:
        case "conversion":
            return _middle(build, high, low, conversion)
        case "base":
            return _middle(build, high, low, base)
    both = build.operated(_middle(build, high, low, conversion), "+", _middle(build, high, low, base))
    first = build.shifted(build.operated(both, "/", 2), base)
    second = build.shifted(_middle(build, high, low, span), base)
    match given.component:
        case "span_a":
            return first
        case "span_b":
            return second
        case "cloud_top":
            return build.windowed(np.maximum, 0, first, second)
    return build.windowed(np.minimum, 0, first, second)


def _middle(build: Builder, high: Column, low: Column, length: int) -> Column:
    return build.operated(build.operated(highest(build, high, length), "+", lowest(build, low, length)), "/", 2)


TREND: dict[str, Own] = {
    "aroon": _aroon,
    "choppiness": _choppiness,
    "supertrend": _supertrend,
    "psar": stepped(recursions.parabolic, "step", "max"),
    "ichimoku": _ichimoku,
}
"""By the name in the catalogue."""
