"""The calendar of a zone, by the opening of each candle."""

import numpy as np

from runtime.candles import Floats, Times
from runtime.core.functions.averages import sma
from runtime.core.functions.inputs import Inputs, Own
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
    means = sma(close[ends], given.whole("months"))
    latest = np.searchsorted(ends, np.arange(len(close)), side="right") - 1
    return np.where(latest < 0, np.nan, means[np.maximum(latest, 0)]) if len(ends) else np.full(len(close), np.nan)


def _at_time(given: Inputs) -> Floats:
    away = (clock_minutes(given.texts["clock"]) - minutes_of_day(_local(given))) % 1440
    return _floats(away * MINUTE_MS < _step(given))


def _in_session(given: Inputs) -> Floats:
    return _floats(inside(_local(given), given.texts["start"], given.texts["end"]))


TIMING: dict[str, Own] = {
    "hour": lambda given: _floats(_local(given) % DAY_MS // (60 * MINUTE_MS)),
    "minute_of_day": lambda given: _floats(minutes_of_day(_local(given))),
    "weekday": lambda given: _floats(weekdays(_local(given))),
    "day_of_month": lambda given: _floats(days_of_month(_local(given))),
    "week_of_month": lambda given: _floats((days_of_month(_local(given)) - 1) // 7 + 1),
    "month": lambda given: _floats(months(_local(given)) % 12 + 1),
    "new_day": lambda given: _floats(begins(_local(given), "day")),
    "new_week": lambda given: _floats(begins(_local(given), "week")),
    "new_month": lambda given: _floats(begins(_local(given), "month")),
    "last_of_day": lambda given: _floats(_last_of(given, "day")),
    "last_of_month": lambda given: _floats(_last_of(given, "month")),
    "month_end_average": _month_end_average,
    "in_session": _in_session,
    "at_time": _at_time,
}
"""By the name in the catalogue."""
