"""Each kind of expression on a few candles, worked out by hand."""

import pytest

from runtime.candles import Candles
from strategy_dsl import nodes
from strategy_dsl.parser import parse_expression
from tests.candle_files import MONDAY_MS, rising_candles
from tests.made import candles_of
from tests.reference.scenes import BTC, DAY, ETH, HOUR
from tests.reference.values import Outside, World

CLOSES = (10.0, 12.0, 11.0, 13.0, 14.0, 12.0)
ROWS = [(9.0, 15.0, 8.0, close, volume) for volume, close in enumerate(CLOSES, 1)]
T, F, N = True, False, None


def world(rows: object = ROWS, **more: object) -> World:
    return World({BTC: candles_of(rows)}, **more)  # type: ignore[arg-type]


def column(text: str, of: World | None = None, market: str = BTC) -> list[object]:
    found = of or world()
    node = parse_expression(text)
    assert node is not None, text
    return [found.at(node, market, i) for i in range(len(found.view(market)))]


CASES: list[tuple[str, list[object]]] = [
    ("close", list(CLOSES)),
    ("hl2", [11.5] * 6),
    ("hlc3", [11, 35 / 3, 34 / 3, 12, 37 / 3, 35 / 3]),
    ("ohlc4", [10.5, 11, 10.75, 11.25, 11.5, 11]),
    ("7", [7] * 6),
    ("1.5%", [0.015] * 6),
    ("3h", [3] * 6),
    ("-close", [-each for each in CLOSES]),
    ("close + volume * 2", [12, 16, 17, 21, 24, 24]),
    ("close / (volume - 1)", [N, 12, 5.5, 13 / 3, 3.5, 2.4]),
    ("10% above close", [11, 13.2, 12.1, 14.3, 15.4, 13.2]),
    ("10% below close", [9, 10.8, 9.9, 11.7, 12.6, 10.8]),
    ("10% of close", [1, 1.2, 1.1, 1.3, 1.4, 1.2]),
    ("close[2]", [N, N, 10, 12, 11, 13]),
    ("close[0]", list(CLOSES)),
    ("close > 12", [F, F, F, T, T, F]),
    ("close >= 12", [F, T, F, T, T, T]),
    ("close == 12", [F, T, F, F, F, T]),
    ("close != 12", [T, F, T, T, T, F]),
    ("14 > close > 11", [F, T, F, T, F, T]),
    ("close > close[1]", [N, T, F, T, T, F]),
    ("close crosses above 11", [F, T, F, T, F, F]),
    ("close crosses below 12", [N, F, T, F, F, F]),
    ("close crosses above close[1]", [N, N, F, T, F, F]),
    ("close is rising", [N, T, F, T, T, F]),
    ("close is rising 2 bars", [N, N, F, F, T, F]),
    ("close is falling", [N, F, T, F, F, T]),
    ("close is within 10% of 12", [F, T, T, T, F, T]),
    ("close is within 10% of -12", [F, F, F, F, F, F]),
    ("close is between 11 and 13", [F, T, T, T, F, T]),
    ("weekday is monday", [T] * 6),
    ("weekday in (tuesday, sunday)", [F] * 6),
    ("hour", [0, 1, 2, 3, 4, 5]),
    ("day_of_month", [1] * 6),
    ("month", [1] * 6),
    ("not (close > close[1])", [N, F, T, F, F, T]),
    ("close > close[1] and volume > 9", [F] * 6),
    ("close > close[1] and volume > 0", [N, T, F, T, T, F]),
    ("close > close[1] or volume > 0", [T] * 6),
    ("close > close[1] or volume > 9", [N, T, F, T, T, F]),
    ("at least 2 of (close > close[1], volume > 0, close > 12)", [N, T, F, T, T, F]),
    ("at least 1 of (close > close[1], volume > 0)", [T] * 6),
    ("(close > 11) for 2 bars", [F, F, F, F, T, T]),
    ("(close > 9) for 2 bars", [N, T, T, T, T, T]),
    ("(close > 13) in last 2 bars", [N, F, F, F, T, T]),
    ("close == 12 then within 2 bars close > 12", [F, F, F, T, F, F]),
    ("close == 12 then within 1 bars close > 10", [F, F, T, F, F, F]),
    ("first close > 12 since close == 11", [F, F, F, T, F, F]),
    ("first close > 9 since close == 11", [F, F, F, T, F, F]),
    ("newly(close > 11)", [F, T, F, T, F, F]),
    ("newly(close > 9)", [N, F, F, F, F, F]),
    ("count(close > 11, 3)", [N, N, 1, 2, 2, 3]),
    ("bars_since(close == 12)", [N, 0, 1, 2, 3, 0]),
    ("value_when(close == 12, volume)", [N, 2, 2, 2, 2, 6]),
    ("since(close == 11, highest(close))", [N, N, 11, 13, 14, 14]),
    ("since(close == 13, lowest(close))", [N, N, N, 13, 13, 12]),
    ("abs(close - 12)", [2, 0, 1, 1, 2, 0]),
    ("min(close, 12)", [10, 12, 11, 12, 12, 12]),
    ("max(close, 12)", [12, 12, 12, 13, 14, 12]),
    ("choose(close > 11, 1, 2)", [2, 1, 2, 1, 1, 1]),
    ("choose(close > close[1], 1, 2)", [N, 1, 2, 1, 1, 2]),
    ("known(close[1])", [F, T, T, T, T, T]),
    ("highest(close, 2)", [N, 12, 12, 13, 14, 14]),
    ("highest(close, 2)[1]", [N, N, 12, 12, 13, 14]),
    ("lowest(close, 2)", [N, 10, 11, 11, 13, 12]),
    ("donchian(2).upper", [N, N, 15, 15, 15, 15]),
    ("change(close, 1)", [N, 0.2, 11 / 12 - 1, 13 / 11 - 1, 14 / 13 - 1, 12 / 14 - 1]),
    ("mean(close, 2)", [N, 11, 11.5, 12, 13.5, 13]),
    ("vwap(day)", [11, 103 / 9, 205 / 18, 349 / 30, 534 / 45, 744 / 63]),
    ("profit", [N] * 6),
    ("not known(profit)", [T] * 6),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[each[0] for each in CASES])
