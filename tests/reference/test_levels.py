"""Stops, targets, trailing, break even, time exits and adds: fills by hand (Meaning 6 and 8)."""

import pytest

from tests.reference.scenes import BTC, ETH, brief, fills, flat, play

BUY = "size 100 USDT\nbuy when hour == 0\n"
SHORT = "size 100 USDT\nshort when hour == 0\n"
IN = (1, "buy", 1.0, 100, "entry")
OUT = (1, "short", 1.0, 100, "entry")
QUIET = flat(100, 2)
Case = tuple[str, list[object], list[object]]

STOPS: dict[str, Case] = {
    "a percent below the fill": (
        BUY + "stop loss 3%",
        [*QUIET, (100, 100, 96, 98)],
        [IN, (2, "sell", 1.0, 97, "stop")],
    ),
    "works from the entry candle on": (
        BUY + "stop loss 3%",
        [*flat(100), (100, 100, 96, 98)],
        [IN, (1, "sell", 1.0, 97, "stop")],
    ),
    "laid from the fill, not from the close": (
        BUY + "stop loss 10%",
        [*flat(100), (110, 110, 98, 100)],
        [(1, "buy", 0.909091, 110, "entry"), (1, "sell", 0.909091, 99, "stop")],
    ),
    "a gap fills at the open": (BUY + "stop loss 3%", [*QUIET, (95, 96, 94, 95)], [IN, (2, "sell", 1.0, 95, "stop")]),
    "not touched": (BUY + "stop loss 3%", [*QUIET, (100, 100, 97.01, 98)], [IN]),
    "touched exactly": (BUY + "stop loss 3%", [*QUIET, (100, 100, 97, 98)], [IN, (2, "sell", 1.0, 97, "stop")]),
    "of a short above": (SHORT + "stop loss 3%", [*QUIET, (100, 104, 100, 101)], [OUT, (2, "cover", 1.0, 103, "stop")]),
    "of a short, gap": (SHORT + "stop loss 3%", [*QUIET, (105, 106, 104, 105)], [OUT, (2, "cover", 1.0, 105, "stop")]),
    "an amount of price, frozen at the decision": (
        BUY + "stop loss 2 * (high - low)",
        [(100, 101, 99, 100), (100, 110, 100, 100), (100, 100, 95.9, 97)],
        [IN, (2, "sell", 1.0, 96, "stop")],
    ),
    "at a price of the deciding candle": (
        BUY + "stop loss at low",
        [(100, 101, 97, 100), (100, 100, 99, 100), (100, 100, 96, 98)],
        [IN, (2, "sell", 1.0, 97, "stop")],
    ),
    "at a price, following only tightens": (
        BUY + "stop loss at low, following",
        [(100, 101, 97, 100), (100, 101, 99, 100), (100, 101, 99.5, 100), (100, 100, 98, 99), (99, 99, 99, 99)],
        [IN, (3, "sell", 1.0, 99.5, "stop")],
    ),
    "a following level never loosens": (
        BUY + "stop loss at low, following",
        [(100, 101, 97, 100), (100, 101, 99, 100), (99.5, 101, 99.2, 100), (100, 100, 99.15, 99.5)],
        [IN, (3, "sell", 1.0, 99.2, "stop")],
    ),
    "on the wrong side of the deciding close there is no entry": (BUY + "stop loss at high + 1", QUIET, []),
    "unknown, there is no entry": (BUY + "stop loss 2 * atr(14)", QUIET, []),
    "on the wrong side of the fill it leaves at once": (
        BUY + "stop loss at low",
        [(100, 101, 97, 100), (96, 99, 95, 98)],
        [(1, "buy", 1.041667, 96, "entry"), (1, "sell", 1.041667, 96, "stop")],
    ),
    "none": (BUY + "stop loss none", [*QUIET, (100, 100, 10, 10)], [IN]),
    "covers what is left after a part": (
        BUY + "stop loss 3%\nsell 50% when hour == 1",
        [*QUIET, (100, 100, 96, 98)],
        [IN, (2, "sell", 0.5, 100, "signal"), (2, "sell", 0.5, 97, "stop")],
    ),
}

