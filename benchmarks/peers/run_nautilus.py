"""NautilusTrader: bars, a market entry with a bracket of stop and target, indicators computed beforehand by pandas."""

from measure import candles_of, measured


def run(candles):
    """One run."""
    from decimal import Decimal

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

    names = ("open", "high", "low", "close", "volume")
    frame = pd.DataFrame({name: candles[name] for name in names})
    change = frame.close.diff()
    up = change.clip(lower=0).ewm(alpha=1 / 14, adjust=False, min_periods=14).mean()
    down = (-change).clip(lower=0).ewm(alpha=1 / 14, adjust=False, min_periods=14).mean()
    strength = (100 * up / (up + down)).to_numpy()
    average = frame.close.ewm(span=200, adjust=False, min_periods=200).mean().to_numpy()
    # a bar is known when it has closed
    frame.index = pd.to_datetime(candles["time"] + 60_000, unit="ms", utc=True)

    instrument = TestInstrumentProvider.btcusdt_binance()
    kind = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")
    bars = BarDataWrangler(kind, instrument).process(frame)

    class Dip(Strategy):
        """The strategy."""

        def on_start(self):
            self.at = -1
            self.subscribe_bars(kind)

        def on_bar(self, bar):
            self.at += 1
            now = strength[self.at]
            if not self.portfolio.is_flat(instrument.id):
                if now > 60:
                    self.cancel_all_orders(instrument.id)
                    self.close_all_positions(instrument.id)
            elif self.at and now < 30 <= strength[self.at - 1] and float(bar.close) > average[self.at]:
                price = float(bar.close)
                money = float(self.portfolio.account(instrument.venue).balance_total(USDT).as_double()) * 0.1
                bracket = self.order_factory.bracket(
                    instrument_id=instrument.id,
                    order_side=OrderSide.BUY,
                    quantity=instrument.make_qty(money / price),
                    sl_trigger_price=instrument.make_price(price * 0.97),
                    tp_price=instrument.make_price(price * 1.06),
                )
                self.submit_order_list(bracket)

    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USDT)], base_currency=USDT,
        default_leverage=Decimal(1),
    )  # fmt: skip
    engine.add_instrument(instrument)
    engine.add_data(bars)
    engine.add_strategy(Dip())
    engine.run()
    count = len(engine.cache.position_snapshots()) + len(engine.cache.positions_closed())
    engine.dispose()
    return count


measured(candles_of, run, budget_seconds=1, most=1)
