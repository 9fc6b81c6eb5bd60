"""Made candles and compiled rules for tests of the engine."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from runtime.backtest import Backtest, Costs, run_backtest
from runtime.candles import Candles
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits, Paper
from strategy_dsl.program import Program, build_program
from strategy_dsl.timeframes import timeframe_ms
from tests.candle_files import COLUMNS, MONDAY_MS

OPEN = Limits(
    paper=Paper.model_validate(
        {
            "daily_loss_percent": 100, "daily_halt_percent": 100, "drawdown_percent": 100, "orders_a_minute": 60,
            "orders_a_day": 2000, "stale_candles": 10, "drift_percent": 100,
        }
    )
)  # fmt: skip
"""Limits that no sensible test meets by accident."""


def program_of(rules: str, limits: Limits = OPEN) -> Program:
    """Checked rules as a program."""
    return build_program(compile_rules(rules, limits).strategy)


def candles_of(
    rows: Sequence[Sequence[float]], market: str = "BTC/USDT", timeframe: str = "1h", start_ms: int = MONDAY_MS
) -> Candles:
    """Candles from rows of open, high, low, close (and volume, 1 where not given)."""
    table = np.array([[*row, 1.0][:5] for row in rows], dtype=np.float64)
    time = start_ms + timeframe_ms(timeframe) * np.arange(len(rows), dtype=np.int64)
    return Candles(market, timeframe, time, *(np.ascontiguousarray(table[:, at]) for at in range(5)))


def flat(close: float, count: int = 1) -> list[tuple[float, float, float, float]]:
    """Candles on which nothing moves."""
    return [(close, close, close, close)] * count


def walk_candles(
    count: int, seed: int, market: str = "BTC/USDT", timeframe: str = "1h", start_ms: int = MONDAY_MS, gaps: bool = True
) -> Candles:
    """A random walk with still stretches and gaps between candles."""
    random = np.random.default_rng(seed)
    steps = random.normal(0, 0.012, count) * (random.random(count) > 0.05)
    close = 100 * np.exp(np.cumsum(steps))
    jump = random.normal(0, 0.006, count) * (random.random(count) < (0.1 if gaps else 0))
    opened = np.append(100.0, close[:-1]) * (1 + jump)
    spread = np.abs(random.normal(0, 0.006, (2, count))) * (random.random(count) > 0.05)
    high, low = np.maximum(opened, close) * (1 + spread[0]), np.minimum(opened, close) * (1 - spread[1])
    time = start_ms + timeframe_ms(timeframe) * np.arange(count, dtype=np.int64)
    return Candles(market, timeframe, time, opened, high, low, close, random.integers(1, 50, count).astype(np.float64))


def backtest_of(
    rules: str, *candles: Candles, cash: float = 10_000.0, fee: float = 0.0, slippage: float = 0.0, **more: Any
) -> Backtest:
    """A backtest of rules; `more` are further costs, and arguments of `run_backtest`."""
    named = {each.name for each in fields(Costs)}
    costs = Costs(fee, slippage, **{name: value for name, value in more.items() if name in named})
    rest = {name: value for name, value in more.items() if name not in named}
    return run_backtest(program_of(rules), {each.market: each for each in candles}, cash, costs, **rest)


def changed_after(candles: Candles, index: int, seed: int) -> Candles:
    """The same candles up to and with `index`; what follows is another market's."""
    later = np.random.default_rng(seed)
    columns = []
    for name in COLUMNS:
        column = getattr(candles, name).copy()
        if name != "time":
            column[index + 1 :] *= later.uniform(0.2, 5, len(column) - index - 1)
        columns.append(column)
    return Candles(candles.market, candles.timeframe, *columns)
