"""Candles of one market on one timeframe, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candles:
    """Closed candles, oldest first; `time` is the opening in ms UTC, every array has the same length."""

    market: str
    timeframe: str
    time: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        """How many candles there are."""
        return len(self.time)

    def part(self, start: int, stop: int) -> "Candles":
        """The candles from index `start` up to but not including `stop`, as views."""
        cut = slice(start, stop)
        return Candles(
            self.market,
            self.timeframe,
            self.time[cut],
            self.open[cut],
            self.high[cut],
            self.low[cut],
            self.close[cut],
            self.volume[cut],
        )

    def keep(self, rows: Mask) -> "Candles":
        """The candles that a mask names, as copies."""
        return Candles(
            self.market,
            self.timeframe,
            self.time[rows],
            self.open[rows],
            self.high[rows],
            self.low[rows],
            self.close[rows],
            self.volume[rows],
        )

    def then(self, later: "Candles") -> "Candles":
        """These candles and later ones behind them."""
        return Candles(
            self.market,
            self.timeframe,
            np.append(self.time, later.time),
            np.append(self.open, later.open),
            np.append(self.high, later.high),
            np.append(self.low, later.low),
            np.append(self.close, later.close),
            np.append(self.volume, later.volume),
        )
