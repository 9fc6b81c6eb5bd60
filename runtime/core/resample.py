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


def resampled(candles: Candles, timeframe: str, from_beginning: bool = False, now_ms: int = 0) -> Candles:
    """Longer candles, the first and the last left out where they are not whole.

    With `from_beginning` the first is taken as whole: what was before it has been made longer candles of already.
    The last is whole where the candles reach its end, or where the clock, `now_ms`, has passed it.
    """
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
    begins_whole = from_beginning or candles.time[0] == built.time[0]
    ends_whole = max(candles.time[-1] + own, now_ms) >= closings(built)[-1]
    return built.part(0 if begins_whole else 1, len(built) if ends_whole else len(built) - 1)


def closings(candles: Candles) -> Times:
    """When each candle closes, ms UTC."""
    return closing_times(candles.time, candles.timeframe)


def closing_times(time: Times, timeframe: str) -> Times:
    """When candles of a timeframe close that open at these times, ms UTC."""
    if timeframe != MONTH:
        return time + timeframe_ms(timeframe)
    months = time.astype("datetime64[ms]").astype("datetime64[M]") + np.timedelta64(1, "M")
    return months.astype("datetime64[ms]").astype(np.int64)


def last_close(candles: Candles) -> int:
    """When the last of some candles closes, ms UTC."""
    return int(closing_times(candles.time[-1:], candles.timeframe)[0])


def closings_as_numbers(timeframe: str, time: Floats) -> Floats:
    """The same of times in an array of float64, for a column."""
    return closing_times(time.astype(np.int64), timeframe).astype(np.float64)


_COLUMNS = ("time", "open", "high", "low", "close", "volume")
