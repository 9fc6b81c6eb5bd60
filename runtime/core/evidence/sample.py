"""The trades of a run as a sample: what each returned, when, and for how many independent ones they count."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runtime.candles import Floats, Times
from runtime.core.trades import Closed

SURE = 1.64
"""Autocorrelation counts from so many standard errors (1 / root of n) on: less is what chance gives."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Whole trades in the order of their entries, arrays of one length n.

    `returns` are results after fees over the money put in (0.01 for one percent), `pnl` the same in the account's
    currency, `entry_ms` and `exit_ms` when the trade began and when its last part ended.
    """

    returns: Floats
    pnl: Floats
    entry_ms: Times
    exit_ms: Times

    def __len__(self) -> int:
        """How many trades there are."""
        return len(self.returns)


def sample_of(trades: Sequence[Closed]) -> Sample:
    """Trades with their parts put together again: what left in three parts was one decision, not three."""
    found: dict[tuple[str, int], tuple[float, float, int]] = {}
    for each in trades:
        pnl, paid, end = found.get((each.market, each.entry_ms), (0.0, 0.0, each.exit_ms))
        key = (each.market, each.entry_ms)
        found[key] = (pnl + each.pnl, paid + each.entry_price * each.quantity, max(end, each.exit_ms))
    rows = sorted((entry, end, pnl / paid, pnl) for (_, entry), (pnl, paid, end) in found.items())
    return Sample(
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array([row[3] for row in rows], dtype=np.float64),
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
    )


def effective_count(sample: Sample) -> float:
    """For how many independent trades the sample counts: at most n, at least 1 where there is a trade.

    The smaller of two: the sum of the trades' uniqueness, and n over the variance inflation of their returns.
    """
    if not len(sample):
        return 0.0
    return max(1.0, min(float(uniqueness(sample).sum()), len(sample) / inflation(sample.returns)))


def uniqueness(sample: Sample) -> Floats:
    """How much of each trade's time it had to itself: 1 alone, 1/3 with two others open all the while.

    Source: average uniqueness, Lopez de Prado, Advances in Financial Machine Learning (2018), ch. 4. It takes trades
    that are open together as one bet, which is the cautious end.
    """
    ends = np.maximum(sample.exit_ms, sample.entry_ms + 1)
    moments = np.unique(np.concatenate([sample.entry_ms, ends]))
    changes = np.zeros(len(moments))
    np.add.at(changes, np.searchsorted(moments, sample.entry_ms), 1)
    np.add.at(changes, np.searchsorted(moments, ends), -1)
    open_at = np.cumsum(changes)[:-1]
    shares = np.divide(1.0, open_at, out=np.zeros(len(open_at)), where=open_at > 0)
    alone = np.append(0.0, np.cumsum(shares * np.diff(moments)))
    held = alone[np.searchsorted(moments, ends)] - alone[np.searchsorted(moments, sample.entry_ms)]
    found: Floats = held / (ends - sample.entry_ms)
    return found


def inflation(returns: Floats) -> float:
    """By how much runs of good and bad trades widen the scatter of the mean: 1 where there are none.

    1 + 2 * the sum of autocorrelations from lag 1 to the last in a row that passes `SURE` standard errors.
    Source: the variance of the mean of a dependent series, Geyer, Practical Markov Chain Monte Carlo (1992).
    """
    count = len(returns)
    apart = returns - returns.mean()
    total = float(apart @ apart)
    found = 1.0
    for lag in range(1, count // 2):
        if total < 1e-18 or (share := float(apart[:-lag] @ apart[lag:]) / total) < SURE / np.sqrt(count):
            break
        found += 2 * share
    return found
