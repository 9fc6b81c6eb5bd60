"""Costs and an exchange's steps and minimums in backtests: fills reckoned by hand."""

import json
import math

import pytest

from runtime.backtest import Venue
from runtime.exchange_rules import ExchangeRulesError, read_exchange_rules, venue_of, write_exchange_rules
from tests.made import backtest_of, candles_of

HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 10% of equity\nbuy when volume == 5\n"
FLAT = (100.0, 100.0, 100.0, 100.0)


def bars(*volumes: float):
    return candles_of([(*FLAT, volume) for volume in volumes])


def one(rules: str, *volumes: float, **costs):
    (trade,) = backtest_of(HEAD + rules, bars(*volumes), **costs).trades
    return trade


SELL = "sell when volume == 7\n"


def test_the_fee_is_paid_on_both_sides() -> None:
    trade = one(SELL, 5, 7, 1, fee=0.001)
    assert trade.quantity == pytest.approx(10) and trade.fees == pytest.approx(2)
    assert trade.pnl == pytest.approx(-2)


def test_half_the_spread_is_paid_on_each_side_and_slippage_on_top() -> None:
    trade = one(SELL, 5, 7, 1, spread=0.02, slippage=0.005)
    assert (trade.entry_price, trade.exit_price) == (pytest.approx(101.5), pytest.approx(98.5))
    assert trade.quantity == pytest.approx(1000 / 101.5)


def test_impact_is_the_root_of_the_share_of_the_candle_s_volume() -> None:
    # 10 coins of the entry candle's 40 are a quarter: half of 2%; of the exit candle's 2,500 less than 10: sqrt
    trade = one(SELL, 5, 40, 7, 2500, 1, impact=0.02)
    assert trade.entry_price == pytest.approx(100 * (1 + 0.02 * math.sqrt(10 / 40)))
    quantity = 1000 / trade.entry_price
    assert trade.quantity == pytest.approx(quantity)
    assert trade.exit_price == pytest.approx(100 * (1 - 0.02 * math.sqrt(quantity / 2500)))


def test_an_add_has_impact_too() -> None:
    rows = [(*FLAT, 5), (*FLAT, 40), (100, 112, 100, 110, 1000), (110, 110, 110, 110, 1)]
    found = backtest_of(HEAD + "stop loss 50%\nadd 1000 USDT at 10% above entry\n", candles_of(rows), impact=0.02)
    entry = 100 * 1.01
    rung = entry * 1.1
    add = rung * (1 + 0.02 * math.sqrt((1000 / rung) / 1000))
    coins = 1000 / entry + 1000 / add
    assert sum(each.quantity for each in found.trades) == pytest.approx(coins)


def test_quantities_are_rounded_down_to_the_step() -> None:
    trade = one(SELL, 5, 7, 1, venue={"BTC/USDT": Venue(step=3)})
    assert trade.quantity == 9


@pytest.mark.parametrize("venue", [Venue(least_quantity=10.5), Venue(least_money=1000.5), Venue(step=11)])
def test_an_order_below_the_least_is_refused_and_counted(venue: Venue) -> None:
    found = backtest_of(HEAD + SELL, bars(5, 7, 1), venue={"BTC/USDT": venue})
    assert found.trades == () and found.skipped == (("below the venue's minimum", 1),)


@pytest.mark.parametrize("venue", [Venue(least_quantity=10), Venue(least_money=1000), Venue(step=10)])
def test_an_order_of_just_the_least_is_taken(venue: Venue) -> None:
    assert one(SELL, 5, 7, 1, venue={"BTC/USDT": venue}).quantity == pytest.approx(10)


def test_a_part_below_the_least_is_not_sold_and_counted_and_the_rest_is_sold_whole() -> None:
    rules = "sell 20% when volume == 7\nsell when volume == 8\n"
    found = backtest_of(HEAD + rules, bars(5, 7, 1, 8, 1), venue={"BTC/USDT": Venue(least_quantity=3)})
    assert [each.quantity for each in found.trades] == [pytest.approx(10)]
    assert found.skipped == (("below the venue's minimum", 1),)
    found = backtest_of(HEAD + rules, bars(5, 7, 1, 8, 1), venue={"BTC/USDT": Venue(least_quantity=2)})
    assert [each.quantity for each in found.trades] == [pytest.approx(2), pytest.approx(8)]


BINANCE = {"limits": {"amount": {"min": 0.00001, "max": 9000}, "cost": {"min": 5}}, "precision": {"amount": 1e-5}}


def test_rules_of_an_exchange_as_ccxt_tells_them(tmp_path) -> None:
    assert venue_of(BINANCE) == Venue(1e-5, 0.00001, 5)
    assert venue_of({"precision": {"amount": 3}, "limits": {"cost": None}}, 2) == Venue(0.001, 0, 0)
    path = tmp_path / "rules.json"
    write_exchange_rules(path, "binance", "BTC/USDT", BINANCE, 4)
    write_exchange_rules(path, "binance", "ETH/USDT", {}, 4)
    assert read_exchange_rules(path) == {"BTC/USDT": Venue(1e-5, 0.00001, 5), "ETH/USDT": Venue()}
    with pytest.raises(ExchangeRulesError, match="another exchange"):
        write_exchange_rules(path, "kraken", "BTC/USDT", BINANCE, 4)
    path.write_text(json.dumps({"BTC/USDT": BINANCE}))
    assert read_exchange_rules(path) == {"BTC/USDT": Venue(1e-5, 0.00001, 5)}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"BTC/USDT": {"precision": {"amount": "x"}}}', '{"BTC/USDT": {"precision": {"amount": -1}}}',
     '{"precisionMode": 3, "markets": {"BTC/USDT": {}}}', '{"BTC/USDT": {"limits": 5}}'],
)  # fmt: skip
def test_broken_rules_are_told(tmp_path, text: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(text)
    with pytest.raises(ExchangeRulesError):
        read_exchange_rules(path)
