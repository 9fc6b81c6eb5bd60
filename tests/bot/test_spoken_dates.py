"""Days as people name them, in their zone."""

from datetime import UTC, datetime

import pytest

from bot.spoken_dates import span_of

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "start", "end", "rest"),
    [
        ("since tuesday", "2026-11-17T00:00", "2026-11-20T09:30", ""),
        ("since Tue?", "2026-11-17T00:00", "2026-11-20T09:30", "?"),
        ("on tuesday", "2026-11-17T00:00", "2026-11-18T00:00", ""),
        ("btc on friday", "2026-11-20T00:00", "2026-11-20T09:30", "btc"),
        ("since saturday", "2026-11-14T00:00", "2026-11-20T09:30", ""),
        ("yesterday", "2026-11-19T00:00", "2026-11-20T00:00", ""),
        ("eth yesterday", "2026-11-19T00:00", "2026-11-20T00:00", "eth"),
        ("3 days ago", "2026-11-17T00:00", "2026-11-18T00:00", ""),
        ("day before yesterday", "2026-11-18T00:00", "2026-11-19T00:00", ""),
        ("today", "2026-11-20T00:00", "2026-11-20T09:30", ""),
        ("the last 3 days", "2026-11-17T00:00", "2026-11-20T09:30", ""),
        ("in the last 6 hours", "2026-11-20T03:30", "2026-11-20T09:30", "in"),
        ("this week", "2026-11-13T00:00", "2026-11-20T09:30", ""),
        ("since 3 november", "2026-11-03T00:00", "2026-11-20T09:30", ""),
        ("on nov 3rd", "2026-11-03T00:00", "2026-11-04T00:00", ""),
        ("on december 3", "2025-12-03T00:00", "2025-12-04T00:00", ""),
        ("on 2 january 2024", "2024-01-02T00:00", "2024-01-03T00:00", ""),
        ("since 2026-11-03", "2026-11-03T00:00", "2026-11-20T09:30", ""),
    ],
)
def test_days(text, start, end, rest):
    found = span_of(text, NOW, "UTC")
    assert found is not None
    span, left = found
    assert (span.start.isoformat()[:16], span.end.isoformat()[:16], left) == (start, end, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "btc",
        "a sunny day",
        "it may rise",
        "2026-02-31",
        "9999-12-31",
        "since 0001-01-01",
        "monthly",
        "a satin dress",
        "30",
    ],
)
def test_what_names_no_day(text):
    assert span_of(text, NOW, "UTC") is None


def test_a_day_is_that_of_the_zone():
    found = span_of("yesterday", NOW, "America/New_York")
    assert found is not None
    assert found[0].start == datetime(2026, 11, 19, 5, tzinfo=UTC)
    assert found[0].end == datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_a_weekday_that_begins_this_moment_is_the_one_before():
    found = span_of("since tuesday", datetime(2026, 11, 17, tzinfo=UTC), "UTC")
    assert found is not None and found[0].start == datetime(2026, 11, 10, tzinfo=UTC)


def test_a_time_to_come_is_empty():
    found = span_of("on 2026-12-31", NOW, "UTC")
    assert found is not None and found[0].start == found[0].end
