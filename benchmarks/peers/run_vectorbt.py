"""vectorbt: Portfolio.from_signals, the signals shifted one candle, filled at the open."""

import sys

from measure import COMBINATIONS, candles_of, measured


def frame(path):
    """Columns as pandas series; the libraries are part of the first call."""
    return candles_of(path)


def portfolio(candles, pairs):
    """One portfolio with a column for each pair of length and threshold."""
    import numpy as np
    import pandas as pd
    import talib
    import vectorbt as vbt

    close = candles["close"]
    average = talib.EMA(close, 200)
    strengths = {length: talib.RSI(close, length) for length in {each for each, _ in pairs}}
    entries, exits = [], []
    for length, below in pairs:
        strength = strengths[length]
        before = np.concatenate([[np.nan], strength[:-1]])
        entries.append((strength < below) & (before >= below) & (close > average))
        exits.append(strength > 60)
    shifted = [np.vstack([np.zeros(len(pairs), bool), np.array(each).T[:-1]]) for each in (entries, exits)]
    found = vbt.Portfolio.from_signals(
        pd.Series(close), pd.DataFrame(shifted[0]), pd.DataFrame(shifted[1]),
        open=candles["open"][:, None], high=candles["high"][:, None], low=candles["low"][:, None],
        price=candles["open"][:, None], sl_stop=0.03, tp_stop=0.06,
        size=0.1, size_type="percent", init_cash=100_000.0, fees=0.001, freq="1min",
    )  # fmt: skip
    found.value()
    return len(found.trades.records_arr)


measured(
    frame, lambda candles: portfolio(candles, [(14, 30)] if sys.argv[1] == "year" else COMBINATIONS), budget_seconds=8
)
