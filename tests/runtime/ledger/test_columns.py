"""What goes in comes out, to the last digit and microsecond."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, select
from sqlalchemy.exc import StatementError

from runtime.ledger import Ledger
from runtime.ledger.columns import Json, Money, UtcTime

box = Table(
    "box",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("time", UtcTime),
    Column("money", Money),
    Column("json", Json),
)

many = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(), st.integers(-30, 30)
)
# a day off either end, so that the same moment exists in every zone
times = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001
    datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-1439, 1439)),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | decimals,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def put(ledger: Ledger) -> Iterator[Callable[..., list[Any]]]:
    with ledger.write() as c:
        box.create(c)

    def put_all(column: str, values: list[Any]) -> list[Any]:
        with ledger.write() as c:
            c.execute(delete(box))
            c.execute(insert(box), [{"id": number, column: value} for number, value in enumerate(values)])
        with ledger.read() as c:
            return list(c.execute(select(box.c[column]).order_by(box.c.id)).scalars())

    yield put_all
    with ledger.write() as c:
        box.drop(c)


@many
@given(st.lists(decimals, min_size=50, max_size=60))
def test_money_is_exact(put: Callable[..., list[Any]], values: list[Decimal]) -> None:
    back = put("money", values)
    assert [value.as_tuple() for value in back] == [value.as_tuple() for value in values]


@many
@given(st.lists(times, min_size=50, max_size=60))
def test_times_are_exact_and_utc(put: Callable[..., list[Any]], values: list[datetime]) -> None:
    back = put("time", values)
    assert back == values
    assert all(value.tzinfo is UTC for value in back)


@many
@given(st.lists(times, min_size=2, max_size=20))
def test_times_sort_and_compare_as_times(ledger: Ledger, put: Callable[..., list[Any]], values: list[datetime]) -> None:
    put("time", values)
    with ledger.read() as c:
        assert list(c.execute(select(box.c.time).order_by(box.c.time)).scalars()) == sorted(values)
        later = c.execute(select(box.c.time).where(box.c.time > values[0]).order_by(box.c.time))
        assert list(later.scalars()) == sorted(value for value in values if value > values[0])


def same(one: Any, other: Any) -> bool:
    """Equal in value and type all the way down; True and 1, 1 and 1.0 differ."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


def test_a_key_that_looks_like_a_tag_is_a_key(put: Callable[..., list[Any]]) -> None:
    values = [{"$decimal": "1"}, {"$$decimal": {"$": Decimal("1.0")}}]
    assert same(put("json", values), values)


@many
@given(st.lists(json_values.filter(lambda value: value is not None), min_size=1, max_size=20))
def test_json_is_exact(put: Callable[..., list[Any]], values: list[Any]) -> None:
    assert same(put("json", values), values)


def test_json_keys_are_sorted() -> None:
    text = Json().process_bind_param({"b": (1, 2), "a": Decimal("0.10")}, None)  # type: ignore[arg-type]
    assert text == '{"a":{"$decimal":"0.10"},"b":[1,2]}'


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("time", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("money", 0.1),
        ("money", 1),
        ("money", "1"),
        ("money", Decimal("NaN")),
        ("money", Decimal("Infinity")),
        ("json", {1: "a"}),
        ("json", [float("nan")]),
        ("json", {"a": Decimal("NaN")}),
        ("json", {"a": datetime(2026, 1, 1, tzinfo=UTC)}),
    ],
)
def test_what_would_not_come_back_the_same_is_refused(put: Callable[..., list[Any]], column: str, value: Any) -> None:
    with pytest.raises((StatementError, TypeError, ValueError)):
        put(column, [value])


@pytest.mark.slow
@settings(many, max_examples=100)
@given(st.lists(st.tuples(decimals, times), min_size=100, max_size=120))
def test_ten_thousand_values_are_exact(put: Callable[..., list[Any]], values: list[tuple[Decimal, datetime]]) -> None:
    money, moments = [value for value, _ in values], [moment for _, moment in values]
    assert [value.as_tuple() for value in put("money", money)] == [value.as_tuple() for value in money]
    assert put("time", moments) == moments


def test_nothing_stays_nothing(put: Callable[..., list[Any]]) -> None:
    assert [put(column, [None]) for column in ("time", "money", "json")] == [[None]] * 3
