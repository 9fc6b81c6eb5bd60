"""Rule significance: how often the same trades at other moments do as well."""

from collections.abc import Mapping, Sequence

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.trades import Closed

INSIDE = ("stop", "trail", "target", "end")
"""Exits inside a candle or at the end of the history: that candle was held to its end, or nearly."""


def random_timing(trades: Sequence[Closed], candles: Mapping[str, Candles]) -> float | None:
    """The probability that random timing with the same holding times does at least as well; None without trades.

    Tested is the sum over all candles of position (+1 long, -1 short, 0 out) times detrended return, with the
    positions moved by every possible number of candles around the end of the history (all markets together).
    Holding times, their order, the pauses between them, the fees and the market's own returns stay as they are;
    only the moments change. Returns are from open to open, as orders fill at the open; their mean is taken off, so
    that being in a rising market alone proves nothing. The exits are those the trades had, not run anew.
    Source: detrending and permutation, Aronson, Evidence-Based Technical Analysis (2006); Masters,
    Permutation and Randomization Tests for Trading System Development (2020). Moves in a circle keep the clusters
    of trades, which a free shuffle would break up into something easier to beat.
    """
    markets = {each.market for each in trades}
    if not markets:
        return None
    time = np.unique(np.concatenate([candles[market].time for market in markets]))
    sums = np.zeros(len(time))
    for market in sorted(markets):
        returns = _open_to_open(candles[market])
        at = np.searchsorted(time, candles[market].time)
        apart, held = np.zeros(len(time)), np.zeros(len(time))
        apart[at] = returns - returns.mean()
        held[at] = positions([each for each in trades if each.market == market], candles[market])
        sums += np.fft.irfft(np.fft.rfft(apart) * np.conj(np.fft.rfft(held)), len(time))
    slack = 1e-9 * float(np.abs(sums).max())
    return float(np.mean(sums >= sums[0] - slack))


def positions(trades: Sequence[Closed], candles: Candles) -> Floats:
    """The position of one market from each candle's open to the next: +1, -1 or 0.

    The candle of an exit at its open is not held; that of a stop or target inside it is: leaving it out would skip
    the very move that ended the trade.
    """
    held = np.zeros(len(candles))
    for each in trades:
        start, stop = np.searchsorted(candles.time, [each.entry_ms, each.exit_ms])
        # long where the engine knows no sides
        held[start : stop + (each.kind in INSIDE)] = getattr(each, "side", 1)
    return held


def _open_to_open(candles: Candles) -> Floats:
    """Log returns from each open to the next, the last one to its close."""
    prices = np.log(np.append(candles.open, candles.close[-1:]))
    found: Floats = np.diff(prices)
    return found
