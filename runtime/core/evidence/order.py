"""Monte Carlo of trade order: how deep the same trades could have fallen in another order."""

from collections.abc import Sequence

import numpy as np

from runtime.candles import Floats, Times
from runtime.core.trades import Closed

SHUFFLES = 1_000
WORST = 0.95


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
    Source: Monte Carlo permutation of trades, Aronson, Evidence-Based Technical Analysis (2006), ch. 5.
    """
    if len(returns) < 2:
        return None
    random = np.random.default_rng(seed)
    orders = random.permuted(np.broadcast_to(np.log1p(np.maximum(returns, -0.999)), (SHUFFLES, len(returns))), axis=1)
    paths = np.concatenate([np.zeros((SHUFFLES, 1)), np.cumsum(orders, axis=1)], axis=1)
    deepest = 1 - np.exp((paths - np.maximum.accumulate(paths, axis=1)).min(axis=1))
    return float(np.quantile(deepest, WORST))
