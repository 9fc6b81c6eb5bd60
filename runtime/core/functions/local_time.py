"""Candles in the clock and calendar of a zone: days, weeks, months and sessions as stretches of candles."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from runtime.candles import Floats, Times

Truths = NDArray[np.bool_]
MINUTE_MS = 60_000
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Stretch:
    """Candles from `start` up to but not including `stop`; `whole` where its beginning is among the candles."""

    start: int
    stop: int
    whole: bool


def local_ms(time: Floats, zone: str) -> Times:
    """The wall clock at each opening, as ms since 1970 of that clock."""
    utc = time.astype(np.int64)
    if zone == "UTC" or not len(utc):
        return utc
    changes, offsets = _offsets(zone, int(utc.min()) // DAY_MS, int(utc.max()) // DAY_MS + 1)
    found: Times = utc + offsets[np.searchsorted(changes, utc, side="right") - 1]
    return found


@lru_cache(maxsize=256)
def _offsets(zone: str, first_day: int, last_day: int) -> tuple[Times, Times]:
    """From when on which offset holds, ms; days are looked at one by one and a change is found to the minute."""
    changes, offsets = [first_day * DAY_MS], [_offset(zone, first_day * DAY_MS)]
    for day in range(first_day, last_day):
        start, end = day * DAY_MS, (day + 1) * DAY_MS
        if _offset(zone, end) != offsets[-1]:
            while end - start > MINUTE_MS:
                middle = (start + end) // 2 // MINUTE_MS * MINUTE_MS
                start, end = (middle, end) if _offset(zone, middle) == offsets[-1] else (start, middle)
            changes.append(end)
            offsets.append(_offset(zone, end))
    return np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _offset(zone: str, time_ms: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(offset / timedelta(milliseconds=1))


def months(local: Times) -> Times:
    """Months since 1970."""
    found: Times = local.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    return found


def days_of_month(local: Times) -> Times:
    """1 to 31."""
    day = local.astype("datetime64[ms]").astype("datetime64[D]")
    found: Times = (day - day.astype("datetime64[M]")).astype(np.int64) + 1
    return found


def weekdays(local: Times) -> Times:
    """0 for Monday to 6."""
    return (local // DAY_MS + 3) % 7


def numbers_of(local: Times, period: str) -> Times:
    """The running number of the day, week or month of each candle."""
    match period:
        case "day":
            return local // DAY_MS
        case "week":
            return (local // DAY_MS + 3) // 7
    return months(local)


def begins(local: Times, period: str) -> Truths:
    """Where a candle is the first of its day, week or month; the first candle of all only where it opens just then."""
    number = numbers_of(local, period)
    first: Truths = np.diff(number, prepend=number[:1]) != 0
    first[:1] = _at_start(local[:1], period)
    return first


def _at_start(local: Times, period: str) -> Truths:
    midnight: Truths = local % DAY_MS == 0
    match period:
        case "day":
            return midnight
        case "week":
            midnight &= weekdays(local) == 0
        case _:
            midnight &= days_of_month(local) == 1
    return midnight


def periods(local: Times, period: str) -> list[Stretch]:
    """The days, weeks or months one after the other; the first is whole only if its beginning is there."""
    first = begins(local, period)
    return _stretches(np.flatnonzero(first).tolist(), len(local), whole_first=bool(first[:1].any()))


def _stretches(starts: list[int], size: int, *, whole_first: bool) -> list[Stretch]:
    if not size:
        return []
    edges = starts if whole_first else [0, *starts]
    return [
        Stretch(start, stop, whole=whole_first or at > 0)
        for at, (start, stop) in enumerate(zip(edges, [*edges[1:], size], strict=True))
    ]


def minutes_of_day(local: Times) -> Times:
    """Minutes since midnight."""
    return local % DAY_MS // MINUTE_MS


def clock_minutes(clock: str) -> int:
    """`09:30` as minutes after midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def inside(local: Times, start: str, end: str) -> Truths:
    """Where a candle opens within a session; one that ends before it starts runs over midnight."""
    minute, first, last = minutes_of_day(local), clock_minutes(start), clock_minutes(end)
    if first < last:
        return np.asarray((minute >= first) & (minute < last))
    return np.asarray((minute >= first) | (minute < last))


def sessions(local: Times, start: str, end: str) -> list[Stretch]:
    """The sessions among the candles; the first is whole only if its beginning is there."""
    within, minute, first = inside(local, start, end), minutes_of_day(local), clock_minutes(start)
    began = local // DAY_MS - (minute < first)
    same = np.diff(began, prepend=began[:1] - 1) == 0
    before = np.concatenate([[False], within[:-1]]) if len(within) else within
    after = np.concatenate([within[1:] & same[1:], [False]]) if len(within) else within
    starts = np.flatnonzero(within & ~(before & same)).tolist()
    stops = (np.flatnonzero(within & ~after) + 1).tolist()
    return [
        Stretch(begin, stop, whole=begin > 0 or int(minute[0]) == first)
        for begin, stop in zip(starts, stops, strict=True)
    ]
