"""Heikin-Ashi candles: averaged ones that make trends plain.

Valcu 2004: close is the mean of the four prices, open the middle of the last averaged candle's body, high and low
reach over both. The first open is the middle of the first candle's body; its weight halves with every candle.
"""

import numpy as np

from runtime.candles import Candles


def heikin_ashi(candles: Candles) -> Candles:
    """The averaged candles, as many as there are candles."""
    close = (candles.open + candles.high + candles.low + candles.close) / 4
    opens: list[float] = []
    before = 0.0
    for index, (first, own, last) in enumerate(
        zip(candles.open.tolist(), close.tolist(), candles.close.tolist(), strict=True)
    ):
        middle = (first + last) / 2 if index == 0 else before
        opens.append(middle)
        before = (middle + own) / 2
    opening = np.array(opens, dtype=np.float64)
    high = np.maximum.reduce([candles.high, opening, close])
    low = np.minimum.reduce([candles.low, opening, close])
    return Candles(candles.market, candles.timeframe, candles.time, opening, high, low, close, candles.volume)
