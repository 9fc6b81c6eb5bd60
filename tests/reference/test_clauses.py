"""Clauses that enter and leave: rules, reverse, orders, schedules, alerts; fills by hand.

`hour == 0` is decided at the close of candle 0 and filled at the open of candle 1.
"""

import pytest

from tests.candle_files import MONDAY_MS, without
from tests.made import candles_of
from tests.reference.scenes import BTC, DAY, ETH, HOUR, brief, fills, flat, path, play

HUNDRED = "size 100 USDT\n"
BOUGHT = (1, "buy", 1.0, 100, "entry")
SHORTED = (1, "short", 1.0, 100, "entry")
DOWN = path(100, 100, 90, 90, 80)

RULES: dict[str, tuple[str, list[object], list[object]]] = {
    "buy": ("buy when hour == 0", flat(100, 3), [BOUGHT]),
    "sell": ("buy when hour == 0\nsell when hour == 2", DOWN, [BOUGHT, (3, "sell", 1.0, 90, "signal")]),
    "short and cover": ("short when hour == 0\ncover when hour == 2", DOWN, [SHORTED, (3, "cover", 1.0, 90, "signal")]),
    "exit a long": ("buy when hour == 0\nexit when hour == 2", DOWN, [BOUGHT, (3, "sell", 1.0, 90, "signal")]),
    "exit a short": ("short when hour == 0\nexit when hour == 2", DOWN, [SHORTED, (3, "cover", 1.0, 90, "signal")]),
    "sell is not for a short": ("short when hour == 0\nsell when hour == 2", DOWN, [SHORTED]),
    "cover is not for a long": ("buy when hour == 0\ncover when hour == 2", DOWN, [BOUGHT]),
    "sell opens nothing": ("sell when hour == 0", flat(100, 3), []),
    "a part, once, of the largest size": (
        "buy when hour == 0\nsell 50% when hour >= 1\nsell 25% when hour >= 2",
        flat(100, 6),
        [BOUGHT, (2, "sell", 0.5, 100, "signal"), (3, "sell", 0.25, 100, "signal")],
    ),
    "two halves are all": (
        "buy when hour == 0\nsell 50% when hour == 1\nsell 50% when hour == 2\nbuy when hour == 3",
        flat(100, 6),
        [BOUGHT, (2, "sell", 0.5, 100, "signal"), (3, "sell", 0.5, 100, "signal"), (4, "buy", 1.0, 100, "entry")],
    ),
    "a name sells only its own": (
        "buy dip when hour == 0\nbuy top when hour == 9\nsell top when hour == 1\nsell dip when hour == 2",
        DOWN,
        [BOUGHT, (3, "sell", 1.0, 90, "signal")],
    ),
    "buy is ignored while there is a position": ("buy when hour < 3", flat(100, 5), [BOUGHT]),
    "short is ignored while there is a long": ("buy when hour == 0\nshort when hour == 1", DOWN, [BOUGHT]),
    "reverse": (
        "buy when hour == 0\nshort when hour == 2\nreverse",
        DOWN,
        [BOUGHT, (3, "sell", 1.0, 90, "reverse"), (3, "short", 1.111111, 90, "entry")],
    ),
    "reverse from a short": (
        "short when hour == 0\nbuy when hour == 2\nreverse",
        DOWN,
        [SHORTED, (3, "cover", 1.0, 90, "reverse"), (3, "buy", 1.111111, 90, "entry")],
    ),
    "the closing half of a reverse is never refused": (
        "buy when hour == 0\nshort when hour == 2\nreverse\nonly when hour < 2",
        DOWN,
        [BOUGHT, (3, "sell", 1.0, 90, "reverse")],
    ),
    "a planned sale lets the other side in": (
        "buy when hour == 0\nsell when hour == 2\nshort when hour == 2",
        DOWN,
        [BOUGHT, (3, "sell", 1.0, 90, "signal"), (3, "short", 1.111111, 90, "entry")],
    ),
    "an exit blocks its own side on its candle": (
        "buy when hour == 0 or hour == 2\nsell when hour == 2",
        DOWN,
        [BOUGHT, (3, "sell", 1.0, 90, "signal")],
    ),
    "limit below": (
        "buy when hour == 0\norder limit at 95 for 3 bars",
        [*flat(100, 2), (100, 101, 94, 99), *flat(99)],
        [(2, "buy", 1.052632, 95, "entry")],
    ),
    "limit gapped over fills at the open": (
        "buy when hour == 0\norder limit at 95 for 3 bars",
        [*flat(100), (90, 91, 89, 90), *flat(90)],
        [(1, "buy", 1.111111, 90, "entry")],
    ),
    "limit not reached in time": (
        "buy when hour == 0\norder limit at 95 for 1 bars",
        [*flat(100, 2), (100, 101, 94, 99), *flat(99)],
        [],
    ),
    "for 2h begins at the decision": (
        "buy when hour == 0\norder limit at 95 for 2h",
        [*flat(100, 3), (100, 101, 94, 99)],
        [],
    ),
    "limit of a short": (
        "short when hour == 0\norder limit at 105",
        [*flat(100), (100, 106, 100, 104), *flat(104)],
        [(1, "short", 0.952381, 105, "entry")],
    ),
    "stop order above": (
        "buy when hour == 0\norder stop at 105 for 1d",
        [*flat(100, 2), (100, 106, 99, 104), *flat(104)],
        [(2, "buy", 0.952381, 105, "entry")],
    ),
    "stop order gapped over": (
        "buy when hour == 0\norder stop at 105 for 1d",
        [*flat(100), (110, 111, 109, 110), *flat(110)],
        [(1, "buy", 0.909091, 110, "entry")],
    ),
    "stop order of a short": (
        "short when hour == 0\norder stop at 95",
        [*flat(100), (100, 101, 94, 96), *flat(96)],
        [(1, "short", 1.052632, 95, "entry")],
    ),
    "limit from the next open": (
        "buy when hour == 0\norder limit at 1% below next_open",
        [*flat(100), (110, 111, 108, 110), *flat(110)],
        [(1, "buy", 0.918274, 108.9, "entry")],
    ),
    "while an order waits no other is placed": (
        "buy when hour < 2\norder limit at close - 5 for 5 bars",
        [*flat(100), *flat(120), (120, 121, 94, 100), *flat(100)],
        [(2, "buy", 1.052632, 95, "entry")],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_rules_and_orders(case: str) -> None:
    text, rows, expected = RULES[case]
    assert fills(HUNDRED + text, rows) == expected


def test_slippage_and_fees_are_on_every_market_order() -> None:
    found = play("size 100 USDT\nbuy when hour == 0\nsell when hour == 2", flat(100, 5), fee=0.01, slippage=0.01)
    bought, sold = found.fills
    assert (bought.price, sold.price) == (pytest.approx(101), pytest.approx(99))
    assert bought.quantity == pytest.approx(100 / 101) and bought.fee == pytest.approx(1.0)
    assert sold.fee == pytest.approx(100 / 101 * 99 * 0.01)
    trade = found.trades[0]
    assert trade.pnl == pytest.approx(-100 / 101 * 2 - bought.fee - sold.fee)
    assert found.equity[-1][1] == pytest.approx(1000 + trade.pnl)


def test_a_limit_has_no_slippage_and_a_stop_order_has() -> None:
    rows = [*flat(100), (100, 106, 94, 100), *flat(100)]
    assert fills(HUNDRED + "buy when hour == 0\norder limit at 95", rows, slippage=0.01)[0][3] == 95
    assert fills(HUNDRED + "buy when hour == 0\norder stop at 105", rows, slippage=0.01)[0][3] == 106.05


def test_an_entry_is_credited_to_the_first_true_rule() -> None:
    found = play(HUNDRED + "buy a when hour == 5\nbuy b when hour == 0\nbuy c when hour == 0", flat(100, 3))
    assert [each.rule for each in found.fills] == ["b"]
    actions = {each.number: each.action for each in found.decisions if each.time == MONDAY_MS + HOUR}
    assert actions == {1: "none", 2: "enter", 3: "another entry goes first"}


def test_one_decision_a_rule_market_and_candle() -> None:
    found = play(HUNDRED + 'buy when close > close[1]\nsell when hour == 9\nalert "x" when hour == 1', flat(100, 3))
    assert [(each.number, each.held) for each in found.decisions if each.time == MONDAY_MS + HOUR] == [
        (3, False), (2, False), (1, None),
    ]  # fmt: skip
    assert len(found.decisions) == 9


SCHEDULES: dict[str, tuple[str, list[object], list[object]]] = {
    "every 4h": (
        "every 4h buy 50 USDT",
        flat(100, 9),
        [(0, "buy", 0.5, 100, "entry"), (4, "buy", 0.5, 100, "add"), (8, "buy", 0.5, 100, "add")],
    ),
    "every monday at": ("every monday at 02:00 UTC buy 50 USDT", flat(100, 30), [(2, "buy", 0.5, 100, "entry")]),
    "every day": (
        "every day at 01:30 UTC buy 50 USDT",
        flat(100, 30),
        [(2, "buy", 0.5, 100, "entry"), (26, "buy", 0.5, 100, "add")],
    ),
    "a zone": ("every monday at 02:00 America/New_York buy 50 USDT", flat(100, 30), [(7, "buy", 0.5, 100, "entry")]),
    "the first of the month": ("every month on day 1 at 03:00 UTC buy 50 USDT", flat(100, 30), [(3, "buy", 0.5, 100, "entry")]),
    "a share of equity": ("every 8h buy 10% of equity", flat(100, 3), [(0, "buy", 1.0, 100, "entry")]),
    "by the size": ("size 20 USDT\nevery 8h buy", flat(100, 3), [(0, "buy", 0.2, 100, "entry")]),
    "an amount of coins": ("every 8h buy 0.25 BTC", flat(100, 3), [(0, "buy", 0.25, 100, "entry")]),
    "two schedules add up": (
        "every 4h buy 50 USDT\nevery 4h buy 20 USDT if hour == 3",
        flat(100, 6),
        [(0, "buy", 0.5, 100, "entry"), (4, "buy", 0.5, 100, "add"), (4, "buy", 0.2, 100, "add")],
    ),
    "the budget ends them": (
        "every 1h buy 400 USDT",
        flat(100, 6),
        [(0, "buy", 4.0, 100, "entry"), (1, "buy", 4.0, 100, "add")],
    ),
    "sell a part of what is open": (
        "every 8h buy 100 USDT\nevery day at 02:00 UTC sell 50%\nevery day at 03:00 UTC sell 50%\nevery day at 04:00 UTC sell",
        flat(100, 6),
        [
            (0, "buy", 1.0, 100, "entry"), (2, "sell", 0.5, 100, "time"), (3, "sell", 0.25, 100, "time"),
            (4, "sell", 0.25, 100, "time"),
        ],
    ),
    "short and cover": (
        "every 8h short 100 USDT\nevery day at 02:00 UTC sell\nevery day at 03:00 UTC cover",
        flat(100, 6),
        [(0, "short", 1.0, 100, "entry"), (3, "cover", 1.0, 100, "time")],
    ),
    "exit": (
        "every 8h short 100 USDT\nevery day at 02:00 UTC exit",
        flat(100, 6),
        [(0, "short", 1.0, 100, "entry"), (2, "cover", 1.0, 100, "time")],
    ),
    "a condition is read on the last closed candle": (
        "every 1h buy 50 USDT if close > 100",
        [*flat(100, 2), (100, 101, 100, 101), (101, 101, 100, 100), *flat(100)],
        [(3, "buy", 0.495050, 101, "entry")],
    ),
    "the other side is ignored": (
        "every 8h buy 100 USDT\nevery day at 02:00 UTC short 100 USDT",
        flat(100, 6),
        [(0, "buy", 1.0, 100, "entry")],
    ),
    "the other side reverses": (
        "every 8h buy 100 USDT\nevery day at 02:00 UTC short 100 USDT\nreverse",
        flat(100, 6),
        [(0, "buy", 1.0, 100, "entry"), (2, "sell", 1.0, 100, "reverse"), (2, "short", 1.0, 100, "entry")],
    ),
    "windows hold back the buys, not the sales": (
        "every 2h buy 100 USDT\nevery day at 04:00 UTC sell\nnever between 02:00 and 23:00 UTC",
        flat(100, 6),
        [(0, "buy", 1.0, 100, "entry"), (4, "sell", 1.0, 100, "time")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SCHEDULES)
def test_schedules(case: str) -> None:
    text, rows, expected = SCHEDULES[case]
    assert fills(text, rows) == expected


def test_a_schedule_fires_at_the_first_candle_open_at_or_after_its_time() -> None:
    candles = without(candles_of(flat(100, 6)), 2, 3)
    found = play("every day at 02:00 UTC buy 50 USDT", {BTC: candles})
    assert brief(found) == [(4, "buy", 0.5, 100, "entry")]


def test_the_last_day_of_a_month_and_a_day_that_a_month_does_not_have() -> None:
    rows = flat(100, 70)  # daily from 1 January 2024
    text = f"trade {BTC} on 1d\nevery month on {{}} buy 10 USDT"
    days = [each.time for each in play(text.format("last day"), rows).fills]
    assert [(time - MONDAY_MS) // DAY for time in days] == [30, 59]
    days = [each.time for each in play(text.format("day 30"), rows).fills]
    assert [(time - MONDAY_MS) // DAY for time in days] == [29, 59]


def test_a_schedule_without_a_market_is_for_each_and_with_one_for_that() -> None:
    rows = {BTC: flat(100, 3), ETH: flat(50, 3)}
    text = f"trade {BTC} and {ETH} on 1h\nevery 8h buy 50 USDT\nevery 8h buy 10 USDT of {ETH}"
    assert brief(play(text, rows), markets=True) == [
        (0, "buy", 0.5, 100, "entry", BTC), (0, "buy", 1.0, 50, "entry", ETH), (0, "buy", 0.2, 50, "add", ETH),
    ]  # fmt: skip


def test_alerts_are_sent_once_when_newly_true_and_by_the_clock() -> None:
    rows = path(100, 101, 102, 99, 103)
    found = play('alert "up" when close > 100\nevery 3h alert "look" \nevery 3h alert "low" if close < 100', rows)
    assert [((each.time - MONDAY_MS) / HOUR, each.text) for each in found.alerts] == [
        (0, "look"), (2, "up"), (3, "look"), (5, "up"),
    ]  # fmt: skip
    assert not found.fills
