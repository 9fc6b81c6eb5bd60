"""Levels: days, weeks, months, sessions, pivots, swings and gaps."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from runtime.candles import Floats
from runtime.core.column import Column
from runtime.core.functions.inputs import Inputs, Own, Parts, dated, windowed
from runtime.core.functions.local_time import Stretch, clock_minutes, local_ms, periods, sessions
from runtime.core.functions.windows import divided, rolling, shifted, truth
from runtime.core.kernels import recursions
from strategy_dsl.timeframes import duration_ms

_PRICES = ("open", "high", "low", "close")


def _settled(given: Inputs, each: Stretch, component: str) -> float:
    """One price of a stretch that is over."""
    values = given.series[_PRICES.index(component)][each.start : each.stop]
    return float({"open": values[0], "high": values.max(), "low": values.min(), "close": values[-1]}[component])


def _so_far(given: Inputs, each: Stretch) -> Floats:
    """One price of a stretch as it grows, candle by candle."""
    values = given.series[_PRICES.index(given.component)][each.start : each.stop]
    match given.component:
        case "open":
            return np.full(len(values), values[0])
        case "high":
            return np.maximum.accumulate(values)
        case "low":
            return np.minimum.accumulate(values)
    return values


def _local(given: Inputs) -> np.ndarray:
    return local_ms(given.series[4], given.texts.get("zone", "UTC"))


def _previous(given: Inputs, period: str) -> Floats:
    return _from_previous(given, period, lambda each: _settled(given, each, given.component))


def _from_previous(given: Inputs, period: str, value: Callable[[Stretch], float]) -> Floats:
    out = np.full(len(given.series[0]), np.nan)
    spans = periods(_local(given), period)
    for before, each in pairwise(spans):
        if before.whole:
            out[each.start : each.stop] = value(before)
    return out


def _running(given: Inputs, period: str) -> Floats:
    out = np.full(len(given.series[0]), np.nan)
    for each in periods(_local(given), period):
        if each.whole:
            out[each.start : each.stop] = _so_far(given, each)
    return out


def _session(given: Inputs) -> Floats:
    return _ended(given, sessions(_local(given), given.texts["start"], given.texts["end"]))


def _opening_range(given: Inputs) -> Floats:
    start = clock_minutes(given.texts["start"])
    end = (start + duration_ms(given.texts["duration"]) // 60_000) % 1440
    return _ended(given, sessions(_local(given), given.texts["start"], f"{end // 60}:{end % 60:02}"))


def _ended(given: Inputs, spans: list[Stretch]) -> Floats:
    out = np.full(len(given.series[0]), np.nan)
    for each, following in zip(spans, [*(after.start for after in spans[1:]), len(out)], strict=False):
        if each.whole:
            out[each.stop : following] = _settled(given, each, given.component)
    return out


def _session_so_far(given: Inputs) -> Floats:
    spans = sessions(_local(given), given.texts["start"], given.texts["end"])
    out = _ended(given, spans)
    for each in spans:
        if each.whole:
            out[each.start : each.stop] = _so_far(given, each)
    return out


def _pivot(given: Inputs) -> Floats:
    def value(each: Stretch) -> float:
        high, low, close = (_settled(given, each, name) for name in ("high", "low", "close"))
        point = (high + low + close) / 3
        found = {
            "point": point,
            "r1": 2 * point - low,
            "s1": 2 * point - high,
            "r2": point + high - low,
            "s2": point - high + low,
            "r3": high + 2 * (point - low),
            "s3": low - 2 * (high - point),
        }
        return found[given.component]

    return _from_previous(given, given.texts["period"], value)


def _swing(given: Parts, sign: int) -> Column:
    """The latest value above `left` before and `right` after it; `sign` -1 turns lows into highs."""
    return given.build.stepped(recursions.swing, given.series, sign, given.whole("left"), given.whole("right"))


def _touches(given: Inputs, sign: int) -> Floats:
    values, tolerance = given.series[0], given.numbers["tolerance"]

    def near(windows: Floats) -> Floats:
        if sign > 0:
            close_by = windows >= windows.max(axis=1, keepdims=True) * (1 - tolerance)
        else:
            close_by = windows <= windows.min(axis=1, keepdims=True) * (1 + tolerance)
        return np.asarray(close_by.sum(axis=1), dtype=np.float64)

    return shifted(rolling(values, given.whole("length"), near), 1)


def _gap(given: Inputs) -> Floats:
    return divided(given.series[0], shifted(given.series[1], 1)) - 1


def _gap_by(given: Inputs, sign: int) -> Floats:
    gap = _gap(given)
    return truth(sign * gap >= given.numbers["size"], gap)


LEVELS: dict[str, Own] = {
    "previous_day": dated(lambda given: _previous(given, "day")),
    "previous_week": dated(lambda given: _previous(given, "week")),
    "previous_month": dated(lambda given: _previous(given, "month")),
    "running_day": dated(lambda given: _running(given, "day")),
    "running_week": dated(lambda given: _running(given, "week")),
    "running_month": dated(lambda given: _running(given, "month")),
    "session": dated(_session),
    "session_so_far": dated(_session_so_far),
    "opening_range": dated(_opening_range),
    "pivot": dated(_pivot),
    "swing_high": lambda given: _swing(given, 1),
    "swing_low": lambda given: _swing(given, -1),
    "touches_high": windowed(lambda given: _touches(given, 1), lambda numbers: int(numbers["length"])),
    "touches_low": windowed(lambda given: _touches(given, -1), lambda numbers: int(numbers["length"])),
    "gap": windowed(_gap, 1),
    "gap_up": windowed(lambda given: _gap_by(given, 1), 1),
    "gap_down": windowed(lambda given: _gap_by(given, -1), 1),
}
"""By the name in the catalogue."""
