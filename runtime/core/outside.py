"""Values from outside the candles: the last one that was known at a moment, unless it is stale."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from runtime.candles import Floats, Times


@dataclass(frozen=True, eq=False)
class Outside:
    """One series: moments at which a value became known (ms UTC, rising), the values, and after how long it is stale.

    Percents are ratios (0.0001 is 0.01%); words are their place among the words of the value.
    """

    time: Times
    value: Floats
    age_ms: int

    def at(self, moments: Floats) -> Floats:
        """The last value known at each moment (ms UTC); unknown before the first and where it is stale."""
        rows = np.searchsorted(self.time, moments, side="right") - 1
        there = np.maximum(rows, 0)
        known = (
            (rows >= 0) & (moments - self.time[there] <= self.age_ms) if len(self.time) else np.zeros(len(rows), bool)
        )
        return np.where(known, self.value[there] if len(self.time) else np.nan, np.nan)


OutsideValues = Mapping[str, Outside]
"""Series by name, or by `NAME of MARKET` where they are of one market alone."""


def given_for(outside: OutsideValues, name: str, market: str) -> Outside | None:
    """A market's own series, else the one for all."""
    return outside.get(f"{name} of {market}") or outside.get(name)
