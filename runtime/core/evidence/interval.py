"""Bootstrap interval of the expectancy: where the true average trade probably lies."""

import numpy as np
from numpy.typing import NDArray

from runtime.candles import Floats

RESAMPLES = 2_000
DRAWS_AT_ONCE = 1_000_000
"""Keeps the memory of a long run's resamples at some megabytes."""

COVERED = 0.90


def interval(returns: Floats, effective: float, seed: int) -> tuple[float, float]:
    """A 90% interval of the mean of `returns` (n fractions), in the same unit; needs at least 2.

    Resamples blocks of trades in a row, of n / `effective` trades on average (single trades where all are
    independent), so that runs and overlaps are kept; widened by the root of m / (m - 1), m = `effective`, for what
    a sample hides of its scatter. It takes the future as like the past, so it is still too kind.
    Source: the stationary bootstrap, Politis and Romano, JASA 89 (1994).
    """
    random = np.random.default_rng(seed)
    count, mean = len(returns), float(returns.mean())
    rows = max(1, DRAWS_AT_ONCE // count)
    sizes = [min(rows, RESAMPLES - done) for done in range(0, RESAMPLES, rows)]
    means = np.concatenate([returns[_places(random, size, count, count / effective)].mean(axis=1) for size in sizes])
    many = max(effective, 2.0)
    wider = mean + (means - mean) * np.sqrt(many / (many - 1))
    low, high = np.quantile(wider, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return float(low), float(high)


def _places(random: np.random.Generator, rows: int, count: int, block: float) -> NDArray[np.int64]:
    """Indexes (rows, count): a block goes on with probability 1 - 1 / block, else a new one begins anywhere."""
    starts = random.integers(0, count, (rows, count))
    if block <= 1:
        return starts
    begins = random.random((rows, count)) < 1 / block
    begins[:, 0] = True
    at = np.arange(count)
    first = np.maximum.accumulate(np.where(begins, at, 0), axis=1)
    places: NDArray[np.int64] = (np.take_along_axis(starts, first, axis=1) + at - first) % count
    return places
