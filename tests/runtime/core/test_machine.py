"""What the machine does, seen through backtests of hand-made candles: volume is the signal."""

import pytest

from runtime.backtest import Backtest
from runtime.candles import Candles
from tests.candle_files import MONDAY_MS, without
from tests.made import backtest_of, candles_of

HOUR_MS = 3_600_000
HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 10% of equity\n"
ENTER = "buy when volume == 5\n"
Row = tuple[float, ...]


def bars(*rows: Row | float) -> Candles:
    """Candles from rows; a bare number is a still candle at 100 with that volume."""
    return candles_of([row if isinstance(row, tuple) else (100, 100, 100, 100, row) for row in rows])


def trades(found: Backtest) -> list[tuple[int, int, float, float, str]]:
    """Entry and exit candle, entry and exit price, reason."""
    return [
        ((each.entry_ms - MONDAY_MS) // HOUR_MS, (each.exit_ms - MONDAY_MS) // HOUR_MS, each.entry_price, each.exit_price,
         each.kind)
        for each in found.trades
    ]  # fmt: skip


def play(rules: str, *rows: Row | float, **costs: float) -> list[tuple[int, int, float, float, str]]:
    return trades(backtest_of(HEAD + rules, bars(*rows), **costs))


def test_an_order_decided_at_a_close_meets_the_next_open() -> None:
    found = play(
        ENTER + "sell when volume == 7\n", 5, (101, 102, 100, 101, 1), (103, 103, 99, 100, 7), (98, 99, 97, 98, 1)
    )
    assert found == [(1, 3, 101, 98, "signal")]


def test_slippage_is_against_us_and_never_on_targets() -> None:
    rules = ENTER + "stop loss at 90\ntake profit at 110\n"
    ((*_, entry, exit_, kind),) = play(rules, 5, 1, (100, 111, 100, 105, 1), slippage=0.01)
    assert (entry, exit_, kind) == (101, 110, "target")
    ((*_, exit_, kind),) = play(rules, 5, 1, (100, 100, 89, 95, 1), slippage=0.01)
    assert (exit_, kind) == (pytest.approx(89.1), "stop")


def test_a_stop_works_from_the_entry_candle_on() -> None:
    assert play(ENTER + "stop loss 3%\n", 5, (100, 101, 96, 99, 1), 1) == [(1, 1, 100, 97, "stop")]


def test_an_exit_due_at_an_open_goes_before_that_candle_s_levels() -> None:
    rules = ENTER + "sell when volume == 7\nstop loss 3%\n"
    assert play(rules, 5, 7, (95, 96, 90, 95, 1)) == [(1, 2, 100, 95, "signal")]


def test_a_gap_through_a_price_level_leaves_at_once() -> None:
    rules = ENTER + "stop loss at 98\ntake profit at 120\n"
    assert play(rules, 5, (97, 99, 96, 98, 1), 1) == [(1, 1, 97, 97, "stop")]
    assert play(rules, 5, (125, 126, 124, 125, 1), 1) == [(1, 1, 125, 125, "target")]


@pytest.mark.parametrize(
    ("clause", "why"),
    [
        ("stop loss at 100", "the stop is on the wrong side of the price"),
        ("stop loss at 130", "the stop is on the wrong side of the price"),
        ("stop loss 2 * atr(14)", "a level is not known yet"),
        ("stop loss 3%\ntake profit at 100", "a target is on the wrong side of the price"),
        ("stop loss 3%\ntake profit close - open", "a target is on the wrong side of the price"),
        ("trailing stop close - open", "the trailing stop is on the wrong side of the price"),
    ],
)
def test_levels_on_the_wrong_side_of_the_deciding_close_skip_the_entry(clause: str, why: str) -> None:
    found = backtest_of(HEAD + ENTER + clause + "\n", bars(5, 1, 1))
    assert found.trades == ()
    assert found.skipped == ((why, 1),)


def test_levels_are_read_on_the_deciding_candle_and_frozen() -> None:
    rules = ENTER + "stop loss at low\n"
    rows = [(100, 101, 95, 100, 5), (100, 100, 99, 100, 1), (100, 100, 98, 99, 1), (99, 99, 94, 96, 1)]
    assert play(rules, *rows) == [(1, 3, 100, 95, "stop")]


def test_a_following_stop_is_read_anew_at_each_close() -> None:
    rules = ENTER + "stop loss at low, following\n"
    rows = [(100, 101, 90, 100, 5), (100, 106, 99, 105, 1), (105, 106, 98.5, 104, 1), (104, 104, 90, 91, 1)]
    assert play(rules, *rows) == [(1, 2, 100, 99, "stop")]


