"""Speed of what a person waits for: run with `.venv/bin/python benchmarks/speed.py`. No test depends on it."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from runtime.backtest import Costs, run_backtest
from runtime.feeds.simulated import simulated_candles
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program
from strategy_dsl.readback import readback

RULES = """trade BTC/USDT on {}
buy when rsi(14) crosses below 30 and close > ema(close, 200)
sell when rsi(14) > 60
stop loss 3%
take profit 6%
size 10% of equity
"""
ENGLISH = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%\nquit\n"


def best(work: Callable[[], object], times: int = 7) -> float:
    """The median of some runs in ms, the first left out."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def first_reply() -> float:
    """A cold process from start to the end of its first answer, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        argv = [sys.executable, "-m", "bot", "chat", "--data-dir", folder, "--simulated"]
        subprocess.run(argv, input=ENGLISH, text=True, capture_output=True, check=True)
        return (time.perf_counter() - start) * 1000


def main() -> None:
    """Prints one line a figure."""
    limits = Limits()
    compiled = compile_rules(RULES.format("1h"), limits)
    program = build_program(compiled.strategy)
    year = {"BTC/USDT": simulated_candles("BTC/USDT", "1h", 7, 1_704_067_200_000, 8_760)}
    minutes = {"BTC/USDT": simulated_candles("BTC/USDT", "1m", 7, 1_704_067_200_000, 525_600)}
    minute_program = build_program(compile_rules(RULES.format("1m"), limits).strategy)
    rows = (
        ("compile, check, envelope", best(lambda: compile_rules(RULES.format("1h"), limits))),
        ("readback", best(lambda: readback(compiled.strategy, lambda field, value: True))),
        ("backtest of a year of hours", best(lambda: run_backtest(program, year, 10_000, Costs()))),
        ("backtest of a year of minutes", best(lambda: run_backtest(minute_program, minutes, 10_000, Costs()), 3)),
        ("first reply of a cold process", statistics.median(first_reply() for _ in range(3))),
    )
    for name, milliseconds in rows:
        print(f"{name:32} {milliseconds:10.1f} ms")


if __name__ == "__main__":
    main()