def test_an_expression_by_hand(text: str, expected: list[object]) -> None:
    found = column(text)
    assert len(found) == len(expected)
    for mine, right in zip(found, expected, strict=True):
        if isinstance(right, bool) or right is None:
            assert mine is right, (found, expected)
        else:
            assert mine == pytest.approx(right), (found, expected)


def longer() -> World:
    return World({BTC: rising_candles(12)})


def test_a_longer_timeframe_is_that_of_its_last_closed_candle() -> None:
    # closes 100.5 … 111.5; the first 4h candle closes with the fourth hour
    assert column("close on 4h", longer()) == [N] * 3 + [103.5] * 4 + [107.5] * 4 + [111.5]
    assert column("open on 4h", longer())[3] == 100
    assert column("high on 4h", longer())[3] == 104
    assert column("low on 4h", longer())[3] == 99
    assert column("volume on 4h", longer())[3] == 10
    assert column("close[1] on 4h", longer()) == [N] * 7 + [103.5] * 4 + [107.5]
    assert column("(close on 4h)[1]", longer())[4] == 103.5
    assert column("(close > 103) on 4h", longer()) == [N] * 3 + [T] * 9


def test_a_first_long_candle_that_began_before_the_data_is_left_out() -> None:
    late = World({BTC: rising_candles(12, start_ms=MONDAY_MS + HOUR)})
    assert column("close on 4h", late)[:7] == [N] * 6 + [106.5]


def test_a_hole_inside_a_long_candle_does_not_remove_it_and_its_end_goes_by_the_clock() -> None:
    whole = rising_candles(12)
    keep = [0, 1, 2, 5, 6, 7, 8]
    holed = Candles(
        BTC, "1h", *(getattr(whole, name)[keep] for name in ("time", "open", "high", "low", "close", "volume"))
    )
    assert column("close on 4h", World({BTC: holed})) == [N, N, N, 102.5, 102.5, 107.5, 107.5]


def test_weeks_begin_on_monday_and_months_by_the_calendar() -> None:
    days = World({BTC: rising_candles(70, "1d")})
    week = column("close on 1w", days)
    assert week[:6] == [N] * 6 and week[6:13] == [106.5] * 7
    month = column("close on 1mo", days)
    assert month[29:31] == [N, 130.5] and month[58:61] == [130.5, 159.5, 159.5]  # 31 days, then 29 of 2024


def test_another_market_is_read_at_the_same_opening_and_unknown_where_it_has_no_candle() -> None:
    other = candles_of([(1, 1, 1, each) for each in (5.0, 6.0, 7.0)], ETH)
    holed = Candles(
        ETH, "1h", *(getattr(other, name)[[0, 2]] for name in ("time", "open", "high", "low", "close", "volume"))
    )
    both = World({BTC: candles_of(ROWS[:3]), ETH: holed})
    assert column(f"close of {ETH}", both) == [5, N, 7]
    assert column(f"close[1] of {ETH}", both) == [N, N, 5]
    assert column(f"(close of {ETH})[1]", both) == [N, 5, N]