def test_targets_in_parts_and_what_is_left_under_the_stop() -> None:
    rules = ENTER + "stop loss 10%\ntake profit 5% for 50%, 20% for 50%\n"
    found = backtest_of(HEAD + rules, bars(5, 1, (100, 106, 99, 104, 1), (104, 104, 85, 86, 1), 1))
    assert trades(found) == [(1, 2, 100, 105, "target"), (1, 3, 100, 90, "stop")]
    assert [each.quantity for each in found.trades] == pytest.approx([5, 5])


def test_break_even_holds_from_the_next_candle() -> None:
    rules = ENTER + "stop loss 10%\nbreak even after 5%\n"
    rows = [5, (100, 106, 99, 105, 1), (105, 106, 99, 100, 1), 1]
    assert play(rules, *rows) == [(1, 2, 100, 100, "stop")]


def test_exit_after_bars_leaves_at_the_open_of_that_candle_after_the_fill() -> None:
    rows = [5, *[(100.0 + at, 100.0 + at, 100.0 + at, 100.0 + at, 1.0) for at in range(8)]]
    assert play(ENTER + "exit after 1 bar\n", *rows) == [(1, 2, 100, 101, "time")]
    assert play(ENTER + "exit after 4 bars\n", *rows) == [(1, 5, 100, 104, "time")]


def test_exit_after_hours_counts_time_and_not_candles() -> None:
    candles = without(bars(5, 1, 1, 1, 1, 1, 1, 1), 3, 4)
    assert trades(backtest_of(HEAD + ENTER + "exit after 3h\n", candles)) == [(1, 5, 100, 100, "time")]
    assert trades(backtest_of(HEAD + ENTER + "exit after 3 bars\n", candles)) == [(1, 6, 100, 100, "time")]


def test_exit_at_a_time_of_day() -> None:
    assert play(ENTER + "exit at 04:00 UTC\n", 5, 1, 1, 1, 1, 1) == [(1, 4, 100, 100, "time")]
    # within a candle: at the next open
    assert play(ENTER + "exit at 03:30 UTC\n", 5, 1, 1, 1, 1, 1) == [(1, 4, 100, 100, "time")]
    # a fill exactly then stays until tomorrow
    (trade,) = play(ENTER + "exit at 01:00 UTC\n", 5, *[1] * 30)
    assert trade[:2] == (1, 25)


def test_the_first_of_several_ways_out_wins() -> None:
    rules = ENTER + "exit after 5 bars\nexit at 03:00 UTC\nsell when volume == 7\n"
    assert play(rules, 5, *[1] * 8)[0][1:2] == (3,)
    assert play(rules, 5, 7, *[1] * 8)[0][1::3] == (2, "signal")


def test_buy_is_ignored_while_in_and_an_exit_blocks_the_entry_on_its_candle() -> None:
    rules = ENTER + "buy again when volume > 6\nsell when volume == 7\n"
    found = backtest_of(HEAD + rules, bars(5, 5, 7, 1, 7, 1, 1))
    assert trades(found) == [(1, 3, 100, 100, "signal"), (5, 6, 100, 100, "end")]
    assert dict(found.skipped) == {"an exit goes first": 1}


def test_two_true_buys_make_one_fill_credited_to_the_first() -> None:
    found = backtest_of(
        HEAD + "buy one when volume == 5\nbuy two when volume > 4\nsell when volume == 2\n", bars(5, 1, 1)
    )
    assert len(found.trades) == 1
    assert dict(found.skipped) == {"one fill a candle": 1}


def test_a_named_sell_sells_what_its_buy_opened() -> None:
    rules = "buy dip when volume == 5\nbuy rise when volume == 6\nsell dip when volume == 7\nsell when volume == 8\n"
    assert play(rules, 5, 7, 1)[0][4] == "signal"
    assert play(rules, 6, 7, 8, 1) == [(1, 3, 100, 100, "signal")]


def test_sell_a_part_fires_once_a_position_on_the_largest_size() -> None:
    rules = ENTER + "sell 40% when volume == 7\nsell 30% when volume == 8\nstop loss 50%\n"
    found = backtest_of(HEAD + rules, bars(5, 7, 7, 8, 7, 1))
    assert [each.quantity for each in found.trades] == pytest.approx([4, 3, 3])
    assert [each.kind for each in found.trades] == ["signal", "signal", "end"]
    again = backtest_of(HEAD + rules + "sell when volume == 9\n", bars(5, 7, 9, 5, 7, 1, 1))
    assert [each.quantity for each in again.trades] == pytest.approx([4, 6, 4, 6])


