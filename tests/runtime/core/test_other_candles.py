"""Heikin-Ashi candles, calendar months and markets that are read but not traded."""

import numpy as np

from runtime.backtest import Costs, run_backtest
from runtime.candles import Candles
from runtime.core.columns import Columns
from runtime.core.heikin_ashi import heikin_ashi
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse_expression
from strategy_dsl.program import build_program
from strategy_dsl.timeframes import UNITS_MS
from tests.made import candles_of as made

DAY_MS = UNITS_MS["d"]

ROWS = [(10.0, 12.0, 9.0, 11.0), (11.0, 14.0, 10.0, 13.0), (13.0, 13.5, 9.0, 9.5)]


def of(text: str, candles: Candles, **others: Candles) -> list[float]:
    node = parse_expression(text)
    assert node is not None
    return Columns(candles, others).of(node).tolist()


def test_heikin_ashi_by_hand() -> None:
    candles = made(ROWS)
    averaged = heikin_ashi(candles)
    assert averaged.close.tolist() == [10.5, 12.0, 11.25]
    assert averaged.open.tolist() == [10.5, 10.5, 11.25]
    assert averaged.high.tolist() == [12.0, 14.0, 13.5]
    assert averaged.low.tolist() == [9.0, 10.0, 9.0]
    assert of("close of heikin_ashi", candles) == averaged.close.tolist()
    assert of("close of heikin_ashi > open of heikin_ashi", candles) == [0, 1, 0]


def test_a_month_is_a_calendar_month() -> None:
    start = int(np.datetime64("2024-01-01").astype("datetime64[ms]").astype(int))
    days = 95
    close = np.arange(1.0, days + 1)
    candles = Candles("BTC/USDT", "1d", start + DAY_MS * np.arange(days), close, close, close, close, close)
    found = of("close on 1mo", candles)
    # January has 31 days, February of 2024 has 29: their last closes are 31 and 60
    assert np.isnan(found[:30]).all()
    assert set(found[30:59]) == {31.0}
    assert set(found[59:90]) == {60.0}
    assert set(found[90:]) == {91.0}


def test_a_market_can_be_read_without_being_traded() -> None:
    text = "trade ETH/USDT on 1h\nbuy when close of BTC/USDT > 12\nexit after 1 bar\nbudget 1,000 USDT"
    program = build_program(compile_rules(text, Limits()).strategy)
    assert program.markets == ("ETH/USDT",)
    assert program.reads == ("ETH/USDT", "BTC/USDT")
    eth, btc = made(ROWS, market="ETH/USDT"), made(ROWS, market="BTC/USDT")
    found = run_backtest(program, {"ETH/USDT": eth, "BTC/USDT": btc}, 1_000, Costs(0, 0))
    assert [(trade.market, trade.entry_price) for trade in found.trades] == [("ETH/USDT", 13.0)]
