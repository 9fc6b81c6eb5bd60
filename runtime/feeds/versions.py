"""Candles with the moment at which each version of them was seen: a venue may change a candle after its close."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runtime.candles import Candles, Floats, Times
from runtime.feeds.sanity import COLUMNS

NAMES = ("timestamp", "seen", *COLUMNS)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Versions:
    """Every version of some candles, by opening and then by when it was seen; both in ms UTC."""

    time: Times
    seen: Times
    values: Floats
    """One row a version: open, high, low, close, volume."""

    def __len__(self) -> int:
        """How many versions there are."""
        return len(self.time)

    def pick(self, rows: Mask | Times) -> "Versions":
        """Some of the versions, by mask or index."""
        return Versions(self.time[rows], self.seen[rows], self.values[rows])

    def candles(self, market: str, timeframe: str) -> Candles:
        """These versions as candles; each candle must be here once."""
        columns = (np.ascontiguousarray(self.values[:, place]) for place in range(len(COLUMNS)))
        return Candles(market, timeframe, self.time, *columns)


NONE = Versions(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, len(COLUMNS))))


def of_candles(candles: Candles, seen_ms: int) -> Versions:
    """Candles as versions that were seen at one moment."""
    values = np.column_stack([getattr(candles, name) for name in COLUMNS])
    return Versions(candles.time, np.full(len(candles), seen_ms, np.int64), values)


def joined(parts: list[Versions]) -> Versions:
    """Several sets of versions in one, in order."""
    if not parts:
        return NONE
    time, seen = (np.concatenate([getattr(each, name) for each in parts]) for name in ("time", "seen"))
    values = np.concatenate([each.values for each in parts])
    if len(parts) == 1 or _ordered(time, seen):
        return Versions(time, seen, values)
    order = np.lexsort((seen, time))
    return Versions(time[order], seen[order], values[order])


def _ordered(time: Times, seen: Times) -> bool:
    steps = np.diff(time)
    return bool(((steps > 0) | ((steps == 0) & (np.diff(seen) >= 0))).all())


def newest(versions: Versions) -> Versions:
    """The last version of each candle."""
    if not len(versions):
        return versions
    return versions.pick(np.append(versions.time[1:] != versions.time[:-1], True))


def as_of(versions: Versions, moment_ms: int) -> Versions:
    """What was known at a moment: of each candle the last version seen by then."""
    return newest(versions.pick(versions.seen <= moment_ms))


def first_since(versions: Versions, moment_ms: int) -> Versions:
    """What one decides on who began at a moment: what was known then, and each later candle as first seen."""
    known = as_of(versions, moment_ms)
    later = versions.pick((versions.seen > moment_ms) & ~np.isin(versions.time, known.time))
    if not len(later):
        return known
    return joined([known, later.pick(np.append(True, later.time[1:] != later.time[:-1]))])


def changed(old: Versions, coming: Versions) -> tuple[Mask, Mask]:
    """Which of the coming candles are new, and which are there with other numbers."""
    last = newest(old)
    at = np.minimum(np.searchsorted(last.time, coming.time), max(len(last) - 1, 0))
    if not len(last):
        return np.ones(len(coming), bool), np.zeros(len(coming), bool)
    there = last.time[at] == coming.time
    differs = (last.values[at] != coming.values).any(axis=1)
    return ~there, there & differs
