"""Which finer candles lie inside each candle, where they tell the same story."""

import numpy as np
from numpy.typing import NDArray

from runtime.candles import Candles, Floats, Times
from strategy_dsl.timeframes import timeframe_ms


def finer_rows(candles: Candles, finer: Candles) -> tuple[Times, Times]:
    """From which finer candle up to which each candle is made; none where they do not add up to it.

    They add up where their first open, highest high and lowest low are the candle's (1e-9 relative).
    Raises ValueError for another market, or for candles that are not finer or as fine.
    """
    own, length = timeframe_ms(finer.timeframe), timeframe_ms(candles.timeframe)
    if finer.market != candles.market or length % own:
        raise ValueError(f"{finer.market} on {finer.timeframe} is not inside {candles.market} on {candles.timeframe}")
    start = np.searchsorted(finer.time, candles.time).astype(np.int64)
    stop = np.searchsorted(finer.time, candles.time + length).astype(np.int64)
    some = np.flatnonzero(stop > start)
    whole = np.zeros(len(candles), bool)
    if len(some):
        # `reduceat` over each candle's own stretch: pairs of begin and end, of which the second ones are not used
        places = np.ravel(np.column_stack([start[some], stop[some]]))
        high = np.maximum.reduceat(np.append(finer.high, -np.inf), places)[::2]
        low = np.minimum.reduceat(np.append(finer.low, np.inf), places)[::2]
        same = _equal(high, candles.high[some]) & _equal(low, candles.low[some])
        whole[some] = same & _equal(finer.open[start[some]], candles.open[some])
    return start, np.where(whole, stop, start)


def _equal(left: Floats, right: Floats) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.abs(left - right) <= 1e-9 * np.abs(right)
    return found
