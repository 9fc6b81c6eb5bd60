"""Sayso: from rules text to finished trades."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from measure import COMBINATIONS, measured

from runtime.backtest import Costs, run_backtest
from runtime.cells import Cells
from runtime.core.allocation import keep_freed_memory
from runtime.feeds.files import load_candles
from runtime.sweep import combinations_of
from runtime.variants import History
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program
from strategy_dsl.ranges import choices

RULES = """trade BTC/USDT on {timeframe}
buy when rsi({length}) crosses below {below} and close > ema(close, 200)
sell when rsi({length}) > 60
stop loss 3%
take profit 6%
size 10% of equity
"""


VARIED = [
    f"{number}={','.join(str(each) for each in sorted({pair[place] for pair in COMBINATIONS}))}"
    for place, number in enumerate(("1", "2"))
]
"""The first two numbers of the rules: the length of the RSI, and what it falls below."""


def load(path):
    """The candles as Sayso reads them."""
    return {"BTC/USDT": load_candles(Path(path), "BTC/USDT")}


def backtest(candles):
    """Rules text -> trades."""
    rules = RULES.format(timeframe=candles["BTC/USDT"].timeframe, length=14, below=30)
    program = build_program(compile_rules(rules, Limits()).strategy)
    return run_backtest(program, candles, 100_000.0, Costs(fee=0.001))


def combinations(candles):
    """One text with two of its numbers varied, as `sayso sweep` does; trades and equity of each."""
    strategy = compile_rules(RULES.format(timeframe="1h", length=14, below=30), Limits()).strategy
    history = History(candles, 100_000.0, Costs(fee=0.001))
    every = combinations_of(strategy, choices(strategy, VARIED), history)
    cells = Cells(every, history)
    return sum(len(cells.run(each)[0]) for each in every.all())


keep_freed_memory()
if __name__ == "__main__":
    measured(load, (lambda candles: len(backtest(candles).trades)) if sys.argv[1] == "year" else combinations)
