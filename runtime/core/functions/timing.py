"""The calendar of a zone, by the opening of each candle."""

import numpy as np

from runtime.candles import Floats, Times
from runtime.core.functions.inputs import Inputs, Own, dated, windowed
from runtime.core.functions.local_time import (
    DAY_MS,
    MINUTE_MS,
    begins,
    clock_minutes,
    days_of_month,
    inside,
    local_ms,
    minutes_of_day,
    months,
    numbers_of,
    weekdays,
)
from runtime.core.functions.windows import rolling


def _local(given: Inputs) -> Times:
    return local_ms(given.series[0], given.texts["zone"])


def _step(given: Inputs) -> Times:
    found: Times = (given.series[1] - given.series[0]).astype(np.int64)
    return found


def _floats(values: np.ndarray) -> Floats:
    return values.astype(np.float64)


def _last_of(given: Inputs, period: str) -> np.ndarray:
    local = _local(given)
    return np.asarray(numbers_of(local + _step(given), period) != numbers_of(local, period))


def _month_end_average(given: Inputs) -> Floats:
    close, ends = given.series[2], np.flatnonzero(_last_of(given, "month"))
    if not len(ends):
        return np.full(len(close), np.nan)
    means = rolling(close[ends], given.whole("months"), _mean)
    latest = np.searchsorted(ends, np.arange(len(close)), side="right") - 1
    return np.where(latest < 0, np.nan, means[np.maximum(latest, 0)])


def _mean(windows: Floats) -> Floats:
    # rounding must not carry a mean beyond what it is the mean of
    found: Floats = np.clip(windows.mean(axis=1), windows.min(axis=1), windows.max(axis=1))
    return found


def _at_time(given: Inputs) -> Floats:
    away = (clock_minutes(given.texts["clock"]) - minutes_of_day(_local(given))) % 1440
    return _floats(away * MINUTE_MS < _step(given))


def _in_session(given: Inputs) -> Floats:
    return _floats(inside(_local(given), given.texts["start"], given.texts["end"]))


TIMING: dict[str, Own] = {
    "hour": windowed(lambda given: _floats(_local(given) % DAY_MS // (60 * MINUTE_MS)), 0),
    "minute_of_day": windowed(lambda given: _floats(minutes_of_day(_local(given))), 0),
    "weekday": windowed(lambda given: _floats(weekdays(_local(given))), 0),
    "day_of_month": windowed(lambda given: _floats(days_of_month(_local(given))), 0),
    "week_of_month": windowed(lambda given: _floats((days_of_month(_local(given)) - 1) // 7 + 1), 0),
    "month": windowed(lambda given: _floats(months(_local(given)) % 12 + 1), 0),
    "new_day": windowed(lambda given: _floats(begins(_local(given), "day")), 1),
    "new_week": windowed(lambda given: _floats(begins(_local(given), "week")), 1),
    "new_month": windowed(lambda given: _floats(begins(_local(given), "month")), 1),
    "last_of_day": windowed(lambda given: _floats(_last_of(given, "day")), 0),
    "last_of_month": windowed(lambda given: _floats(_last_of(given, "month")), 0),
    "month_end_average": dated(_month_end_average, 0),
    "in_session": windowed(_in_session, 0),
    "at_time": windowed(_at_time, 0),
}
"""By the name in the catalogue."""
