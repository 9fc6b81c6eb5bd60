"""Clocks and zones: scheduled times, windows, the ends of pauses (Meaning 1 and 13)."""

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from strategy_dsl import nodes
from strategy_dsl.timeframes import DAYS
from tests.reference.sessions import minutes
from tests.reference.views import DAY_MS, length_ms, local, span_of, to_ms


def at_clock(day: date, clock: str, zone: str) -> int:
    """A time of day in a zone, `24:00` its end, as ms UTC."""
    minute = minutes(clock)
    moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return to_ms(moment)


def matches(timing: nodes.Timing, day: date) -> bool:
    """Whether a schedule has something on a local day."""
    if timing.day_of_month is None:
        return day.weekday() in timing.days
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == (last if timing.day_of_month == 0 else min(timing.day_of_month, last))


def last_scheduled(timing: nodes.Timing, after: int, until: int) -> int | None:
    """The last scheduled moment later than `after` and not later than `until`."""
    if timing.interval is not None:
        begin = interval_begin(timing.interval, until)
        return begin if begin > after else None
    day = local(until, timing.zone).date() + timedelta(days=1)
    for _ in range(800):
        moment = at_clock(day, timing.clock, timing.zone) if matches(timing, day) else None
        if moment is not None and moment <= until:
            return moment if moment > after else None
        day -= timedelta(days=1)
    return None


def interval_begin(interval: str, until: int) -> int:
    """The last multiple of an interval: below a day counted from each midnight UTC, else whole days, weeks from Monday."""
    if interval.endswith("mo") or length_ms(interval) >= DAY_MS:
        return span_of(until, interval)[0]
    return until // DAY_MS * DAY_MS + until % DAY_MS // length_ms(interval) * length_ms(interval)


def in_window(window: nodes.Window, now: int) -> bool:
    """Whether a moment lies in the days and hours of a window; one over midnight belongs to the day it began."""
    zone = window.hours.zone if window.hours else "UTC"
    moment = local(now, zone)
    today, minute = moment.weekday(), moment.hour * 60 + moment.minute
    days = window.days or tuple(range(7))
    if window.hours is None:
        return today in days
    start, end = minutes(window.hours.start), minutes(window.hours.end)
    if start < end:
        return today in days and start <= minute < end
    return (today in days and minute >= start) or ((today - 1) % 7 in days and minute < end)


def pause_end(pause: nodes.Pause, now: int) -> int:
    """When entries begin again."""
    if pause.duration is not None:
        return now + length_ms(pause.duration)
    day = local(now, pause.zone).date() + timedelta(days=1)
    while pause.until != "tomorrow" and DAYS[day.weekday()] != pause.until:
        day += timedelta(days=1)
    return at_clock(day, "00:00", pause.zone)


def day_of(now: int, zone: str) -> date:
    """The day of a moment in a zone."""
    return local(now, zone).date()
