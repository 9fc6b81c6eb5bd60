"""Walk-forward: choosing anew by the past alone, again and again, and trading what was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runtime.candles import Floats

FOLDS = 5
"""The first is only for choosing; the others are traded."""


@dataclass(frozen=True)
class Walk:
    """Returns (fractions) over the traded folds together: of what was `chosen` anew before each, and `as_written`.

    `best` is what the variant that looks best afterwards brought there: the figure that nobody could have had.
    """

    folds: int
    chosen: float
    as_written: float
    best: float


def walk_forward(equities: Sequence[Floats]) -> Walk | None:
    """Before each fold, takes the variant with the highest return so far and has its return in the fold.

    `equities` are equity curves (one a variant, all over the same candles); the first is the one as written. The
    folds are equal parts of the candles. None below two variants or too few candles.
    Source: walk-forward analysis, Pardo, The Evaluation and Optimization of Trading Strategies (2008),
    with a window that begins at the start of the history.
    """
    size = min(map(len, equities), default=0)
    if len(equities) < 2 or size < 2 * FOLDS:
        return None
    edges = np.linspace(0, size - 1, FOLDS + 1).astype(np.intp)
    at_edges = np.log(np.maximum(np.array([each[edges] for each in equities]), 1e-12))
    past = at_edges[:, 1:-1] - at_edges[:, :1]
    gained = np.diff(at_edges, axis=1)[:, 1:]
    chosen = float(gained[past.argmax(axis=0), np.arange(FOLDS - 1)].sum())
    totals = gained.sum(axis=1)
    return Walk(FOLDS - 1, *(float(np.expm1(each)) for each in (chosen, totals[0], totals.max())))
