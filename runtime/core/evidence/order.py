"""Monte Carlo of trade order: how deep the same trades could have fallen in another order."""

from collections.abc import Sequence

import numpy as np

from runtime.candles import Floats, Times
from runtime.core.trades import Closed

SHUFFLES = 1_000
WORST = 0.95
DRAWS_AT_ONCE = 1_000_000
"""Keeps the memory of many trades at some megabytes."""


def account_returns(trades: Sequence[Closed], times: Times, equity: Floats) -> Floats:
    """What each trade (or part of one) did to the account: its result over the equity at its entry's candle."""
    entries = np.array([each.entry_ms for each in trades], dtype=np.int64)
    at = np.clip(np.searchsorted(times, entries, side="right") - 1, 0, len(times) - 1)
    found: Floats = np.array([each.pnl for each in trades]) / equity[at]
    return found


def shuffled_drawdown(returns: Floats, seed: int) -> float | None:
    """The drawdown (fraction of the peak) that 95% of random orders of these account returns stay within.

    Each of 1,000 orders compounds all returns once; the drawdown is between closed trades, so what a trade goes
    through while it is open is not in it. None below 2 trades.
    Source: Monte Carlo permutation of trades, Aronson, Evidence-Based Technical Analysis (2006).
    """
    if len(returns) < 2:
        return None
    random = np.random.default_rng(seed)
    logs = np.log1p(np.maximum(returns, -0.999))
    rows = max(1, DRAWS_AT_ONCE // len(logs))
    sizes = [min(rows, SHUFFLES - done) for done in range(0, SHUFFLES, rows)]
    lowest = np.concatenate([_lowest(random.permuted(np.tile(logs, (size, 1)), axis=1)) for size in sizes])
    return float(np.quantile(1 - np.exp(lowest), WORST))


def _lowest(orders: Floats) -> Floats:
    """The deepest fall of each row of log returns below its highest sum so far, the start included: 0 or less."""
    paths = np.cumsum(orders, axis=1)
    found: Floats = (paths - np.maximum(np.maximum.accumulate(paths, axis=1), 0)).min(axis=1)
    return found
