"""Sayso: from rules text to finished trades."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from measure import COMBINATIONS, measured

from runtime.backtest import Costs, run_backtest
from runtime.core.allocation import keep_freed_memory
from runtime.core.columns import SharedColumns
from runtime.feeds.files import load_candles
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program

RULES = """trade BTC/USDT on {timeframe}
buy when rsi({length}) crosses below {below} and close > ema(close, 200)
sell when rsi({length}) > 60
stop loss 3%
take profit 6%
size 10% of equity
"""


def load(path):
    """The candles as Sayso reads them."""
    return {"BTC/USDT": load_candles(Path(path), "BTC/USDT")}


def backtest(candles, length=14, below=30, shared=None):
    """Rules text -> trades."""
    rules = RULES.format(timeframe=candles["BTC/USDT"].timeframe, length=length, below=below)
    program = build_program(compile_rules(rules, Limits()).strategy)
    return run_backtest(program, candles, 100_000.0, Costs(fee=0.001), shared=shared)


def combinations(candles):
    """100 texts on the same columns."""
    shared = SharedColumns(candles)
    return sum(len(backtest(candles, length, below, shared).trades) for length, below in COMBINATIONS)


keep_freed_memory()
measured(load, (lambda candles: len(backtest(candles).trades)) if sys.argv[1] == "year" else combinations)
