"""Longer candles from shorter ones, and what of them was known when."""

import numpy as np

from runtime.candles import Candles, Floats, Times
from strategy_dsl.timeframes import MONTH, timeframe_ms

MONDAY_MS = 4 * 86_400_000
"""1 January 1970 was a Thursday; weeks begin on Monday."""


def bucket_starts(time: Times, timeframe: str) -> Times:
    """The opening of the longer candle to which each time belongs, ms UTC."""
    if timeframe == MONTH:
        return time.astype("datetime64[ms]").astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64)
    length = timeframe_ms(timeframe)
    offset = MONDAY_MS if timeframe.endswith("w") else 0
    return (time - offset) // length * length + offset


def resampled(candles: Candles, timeframe: str) -> Candles:
    """Longer candles, the first and the last left out where they are not whole."""
    if timeframe == candles.timeframe or not len(candles):
        return Candles(candles.market, timeframe, *(getattr(candles, name) for name in _COLUMNS))
    starts = bucket_starts(candles.time, timeframe)
    firsts = np.flatnonzero(np.diff(starts, prepend=starts[0] - 1))
    built = Candles(
        candles.market,
        timeframe,
        starts[firsts],
        candles.open[firsts],
        np.maximum.reduceat(candles.high, firsts),
        np.minimum.reduceat(candles.low, firsts),
        candles.close[np.append(firsts[1:], len(candles)) - 1],
        np.add.reduceat(candles.volume, firsts),
    )
    own = timeframe_ms(candles.timeframe)
    begins_whole = candles.time[0] == built.time[0]
    ends_whole = candles.time[-1] + own >= closings(built)[-1]
    return built.part(0 if begins_whole else 1, len(built) if ends_whole else len(built) - 1)


def closings(candles: Candles) -> Times:
    """When each candle closes, ms UTC."""
    if candles.timeframe != MONTH:
        return candles.time + timeframe_ms(candles.timeframe)
    months = candles.time.astype("datetime64[ms]").astype("datetime64[M]") + np.timedelta64(1, "M")
    return months.astype("datetime64[ms]").astype(np.int64)


_COLUMNS = ("time", "open", "high", "low", "close", "volume")


def last_closed(candles: Candles, longer: Candles, values: Floats) -> Floats:
    """For each short candle the value of the last long candle closed at its close; NaN before there is one."""
    closes = candles.time + timeframe_ms(candles.timeframe)
    index = np.searchsorted(closings(longer), closes, side="right") - 1
    if not len(values):
        return np.full(len(candles), np.nan)
    return np.where(index < 0, np.nan, values[np.maximum(index, 0)])
