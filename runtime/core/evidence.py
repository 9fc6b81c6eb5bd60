"""How much a number of trades proves, in honest words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from runtime.candles import Floats

Verdict = Literal["not enough trades to tell", "looks like luck", "loses so far", "holds up so far"]

ENOUGH_TRADES = 30
FEWEST_FOR_A_RANGE = 5
"""With fewer trades the scatter itself is unknown, and a range would look far too sure."""

RESAMPLES = 2_000
DRAWS_AT_ONCE = 1_000_000
"""Keeps the memory of a long run's resamples at some megabytes."""

COVERED = 0.90


@dataclass(frozen=True)
class Evidence:
    """What trades prove: `low` and `high` hold the true average return a trade in nine cases of ten.

    They are fractions (0.01 for one percent), None when there are too few trades to say.
    """

    verdict: Verdict
    sentence: str
    low: float | None
    high: float | None


def judge(trade_returns: Floats, seed: int) -> Evidence:
    """Whether the average trade return (fractions, after fees) could as well be chance.

    The range is a bootstrap 90% interval of the mean, widened by the root of n / (n - 1) for what a sample hides of its
    scatter. It takes trades as independent and the future as like the past, so it is still too kind.
    """
    count = len(trade_returns)
    if count < FEWEST_FOR_A_RANGE:
        return Evidence("not enough trades to tell", _hardly_any(count), None, None)
    low, high = _range_of_mean(trade_returns, seed)
    mean = float(trade_returns.mean())
    between = f"{_percent(low)} and {_percent(high)} a trade"
    verdict: Verdict
    if count < ENOUGH_TRADES:
        verdict = "not enough trades to tell"
        sentence = f"{count} trades prove very little: with this much scatter, the true average could lie anywhere"
    elif low > 0:
        verdict = "holds up so far"
        sentence = f"{count} trades averaged {_percent(mean)}, and that holds up so far: the true average likely lies"
    elif high < 0:
        verdict = "loses so far"
        sentence = (
            f"{count} trades averaged {_percent(mean)}, more than bad luck explains: the true average likely lies"
        )
    else:
        verdict = "looks like luck"
        sentence = (
            f"{count} trades averaged {_percent(mean)}, which looks like luck: the true average could lie anywhere"
        )
    return Evidence(verdict, f"{sentence} between {between}.", low, high)


def _hardly_any(count: int) -> str:
    if not count:
        return f"No trade has closed yet, so nothing is proven: about {ENOUGH_TRADES} are needed to say more."
    proves = "1 trade proves" if count == 1 else f"{count} trades prove"
    return f"{proves} nothing yet: about {ENOUGH_TRADES} are needed to tell skill from luck."


def _range_of_mean(returns: Floats, seed: int) -> tuple[float, float]:
    random = np.random.default_rng(seed)
    count, mean = len(returns), float(returns.mean())
    rows = max(1, DRAWS_AT_ONCE // count)
    sizes = [min(rows, RESAMPLES - done) for done in range(0, RESAMPLES, rows)]
    means = np.concatenate([returns[random.integers(0, count, (size, count))].mean(axis=1) for size in sizes])
    wider = mean + (means - mean) * np.sqrt(count / (count - 1))
    low, high = np.quantile(wider, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return float(low), float(high)


def _percent(fraction: float) -> str:
    """`+1.4%`, with as many decimals as it takes to show something else than zero, two at most."""
    decimals = 1 if abs(fraction) >= 0.00095 or fraction == 0 else 2
    text = f"{fraction * 100:+.{decimals}f}%"
    return text.replace("+0.00%", "0.0%").replace("-0.00%", "0.0%").replace("+0.0%", "0.0%")