TARGETS: dict[str, Case] = {
    "a percent": (BUY + "take profit 4%", [*QUIET, (100, 105, 99, 104)], [IN, (2, "sell", 1.0, 104, "target")]),
    "in the entry candle": (
        BUY + "take profit 4%",
        [*flat(100), (100, 105, 99, 104)],
        [IN, (1, "sell", 1.0, 104, "target")],
    ),
    "a gap fills at the open": (
        BUY + "take profit 4%",
        [*QUIET, (106, 107, 105, 106)],
        [IN, (2, "sell", 1.0, 106, "target")],
    ),
    "of a short": (SHORT + "take profit 4%", [*QUIET, (100, 101, 95, 96)], [OUT, (2, "cover", 1.0, 96, "target")]),
    "the stop counts as hit first": (
        BUY + "stop loss 3%\ntake profit 4%",
        [*QUIET, (100, 105, 96, 100)],
        [IN, (2, "sell", 1.0, 97, "stop")],
    ),
    "opened beyond the target, it fills at the open before the stop": (
        BUY + "stop loss 3%\ntake profit 4%",
        [*QUIET, (105, 106, 96, 100)],
        [IN, (2, "sell", 1.0, 105, "target")],
    ),
    "in parts": (
        BUY + "take profit 4% for 50%, 8% for 50%",
        [*QUIET, (100, 105, 99, 104), (104, 109, 103, 108)],
        [IN, (2, "sell", 0.5, 104, "target"), (3, "sell", 0.5, 108, "target")],
    ),
    "in parts, both in one candle": (
        BUY + "take profit 4% for 50%, 8%",
        [*QUIET, (100, 110, 99, 104)],
        [IN, (2, "sell", 0.5, 104, "target"), (2, "sell", 0.5, 108, "target")],
    ),
    "multiples of the stop": (
        BUY + "stop loss 2%\ntake profit 1r for 50%, 3r",
        [*QUIET, (100, 103, 99, 102), (102, 107, 101, 106)],
        [IN, (2, "sell", 0.5, 102, "target"), (3, "sell", 0.5, 106, "target")],
    ),
    "multiples are read on the deciding close and laid from the fill": (
        BUY + "stop loss at 95\ntake profit 2r",  # R is 5 at the close of 100; the fill is 102
        [*flat(100), (102, 103, 101, 102), (102, 113, 101, 110)],
        [(1, "buy", 0.980392, 102, "entry"), (2, "sell", 0.980392, 112, "target")],
    ),
    "at a price": (
        BUY + "take profit at high",
        [(100, 103, 99, 100), (100, 101, 99, 100), (100, 104, 99, 101)],
        [IN, (2, "sell", 1.0, 103, "target")],
    ),
    "at a price, following moves both ways": (
        BUY + "take profit at high + 2 following",
        [(100, 108, 99, 100), (100, 103, 99, 100), (100, 104, 100, 102), (102, 107, 101, 103)],
        [IN, (3, "sell", 1.0, 106, "target")],
    ),
    "on the wrong side of the deciding close": (BUY + "take profit at low", [(100, 101, 97, 100), *flat(100)], []),
    "on the wrong side of the fill it leaves at once": (
        BUY + "stop loss 50%\ntake profit at high",
        [(100, 101, 97, 100), (102, 103, 40, 98)],
        [(1, "buy", 0.980392, 102, "entry"), (1, "sell", 0.980392, 102, "target")],
    ),
    "each entry has its own": (
        BUY + "take profit 5% of each entry\nadd 100 USDT at 10% below entry",
        [*QUIET, (100, 100, 90, 92), (92, 95, 92, 95), (95, 106, 95, 100)],
        [IN, (2, "add", 0, 0, ""), (3, "sell", 1.111111, 94.5, "target"), (4, "sell", 1.0, 105, "target")],
    ),
    "of the average entry": (
        BUY + "take profit 5% of average entry\nadd 100 USDT at 10% below entry",
        [*QUIET, (100, 100, 90, 92), (92, 99.4, 92, 95), (95, 100, 95, 100)],
        [IN, (2, "add", 0, 0, ""), (4, "sell", 2.111111, 99.473684, "target")],
    ),
}

