"""Shifts and rolling windows that keep unknown values unknown."""

from collections.abc import Callable

import numpy as np

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column

CELLS = 4_000_000
"""How many values are looked at in one go: 32 MB, however long the window and the candles."""


def shifted(values: Floats, bars: int) -> Floats:
    """The values `bars` candles earlier; NaN before there are any."""
    if bars == 0:
        return values
    out = np.full(len(values), np.nan)
    if bars < len(values):
        out[bars:] = values[:-bars]
    return out


def rolling(values: Floats, length: int, reduce: Callable[[Floats], Floats]) -> Floats:
    """`reduce` over each window of `length` values (rows of a table); NaN where a window is short or has an unknown."""
    out = np.full(len(values), np.nan)
    if length > len(values):
        return out
    whole = np.flatnonzero(unknowns(values, length)[length - 1 :] == 0)
    windows = np.lib.stride_tricks.sliding_window_view(values, length)
    step = max(1, CELLS // length)
    for start in range(0, len(whole), step):
        some = whole[start : start + step]
        out[some + length - 1] = reduce(windows[some])
    return out


def unknowns(values: Floats, length: int) -> Floats:
    """How many of the last `length` values are unknown; those before the first count as known."""
    total = np.concatenate([np.zeros(1), np.cumsum(np.isnan(values))])
    ends = np.arange(1, len(values) + 1)
    found: Floats = total[ends] - total[np.maximum(ends - length, 0)]
    return found


def divided(left: Floats, right: Floats) -> Floats:
    """A ratio that is unknown, never infinite, where nothing is divided by."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = left / right
    return np.where(np.isfinite(ratio), ratio, np.nan)


def ratio(build: Builder, left: Column, right: Column) -> Column:
    """`divided` of two columns."""
    return build.windowed(divided, 0, left, right)


def truth(condition: np.ndarray, *inputs: Floats) -> Floats:
    """1.0 or 0.0, unknown where one of the inputs is."""
    unknown = np.logical_or.reduce([np.isnan(each) for each in inputs])
    return np.where(unknown, np.nan, condition.astype(np.float64))
