"""10,000 strategy-market pairs after a candle close: `python -m benchmarks.live`.

200 markets, 500 distinct rule sets of two rules, each on 20 of the markets. One candle closes on all markets: columns
are extended, machines grow, every rule is judged with its trace, and all decisions go to SQLite in one batch. Best and
median of some candles, on one core.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, create_engine, text

from runtime.candles import Candles
from runtime.core.columns import SharedColumns
from runtime.core.machine.machine import Machine
from runtime.core.machine.tape import Costs
from runtime.ledger import decisions
from runtime.ledger.tables import metadata
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program

MARKETS, RULE_SETS, EACH, HISTORY, CANDLES = 200, 500, 20, 1_000, 8
HOUR_MS, START_MS = 3_600_000, 1_704_067_200_000
RULES = """trade {markets} on 1h
buy when rsi({length}) crosses below {below} and close > ema(close, {slow})
sell when rsi({length}) > 60
stop loss 3%
take profit 6%
size 4% of equity
"""


def candles_of(market: str, seed: int) -> Candles:
    """A random walk."""
    random, count = np.random.default_rng(seed), HISTORY + CANDLES
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    opened = np.append(100.0, close[:-1])
    high, low = np.maximum(opened, close) * 1.002, np.minimum(opened, close) * 0.998
    time_ms = START_MS + HOUR_MS * np.arange(count, dtype=np.int64)
    return Candles(market, "1h", time_ms, opened, high, low, close, random.uniform(1, 10, count))


def machines(shared: SharedColumns, names: list[str]) -> list[Machine]:
    """One machine a rule set; 10 lengths, 10 averages, 5 levels."""
    found = []
    for k in range(RULE_SETS):
        chosen = [names[(k * EACH + each) % MARKETS] for each in range(EACH)]
        rules = RULES.format(
            markets=", ".join(chosen), length=10 + k % 10, below=25 + k // 10 % 5, slow=100 + 10 * (k // 50)
        )
        program = build_program(compile_rules(rules, Limits()).strategy)
        found.append(Machine(program, shared.candles, Costs(), 10_000.0, START_MS, shared=shared))
    return found


def ledger_in(folder: str) -> Engine:
    """The tables of a ledger whose decisions need no strategies, written as carefully as the real one."""
    found = create_engine(f"sqlite:///{Path(folder) / 'live.db'}")
    metadata.create_all(found)
    with found.connect() as c:
        c.execute(text("PRAGMA journal_mode=WAL"))
    return found


def rows_of(run: int, machine: Machine, point: int, time_ms: int) -> tuple[list[decisions.Decision], float]:
    """The decisions of a machine as rows, and what judging took."""
    begin = time.perf_counter()
    machine.inside(point, lambda order: (_ for _ in ()).throw(AssertionError(order)))
    made = machine.close(point)
    judged = time.perf_counter() - begin
    outcome = {1.0: "true", 0.0: "false"}
    rows = [
        decisions.Decision(
            run, run, each.market, str(each.rule), time_ms, outcome.get(each.held, "unknown"), None,
            {"action": each.action, "readings": each.readings},
        )
        for each in made
    ]  # fmt: skip
    return rows, judged


def main() -> None:
    """Prints one line a part."""
    names = [f"M{k:03}/USDT" for k in range(MARKETS)]
    whole = {name: candles_of(name, k) for k, name in enumerate(names)}
    shared = SharedColumns({name: each.part(0, HISTORY) for name, each in whole.items()})
    live = machines(shared, names)
    shared.prepare()
    parts: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        ledger = ledger_in(folder)
        count = 0
        for point in range(HISTORY, HISTORY + CANDLES):
            shared.prepare()
            begin = time.perf_counter()
            shared.extend({name: each.part(point, point + 1) for name, each in whole.items()})
            extended = time.perf_counter()
            for each in live:
                each.grow()
            grown = time.perf_counter()
            rows: list[decisions.Decision] = []
            judging = 0.0
            for run, each in enumerate(live):
                made, took = rows_of(run + 1, each, point, int(each.times[point]))
                rows += made
                judging += took
            made_at = time.perf_counter()
            with ledger.begin() as c:
                decisions.record(c, rows)
                count = len(rows)
            written = time.perf_counter()
            for name, took in (
                ("columns extended", extended - begin),
                ("machines grown", grown - extended),
                ("evaluated, with traces", judging),
                ("made into rows", made_at - grown - judging),
                ("written to SQLite", written - made_at),
                ("all together", written - begin),
            ):
                parts.setdefault(name, []).append(took)
    print(f"{MARKETS} markets, {RULE_SETS} rule sets, {RULE_SETS * EACH:,} pairs, {count:,} decisions a candle")
    for name, taken in parts.items():
        print(f"{name:26} median {statistics.median(taken) * 1000:8.1f} ms   best {min(taken) * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
