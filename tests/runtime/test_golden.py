"""Our backtest against other engines' trades on the same candles: ../shared/golden is the judge."""

import csv
from pathlib import Path

import pytest

from runtime.backtest import Backtest, Costs, run_backtest
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program
from tests.candle_files import real_candles

GOLDEN = Path(__file__).parents[3] / "shared" / "golden"
RULES = """trade BTC/USDT on 1h
budget 100000 USDT
buy when rsi(14) crosses below {level} and close > ema(close, {trend})
sell when rsi(14) > 60
stop loss {stop}%
take profit {target}%
size 10% of equity
"""
PRESETS = {
    "base": RULES.format(level=30, trend=200, stop=3, target=6),
    "dense": RULES.format(level=45, trend=100, stop=1, target=2),
}
FINAL = {"base-1h": 98538.24494660541, "dense-1h": 96347.32207427925, "dense-gap": 97468.66284021141}
COUNTS = {
    "dense-1h": {"stop": 83, "target": 22, "signal": 28},
    "dense-gap": {"stop": 82, "target": 48, "signal": 1},
}


def played(case: str) -> Backtest:
    preset, candles = case.split("-")
    market = real_candles(f"bench/bench-{candles}.parquet", "BTC/USDT")
    program = build_program(compile_rules(PRESETS[preset], Limits()).strategy)
    return run_backtest(program, {"BTC/USDT": market}, 100_000.0, Costs(0.001, 0.0))


def expected(engine: str, case: str) -> list[dict[str, str]]:
    path = GOLDEN / f"{engine}.{case}.csv"
    if not path.exists():
        pytest.skip(f"other engines' trades are not here: {path.name} of ../shared/golden")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def printed(ours: float, theirs: str) -> bool:
    """Equal to 1e-9, or to the last digit printed where fewer were."""
    last_digit = 10.0 ** -len(theirs.partition(".")[2])
    return abs(ours - float(theirs)) <= max(1e-9 * abs(float(theirs)), 0.51 * last_digit)


@pytest.mark.parametrize("case", FINAL)
@pytest.mark.parametrize("engine", ["ref-numba", "backtrader"])
def test_every_trade_is_theirs(engine: str, case: str) -> None:
    theirs, ours = expected(engine, case), played(case).trades
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine.entry_ms, mine.exit_ms) == (int(other["entry_time"]), int(other["exit_time"]))
        reason = mine.kind
        assert reason == other["exit_reason"], other
        for value, column in (
            (mine.entry_price, "entry_price"),
            (mine.exit_price, "exit_price"),
            (mine.quantity, "qty"),
            (mine.pnl, "pnl"),
        ):
            assert printed(value, other[column]), (column, value, other)


@pytest.mark.parametrize("case", FINAL)
def test_the_equity_at_the_end_is_theirs(case: str) -> None:
    found = played(case)
    assert float(found.equity[-1]) == pytest.approx(FINAL[case], rel=1e-12)
    assert float(found.equity[-1]) == pytest.approx(100_000 + sum(each.pnl for each in found.trades), rel=1e-12)


@pytest.mark.parametrize("case", COUNTS)
def test_the_ways_out_are_counted_as_in_the_rule_book(case: str) -> None:
    kinds = [each.kind for each in played(case).trades]
    assert {kind: kinds.count(kind) for kind in COUNTS[case]} == COUNTS[case]
