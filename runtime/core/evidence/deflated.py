"""Deflated Sharpe ratio: what is left of a result that was the best of several tries.

Source: Bailey and Lopez de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from runtime.candles import Floats

EULER = 0.5772156649015329
NORMAL = NormalDist()


def sharpe_of(returns: Floats) -> float | None:
    """Mean over standard deviation (n - 1) of `returns`, by the trade, not by the year; None below 2 or without any."""
    if len(returns) < 2 or (spread := float(returns.std(ddof=1))) < 1e-12:
        return None
    return float(returns.mean()) / spread


def best_by_luck(trials: float, variance: float) -> float:
    """The Sharpe ratio that the best of `trials` worthless tries is expected to show; 0 for a single one.

    `variance` is that of the Sharpe ratios over the tries.
    """
    if trials <= 1:
        return 0.0
    first = NORMAL.inv_cdf(1 - 1 / trials)
    second = NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance) * ((1 - EULER) * first + EULER * second)


def deflated(returns: Floats, effective: float, trials: float, variance: float | None = None) -> float | None:
    """The probability that the true Sharpe ratio is above what the best of `trials` would show by luck.

    `returns` are of trades (fractions), `effective` for how many independent ones they count. Without the
    `variance` of the tries' ratios it is that of a ratio whose truth is 0: 1 / (effective - 1). With one try it is
    the probabilistic Sharpe ratio against 0. None below 3 trades or without scatter.
    """
    ratio = sharpe_of(returns)
    if ratio is None or effective < 3:
        return None
    apart = (returns - returns.mean()) / returns.std()
    skew, tails = float(np.mean(apart**3)), float(np.mean(apart**4))
    against = best_by_luck(trials, 1 / (effective - 1) if variance is None else variance)
    return above(ratio, against, skew, tails, effective)


def above(ratio: float, against: float, skew: float, tails: float, count: float) -> float:
    """The probabilistic Sharpe ratio: how likely the true ratio is above `against`, given `count` observations.

    `skew` and `tails` are the third and fourth standardised moments of the returns (0 and 3 for normal ones).
    """
    error = max(1 - skew * ratio + (tails - 1) / 4 * ratio**2, 1e-9)
    return NORMAL.cdf((ratio - against) * math.sqrt((count - 1) / error))


def effective_trials(series: Sequence[Floats]) -> float:
    """For how many independent tries the returns of several count: r + (1 - r) * n, r their mean correlation.

    `series` are returns over the same moments, one array a try; ones without scatter count as tries of their own.
    Source: the same paper, appendix A.3.
    """
    moving = [each for each in series if float(each.std()) > 1e-15]
    if len(moving) < 2:
        return float(len(series))
    table = np.corrcoef(np.array(moving))
    mean = (float(table.sum()) - len(moving)) / (len(moving) * (len(moving) - 1))
    mean = min(max(mean, 0.0), 1.0)
    return mean + (1 - mean) * len(moving) + len(series) - len(moving)