TRAILING: dict[str, Case] = {
    "from the fill on, by earlier candles' highs": (
        BUY + "trailing stop 2%",
        [*flat(100), (100, 110, 99, 109), (109, 109, 107, 108)],  # 98 in the first candle, then 107.8
        [IN, (2, "sell", 1.0, 107.8, "trail")],
    ),
    "in the entry candle it goes by the fill": (
        BUY + "trailing stop 2%",
        [*flat(100), (100, 110, 97, 109)],
        [IN, (1, "sell", 1.0, 98, "trail")],
    ),
    "an amount frozen at the decision": (
        BUY + "trailing stop high - low",
        [(100, 101, 99, 100), (100, 110, 99, 109), (109, 109, 107, 108)],
        [IN, (2, "sell", 1.0, 108, "trail")],
    ),
    "after a profit": (
        BUY + "trailing stop 1% after 3%",
        [*flat(100), (100, 102, 95, 101), (101, 104, 100, 103), (103, 103, 102, 102.5)],
        [IN, (3, "sell", 1.0, 102.96, "trail")],
    ),
    "after a multiple of the stop": (
        BUY + "stop loss 2%\ntrailing stop 1% after 1r",
        [*flat(100), (100, 101.9, 99, 101), (101, 104, 99.5, 103), (103, 103, 102, 102.5)],
        [IN, (3, "sell", 1.0, 102.96, "trail")],
    ),
    "once a condition": (
        BUY + "trailing stop 1% once close > 102",
        [*flat(100), (100, 104, 98, 101), (101, 103, 98, 102.5), (102.5, 103, 102.4, 103)],
        [IN, (3, "sell", 1.0, 102.5, "trail")],
    ),
    "of a short": (
        SHORT + "trailing stop 2%",
        [*flat(100), (100, 101, 90, 91), (91, 92, 90.5, 91)],
        [OUT, (2, "cover", 1.0, 91.8, "trail")],
    ),
    "the nearer of stop and trailing": (
        BUY + "stop loss 1%\ntrailing stop 5%",
        [*flat(100), (100, 100.5, 98, 99)],
        [IN, (1, "sell", 1.0, 99, "stop")],
    ),
    "break even": (
        BUY + "stop loss 5%\nbreak even after 3%",
        [*flat(100), (100, 104, 99, 103), (103, 103, 99, 101)],
        [IN, (2, "sell", 1.0, 100, "stop")],
    ),
    "break even once": (
        BUY + "stop loss 5%\nbreak even once hour == 2",
        [*flat(100), (100, 104, 99, 103), (103, 103, 99, 101), (101, 101, 99, 100)],
        [IN, (3, "sell", 1.0, 100, "stop")],
    ),
    "break even of a short after 1r": (
        SHORT + "stop loss 5%\nbreak even after 1r",
        [*flat(100), (100, 101, 95, 97), (97, 101, 96, 99)],
        [OUT, (2, "cover", 1.0, 100, "stop")],
    ),
}