def test_parts_that_add_up_to_more_than_all_sell_no_more_than_there_is() -> None:
    rules = ENTER + "sell 60% when volume == 7\nsell 60% when volume > 6\nsell 60% when volume > 5\nstop loss 50%\n"
    found = backtest_of(HEAD + rules, bars(5, 1, 7, 1, 1))
    assert sum(each.quantity for each in found.trades) == pytest.approx(10)
    assert found.equity[-1] == pytest.approx(10_000)


def test_cooldown_after_any_exit() -> None:
    rules = ENTER + "sell when volume == 7\ncooldown 3h\n"
    found = backtest_of(HEAD + rules, bars(5, 7, 5, 5, 5, 5, 1))
    # sold at the open of 2; the close of candle 4 is three hours later
    assert [each[0] for each in trades(found)] == [1, 5]
    assert dict(found.skipped)["cooling down"] == 2


@pytest.mark.parametrize(
    ("clause", "exit_price", "waits"),
    [
        ("cooldown 5h after a loss", 99, True),
        ("cooldown 5h after a loss", 101, False),
        ("cooldown 5h after a stop", 99, False),
        ("cooldown 5h after a stop", 80, True),
    ],
)
def test_cooldown_after_a_loss_or_a_stop(clause: str, exit_price: float, waits: bool) -> None:
    rows = [5, (100, 101, 99, exit_price, 7) if exit_price > 90 else (100, 100, exit_price, 85, 7)]
    rows += [(exit_price, exit_price, exit_price, exit_price, 5), 1, 1]
    found = backtest_of(HEAD + ENTER + "sell when volume == 7\nstop loss 10%\n" + clause + "\n", bars(*rows))
    assert len(found.trades) == (1 if waits else 2)


def test_a_trade_that_won_in_all_is_no_loss_though_its_last_part_lost() -> None:
    rules = ENTER + "stop loss 2%\ntake profit 10% for 50%\ncooldown 9h after a loss\n"
    rows = [5, (100, 111, 99, 110, 1), (110, 110, 97, 98, 1), (98, 98, 98, 98, 5), (98, 98, 98, 98, 1)]
    found = backtest_of(HEAD + rules, bars(*rows))
    assert [each.kind for each in found.trades] == ["target", "stop", "end"]
    assert found.trades[1].pnl < 0


def test_entries_a_day_are_counted_by_utc_days() -> None:
    rules = ENTER + "sell when volume == 7\nat most 2 entries a day\n"
    found = backtest_of(HEAD + rules, bars(*[5, 7] * 13))
    # the day ends after 24 candles; an order decided at its last close is of the next day
    assert [each[0] for each in trades(found)] == [1, 3, 25]


def test_free_slots_go_to_markets_in_the_order_of_trade() -> None:
    rows = [(100, 100, 100, 100, 5), (100, 100, 100, 100, 1), (100, 100, 100, 100, 1)]
    three = [candles_of(rows, name) for name in ("BTC/USDT", "ETH/USDT", "SOL/USDT")]
    rules = "trade ETH/USDT and SOL/USDT and BTC/USDT on 1h\nbudget 10000 USDT\nsize 10% of equity\n" + ENTER
    found = backtest_of(rules + "sell when volume == 7\nat most 2 open positions\n", *three)
    assert sorted(each.market for each in found.trades) == ["ETH/USDT", "SOL/USDT"]
    assert dict(found.skipped) == {"no free slot": 1}


def test_a_planned_exit_frees_its_slot_and_cash() -> None:
    one = candles_of([(100, 100, 100, 100, each) for each in (5, 1, 7, 1, 1)], "BTC/USDT")
    two = candles_of([(100, 100, 100, 100, each) for each in (1, 1, 5, 1, 1)], "ETH/USDT")
    rules = "trade BTC/USDT and ETH/USDT on 1h\nbudget 10000 USDT\nsize 100% of equity\n" + ENTER
    found = backtest_of(rules + "sell when volume == 7\nat most 1 open position\n", one, two, fee=0.001)
    assert [each.market for each in found.trades] == ["BTC/USDT", "ETH/USDT"]


def test_money_that_a_sale_did_not_bring_is_not_spent() -> None:
    one = candles_of([(100, 100, 100, 100, each) for each in (5, 1, 7)] + [(60, 60, 60, 60, 1)] * 2, "BTC/USDT")
    two = candles_of([(100, 100, 100, 100, each) for each in (1, 1, 5, 1, 1)], "ETH/USDT")
    rules = "trade BTC/USDT and ETH/USDT on 1h\nbudget 10000 USDT\nsize 99% of equity\n" + ENTER
    found = backtest_of(rules + "sell when volume == 7\nat most 1 open position\n", one, two)
    assert [each.market for each in found.trades] == ["BTC/USDT"]
    assert found.skipped == (("not enough cash at the open", 1),)
    assert found.equity[-1] == pytest.approx(10_000 - 99 * 40)


