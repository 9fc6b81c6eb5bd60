"""Candles for tests: small made ones, and the real ones beside the repository where they are present."""

from pathlib import Path

import numpy as np
import pytest

from runtime.candles import Candles
from runtime.feeds.files import load_candles
from strategy_dsl.timeframes import timeframe_ms

MONDAY_MS = 1_704_067_200_000
"""1 January 2024, a Monday."""

COLUMNS = ("time", "open", "high", "low", "close", "volume")
REAL_FOLDER = Path(__file__).parents[2] / "shared" / "market-data"


def rising_candles(count: int, timeframe: str = "1h", market: str = "BTC/USDT", start_ms: int = MONDAY_MS) -> Candles:
    """Candles whose numbers tell their place: open 100 + i, close a half higher, volume i + 1."""
    place = np.arange(count, dtype=np.float64)
    time = start_ms + timeframe_ms(timeframe) * np.arange(count, dtype=np.int64)
    opened = 100 + place
    return Candles(market, timeframe, time, opened, opened + 1, opened - 1, opened + 0.5, place + 1)


def real_candles(name: str, market: str | None = None) -> Candles:
    """A file of ../shared/market-data, or a skip that says so."""
    path = REAL_FOLDER / name
    if not path.exists():
        pytest.skip(f"real candles are not here: {path.name} of ../shared/market-data")
    return load_candles(path, market)


def same(left: Candles, right: Candles) -> bool:
    """Whether both hold the same market, timeframe and numbers, bit for bit."""
    alike = (left.market, left.timeframe) == (right.market, right.timeframe)
    return alike and all(np.array_equal(getattr(left, name), getattr(right, name)) for name in COLUMNS)


def without(candles: Candles, *places: int) -> Candles:
    """The same candles with holes."""
    columns = (np.delete(getattr(candles, name), places) for name in COLUMNS)
    return Candles(candles.market, candles.timeframe, *columns)
