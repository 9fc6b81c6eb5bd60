"""Clocks and zones as sorted moments, made before a run: midnights, times of day, windows (Meaning 1, 13)."""

import calendar as calendar_months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np

from runtime.core.calendar import DAY_MS, inside_window, milliseconds, minutes, moment, zone
from runtime.core.machine.layout import Ints
from strategy_dsl import nodes
from strategy_dsl.timeframes import DAYS, duration_ms

BEFORE_MS = 40 * DAY_MS
AFTER_MS = 40 * DAY_MS
"""How far lists reach beyond the candles: a month's schedule and a week's pause must find their next moment."""


@dataclass(frozen=True)
class Midnights:
    """The beginnings of days in a zone, all of them or those of one weekday."""

    zone: str
    weekday: int | None = None


@dataclass(frozen=True)
class Events:
    """Opens and shuts around moments from outside, `within` ms before and after."""

    within: int


Listed = Midnights | nodes.Timing | nodes.ExitAt | nodes.Window | Events


@lru_cache(maxsize=256)
def moments(what: Listed, first_ms: int, last_ms: int, events: tuple[int, ...] = ()) -> Ints:
    """The sorted moments (ms UTC) of a thing of the calendar, from well before `first_ms` to well after `last_ms`."""
    begin, end = first_ms - BEFORE_MS, last_ms + AFTER_MS
    match what:
        case Midnights(name, weekday):
            found = _daily(begin, end, "00:00", name, None if weekday is None else (weekday,))
        case nodes.ExitAt(clock, name):
            found = _daily(begin, end, clock, name, None)
        case nodes.Timing():
            found = _scheduled(what, begin, end)
        case nodes.Window():
            found = _toggles(what, begin, end)
        case Events(within):
            return _around(events, within)
    return np.array(found, np.int64)


def at_clock(day: date, clock: str, name: str) -> int:
    """A time of day in a zone, `24:00` its end, as ms UTC."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone(name)) + timedelta(minutes=minutes(clock))
    return milliseconds(local.astimezone(UTC))


def _dates(begin: int, end: int) -> Iterator[date]:
    day, last = moment(begin).date(), moment(end).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _daily(begin: int, end: int, clock: str, name: str, weekdays: tuple[int, ...] | None) -> list[int]:
    if name == "UTC" and weekdays is None:
        first = begin // DAY_MS * DAY_MS + minutes(clock) * 60_000
        return list(range(first, end + DAY_MS, DAY_MS))
    return [at_clock(day, clock, name) for day in _dates(begin, end) if weekdays is None or day.weekday() in weekdays]


def _scheduled(timing: nodes.Timing, begin: int, end: int) -> list[int]:
    if timing.interval is not None:
        return _long_intervals(timing.interval, begin, end)
    if timing.day_of_month is None:
        return _daily(begin, end, timing.clock, timing.zone, timing.days)
    days = (day for day in _dates(begin, end) if day.day == _day_in(day, timing.day_of_month))
    return [at_clock(day, timing.clock, timing.zone) for day in days]


def _day_in(day: date, wanted: int) -> int:
    last = calendar_months.monthrange(day.year, day.month)[1]
    return last if wanted == 0 else min(wanted, last)


def _long_intervals(interval: str, begin: int, end: int) -> list[int]:
    """Beginnings of stretches of a day and longer: days from 1970, weeks from Monday, months by the calendar."""
    days = np.arange(begin // DAY_MS * DAY_MS, end + DAY_MS, DAY_MS, dtype=np.int64)
    if interval.endswith("mo"):
        months = days.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
        count = int(interval[:-2])
        first = np.unique(months // count * count)
        found: list[int] = first.astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64).tolist()
        return found
    length = duration_ms(interval)
    anchor = 4 * DAY_MS if interval.endswith("w") else 0
    starts: list[int] = np.unique((days - anchor) // length * length + anchor).tolist()
    return starts


def short_interval(timing: nodes.Timing) -> int:
    """The length of an interval below a day, which counts from each midnight UTC; 0 for what needs a list."""
    if timing.interval is None or timing.interval.endswith("mo"):
        return 0
    length = duration_ms(timing.interval)
    return length if length < DAY_MS else 0


def _toggles(window: nodes.Window, begin: int, end: int) -> list[int]:
    """When the hours of a window open and shut in turn; the first moment opens."""
    name = window.hours.zone if window.hours else "UTC"
    clocks = ("00:00", "24:00") if window.hours is None else ("00:00", window.hours.start, window.hours.end)
    days = list(_dates(begin, end))
    candidates = {at_clock(day, clock, name) for day in days for clock in clocks} | set(_changes(days, name))
    found: list[int] = []
    for each in sorted(candidates):
        if inside_window(window, each) != (len(found) % 2 == 1):
            found.append(each)
    return found


def _changes(days: list[date], name: str) -> Iterator[int]:
    """The moments at which a zone's clock is moved, to the minute."""
    if name == "UTC":
        return
    for day, following in pairwise(days):
        low, high = at_clock(day, "00:00", name), at_clock(following, "00:00", name)
        offset = moment(low).astimezone(zone(name)).utcoffset()
        if moment(high).astimezone(zone(name)).utcoffset() == offset:
            continue
        while high - low > 60_000:
            middle = (low + high) // 2 // 60_000 * 60_000
            if moment(middle).astimezone(zone(name)).utcoffset() == offset:
                low = middle
            else:
                high = middle
        yield high


def _around(events: tuple[int, ...], within: int) -> Ints:
    """Opens `within` before each event and shuts just after `within` behind it; what overlaps is one."""
    found: list[int] = []
    for each in sorted(events):
        if found and each - within <= found[-1]:
            found[-1] = each + within + 1
        else:
            found += [each - within, each + within + 1]
    return np.array(found, np.int64)


def pause_days(pause: nodes.Pause) -> Midnights:
    """The midnights at which a pause may end."""
    return Midnights(pause.zone, None if pause.until == "tomorrow" else DAYS.index(pause.until or ""))


__all__ = ["Events", "Listed", "Midnights", "moments", "pause_days", "short_interval"]
