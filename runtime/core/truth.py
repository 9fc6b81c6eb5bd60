"""Comparisons, arithmetic and Kleene's logic on plain arrays or single values."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from runtime.candles import Floats


def all_of(parts: Sequence[Floats]) -> Floats:
    """Kleene's and: false wins over unknown."""
    lowest = reduce(np.fmin, parts)
    unknown = reduce(np.logical_or, (np.isnan(each) for each in parts))
    return np.where(lowest == 0, 0.0, np.where(unknown, np.nan, 1.0))


def any_of(parts: Sequence[Floats]) -> Floats:
    """Kleene's or: true wins over unknown."""
    return 1.0 - all_of([1.0 - each for each in parts])


def operate(operator: str, left: Floats, right: Floats) -> Floats:
    """Arithmetic in which a division by nothing is unknown."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(right == 0, np.nan, left / right)


def compare(operator: str, left: Floats, right: Floats) -> np.ndarray:
    """One comparison, element by element; false where a side is unknown."""
    table = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }
    found: np.ndarray = table[operator](left, right)
    return found