def test_windows_gate_entries_by_the_moment_of_sending_and_never_exits() -> None:
    rules = ENTER + "sell when volume == 7\nonly between 03:00 and 04:00 UTC\n"
    # the candle that closes at 03:00 opened at 02:00
    found = backtest_of(HEAD + rules, bars(5, 5, 5, 5, 7, 1))
    assert trades(found) == [(3, 5, 100, 100, "signal")]
    assert dict(found.skipped) == {"outside its hours": 2}


def test_conditions_gate_entries_and_what_is_unknown_does_not_let_through() -> None:
    blocked = backtest_of(HEAD + ENTER + "stop loss 5%\nonly when sma(close, 50) > 1\n", bars(5, 5, 1))
    assert blocked.trades == ()
    never = backtest_of(HEAD + ENTER + "stop loss 5%\nnever when sma(close, 50) > 1\n", bars(5, 5, 1))
    assert never.trades == ()
    assert len(backtest_of(HEAD + ENTER + "stop loss 5%\nnever when volume == 9\n", bars(5, 5, 1)).trades) == 1


def test_risk_sizes_from_the_deciding_close_to_the_stop() -> None:
    rules = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize risk 1% of equity\n" + ENTER + "stop loss at 80\n"
    ((trade),) = backtest_of(rules, bars(5, (100, 100, 100, 100, 1), 1)).trades
    assert trade.quantity == pytest.approx(5)
    assert trade.quantity * (100 - 80) == pytest.approx(100)


def test_all_of_the_equity_means_what_the_cash_covers_after_fees() -> None:
    found = backtest_of(
        "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 100% of equity\n" + ENTER + "sell when volume == 7\n",
        bars(5, 7, 1, 1), fee=0.01,
    )  # fmt: skip
    assert found.trades[0].quantity == pytest.approx(10_000 / 1.01 / 100)
    assert found.equity[-1] == pytest.approx(10_000 / 1.01 * 0.99)


def test_a_size_in_coins_is_that_many_coins() -> None:
    rules = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 0.5 BTC\n" + ENTER + "sell when volume == 7\n"
    assert backtest_of(rules, bars(5, 7, 1)).trades[0].quantity == 0.5


def test_what_cannot_be_paid_is_not_bought_and_says_so() -> None:
    rules = "trade BTC/USDT on 1h\nbudget 1000 USDT\nsize 999.99 USDT\n" + ENTER + "sell when volume == 7\n"
    found = backtest_of(rules, bars(5, 7, 1), cash=1_000, fee=0.01)
    assert found.skipped == (("not enough cash", 1),)


def test_a_position_at_the_end_is_valued_at_the_last_close_with_the_fee_of_leaving() -> None:
    found = backtest_of(HEAD + ENTER + "stop loss 50%\n", bars(5, (100, 110, 100, 105, 1)), fee=0.001)
    assert trades(found) == [(1, 1, 100, 105, "end")]
    assert found.equity[-1] == pytest.approx(10_000 + 10 * 5 - 1 - 1.05)


def test_money_is_conserved() -> None:
    rules = ENTER + "sell 50% when volume == 7\nstop loss 3%\ntake profit 5%\n"
    rows = [5, (100, 103, 99, 102, 7), (101, 106, 100, 105, 5), (104, 104, 95, 96, 5), (96, 97, 94, 95, 1), 1]
    found = backtest_of(HEAD + rules, bars(*rows), fee=0.002, slippage=0.001)
    assert len(found.trades) > 2
    assert found.equity[-1] == pytest.approx(10_000 + sum(each.pnl for each in found.trades), rel=1e-12)


def test_a_position_s_values_in_rules() -> None:
    rules = ENTER + "sell when held >= 3\n"
    assert play(rules, 5, *[1] * 6) == [(1, 4, 100, 100, "signal")]
    assert play(ENTER + "sell when held >= 3h\n", 5, *[1] * 6) == [(1, 4, 100, 100, "signal")]
    rules = ENTER + "sell when profit > 4%\n"
    rows = [5, (100, 105, 100, 104, 1), (104, 105, 104, 104.5, 1), (105, 105, 105, 105, 1)]
    # 4 percent is not yet 4 percent after fees of 0.1% a side
    assert play(rules, *rows, fee=0.001)[0][:4] == (1, 3, 100, 105)


def test_a_ratio_of_position_values_may_divide_by_nothing() -> None:
    rules = ENTER + "sell when held / (position_high - entry_price) > 1000\nstop loss 3%\n"
    assert play(rules, 5, 1, 1, (100, 100, 96, 97, 1)) == [(1, 3, 100, 97, "stop")]
