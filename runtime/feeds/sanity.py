"""What no real candle can be, found in whole columns at once."""

from dataclasses import dataclass

import numpy as np

from runtime.candles import Candles

PRICES = ("open", "high", "low", "close")
COLUMNS = (*PRICES, "volume")


@dataclass(frozen=True)
class Fault:
    """The first candle (by index) that cannot be, and what is wrong with it."""

    index: int
    text: str


def value_fault(candles: Candles) -> Fault | None:
    """The first candle whose numbers cannot be a candle's, None when all can."""
    columns = {name: getattr(candles, name) for name in COLUMNS}
    for name, column in columns.items():
        if (fault := _first(~np.isfinite(column))) is not None:
            return Fault(fault, f"{name} is {'missing' if np.isnan(column[fault]) else 'infinite'}")
    for name in PRICES:
        if (fault := _first(columns[name] <= 0)) is not None:
            return Fault(fault, f"{name} is {columns[name][fault]:g}, and a price is above zero")
    if (fault := _first(candles.volume < 0)) is not None:
        return Fault(fault, f"volume is {candles.volume[fault]:g}, and a volume is never below zero")
    return _range_fault(candles)


def _range_fault(candles: Candles) -> Fault | None:
    if (fault := _first(candles.high < candles.low)) is not None:
        return Fault(fault, f"high {candles.high[fault]:g} is below low {candles.low[fault]:g}")
    for name in ("open", "close"):
        column = getattr(candles, name)
        if (fault := _first((column > candles.high) | (column < candles.low))) is not None:
            span = f"{candles.low[fault]:g} to {candles.high[fault]:g}"
            return Fault(fault, f"{name} {column[fault]:g} is outside low to high, {span}")
    return None


def _first(bad: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int | None:
    return int(bad.argmax()) if bad.any() else None
