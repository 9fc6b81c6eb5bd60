"""A position is the fold of unique fills, checked against a plain model with exact fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from runtime.ledger import Ledger, fills, intents
from runtime.ledger.positions import Position, fold
from runtime.ledger.tables import fills as fills_table
from tests.runtime.ledger.world import CANDLE, MARKET, NOON, World, build

# a token can have 18 decimal places
amounts = st.decimals("0.000000000000000001", "1000000000", places=18)
fees = st.decimals("0", "10", places=18)
sides = st.sampled_from(["buy", "sell"])
coins = st.sampled_from(["BTC", "USDT", "BNB"])
trades = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell"]),
        amounts,
        amounts,
        fees,
        st.sampled_from(["BTC", "USDT", "BNB"]),
        st.integers(0, 30),
    ),
    max_size=25,
)
Trade = tuple[str, Decimal, Decimal, Decimal, str, int]
WORLD = World(1, 1, 1, 1, 1, 1)


def model(done: list[Trade]) -> dict[str, Any]:
    """The ledger in a dict, in fractions, with trades known by their number."""
    held: dict[str, Any] = {"seen": set(), "BTC": Fraction(0), "USDT": Fraction(0), "BNB": Fraction(0), "fees": {}}
    for side, quantity, price, fee, currency, number in done:
        if number in held["seen"]:
            continue
        held["seen"].add(number)
        sign = 1 if side == "buy" else -1
        held["BTC"] += sign * Fraction(quantity)
        held["USDT"] -= sign * Fraction(quantity) * Fraction(price)
        held[currency] -= Fraction(fee)
        held["fees"][currency] = held["fees"].get(currency, Fraction(0)) + Fraction(fee)
    return held


def booked(trade: Trade) -> fills.Fill:
    side, quantity, price, fee, currency, number = trade
    fields = {"quantity": quantity, "price": price, "fee": fee, "fee_currency": currency}
    return WORLD.fill(f"t{number}", side, side=side, **fields)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=trades)
def test_the_ledger_is_a_fold_over_unique_fills(two_sided: Ledger, done: list[Trade]) -> None:
    with two_sided.write() as c:
        c.execute(delete(fills_table))
        new = [fills.record(c, booked(trade)) for trade in done]
        position = fills.position(c, 1, MARKET)
    expected = model(done)
    assert new.count(True) == len(expected["seen"])
    assert (Fraction(position.quantity), Fraction(position.cash)) == (expected["BTC"], expected["USDT"])
    assert {name: Fraction(fee) for name, fee in position.fees.items()} == expected["fees"]


@pytest.fixture
def two_sided(ledger: Ledger) -> Ledger:
    with ledger.write() as c:
        assert build(c) == WORLD
        intents.plan(c, WORLD.intent("buy"))
        intents.plan(c, WORLD.intent("sell", CANDLE + 1, side="sell"))
    return ledger


def after(*trades: tuple[str, str, str]) -> Position:
    done = [
        WORLD.fill(f"t{n}", side=s, quantity=Decimal(q), price=Decimal(p), fee=Decimal(0))
        for n, (s, q, p) in enumerate(trades)
    ]
    return fold(MARKET, done)


@pytest.mark.parametrize(
    ("done", "quantity", "cost", "realised"),
    [
        ([], "0", "0", "0"),
        ([("buy", "1", "100")], "1", "100", "0"),
        ([("buy", "1", "100"), ("buy", "1", "200")], "2", "300", "0"),
        ([("buy", "2", "100"), ("sell", "1", "150")], "1", "100", "50"),
        ([("buy", "1", "100"), ("sell", "1", "150")], "0", "0", "50"),
        ([("buy", "1", "100"), ("sell", "3", "150")], "-2", "-300", "50"),
        ([("sell", "2", "100"), ("buy", "1", "80")], "-1", "-100", "20"),
        ([("sell", "1", "100"), ("buy", "2", "80")], "1", "80", "20"),
    ],
)
def test_average_cost(done: list[tuple[str, str, str]], quantity: str, cost: str, realised: str) -> None:
    position = after(*done)
    assert (position.quantity, position.cost, position.realised) == (
        Decimal(quantity),
        Decimal(cost),
        Decimal(realised),
    )


def test_a_fee_in_the_coin_leaves_less_of_it() -> None:
    position = fold(MARKET, [WORLD.fill(quantity=Decimal(1), fee=Decimal("0.001"), fee_currency="BTC")])
    assert (position.quantity, position.cost, position.cash) == (Decimal("0.999"), Decimal(100), Decimal(-100))


def test_a_perpetual_settles_in_its_quote() -> None:
    fill = WORLD.fill(market="BTC/USDT:USDT", fee=Decimal("0.1"))
    assert fold("BTC/USDT:USDT", [fill]).cash == Decimal("-50.1")


def test_the_average_entry() -> None:
    assert after(("buy", "1", "100"), ("buy", "1", "200")).average_entry == 150
    assert after().average_entry is None


def test_fills_belong_where_their_intent_belongs(two_sided: Ledger) -> None:
    for wrong in ({"market": "ETH/USDT"}, {"side": "sell"}, {"run_id": 2}):
        with pytest.raises(IntegrityError), two_sided.write() as c:
            fills.record(c, replace(WORLD.fill(intent="buy"), **wrong))
    with two_sided.write() as c:
        assert fills.record(c, WORLD.fill(intent="buy"))
        assert fills.of_intent(c, "buy")[0].at == NOON
