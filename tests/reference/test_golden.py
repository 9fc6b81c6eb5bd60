"""The reference against other engines' trades on the same candles: times, reasons, prices, quantities, results."""

import pytest

from strategy_dsl.parser import parse
from tests.candle_files import real_candles
from tests.reference.machine import run
from tests.runtime.test_golden import FINAL, PRESETS, expected, printed


@pytest.mark.parametrize("case", FINAL)
def test_every_trade_is_the_rule_books(case: str) -> None:
    preset, candles = case.split("-")
    theirs = expected("ref-numba", case)
    market = real_candles(f"bench/bench-{candles}.parquet", "BTC/USDT")
    ours = run(parse(PRESETS[preset]).strategy, {"BTC/USDT": market}, 100_000.0, 0.001)
    assert len(ours.trades) == len(theirs)
    for mine, other in zip(ours.trades, theirs, strict=True):
        assert (mine.entry_time, mine.exit_time) == (int(other["entry_time"]), int(other["exit_time"]))
        assert mine.kind == other["exit_reason"]
        pairs = (
            (mine.entry_price, "entry_price"),
            (mine.exit_price, "exit_price"),
            (mine.quantity, "qty"),
            (mine.pnl, "pnl"),
        )
        for value, column in pairs:
            assert printed(value, other[column]), (column, value, other)
    assert ours.equity[-1][1] == pytest.approx(FINAL[case], rel=1e-9)
