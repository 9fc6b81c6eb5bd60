"""Conditions in time; where a doubt could change the answer it is unknown."""

from collections.abc import Callable

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.windows import shifted, truth, unknowns


def _newly(given: Inputs) -> Floats:
    now, before = given.series[0], shifted(given.series[0], 1)
    false = (now == 0) | (before == 1)
    return np.where(false, 0.0, np.where(np.isnan(now) | np.isnan(before), np.nan, 1.0))


def _count(given: Inputs) -> Floats:
    held, bars = given.series[0], given.whole("bars")
    total = np.concatenate([np.zeros(1), np.cumsum(held == 1)])
    out = np.full(len(held), np.nan)
    if bars <= len(held):
        out[bars - 1 :] = total[bars:] - total[:-bars]
    return np.where(unknowns(held, bars) > 0, np.nan, out)


def _latest(held: Floats) -> tuple[np.ndarray, np.ndarray]:
    """The index of the latest candle that held, -1 before there is one, and where that is in doubt."""
    index = np.arange(len(held))
    last = np.maximum.accumulate(np.where(held == 1, index, -1))
    doubt = np.maximum.accumulate(np.where(np.isnan(held), index, -1))
    return last, (last < 0) | (doubt > last)


def _bars_since(given: Inputs) -> Floats:
    last, unsure = _latest(given.series[0])
    return np.where(unsure, np.nan, np.arange(len(last)) - last)


def _value_when(given: Inputs) -> Floats:
    held, values = given.series
    last, unsure = _latest(held)
    return np.where(unsure, np.nan, values[np.maximum(last, 0)]) if len(held) else held


def streak(held: Floats) -> Floats:
    """How many candles in a row have held up to now; unknown where the row begins with an unknown."""
    index = np.arange(len(held))
    broken = np.maximum.accumulate(np.where(held == 0, index, -1))
    doubt = np.maximum.accumulate(np.where(np.isnan(held), index, -1))
    return np.where(doubt > broken, np.nan, index - broken)


def _consecutive(given: Inputs, sign: int) -> Floats:
    close = given.series[0]
    before = shifted(close, 1)
    moved = truth(sign * (close - before) > 0, close, before)
    moved[:1] = 0.0
    found = streak(moved)
    found[:1] = np.nan
    return found


def _latch(given: Inputs) -> Floats:
    state, out = 0.0, []
    for on, off in zip(given.series[0].tolist(), given.series[1].tolist(), strict=True):
        state = _both(1.0 - off, 1.0 - _both(1.0 - state, 1.0 - on))
        out.append(state)
    return np.array(out, dtype=np.float64)


def _both(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def since(held: Floats, values: Floats, function: str) -> Floats:
    """`highest`, `lowest`, `mean`, `sum` or `count` of the values from the latest candle that held up to now."""
    fold = FOLDS[function]
    out, total, bars, sure = [], np.nan, 0, False
    for now, value in zip(held.tolist(), values.tolist(), strict=True):
        if now == 1:
            total, bars, sure = value, 1, True
        else:
            sure = sure and now == 0
            total, bars = fold(total, value), bars + 1
        out.append((total / bars if function == "mean" else total) if sure else np.nan)
    return np.array(out, dtype=np.float64)


def _larger(left: float, right: float) -> float:
    return np.nan if left != left or right != right else max(left, right)


def _smaller(left: float, right: float) -> float:
    return np.nan if left != left or right != right else min(left, right)


def _added(left: float, right: float) -> float:
    return left + right


FOLDS: dict[str, Callable[[float, float], float]] = {
    "highest": _larger,
    "lowest": _smaller,
    "mean": _added,
    "sum": _added,
    "count": _added,
}
"""What may stand inside `since(C, …)`."""

TRUTH: dict[str, Own] = {
    "newly": _newly,
    "count": _count,
    "bars_since": _bars_since,
    "value_when": _value_when,
    "streak": lambda given: streak(given.series[0]),
    "consecutive_up": lambda given: _consecutive(given, 1),
    "consecutive_down": lambda given: _consecutive(given, -1),
    "latch": _latch,
}
"""By the name in the catalogue."""
