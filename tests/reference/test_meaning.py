"""Sentences of Meaning 5 to 9 that no table of clauses shows, and the names of position, past and strategy."""

from decimal import Decimal
from typing import Any

import pytest

from strategy_dsl.defaults import completed
from tests.candle_files import MONDAY_MS, without
from tests.made import candles_of
from tests.reference.machine import Run
from tests.reference.scenes import BTC, ETH, HOUR, brief, fills, flat, path, play, strategy_of, ups

BUY = "size 100 USDT\nbuy when hour == 0\n"
IN = (1, "buy", 1.0, 100, "entry")
TWO = f"trade {BTC} and {ETH} on 1h\n"


def recorded(text: str, rows: list[Any], fee: float = 0.0) -> list[dict[str, Any]]:
    """What the names were at each close."""
    strategy = completed(strategy_of(f"trade {BTC} on 1h\n{text}"), Decimal(1000))[0]
    played = Run(strategy, {BTC: candles_of(rows)}, 1000.0, fee, 0.0, {})
    played.play()
    return [played.world.recorded[BTC, i] for i in range(len(rows))]


def column(text: str, rows: list[Any], name: str, fee: float = 0.0) -> list[Any]:
    return [each.get(name) for each in recorded(text, rows, fee)]


# 5


def test_an_order_waits_for_the_next_candle_of_its_market() -> None:
    holed = without(candles_of(flat(100, 6)), 1, 2)
    assert brief(play(BUY, {BTC: holed})) == [(3, "buy", 1.0, 100, "entry")]


def test_nothing_decided_at_the_last_close_is_filled() -> None:
    assert fills(BUY, flat(100, 1)) == []


# 7


def test_halts_and_pauses_come_before_entries_of_the_same_candle() -> None:
    assert fills(BUY + "halt when hour == 0", flat(100, 3)) == []
    assert fills(BUY + "pause 1h when hour == 0", flat(100, 3)) == []


def test_a_stop_hit_inside_a_candle_does_not_block_an_entry_at_its_close() -> None:
    text = "size 100 USDT\nbuy when hour < 2\nstop loss 3%"
    assert fills(text, [*flat(100), (100, 100, 97, 100), *flat(100)]) == [
        IN, (1, "sell", 1.0, 97, "stop"), (2, "buy", 1.0, 100, "entry"),
    ]  # fmt: skip


def test_an_exit_rule_that_is_true_while_flat_blocks_nothing() -> None:
    assert fills("size 100 USDT\nbuy when hour == 0\nsell when hour == 0", flat(100, 3)) == [IN]


def test_a_part_blocks_its_own_side_and_keeps_its_place() -> None:
    rows = {BTC: flat(100, 5), ETH: flat(100, 5)}
    text = (
        TWO
        + f"size 100 USDT\nbuy when hour == 0\nsell 50% when hour == 1\nbuy when hour == 1 and close of {ETH} > 0\nat most 1 open position"
    )
    assert brief(play(text, rows), markets=True) == [(*IN, BTC), (2, "sell", 0.5, 100, "signal", BTC)]


def test_two_exits_of_one_candle_sell_no_more_than_there_is() -> None:
    text = BUY + "sell 50% when hour == 1\nsell when hour == 1\nsell 50% when hour == 1"
    assert fills(text, flat(100, 4)) == [IN, (2, "sell", 0.5, 100, "signal"), (2, "sell", 0.5, 100, "signal")]


# 8


def test_levels_are_frozen_at_the_deciding_candle() -> None:
    rows = [(100, 102, 98, 100), (100, 130, 100, 100), (100, 100, 95, 97)]
    assert fills(BUY + "stop loss high - low", rows) == [IN, (2, "sell", 1.0, 96, "stop")]


def test_a_percent_is_of_price_never_of_margin() -> None:
    text = f"trade {BTC} perpetual on 1h\nleverage 5x\n{BUY}stop loss 3%"
    assert fills(text, [*flat(100, 2), (100, 100, 96, 98)]) == [IN, (2, "sell", 1.0, 97, "stop")]


def test_what_is_skipped_is_logged() -> None:
    found = play(BUY + "stop loss at high + 1", flat(100, 3))
    assert found.skipped == [(MONDAY_MS + HOUR, BTC, "the stop is on the wrong side")]
    assert [each.action for each in found.decisions if each.held] == ["the stop is on the wrong side"]


# 9


def test_a_following_stop_counts_with_its_first_distance() -> None:
    rows = [(100, 101, 95, 100), (100, 100, 99, 100)]
    found = fills("buy when hour == 0\nsize risk 1% of equity\nstop loss at low, following", rows)
    assert found == [(1, "buy", 2.0, 100, "entry")]


