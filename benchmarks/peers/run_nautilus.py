"""NautilusTrader: bars, a market entry with a bracket of stop and target, indicators computed beforehand by pandas."""

from decimal import Decimal

import measure
import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import Venue
from nautilus_trader.model.objects import Money
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

INSTRUMENT = TestInstrumentProvider.btcusdt_binance()
KIND = BarType.from_str(f"{INSTRUMENT.id}-1-MINUTE-LAST-EXTERNAL")


def indicators(close):
    """The RSI and the average, one value a candle."""
    change = close.diff()
    up = change.clip(lower=0).ewm(alpha=1 / 14, adjust=False, min_periods=14).mean()
    down = (-change).clip(lower=0).ewm(alpha=1 / 14, adjust=False, min_periods=14).mean()
    average = close.ewm(span=200, adjust=False, min_periods=200).mean()
    return (100 * up / (up + down)).to_numpy(), average.to_numpy()


def bars_of(candles, frame):
    """Bars as the engine takes them: each is known when it has closed."""
    frame.index = pd.to_datetime(candles["time"] + 60_000, unit="ms", utc=True)
    return BarDataWrangler(KIND, INSTRUMENT).process(frame)


class Dip(Strategy):
    """The strategy."""

    def __init__(self, strength, average):
        super().__init__()
        self.strength, self.average, self.at = strength, average, -1

    def on_start(self):
        self.subscribe_bars(KIND)

    def on_bar(self, bar):
        self.at += 1
        now = self.strength[self.at]
        if not self.portfolio.is_flat(INSTRUMENT.id):
            if now > 60:
                self.cancel_all_orders(INSTRUMENT.id)
                self.close_all_positions(INSTRUMENT.id)
        elif self.at and now < 30 <= self.strength[self.at - 1] and float(bar.close) > self.average[self.at]:
            self.enter(float(bar.close))

    def enter(self, price):
        """A tenth of the money, with stop and target."""
        money = float(self.portfolio.account(INSTRUMENT.venue).balance_total(USDT).as_double()) * 0.1
        bracket = self.order_factory.bracket(
            instrument_id=INSTRUMENT.id,
            order_side=OrderSide.BUY,
            quantity=INSTRUMENT.make_qty(money / price),
            sl_trigger_price=INSTRUMENT.make_price(price * 0.97),
            tp_price=INSTRUMENT.make_price(price * 1.06),
        )
        self.submit_order_list(bracket)


def run(candles):
    """One run."""
    frame = pd.DataFrame({name: candles[name] for name in ("open", "high", "low", "close", "volume")})
    strength, average = indicators(frame.close)
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USDT)], base_currency=USDT,
        default_leverage=Decimal(1),
    )  # fmt: skip
    engine.add_instrument(INSTRUMENT)
    engine.add_data(bars_of(candles, frame))
    engine.add_strategy(Dip(strength, average))
    engine.run()
    count = len(engine.cache.position_snapshots()) + len(engine.cache.positions_closed())
    engine.dispose()
    return count


measure.measured(measure.candles_of, run, budget_seconds=1, most=1)
