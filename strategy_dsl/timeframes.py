"""Lengths of time as the language writes them: `15m`, `1h`, `3d`."""

from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTE_MS = 60_000
UNITS_MS = {
    "m": MINUTE_MS,
    "h": 60 * MINUTE_MS,
    "d": 1440 * MINUTE_MS,
    "w": 7 * 1440 * MINUTE_MS,
}
UNIT_WORDS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}
TIMEFRAMES = {
    text: int(text[:-1]) * UNITS_MS[text[-1]]
    for text in ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "1w")
}
"""Candle lengths that a strategy can run on, in ms."""
MONTH = "1mo"
"""A calendar month, which `on` takes beside the timeframes above."""


def timeframe_ms(text: str) -> int:
    """The length of one candle in ms; raises KeyError for a timeframe that is not offered."""
    return TIMEFRAMES[text]


def duration_ms(text: str) -> int:
    """The length of `90m`, `4h`, `2d` or `1w` in ms."""
    return int(Decimal(text[:-1]) * UNITS_MS[text[-1]])


def duration_words(text: str) -> str:
    """`4h` as `4 hours`, `1d` as `1 day`."""
    count, unit = text[:-1], UNIT_WORDS[text[-1]]
    return f"{count} {unit}" if count == "1" else f"{count} {unit}s"


def candle_words(text: str) -> str:
    """`1h` as `1-hour`, `15m` as `15-minute`, `1d` as `daily`."""
    named = {"1d": "daily", "1w": "weekly", MONTH: "monthly"}
    return named.get(text) or f"{text[:-1]}-{UNIT_WORDS[text[-1]]}"


def is_clock(text: str) -> bool:
    """Whether `09:30` is a time of day; `24:00` is the end of one."""
    hour, minute = (int(part) for part in text.split(":"))
    return (hour < 24 and minute < 60) or (hour == 24 and minute == 0)


@lru_cache(maxsize=256)
def zone_exists(zone: str) -> bool:
    """Whether the tz table has this zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
