"""backtesting.py: FractionalBacktest with its own orders, indicators by TA-Lib."""

import sys
import warnings

from measure import COMBINATIONS, candles_of, measured


def run(candles, length=14, below=30):
    """One run."""
    import pandas as pd
    import talib
    from backtesting import Strategy
    from backtesting.lib import FractionalBacktest

    warnings.simplefilter("ignore")

    class Dip(Strategy):
        """The strategy."""

        def init(self):
            close = self.data.Close
            self.strength = self.I(lambda: talib.RSI(candles["close"], length))
            self.average = self.I(lambda: talib.EMA(candles["close"], 200))
            assert len(close)

        def next(self):
            strength, close = self.strength, self.data.Close[-1]
            if self.position:
                if strength[-1] > 60:
                    self.position.close()
            elif strength[-1] < below <= strength[-2] and candles["close"][len(self.data) - 1] > self.average[-1]:
                self.buy(size=0.1, sl=close * 0.97, tp=close * 1.06)

    names = {"Open": "open", "High": "high", "Low": "low", "Close": "close", "Volume": "volume"}
    frame = pd.DataFrame(
        {name: candles[key] for name, key in names.items()}, index=pd.to_datetime(candles["time"], unit="ms")
    )
    test = FractionalBacktest(frame, Dip, cash=100_000.0, commission=0.001, finalize_trades=True)
    return test.run()["# Trades"]


def combinations(candles):
    """All of them."""
    return sum(run(candles, *pair) for pair in COMBINATIONS)


measured(candles_of, run if sys.argv[1] == "year" else combinations, budget_seconds=6, most=3)