TIMES: dict[str, Case] = {
    "after bars": (BUY + "exit after 2 bars", flat(100, 5), [IN, (3, "sell", 1.0, 100, "time")]),
    "after one bar": (BUY + "exit after 1 bars", flat(100, 5), [IN, (2, "sell", 1.0, 100, "time")]),
    "after hours": (BUY + "exit after 3h", flat(100, 6), [IN, (4, "sell", 1.0, 100, "time")]),
    "what falls inside a candle waits for the next open": (
        BUY + "exit after 90m",
        flat(100, 6),
        [IN, (3, "sell", 1.0, 100, "time")],
    ),
    "at a time of day": (BUY + "exit at 03:00 UTC", flat(100, 6), [IN, (3, "sell", 1.0, 100, "time")]),
    "at a time inside a candle": (BUY + "exit at 02:30 UTC", flat(100, 6), [IN, (3, "sell", 1.0, 100, "time")]),
    "at the time of a zone": (
        BUY + "exit at 22:00 America/New_York",
        flat(100, 6),
        [IN, (3, "sell", 1.0, 100, "time")],
    ),
    "not at the time of its own fill": (BUY + "exit at 01:00 UTC", flat(100, 26), [IN, (25, "sell", 1.0, 100, "time")]),
    "the first to come wins": (
        BUY + "exit after 9 bars\nexit at 02:00 UTC",
        flat(100, 6),
        [IN, (2, "sell", 1.0, 100, "time")],
    ),
}


def check(text: str, rows: list[object], expected: list[object]) -> None:
    found = [each for each in fills(text, rows) if each[4] != "add"]
    assert found == [each for each in expected if each[1] != "add"]


@pytest.mark.parametrize("case", STOPS)
def test_stop_loss(case: str) -> None:
    check(*STOPS[case])


@pytest.mark.parametrize("case", TARGETS)
def test_take_profit(case: str) -> None:
    check(*TARGETS[case])


@pytest.mark.parametrize("case", TRAILING)
def test_trailing_stop_and_break_even(case: str) -> None:
    check(*TRAILING[case])


@pytest.mark.parametrize("case", TIMES)
def test_exit_after_and_at(case: str) -> None:
    check(*TIMES[case])


def test_a_stop_slips_and_a_target_does_not() -> None:
    rows = [*QUIET, (100, 120, 100, 110), (110, 110, 50, 60)]
    text = BUY + "stop loss 10%\ntake profit 5% for 50%"
    assert [each[3] for each in fills(text, rows, slippage=0.01)] == [101, 106.05, pytest.approx(90.9 * 0.99)]


def test_a_limit_filled_inside_a_candle_meets_stops_there_and_targets_from_the_next() -> None:
    text = BUY + "order limit at 95\nstop loss 2%\ntake profit 3%"
    low = [*flat(100), (100, 101, 94, 96), (96, 98, 96, 97)]
    assert fills(text, low) == [(1, "buy", 1.052632, 95, "entry"), (2, "sell", 1.052632, 97.85, "target")]
    lower = [*flat(100), (100, 101, 93, 96)]
    assert fills(text, lower) == [(1, "buy", 1.052632, 95, "entry"), (1, "sell", 1.052632, 93.1, "stop")]


def test_a_stop_order_filled_inside_a_candle_meets_its_stop_and_its_target_there() -> None:
    text = BUY + "order stop at 105\nstop loss 2%\ntake profit 2%"
    up = [*flat(100), (104, 108, 103.5, 107)]
    assert fills(text, up) == [(1, "buy", 0.952381, 105, "entry"), (1, "sell", 0.952381, 107.1, "target")]
    both = [*flat(100), (100, 108, 99, 107)]
    assert fills(text, both) == [(1, "buy", 0.952381, 105, "entry"), (1, "sell", 0.952381, 102.9, "stop")]


def test_a_market_that_misses_candles_leaves_at_its_own_next_open() -> None:
    text = f"size 100 USDT\ntrade {BTC} and {ETH} on 1h\nbuy when hour == 0\nexit after 2h"
    found = play(text, {BTC: flat(100, 6), ETH: flat(50, 2)})
    assert brief(found, markets=True) == [
        (1, "buy", 1.0, 100, "entry", BTC), (1, "buy", 2.0, 50, "entry", ETH), (3, "sell", 1.0, 100, "time", BTC),
    ]  # fmt: skip
    assert [(each.market, each.kind) for each in found.trades] == [(BTC, "time"), (ETH, "end")]
