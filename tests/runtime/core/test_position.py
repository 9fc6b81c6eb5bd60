"""Levels of one position: what a candle's range reaches, in which order and at which price."""

import pytest

from runtime.core.levels import Level
from runtime.core.orders import Fill, Order, Plan
from runtime.core.position import Position, after_candle, opened, reached

SHARE_3, SHARE_6 = Level("share", 0.03), Level("share", 0.06)


def position(plan: Plan, price: float = 100.0, quantity: float = 2.0) -> Position:
    order = Order("BTC/USDT", "entry", "", 0, 1, plan=plan)
    return opened(order, Fill("BTC/USDT", "buy", quantity, price, 0.0, 0))


def sold(plan: Plan, opening: float, high: float, low: float) -> list[tuple[str, float, float | None]]:
    return [(each.kind, each.quantity, each.price) for each in reached(position(plan), opening, high, low, 5)]


@pytest.mark.parametrize(
    ("level", "below", "above"),
    [
        (Level("price", 90.0), 90.0, 90.0),
        (Level("share", 0.05), 95.0, 105.0),
        (Level("distance", 7.0), 93.0, 107.0),
        (Level("risk", 3.0), 100.0, 112.0),
    ],
)
def test_levels_lie_where_they_say(level: Level, below: float, above: float) -> None:
    assert level.below(100.0) == pytest.approx(below)
    assert level.above(100.0, 4.0) == pytest.approx(above)


BOTH = Plan(stop=SHARE_3, targets=((SHARE_6, None),))
PARTS = Plan(stop=SHARE_3, targets=((SHARE_3, 0.5), (SHARE_6, 0.5)))


@pytest.mark.parametrize(
    ("plan", "candle", "expected"),
    [
        (BOTH, (100, 105.9, 97.1), []),
        (BOTH, (100, 101, 97), [("stop", 2.0, 97.0)]),
        (BOTH, (100, 106, 99), [("target", 2.0, 106.0)]),
        # both in one candle: the stop was first
        (BOTH, (100, 106, 97), [("stop", 2.0, 97.0)]),
        # a gap past a level sells at the open, better or worse
        (BOTH, (95, 106, 94), [("stop", 2.0, 95.0)]),
        (BOTH, (97, 99, 96), [("stop", 2.0, 97.0)]),
        (BOTH, (108, 109, 90), [("target", 2.0, 108.0)]),
        (PARTS, (100, 104, 99), [("target", 1.0, 103.0)]),
        (PARTS, (100, 107, 99), [("target", 1.0, 103.0), ("target", 1.0, 106.0)]),
        (PARTS, (100, 107, 96), [("stop", 2.0, 97.0)]),
        # the open passes the first target only: that part there, the rest by the range
        (PARTS, (104, 107, 99), [("target", 1.0, 104.0), ("target", 1.0, 106.0)]),
        (PARTS, (104, 105, 96), [("target", 1.0, 104.0), ("stop", 1.0, 97.0)]),
        (PARTS, (107, 107, 96), [("target", 1.0, 107.0), ("target", 1.0, 107.0)]),
        (Plan(), (1, 1000, 0.1), []),
        # levels on the wrong side of the fill leave at once
        (Plan(stop=Level("price", 101.0)), (100, 102, 99), [("stop", 2.0, 100.0)]),
        (Plan(targets=((Level("price", 99.0), None),)), (100, 102, 98), [("target", 2.0, 100.0)]),
        (Plan(targets=((Level("price", 110.0), 0.25), (Level("price", 105.0), None))), (100, 111, 99),
         [("target", 2.0, 105.0)]),
    ],
)  # fmt: skip
def test_what_a_candle_reaches(
    plan: Plan, candle: tuple[float, float, float], expected: list[tuple[str, float, float]]
) -> None:
    found = sold(plan, *candle)
    assert [(kind, amount) for kind, amount, _ in found] == [(kind, amount) for kind, amount, _ in expected]
    assert [price for *_, price in found] == pytest.approx([price for *_, price in expected])


def test_a_part_is_of_the_largest_size_and_never_more_than_is_left() -> None:
    held = position(PARTS)
    held.quantity = 0.4
    assert held.part(0.5) == 0.4
    assert held.part(0.1) == pytest.approx(0.2)
    assert held.part(None) == 0.4


def test_a_trailing_stop_moves_with_earlier_candles_only() -> None:
    held = position(Plan(trail=Level("share", 0.1)))
    assert (held.stop, held.stop_kind) == (pytest.approx(90.0), "trail")
    # this candle rises to 150 and falls to 120: its own high does not count for its own low
    assert reached(held, 100, 150, 120, 0) == []
    after_candle(held, 150, 150, None)
    assert held.stop == pytest.approx(135.0)
    (order,) = reached(held, 140, 141, 130, 0)
    assert (order.kind, order.price) == ("trail", pytest.approx(135.0))
    after_candle(held, 120, 120, None)
    assert held.stop == pytest.approx(135.0)


def test_a_trailing_stop_after_some_profit_sleeps_until_then() -> None:
    held = position(Plan(stop=SHARE_3, trail=Level("share", 0.02), trail_after=Level("share", 0.05)))
    after_candle(held, 104.9, 104.9, None)
    assert (held.stop, held.stop_kind) == (pytest.approx(97.0), "stop")
    after_candle(held, 105.0, 105.0, None)
    assert (held.stop, held.stop_kind) == (pytest.approx(102.9), "trail")


def test_the_nearer_of_stop_and_trailing_stop_holds() -> None:
    assert position(Plan(stop=SHARE_3, trail=SHARE_6)).stop_kind == "stop"
    near = position(Plan(stop=SHARE_6, trail=SHARE_3))
    assert (near.stop_kind, near.stop, near.risk) == ("trail", pytest.approx(97.0), pytest.approx(3.0))


def test_break_even_moves_the_stop_to_the_entry_once() -> None:
    held = position(Plan(stop=SHARE_3, even_after=Level("risk", 1.0)))
    after_candle(held, 102.9, 102.9, None)
    assert held.stop == pytest.approx(97.0)
    after_candle(held, 103.0, 103.0, None)
    assert (held.stop, held.stop_kind) == (100.0, "stop")
    after_candle(held, 200.0, 200.0, None)
    assert held.stop == 100.0


def test_a_following_stop_only_tightens_and_waits_while_unknown() -> None:
    held = position(Plan(stop=Level("price", 95.0)))
    for follow, stop in ((94.0, 95.0), (96.5, 96.5), (float("nan"), 96.5), (None, 96.5), (96.0, 96.5)):
        after_candle(held, 101.0, 101.0, follow)
        assert held.stop == stop


def test_multiples_of_the_risk_are_laid_from_the_fill() -> None:
    held = position(Plan(stop=Level("price", 96.0), targets=((Level("risk", 2.0), None),)), price=101.0)
    assert held.risk == pytest.approx(5.0)
    assert held.targets == [(pytest.approx(111.0), None)]
