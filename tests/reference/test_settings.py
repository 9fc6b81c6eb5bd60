"""Sizes, leverage, windows, limits of its own, pauses, halts, `ask`, universes; fills by hand."""

import math

import pytest

from tests.candle_files import MONDAY_MS
from tests.made import candles_of
from tests.reference.machine import run
from tests.reference.scenes import BTC, DAY, ETH, HOUR, SOL, brief, fills, flat, path, play, strategy_of, ups
from tests.reference.values import Outside

BUY = "size 100 USDT\nbuy when hour == 0\n"
ALWAYS = "size 100 USDT\nbuy when close > 0\ntake profit 0.5%\n"
"""Enters at each open and is out again in the same candle."""
TWO = f"trade {BTC} and {ETH} on 1h\n"
THREE = f"trade {BTC}, {ETH} and {SOL} on 1h\n"
SUNDAY_MS = MONDAY_MS - DAY


def sizes(text: str, rows: object = None, **more: object) -> list[float]:
    found = play(f"buy when hour == 0\n{text}", rows or flat(100, 4), **more)  # type: ignore[arg-type]
    return [round(each.quantity, 6) for each in found.fills]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size 5% of equity", 0.5),
        ("", 0.5),
        ("size 200 USDT", 2.0),
        ("size 0.3 BTC", 0.3),
        ("size 100% of equity", 10.0),
        ("size risk 1% of equity\nstop loss 2%", 5.0),
        ("size risk 1% of equity\nstop loss at 95", 2.0),
        ("size risk 1% of equity\nstop loss 4, following", 2.5),
        ("size risk 1% of equity\ntrailing stop 5%", 2.0),
        ("size risk 1% of equity\nstop loss 5%\ntrailing stop 2%", 5.0),
        ("size risk 1% of equity\nstop loss 5%\ntrailing stop 2% after 1%", 2.0),
    ],
)  # fmt: skip
def test_size(text: str, expected: float) -> None:
    assert sizes(text) == [expected]


def test_risk_goes_from_the_deciding_close_and_its_worth_is_bought_at_the_open() -> None:
    rows = [*flat(100), *flat(110, 2)]
    assert sizes("size risk 1% of equity\nstop loss 2%", rows) == [round(500 / 110, 6)]


def test_risk_goes_from_the_orders_price() -> None:
    rows = [*flat(100), (100, 100, 89, 95)]
    text = "size risk 1% of equity\nstop loss at 80\norder limit at 90"
    assert sizes(text, rows) == [1.0]


def test_risk_without_a_stop_and_a_size_that_the_cash_does_not_cover_are_refused() -> None:
    assert sizes("size risk 1% of equity") == []
    assert sizes("size risk 1% of equity\nstop loss 0.5%") == []
    assert sizes("size 1,001 USDT") == []


def test_fees_come_on_top_and_all_of_the_equity_is_what_is_left_after_them() -> None:
    assert sizes("size 50% of equity", fee=0.01) == [5.0]
    assert sizes("size 100% of equity", fee=0.01) == [round(10 / 1.01, 6)]
    assert sizes("size 1,000 USDT", fee=0.01) == []


def test_volatility_is_of_the_last_hundred_returns_and_never_above_the_equity() -> None:
    closes = [100 * (1.01 if i % 2 else 1) for i in range(120)]
    rows = [(c, c, c, c) for c in closes]
    text = "buy when day_of_month == 5 and hour == 10\nsize volatility 15% a year"
    up, down = 0.01, 1 / 1.01 - 1
    swing = math.sqrt(((up - (up + down) / 2) ** 2 + (down - (up + down) / 2) ** 2) / 2) * math.sqrt(365 * 24)
    found = play(text, rows)
    assert found.fills[0].quantity * found.fills[0].price == pytest.approx(1000 * 0.15 / swing)
    calm = play(text, flat(100, 120), fee=0.01)
    assert calm.fills[0].quantity == pytest.approx(10 / 1.01)
    assert play("buy when hour == 0\nsize volatility 15% a year", flat(100, 4)).fills == []


def test_leverage_changes_the_margin_only() -> None:
    text = f"trade {BTC} perpetual on 1h\n{{}}buy when hour == 0\nsell when hour == 2\nsize 2,000 USDT"
    assert play(text.format("leverage 1x\n"), flat(100, 4)).fills == []
    found = play(text.format("leverage 3x\n"), path(100, 100, 110, 110), fee=0.001)
    assert found.fills[0].quantity == 20
    assert found.trades[0].pnl == pytest.approx(200 - 2 - 2.2)
    assert found.equity[-1][1] == pytest.approx(1000 + 195.8)


def test_a_short_gains_what_the_price_falls() -> None:
    found = play("size 500 USDT\nshort when hour == 0\ncover when hour == 2", path(100, 100, 80, 80), fee=0.001)
    assert [money for _, money in found.equity] == [
        1000,
        pytest.approx(999.5),
        pytest.approx(1099.5),
        pytest.approx(1099.1),
    ]


