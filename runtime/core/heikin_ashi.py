"""Heikin-Ashi candles: the same times, prices that carry the candle before."""

import numpy as np

from runtime.candles import Candles


def heikin_ashi(candles: Candles) -> Candles:
    """Closes at the candle's average price, opens in the middle of the body before; the first at its own middle."""
    close = (candles.open + candles.high + candles.low + candles.close) / 4
    opened = np.empty(len(candles))
    before = (candles.open[0] + candles.close[0]) / 2 if len(candles) else 0.0
    for index, average in enumerate(close.tolist()):
        opened[index] = before
        before = (before + average) / 2
    high = np.maximum.reduce([candles.high, opened, close])
    low = np.minimum.reduce([candles.low, opened, close])
    return Candles(candles.market, candles.timeframe, candles.time, opened, high, low, close, candles.volume)
