"""Windows, days and times of day, by the clock of the zone that was written."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.calendar import milliseconds, moment, next_clock, window_open
from strategy_dsl import nodes
from strategy_dsl.parser import parse


def windows(*clauses: str) -> tuple[nodes.Window, ...]:
    parsed = parse("\n".join(clauses) + "\n")
    assert not parsed.problems, parsed.problems
    return parsed.strategy.windows


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


# 1 January 2024 was a Monday
CASES = [
    ("only between 08:00 and 20:00 UTC", "2024-01-01 07:59", False),
    ("only between 08:00 and 20:00 UTC", "2024-01-01 08:00", True),
    ("only between 08:00 and 20:00 UTC", "2024-01-01 19:59", True),
    ("only between 08:00 and 20:00 UTC", "2024-01-01 20:00", False),
    ("never between 08:00 and 20:00 UTC", "2024-01-01 08:00", False),
    ("never between 08:00 and 20:00 UTC", "2024-01-01 20:00", True),
    ("only monday to friday", "2024-01-05 23:59", True),
    ("only monday to friday", "2024-01-06 00:00", False),
    ("never saturday and sunday", "2024-01-07 12:00", False),
    ("never saturday and sunday", "2024-01-08 00:00", True),
    # a window over midnight belongs to the day it began
    ("only between 22:00 and 02:00 UTC", "2024-01-01 21:59", False),
    ("only between 22:00 and 02:00 UTC", "2024-01-01 22:00", True),
    ("only between 22:00 and 02:00 UTC", "2024-01-02 01:59", True),
    ("only between 22:00 and 02:00 UTC", "2024-01-02 02:00", False),
    ("only friday between 22:00 and 02:00 UTC", "2024-01-05 23:00", True),
    ("only friday between 22:00 and 02:00 UTC", "2024-01-06 01:00", True),
    ("only friday between 22:00 and 02:00 UTC", "2024-01-05 01:00", False),
    ("only friday between 22:00 and 02:00 UTC", "2024-01-06 22:30", False),
    ("never sunday between 22:00 and 02:00 UTC", "2024-01-08 01:00", False),
    ("never sunday between 22:00 and 02:00 UTC", "2024-01-07 01:00", True),
    # noon in London is 12:00 UTC in winter, 11:00 UTC in summer
    ("only between 12:00 and 13:00 Europe/London", "2024-01-10 12:30", True),
    ("only between 12:00 and 13:00 Europe/London", "2024-07-10 12:30", False),
    ("only between 12:00 and 13:00 Europe/London", "2024-07-10 11:30", True),
    # Monday in Auckland begins while it is Sunday in UTC
    ("only monday between 00:00 and 12:00 Pacific/Auckland", "2024-01-07 12:00", True),
    ("only monday between 00:00 and 12:00 Pacific/Auckland", "2024-01-08 00:00", False),
]


@pytest.mark.parametrize(("clause", "time", "is_open"), CASES)
def test_windows(clause: str, time: str, is_open: bool) -> None:
    assert window_open(windows(clause), at(time)) is is_open


def test_every_window_has_to_agree() -> None:
    both = windows("only monday to friday", "never between 12:00 and 13:00 UTC")
    assert window_open(both, at("2024-01-01 11:00"))
    assert not window_open(both, at("2024-01-01 12:00"))
    assert not window_open(both, at("2024-01-06 11:00"))
    assert window_open((), at("2024-01-06 11:00"))


def test_windows_with_a_condition_are_judged_elsewhere() -> None:
    assert window_open(windows("only when close > 5"), at("2024-01-01 11:00"))


@pytest.mark.parametrize(
    ("zone", "after", "clock", "expected"),
    [
        ("America/New_York", ("2024-01-02 15:59", 0), "16:00", ("2024-01-02 16:00", 0)),
        ("America/New_York", ("2024-01-02 16:00", 0), "16:00", ("2024-01-03 16:00", 0)),
        ("America/New_York", ("2024-03-09 17:00", 0), "16:00", ("2024-03-10 16:00", 0)),
        ("America/New_York", ("2024-11-02 17:00", 0), "16:00", ("2024-11-03 16:00", 0)),
        # the hour that comes twice counts when it comes first
        ("Europe/Berlin", ("2024-10-27 01:00", 0), "02:30", ("2024-10-27 02:30", 0)),
        ("Europe/Berlin", ("2024-10-27 02:30", 0), "02:30", ("2024-10-28 02:30", 0)),
        ("Europe/Berlin", ("2024-10-27 02:10", 1), "02:30", ("2024-10-28 02:30", 0)),
        ("UTC", ("2024-01-01 23:00", 0), "24:00", ("2024-01-02 00:00", 0)),
        ("UTC", ("2024-01-01 00:00", 0), "00:00", ("2024-01-02 00:00", 0)),
    ],
)
def test_the_next_time_of_day(zone: str, after: tuple[str, int], clock: str, expected: tuple[str, int]) -> None:
    found = next_clock(nodes.ExitAt(clock, zone), at(after[0], zone, after[1]))
    assert moment(found) == moment(at(expected[0], zone, expected[1]))


def test_a_time_of_day_that_a_clock_change_leaves_out_still_comes() -> None:
    found = next_clock(nodes.ExitAt("02:30", "Europe/Berlin"), at("2024-03-31 00:00", "Europe/Berlin"))
    assert moment(found) == moment(at("2024-03-31 01:30"))


ZONES = [
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
]


@given(st.sampled_from(ZONES), st.integers(0, 366 * 24 * 4), st.integers(0, 95))
def test_the_next_time_of_day_is_ahead_within_two_days_and_reads_right(zone: str, quarter: int, clock: int) -> None:
    after = at("2024-01-01") + quarter * 900_000
    text = f"{clock // 4:02}:{clock % 4 * 15:02}"
    found = next_clock(nodes.ExitAt(text, zone), after)
    assert after < found <= after + timedelta(hours=50) / timedelta(milliseconds=1)
    local = moment(found).astimezone(ZoneInfo(zone))
    # a clock that is set forward can only leave the time out, and then it is an hour or less later
    late = (local.hour * 60 + local.minute - clock * 15) % 1440
    assert late in (0, 30, 60)


@given(st.integers(-(10**13), 10**13))
def test_milliseconds_are_whole_and_come_back(time_ms: int) -> None:
    assert milliseconds(moment(time_ms)) == time_ms