WINDOWS: dict[str, tuple[str, list[int]]] = {
    "hours": ("only between 02:00 and 04:00 UTC", [2, 3]),
    "hours of a zone": ("only between 21:00 and 23:00 America/New_York", [2, 3]),
    "never hours": ("never between 00:00 and 05:00 UTC", [5, 6]),
    "over midnight": ("only between 23:00 and 02:00 UTC", [1]),
    "over midnight, of the day it began": ("only sunday between 23:00 and 02:00 UTC", [1]),
    "over midnight, not of the day it ends": ("only monday between 23:00 and 02:00 UTC", []),
    "days": ("only monday to friday", [1, 2, 3, 4, 5, 6]),
    "never a day": ("never monday, sunday", []),
    "a condition": ("only when close > 101", [2, 3]),
    "never a condition": ("never when close > 101", [1, 4, 5, 6]),
    "unknown keeps it shut": ("only when change(close, 3) > -50%", [4, 5, 6]),
    "unknown keeps never shut": ("never when change(close, 3) < -50%", [4, 5, 6]),
    "all of several": ("only between 02:00 and 06:00 UTC\nnever between 03:00 and 05:00 UTC", [2, 5]),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_windows_gate_entries_by_the_clock_of_the_order(case: str) -> None:
    text, expected = WINDOWS[case]
    found = play(ALWAYS + text, ups(100, 102, 103, 100, 100, 100, 100))
    assert [(f.time - MONDAY_MS) // HOUR for f in found.fills if f.side == "buy"] == expected


def test_windows_never_gate_exits() -> None:
    assert len(fills(BUY + "stop loss 3%\nonly between 00:00 and 02:00 UTC", [*flat(100, 2), (100, 100, 90, 90)])) == 2


def test_near_an_event_of_the_calendar() -> None:
    events = {"high_impact_event": Outside(((MONDAY_MS + 3 * HOUR, 1.0),), age=0)}
    found = play(ALWAYS + "never within 1h of a high-impact event", ups(*[100] * 8), outside=events)
    assert [(f.time - MONDAY_MS) // HOUR for f in found.fills if f.side == "buy"] == [1, 5, 6, 7]


def entered(text: str, rows: object) -> list[tuple[object, ...]]:
    found = play(text, rows)  # type: ignore[arg-type]
    return [(each[0], each[5]) for each in brief(found, markets=True) if each[1] in ("buy", "short")]


def test_places_go_in_the_order_of_trade_or_by_rank() -> None:
    rows = {BTC: flat(100, 3), ETH: flat(300, 3), SOL: flat(200, 3)}
    text = THREE + "size 100 USDT\nbuy when hour == 0\n"
    assert entered(text + "at most 2 open positions", rows) == [(1, BTC), (1, ETH)]
    assert entered(text + "at most 2 open positions, highest close first", rows) == [(1, ETH), (1, SOL)]
    assert entered(text + "at most 2 open positions, lowest close first", rows) == [(1, BTC), (1, SOL)]
    assert entered(text, rows) == [(1, BTC), (1, ETH), (1, SOL)]


def test_a_planned_exit_frees_its_place_and_its_cash() -> None:
    rows = {BTC: flat(100, 4), ETH: flat(100, 4)}
    text = (
        TWO + f"size 1,000 USDT\nbuy when hour == 0 and close of {BTC} > 0\nsell when hour == 1\nbuy when hour == 1\n"
    )
    found = play(text + "at most 1 open position", rows)
    assert brief(found, markets=True) == [
        (1, "buy", 10.0, 100, "entry", BTC), (2, "sell", 10.0, 100, "signal", BTC), (2, "buy", 10.0, 100, "entry", ETH),
    ]  # fmt: skip


def test_a_waiting_order_takes_a_place() -> None:
    rows = {BTC: flat(100, 4), ETH: flat(100, 4)}
    text = TWO + "size 100 USDT\nbuy when hour == 0\norder limit at 50 for 3 bars\nat most 1 open position"
    assert [each.action for each in play(text, rows).decisions if each.held] == ["enter", "no free place"]


def test_entries_a_day_in_a_zone() -> None:
    rows = ups(*[100] * 30)
    text = ALWAYS + "at most 2 entries a day"
    assert [candle for candle, _ in entered(text, {BTC: rows})] == [1, 2, 24, 25]
    assert [candle for candle, _ in entered(text + " America/New_York", {BTC: rows})] == [1, 2, 5, 6, 29]


COOL: dict[str, tuple[str, list[object], list[int]]] = {
    "after any exit": ("sell when hour == 1\ncooldown 3h", flat(100, 8), [1, 5]),
    "after a stop, counted from its candle": ("stop loss 3%\ncooldown 3h after a stop", [*flat(100), (100, 100, 96, 98), *flat(98, 5)], [1, 4]),
    "after a trailing stop too": ("trailing stop 3%\ncooldown 3h after a stop", [*flat(100), (100, 100, 96, 98), *flat(98, 5)], [1, 4]),
    "after a stop, not after a sale": ("sell when hour == 1\ncooldown 3h after a stop", flat(100, 6), [1, 3]),
    "after a loss": ("sell when hour == 1\ncooldown 3h after a loss", path(100, 100, 90, 90, 90, 90, 90), [1, 3]),
    "after a loss that was one": ("sell when hour == 1\ncooldown 3h after a loss", path(100, 95, 95, 95, 95, 95, 95), [1, 5]),
}  # fmt: skip


@pytest.mark.parametrize("case", COOL)
def test_cooldown(case: str) -> None:
    text, rows, expected = COOL[case]
    found = entered("size 100 USDT\nbuy when close > 0\n" + text, {BTC: rows})
    assert [candle for candle, _ in found] == expected


def test_cooldown_before_the_other_side() -> None:
    text = "size 100 USDT\nbuy when hour == 0\nsell when hour == 1\nshort when hour < 5 and hour > 0\ncooldown 2h before the other side"
    assert entered(text, {BTC: flat(100, 8)}) == [(1, BTC), (4, BTC)]
    reverse = "size 100 USDT\nbuy when hour == 0\nshort when hour > 0\nreverse\ncooldown 2h before the other side"
    assert fills(reverse, flat(100, 4)) == [(1, "buy", 1.0, 100, "entry"), (2, "sell", 1.0, 100, "reverse")]


PAUSES: dict[str, tuple[str, list[int]]] = {
    "for a while, once": ("pause 3h when close > 101", [1, 2, 6, 7]),
    "until tomorrow": ("pause until tomorrow when close > 101", [1, 2, 24, 25]),
    "until tomorrow of a zone": ("pause until tomorrow America/New_York when close > 101", [1, 2, 5, 6]),
    "halt": ("halt when close > 101", [1, 2]),
}


@pytest.mark.parametrize("case", PAUSES)
def test_pause_and_halt_stop_entries(case: str) -> None:
    text, expected = PAUSES[case]
    rows = ups(100, 100, 102, 102, 100, *[100.0] * 21)
    found = entered(ALWAYS + text, {BTC: rows})
    assert [candle for candle, _ in found][:4] == expected


def test_a_pause_until_monday_and_exits_that_run() -> None:
    text = "size 100 USDT\nbuy when close > 0\nstop loss 5%\npause until monday when close > 101"
    rows = [*path(100, 102), (102, 102, 90, 95), *flat(95, 25)]
    assert fills(text, rows, start=SUNDAY_MS) == [
        (1, "buy", 1.0, 100, "entry"),
        (2, "sell", 1.0, 95, "stop"),
        (24, "buy", 1.052632, 95, "entry"),
    ]


def test_a_pause_cancels_what_waits() -> None:
    text = "size 100 USDT\nbuy when hour == 0\norder limit at 90 for 9 bars\npause 1h when close > 101"
    assert fills(text, [*path(100, 102), (102, 102, 80, 85)]) == []


def test_halt_and_close_leaves_everything_at_the_next_open() -> None:
    text = TWO + "size 100 USDT\nbuy when hour == 0\nhalt and close when drawdown > 1%"
    found = play(text, {BTC: path(100, 100, 80, 85, 90), ETH: flat(50, 5)})
    assert brief(found, markets=True)[2:] == [(3, "sell", 1.0, 80, "halt", BTC), (3, "sell", 2.0, 50, "halt", ETH)]


def test_losses_in_a_row_pause_once_and_trading_goes_on() -> None:
    text = "size 100 USDT\nbuy when close > 0\nexit after 1h\npause 4h when losses_in_a_row >= 2"
    rows = path(*[100.0 - i for i in range(12)])
    assert [candle for candle, _ in entered(text, {BTC: rows})][:4] == [1, 3, 9, 11]


def test_ask_counts_every_question_as_approved() -> None:
    text = BUY + "sell when hour == 1\nask before every order, for 10m, otherwise skip"
    assert len(fills(text, flat(100, 4))) == 2
    with pytest.raises(NotImplementedError):
        run(strategy_of(f"trade {BTC} on 1h\n{text}"), {BTC: candles_of(flat(100, 4))}, 1000.0, answers="ignore")


def test_a_universe_is_chosen_from_yesterdays_volume() -> None:
    text = (
        "trade top 1 by volume in USDT on 1h except SOL/USDT\nsize 100 USDT\nbuy when day_of_month == 2 and hour == 0"
    )
    rows = {BTC: [(100, 100, 100, 100, 1)] * 26, ETH: [(10, 10, 10, 10, 20)] * 26, SOL: [(100, 100, 100, 100, 9)] * 26}
    assert entered(text, rows) == [(25, ETH)]


def test_schedules_and_holdings_of_a_universe_take_the_chosen_markets() -> None:
    rows = {BTC: [(100, 100, 100, 100, 1)] * 26, ETH: [(10, 10, 10, 10, 20)] * 26}
    head = "trade top 1 by volume in USDT on 1h\n"
    assert entered(head + "every day at 01:00 UTC buy 50 USDT", rows) == [(25, ETH)]
    assert entered(head + "hold 50% each\nrebalance every 6h", rows) == [(24, ETH)]
