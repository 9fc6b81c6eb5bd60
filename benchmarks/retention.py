"""How large the database of a year of minutes is: `python -m benchmarks.retention [DAYS]`.

The issue's rule on the candles of ../shared/market-data: every minute's two decisions with their traces are written in
one batch a day, and at the end of each day what is older than 30 days is dropped, as the engine does. Printed is the
size of the SQLite file (vacuumed) with and without dropping, and what the last day's dropping took.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import text

from benchmarks.live import ledger_in
from runtime.backtest import Costs, run_backtest
from runtime.core.columns import SharedColumns
from runtime.feeds.files import load_candles
from runtime.ledger import decisions
from runtime.near_miss import distance_of
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse_expression
from strategy_dsl.program import build_program
from tests.candle_files import REAL_FOLDER

RULES = """trade BTC/USDT on 1m
buy when rsi(14) crosses below 30 and close > ema(close, 200)
sell when rsi(14) > 60
stop loss 3%
take profit 6%
size 10% of equity
"""
MINUTES = 1_440
WORDS = {1.0: "true", 0.0: "false"}


def rows_of_a_year() -> list[list[decisions.Decision]]:
    """The decisions of each day."""
    candles = load_candles(REAL_FOLDER / "bench" / "bench-1m.parquet", "BTC/USDT")
    shared = SharedColumns({"BTC/USDT": candles})
    program = build_program(compile_rules(RULES, Limits()).strategy)
    found = run_backtest(program, shared.candles, 100_000.0, Costs(0.001), shared=shared)
    of = shared.of("BTC/USDT")
    texts = ("rsi(14)", "rsi(14) crosses below 30", "ema(close, 200)", "close > ema(close, 200)", "rsi(14) > 60")
    rsi, crossed, average, above, strong = (of.of(parse_expression(each)).tolist() for each in texts)
    close, times, held = candles.close.tolist(), candles.time.tolist(), (found.exposure != 0).tolist()
    bought = of.of(program.entries[0].condition).tolist()
    days: list[list[decisions.Decision]] = []
    for i, at in enumerate(times):
        if i % MINUTES == 0:
            days.append([])
        first = [[crossed[i], rsi[i], 30.0], [above[i], close[i], average[i]]]
        second = [[strong[i], rsi[i], 60.0]]
        for rule, outcome, readings, done in ((1, bought[i], first, "enter"), (2, strong[i], second, "exit")):
            known = [[None if np.isnan(each) else each for each in leaf] for leaf in readings]
            idle = "flat" if rule == 2 and not held[i] else "none"
            action = done if outcome == 1 and idle == "none" and held[i] == (rule == 2) else idle
            days[-1].append(
                decisions.Decision(
                    1, 1, "BTC/USDT", str(rule), at, WORDS.get(outcome, "unknown"), distance_of(outcome, known),
                    {"action": action, "readings": known},
                )
            )  # fmt: skip
    return days


def kept(days: list[list[decisions.Decision]], dropping: bool) -> tuple[float, int, float]:
    """Size in MB, rows, and what the last dropping took in ms."""
    with tempfile.TemporaryDirectory() as folder:
        ledger, took = ledger_in(folder), 0.0
        for rows in days:
            with ledger.begin() as c:
                decisions.record(c, rows)
                if dropping:
                    begin = time.perf_counter()
                    end = rows[-1].candle_time + 60_000
                    decisions.forget_quiet(c, 1, end - decisions.KEPT_DAYS * MINUTES * 60_000)
                    took = (time.perf_counter() - begin) * 1000
        with ledger.connect() as c:
            count = int(c.execute(text("SELECT count(*) FROM decisions")).scalar_one())
        with ledger.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.execute(text("VACUUM"))
            c.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return (Path(folder) / "live.db").stat().st_size / 1e6, count, took


def main() -> None:
    """Prints two lines."""
    days = rows_of_a_year()[: int(sys.argv[1]) if len(sys.argv) > 1 else None]
    for dropping in (True, False):
        size, count, took = kept(days, dropping)
        what = "as kept" if dropping else "everything kept"
        print(f"{len(days)} days, {what}: {size:.0f} MB, {count:,} decisions; last dropping {took:.0f} ms")


if __name__ == "__main__":
    main()
