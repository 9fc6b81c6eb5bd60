"""How cost grows: `python -m benchmarks.curve`. Linear in candles and in distinct columns, not in strategies.

A year of one-minute candles, cut shorter for the first table. Medians of some runs, ratios to the first row.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from runtime.backtest import Costs, run_backtest
from runtime.candles import Candles
from runtime.core.allocation import keep_freed_memory
from runtime.core.columns import SharedColumns
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import Program, build_program

RULES = """trade BTC/USDT on 1m
buy when rsi({length}) crosses below {below} and close > ema(close, 200)
sell when rsi({length}) > 60
stop loss 3%
take profit 6%
size 10% of equity
"""
TIMES = 7
CANDLES = 525_600


def walk(count: int) -> Candles:
    """A random walk, so that the figures need no file."""
    random = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.0008, count)))
    opened = np.append(100.0, close[:-1])
    high, low = np.maximum(opened, close) * 1.0002, np.minimum(opened, close) * 0.9998
    times = 1_704_067_200_000 + 60_000 * np.arange(count, dtype=np.int64)
    return Candles("BTC/USDT", "1m", times, opened, high, low, close, np.ones(count))


def program(length: int = 14, below: int = 30) -> Program:
    """One strategy."""
    return build_program(compile_rules(RULES.format(length=length, below=below), Limits()).strategy)


def took(work: Callable[[], object]) -> float:
    """The median of some runs, in ms, the first left out."""
    work()
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def printed(title: str, unit: str, rows: list[tuple[int, float]]) -> None:
    """A table with the ratio to the first row."""
    print(f"\n| {title} | ms | ratio of {unit} | ratio of time |\n|---|---|---|---|")
    for count, milliseconds in rows:
        print(f"| {count:,} | {milliseconds:.1f} | {count / rows[0][0]:.1f} | {milliseconds / rows[0][1]:.1f} |")


def main() -> None:
    """Three tables."""
    keep_freed_memory()
    whole = walk(CANDLES)
    one = program()

    def backtest(candles: Candles) -> None:
        run_backtest(one, {"BTC/USDT": candles}, 1e5, Costs())

    def together(programs: list[Program]) -> None:
        candles = {"BTC/USDT": whole}
        shared = SharedColumns(candles, 400_000_000)
        for each in programs:
            run_backtest(each, candles, 1e5, Costs(), shared=shared)

    sizes = [CANDLES // 16, CANDLES // 8, CANDLES // 4, CANDLES // 2, CANDLES]
    printed("candles", "candles", [(size, took(lambda n=size: backtest(whole.part(0, n)))) for size in sizes])
    lengths = [1, 2, 4, 8]
    rows = [(n, took(lambda n=n: together([program(14 + k) for k in range(n)]))) for n in lengths]
    printed("strategies, each with RSI columns of its own", "strategies", rows)
    rows = [(n, took(lambda n=n: together([one] * n))) for n in (*lengths, 16)]
    printed("strategies on the same columns", "strategies", rows)


if __name__ == "__main__":
    main()
