"""backtrader: a market order at the next open, stop and target resting beside each other."""

from measure import candles_of, measured


def run(candles):
    """One run."""
    import backtrader as bt
    import pandas as pd

    class Dip(bt.Strategy):
        """The strategy."""

        def __init__(self):
            self.strength = bt.indicators.RSI_Safe(self.data.close, period=14)
            self.average = bt.indicators.EMA(self.data.close, period=200)
            self.resting = []

        def notify_order(self, order):
            if order.status == order.Completed and order.isbuy():
                price, size = order.executed.price, order.executed.size
                stop = self.sell(size=size, exectype=bt.Order.Stop, price=price * 0.97)
                target = self.sell(size=size, exectype=bt.Order.Limit, price=price * 1.06, oco=stop)
                self.resting = [stop, target]

        def next(self):
            if self.position:
                if self.strength[0] > 60:
                    for each in self.resting:
                        self.cancel(each)
                    self.close()
            elif self.strength[0] < 30 <= self.strength[-1] and self.data.close[0] > self.average[0]:
                self.buy(size=0.1 * self.broker.getvalue() / self.data.close[0])

    frame = pd.DataFrame({name: candles[name] for name in ("open", "high", "low", "close", "volume")})
    frame.index = pd.to_datetime(candles["time"], unit="ms")
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame))
    cerebro.addstrategy(Dip)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(0.001)
    return cerebro.run()[0].analyzers.trades.get_analysis()["total"]["closed"]


measured(candles_of, run, budget_seconds=1, most=1)
