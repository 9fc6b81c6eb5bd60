"""Days as people name them: `since tuesday`, `yesterday`, `the last 3 days`, `3 november`, `2026-11-03`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAY = rf"(?P<weekday>{'|'.join(f'{each[:3]}(?:{each[3:]})?' for each in WEEKDAYS)})"
_MONTH = rf"(?P<month>{'|'.join(f'{each[:3]}(?:{each[3:]})?' for each in MONTHS)})"
EARLIEST, LATEST = 2000, 2100
_WHEN = re.compile(
    rf"\b(?P<since>since |from |after )?(?:on |the |last |this )*(?:"
    rf"(?P<word>today|day before yesterday|yesterday|week|month)\b"
    rf"|(?P<count>\d{{1,3}}) (?P<unit>hour|day|week)s?\b(?P<ago> ago\b)?"
    rf"|(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-(?P<day>\d{{1,2}})\b"
    rf"|(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? )?{_MONTH}\b(?: (?P<behind>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
    r"(?:,? (?P<of>\d{4})\b)?"
    rf"|{_DAY}\b)",
    re.I,
)


@dataclass(frozen=True)
class Span:
    """A stretch of time: from `start` up to but not including `end`, aware."""

    start: datetime
    end: datetime


def span_of(text: str, now: datetime, zone: str) -> tuple[Span, str] | None:
    """The time that a text names, at the latest until now, and the text without it; None where it names none.

    A weekday is the newest one that has begun. Whole days are those of the zone. A time to come is empty.
    """
    local = now.astimezone(ZoneInfo(zone))
    named = ((each, days) for each in _WHEN.finditer(text) if (days := _first(each, local)) is not None)
    if (match := next(named, None)) is None:
        return None
    found, (first, last) = match
    end = now if found["since"] or last is None else min(_midnight(last + timedelta(days=1), zone), now)
    start = first.astimezone(UTC) if isinstance(first, datetime) else _midnight(first, zone)
    rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
    return Span(start, max(start, end)), rest


def _first(found: "re.Match[str]", now: datetime) -> tuple[date, date | None] | None:
    """The first day and the last one (None: until now) of what was found, or the moment it begins at."""
    today = now.date()
    if found["word"]:
        return WORDS[found["word"].lower()](today)
    if found["weekday"]:
        back = (today.weekday() - _place(WEEKDAYS, found["weekday"])) % 7
        if not back and now.time() == time():
            # it begins this moment: nobody asks about nothing
            back = 7
        return (today - timedelta(days=back),) * 2
    if found["count"]:
        many = int(found["count"])
        if found["unit"].lower() == "hour":
            return now - timedelta(hours=many), None
        first = today - timedelta(days=many * (7 if found["unit"].lower() == "week" else 1))
        return first, first if found["ago"] else None
    if found["year"]:
        return _date(int(found["year"]), int(found["number"]), int(found["day"]))
    number = found["before"] or found["behind"]
    if number is None:
        # a month without its day may be a verb: "may"
        return None
    month = _place(MONTHS, found["month"]) + 1
    if found["of"]:
        return _date(int(found["of"]), month, int(number))
    this = _date(today.year, month, int(number))
    return this if this is not None and this[0] <= today else _date(today.year - 1, month, int(number))


WORDS: dict[str, Callable[[date], tuple[date, date | None]]] = {
    "today": lambda today: (today, today),
    "day before yesterday": lambda today: (today - timedelta(days=2),) * 2,
    "yesterday": lambda today: (today - timedelta(days=1),) * 2,
    "week": lambda today: (today - timedelta(days=7), None),
    "month": lambda today: (today - timedelta(days=30), None),
}


def _date(year: int, month: int, day: int) -> tuple[date, date] | None:
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return (date(year, month, day),) * 2
    except ValueError:
        return None


def _place(names: tuple[str, ...], said: str) -> int:
    return next(place for place, each in enumerate(names) if each.startswith(said.lower()[:3]))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