def test_heikin_ashi_is_the_standard_recursion() -> None:
    made = world([(10, 14, 8, 12), (12, 16, 10, 15)])
    # closes 11 and 13.25; opens 11 and (11 + 11) / 2
    assert column("close of heikin_ashi", made) == [11, 13.25]
    assert column("open of heikin_ashi", made) == [11, 11]
    assert column("high of heikin_ashi", made) == [14, 16]
    assert column("low of heikin_ashi", made) == [8, 10]
    assert column("close of heikin_ashi on 2h", made) == [N, (10 + 16 + 8 + 15) / 4]


def test_a_let_stands_for_its_expression_and_names_of_lets_nest() -> None:
    named = {"twice": parse_expression("close * 2"), "more": parse_expression("twice + 1")}
    assert column("more", world(lets=named)) == [21, 25, 23, 27, 29, 25]


def test_values_from_outside_have_an_age_limit() -> None:
    series = Outside(((MONDAY_MS + HOUR, 20.0), (MONDAY_MS + 3 * HOUR, 40.0)), age=HOUR)
    read = world(outside={"fear_and_greed": series})
    # closes at 1h, 2h …: fresh at 1h and 2h, 40 from 3h on, stale after 4h
    assert column("fear_and_greed", read) == [20, 20, 40, 40, N, N]
    assert column("fear_and_greed < 30 or close > 0", read) == [T] * 6
    assert column("fear_and_greed > 30 and close > 0", read) == [F, F, T, T, N, N]
    assert column("fear_and_greed > 30 and close < 0", read) == [F] * 6
    assert column("fear_and_greed of BTC/USDT", read)[0] == 20


def test_a_word_from_outside_is_compared_with_is() -> None:
    read = world(outside={"regime": Outside(((MONDAY_MS, "trending"),), age=2 * HOUR)})
    assert column("regime is trending", read) == [T, T, N, N, N, N]
    assert column("regime in (quiet, ranging)", read) == [F, F, N, N, N, N]


def test_days_and_sessions_go_by_the_clock_of_their_zone() -> None:
    days = World({BTC: rising_candles(60)})
    assert column("previous_day(UTC).close", days)[23:26] == [N, 123.5, 123.5]
    assert column("previous_day(UTC).high", days)[48] == 148
    # midnight in New York is 05:00 UTC in January
    assert column("previous_day(America/New_York).close", days)[28:30] == [104.5, 128.5]
    session = column("session(09:00, 11:00, UTC).high", days)
    assert session[8:13] == [N, N, N, 111, 111]
    assert column("session(22:00, 02:00, UTC).low", days)[26] == 121
    assert column("vwap(day)", days)[24] == pytest.approx((125 + 123 + 124.5) / 3)


def test_the_calendar_of_a_zone_is_that_of_the_opening() -> None:
    made = World({BTC: rising_candles(6)})
    zone = nodes.Zone("America/New_York")
    node = nodes.Call("hour", (zone,))
    assert [made.at(node, BTC, i) for i in range(2)] == [19, 20]
    assert made.at(nodes.Call("weekday", (zone,)), BTC, 0) == "sunday"


def test_a_name_of_the_position_is_what_was_recorded_at_the_close() -> None:
    made = world()
    made.record(BTC, 2, {"profit": 0.05, "decided": 1})
    made.record(BTC, 3, {"profit": 0.02, "decided": 1, "losses": [MONDAY_MS + HOUR, MONDAY_MS + 2 * HOUR]})
    assert column("profit", made) == [N, N, 0.05, 0.02, N, N]
    assert column("profit[1]", made) == [N, N, N, 0.05, 0.02, N]
    assert column("profit crosses below 3%", made) == [N, N, F, T, F, N]
    assert column("at_entry(close)", made) == [N, N, 12, 12, N, N]
    assert column("losses_since(2h)", made)[3] == 0
    assert column("losses_since(3h)", made)[3] == 1
    assert column("losses_since(1d)", made)[3] == 2
    assert column("known(profit)", made) == [F, F, T, T, F, F]


def test_a_day_is_long_enough_for_the_age_of_a_daily_value() -> None:
    assert Outside(((0, 1.0),), DAY).at(DAY) == 1.0
    assert Outside(((0, 1.0),), DAY).at(DAY + 1) is None
