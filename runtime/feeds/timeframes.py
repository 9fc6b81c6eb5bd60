"""Which timeframe candles are of, and longer candles made of shorter ones."""

from runtime.candles import Candles
from runtime.core.resample import resampled
from strategy_dsl.timeframes import TIMEFRAMES, timeframe_ms


def timeframe_of(length_ms: int) -> str | None:
    """The timeframe whose candles are `length_ms` long, None when there is none."""
    return next((text for text, length in TIMEFRAMES.items() if length == length_ms), None)


def resample(candles: Candles, timeframe: str) -> Candles:
    """Candles of a longer timeframe; only whole ones. Days begin at 00:00 UTC, weeks on Monday.

    A first candle that begins before the data does, and a last one whose end the data do not reach, are left
    out. A hole inside a candle does not remove it: the venue makes its long candles from what traded, too.
    Raises ValueError when `timeframe` is no whole multiple of the candles' own.
    """
    if timeframe_ms(timeframe) % timeframe_ms(candles.timeframe):
        raise ValueError(f"{timeframe} candles cannot be made of {candles.timeframe} ones")
    return resampled(candles, timeframe)
