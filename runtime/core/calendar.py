"""Time windows, exits at a time of day, and days; by the clock at which an order would be sent."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from strategy_dsl import nodes

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def moment(time_ms: int) -> datetime:
    """Milliseconds since 1970 as an aware UTC time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)


def milliseconds(at: datetime) -> int:
    """An aware time as milliseconds since 1970."""
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A zone of the tz table."""
    return ZoneInfo(name)


def minutes(clock: str) -> int:
    """`09:30` as minutes after midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def window_open(windows: tuple[nodes.Window, ...], time_ms: int) -> bool:
    """Whether every `only` window holds and no `never` window does; conditions are not judged here."""
    timed = [window for window in windows if window.condition is None]
    return all(inside_window(window, time_ms) == (window.gate == "only") for window in timed)


def inside_window(window: nodes.Window, time_ms: int) -> bool:
    """Whether a moment lies in the days and hours of a window; one over midnight belongs to the day it began."""
    hours = window.hours
    local = moment(time_ms).astimezone(zone(hours.zone) if hours else UTC)
    day = local.weekday()
    if hours is not None:
        now, start, end = local.hour * 60 + local.minute, minutes(hours.start), minutes(hours.end)
        over_midnight = end <= start
        if not (now >= start or now < end if over_midnight else start <= now < end):
            return False
        if over_midnight and now < end:
            day = (day - 1) % 7
    return not window.days or day in window.days


def next_clock(exit_at: nodes.ExitAt, after_ms: int) -> int:
    """The first time of day `exit_at` strictly after a moment, ms UTC."""
    after = moment(after_ms).astimezone(zone(exit_at.zone))
    minute = minutes(exit_at.clock)
    for days in (0, 1, 2):
        date = after.date() + timedelta(days=days)
        candidate = datetime(date.year, date.month, date.day, tzinfo=after.tzinfo) + timedelta(minutes=minute)
        found = milliseconds(candidate.astimezone(UTC))
        if found > after_ms:
            return found
    raise AssertionError("a time of day comes within two days")