# names


def test_names_of_the_position() -> None:
    rows = [*flat(100), (100, 104, 98, 102), (102, 103, 101, 101), *flat(101, 2)]
    text = BUY + "sell when hour == 2"
    assert column(text, rows, "held") == [None, 1, 2, None, None]
    assert column(text, rows, "profit") == [None, pytest.approx(0.02), pytest.approx(0.01), None, None]
    assert column(text, rows, "entry_price") == [None, 100, 100, None, None]
    assert column(text, rows, "position_high") == [None, 104, 104, None, None]
    assert column(text, rows, "position_low") == [None, 98, 98, None, None]
    assert column(text, rows, "decided") == [None, 0, 0, None, None]


def test_profit_is_after_both_fees_on_the_average_entry() -> None:
    text = BUY + "add 100 USDT when hour == 1, at most 1 times"
    found = column(text, path(100, 100, 110, 121), "profit", fee=0.01)
    assert found[1] == pytest.approx(-0.02)
    average = 100  # the second 100 USDT were bought at the open of candle 2, which is 100
    assert found[2] == pytest.approx((110 - average) / average - 0.01 - 0.011)


def test_targets_hit() -> None:
    rows = [*flat(100, 2), (100, 105, 100, 104), *flat(104)]
    assert column(BUY + "take profit 4% for 50%, 8%", rows, "targets_hit") == [None, 0, 1, 1]


def test_names_of_the_last_trade() -> None:
    rows = [*flat(100, 2), (100, 100, 96, 98), *flat(98)]
    text = BUY + "stop loss 3%"
    assert column(text, rows, "last_exit_price") == [None, None, 97, 97]
    assert column(text, rows, "last_exit_reason") == [None, None, "stop", "stop"]
    assert column(text, rows, "last_profit") == [None, None, pytest.approx(-0.03), pytest.approx(-0.03)]
    assert column(text, rows, "last_entry_price") == [None, 100, 100, 100]


def test_names_of_the_strategy() -> None:
    rows = [*path(100, 100, 90), *flat(90, 22), *flat(90, 2)]
    text = "size 1,000 USDT\nbuy when hour == 0 and day_of_month == 1"
    names = recorded(text, rows)
    assert [each["drawdown"] for each in names[:4]] == [0, 0, pytest.approx(0.1), pytest.approx(0.1)]
    assert names[23]["day_loss"] == pytest.approx(0.1) and names[24]["day_loss"] == 0
    assert names[23]["entries_today"] == 1 and names[24]["entries_today"] == 0
    assert names[3]["losses_in_a_row"] == 0


def test_losses_are_counted_in_a_row_and_since() -> None:
    rows = path(*[100.0 - i for i in range(8)])
    text = "size 100 USDT\nbuy when close > 0\nexit after 1h"
    assert column(text, rows, "losses_in_a_row") == [0, 0, 1, 1, 2, 2, 3, 3]
    won = [*rows, *ups(*[93.0] * 3)]
    assert column(text + "\ntake profit 0.5%", won, "losses_in_a_row")[-2:] == [0, 0]
    asked = 'size 100 USDT\nbuy when hour < 6\nexit after 1h\nalert "bad" when losses_since(4h) >= 2'
    assert [(each.time - MONDAY_MS) / HOUR for each in play(asked, rows).alerts] == [5, 7]


def test_a_name_that_was_never_known_needs_known() -> None:
    text = "size 100 USDT\nbuy when not known(last_exit_price) or close > 2% above last_exit_price\nsell when hour == 1"
    rows = path(100, 100, 100, 101, 103, 103)
    assert fills(text, rows) == [IN, (2, "sell", 1.0, 100, "signal"), (5, "buy", 0.970874, 103, "entry")]


def test_at_entry_is_the_value_on_the_deciding_candle() -> None:
    text = BUY + "sell when close < at_entry(low) - 1"
    rows = [(100, 101, 97, 100), *path(100, 97, 95.9, 95)]
    assert fills(text, rows) == [IN, (4, "sell", 1.0, 95.9, "signal")]


def test_the_equity_is_the_budget_with_realised_and_open_results() -> None:
    found = play("size 500 USDT\nbuy when hour == 0\nsell when hour == 2", path(100, 100, 110, 120))
    assert [money for _, money in found.equity] == [1000, 1000, 1050, 1050]


def test_the_same_again_gives_the_same() -> None:
    rows = path(100, 99, 98, 99, 100, 101)
    text = "buy when close is rising\nsell when close is falling\nstop loss 1%"
    assert play(text, rows) == play(text, rows)
