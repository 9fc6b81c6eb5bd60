"""Out-of-sample split: what the newest part of the history says by itself."""

from dataclasses import dataclass

import numpy as np

from runtime.core.evidence.sample import Sample

HELD_OUT = 0.3
"""The share of the time, not of the trades, that is looked at by itself."""


@dataclass(frozen=True)
class Split:
    """Trades entered before and after `cut_ms` and their average returns (fractions), None without a trade."""

    cut_ms: int
    before: int
    after: int
    before_mean: float | None
    after_mean: float | None


def split(sample: Sample, first_ms: int, last_ms: int) -> Split:
    """The history's first 70% of time against its last 30%, trades by their entry.

    It is out of sample only for who did not look at that part while writing the rules.
    """
    cut = first_ms + round((last_ms - first_ms) * (1 - HELD_OUT))
    late = sample.entry_ms >= cut
    means = [float(np.mean(part)) if len(part) else None for part in (sample.returns[~late], sample.returns[late])]
    return Split(cut, int((~late).sum()), int(late.sum()), *means)
