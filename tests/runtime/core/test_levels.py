"""Levels of days, weeks, months and sessions, by slow plain definitions in local time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from runtime.candles import Candles, Floats
from runtime.core.functions.local_time import local_ms
from tests.candle_files import MONDAY_MS, without
from tests.made import walk_candles
from tests.runtime.core.catalogue_calls import column

DAY_MS = 86_400_000
NY = "America/New_York"
WALK = walk_candles(24 * 100, 31)
LATE = walk_candles(24 * 100, 32, start_ms=MONDAY_MS + 5 * 3_600_000)


def local(candles: Candles, zone: str) -> list[datetime]:
    return [datetime.fromtimestamp(time / 1000, UTC).astimezone(ZoneInfo(zone)) for time in candles.time.tolist()]


KEYS: dict[str, Callable[[datetime], object]] = {
    "day": lambda at: at.date(),
    "week": lambda at: at.isocalendar()[:2],
    "month": lambda at: (at.year, at.month),
}


def grouped(candles: Candles, zone: str, period: str) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for index, at in enumerate(local(candles, zone)):
        groups.setdefault(KEYS[period](at), []).append(index)
    return list(groups.values())


def first_is_whole(candles: Candles, zone: str, period: str) -> bool:
    before = datetime.fromtimestamp(candles.time[0] / 1000, UTC) - timedelta(hours=1)
    return KEYS[period](before.astimezone(ZoneInfo(zone))) != KEYS[period](local(candles, zone)[0])


PRICES: dict[str, Callable[[Candles, list[int]], float]] = {
    "open": lambda c, at: c.open[at[0]],
    "high": lambda c, at: max(c.high[at]),
    "low": lambda c, at: min(c.low[at]),
    "close": lambda c, at: c.close[at[-1]],
}


@pytest.mark.parametrize("candles", [WALK, LATE], ids=["at midnight", "at five"])
@pytest.mark.parametrize("zone", ["UTC", NY, "Asia/Kolkata", "Australia/Lord_Howe"])
@pytest.mark.parametrize("period", KEYS)
@pytest.mark.parametrize("price", PRICES)
def test_previous_and_running_periods(price: str, period: str, zone: str, candles: Candles) -> None:
    groups = grouped(candles, zone, period)
    previous, running = np.full(len(candles), np.nan), np.full(len(candles), np.nan)
    for number, group in enumerate(groups):
        if number > 1 or (number == 1 and first_is_whole(candles, zone, period)):
            previous[group] = PRICES[price](candles, groups[number - 1])
        if number > 0 or first_is_whole(candles, zone, period):
            for at, index in enumerate(group):
                running[index] = PRICES[price](candles, group[: at + 1])
    now = {"day": "day", "week": "week", "month": "month_so_far"}[period]
    np.testing.assert_array_equal(column(f"previous_{period}({zone}).{price}", candles), previous)
    np.testing.assert_array_equal(column(f"{now}({zone}).{price}", candles), running)


@pytest.mark.parametrize("zone", ["UTC", NY])
@pytest.mark.parametrize("period", KEYS)
def test_vwap_is_anchored_where_its_period_begins(period: str, zone: str) -> None:
    expected = np.full(len(WALK), np.nan)
    typical = (WALK.high + WALK.low + WALK.close) / 3
    for number, group in enumerate(grouped(WALK, zone, period)):
        if number > 0 or first_is_whole(WALK, zone, period):
            for at in range(len(group)):
                part = group[: at + 1]
                expected[group[at]] = np.average(typical[part], weights=WALK.volume[part])
    np.testing.assert_allclose(column(f"zoned_vwap({period}, {zone})", WALK), expected, rtol=1e-12)
    if zone == "UTC":
        np.testing.assert_array_equal(column(f"vwap({period})", WALK), column(f"zoned_vwap({period}, UTC)", WALK))


def session_groups(candles: Candles, zone: str, start: int, end: int) -> list[list[int]]:
    """Candles of each session; a session over midnight belongs to the day it began."""
    groups: dict[object, list[int]] = {}
    for index, at in enumerate(local(candles, zone)):
        hour = at.hour
        if (start <= hour < end) if start < end else (hour >= start or hour < end):
            day = at.date() - timedelta(days=int(start > end and hour < end))
            groups.setdefault(day, []).append(index)
    return list(groups.values())


@pytest.mark.parametrize(("start", "end"), [(9, 16), (22, 3)])
@pytest.mark.parametrize("price", PRICES)
def test_sessions_settle_when_they_end(price: str, start: int, end: int) -> None:
    candles = without(WALK, *range(100, 131), 300, 301)
    groups = session_groups(candles, NY, start, end)
    hours = [at.hour for at in local(candles, NY)]
    settled, running = np.full(len(candles), np.nan), np.full(len(candles), np.nan)
    for number, group in enumerate(groups):
        if number == 0 and group[0] == 0 and hours[0] != start:
            continue
        following = groups[number + 1][0] if number + 1 < len(groups) else len(candles)
        settled[group[-1] + 1 : following] = PRICES[price](candles, group)
        running[group[-1] + 1 : following] = PRICES[price](candles, group)
        for at, index in enumerate(group):
            running[index] = PRICES[price](candles, group[: at + 1])
    clocks = f"{start:02}:00, {end:02}:00, {NY}"
    np.testing.assert_array_equal(column(f"session({clocks}).{price}", candles), settled)
    np.testing.assert_array_equal(column(f"session_so_far({clocks}).{price}", candles), running)
    length = (end - start) % 24
    np.testing.assert_array_equal(column(f"opening_range({length}h, {start:02}:00, {NY}).{price}", candles), settled)


def test_the_vwap_of_a_session_stays_as_it_ended() -> None:
    found = column(f"session_vwap(09:00, 16:00, {NY})", WALK)
    hours = [at.hour for at in local(WALK, NY)]
    for group in session_groups(WALK, NY, 9, 16):
        part = slice(group[0], group[-1] + 1)
        typical = (WALK.high[part] + WALK.low[part] + WALK.close[part]) / 3
        last = np.average(typical, weights=WALK.volume[part])
        assert found[group[-1]] == pytest.approx(last)
        if group[-1] + 1 < len(WALK):
            assert found[group[-1] + 1] == found[group[-1]]
            assert hours[group[-1] + 1] == 16


def test_pivots_are_those_of_the_floor() -> None:
    high, low, close = (column(f"previous_day(UTC).{each}", WALK) for each in ("high", "low", "close"))
    point = (high + low + close) / 3
    expected: dict[str, Floats] = {
        "point": point, "r1": 2 * point - low, "s1": 2 * point - high, "r2": point + high - low, "s2": point - high + low,
        "r3": high + 2 * (point - low), "s3": low - 2 * (high - point),
    }  # fmt: skip
    for line, values in expected.items():
        np.testing.assert_allclose(column(f"pivot(day).{line}", WALK), values, rtol=1e-12)
    assert np.isnan(column("pivot(month).r1", WALK)[: 31 * 24]).all()


@pytest.mark.parametrize(
    "zone", ["UTC", NY, "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"]
)
def test_the_wall_clock_is_right_through_every_change(zone: str) -> None:
    time = MONDAY_MS - 400 * DAY_MS + 900_000 * np.arange(96 * 900, dtype=np.int64)
    found = local_ms(time.astype(np.float64), zone)
    for index in range(0, len(time), 7):
        at = datetime.fromtimestamp(int(time[index]) / 1000, UTC).astimezone(ZoneInfo(zone))
        offset = at.utcoffset() or timedelta()
        assert found[index] - time[index] == offset / timedelta(milliseconds=1)


def test_the_week_of_the_month() -> None:
    days = column("day_of_month(UTC)", WALK)
    np.testing.assert_array_equal(column("week_of_month(UTC)", WALK), (days + 6) // 7)


def test_a_swing_is_known_only_once_it_is_confirmed() -> None:
    found = column("swing_high(2, 3)", WALK)
    first = int(np.flatnonzero(~np.isnan(found))[0])
    top = first - 3
    assert found[first] == WALK.high[top]
    assert WALK.high[top] > max(*WALK.high[top - 2 : top], *WALK.high[top + 1 : top + 4])
