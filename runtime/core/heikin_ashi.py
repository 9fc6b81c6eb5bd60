"""Heikin-Ashi candles: averaged ones that make trends plain.

Valcu 2004: close is the mean of the four prices, open the middle of the last averaged candle's body, high and low
reach over both. The first open is the middle of the first candle's body; its weight halves with every candle.
"""

from collections.abc import Mapping

import numpy as np

from runtime.candles import Candles
from runtime.core.builder import Builder
from runtime.core.column import Column, Given
from runtime.core.kernels import arithmetic
from runtime.core.span import Span


def averaged(build: Builder, series: Mapping[str, Column]) -> dict[str, Column]:
    """The averaged prices, and the volume as it is, as columns."""
    opened, high, low, last = (series[name] for name in ("open", "high", "low", "close"))
    total = build.operated(build.operated(build.operated(opened, "+", high), "+", low), "+", last)
    close = build.operated(total, "/", 4)
    opening = build.stepped(arithmetic.averaged_open, [opened, last, close])
    return {
        "open": opening,
        "high": build.windowed(lambda *three: np.maximum.reduce(three), 0, high, opening, close),
        "low": build.windowed(lambda *three: np.minimum.reduce(three), 0, low, opening, close),
        "close": close,
        "volume": series["volume"],
    }


def heikin_ashi(candles: Candles) -> Candles:
    """The averaged candles, as many as there are candles."""
    span = Span(len(candles))
    names = ("open", "high", "low", "close", "volume")
    found = averaged(Builder(span), {name: Given(span, getattr(candles, name)) for name in names})
    return Candles(candles.market, candles.timeframe, candles.time, *(found[name].values() for name in names))
