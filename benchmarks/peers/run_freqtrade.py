"""freqtrade: its Backtesting on a frame in memory; the exchange's markets are given, as it has no offline mode."""

import tempfile
from pathlib import Path

from measure import candles_of, measured

PAIR = "BTC/USDT"
STRATEGY = """
import talib
from freqtrade.strategy import IStrategy


class Dip(IStrategy):
    INTERFACE_VERSION = 3
    timeframe = "1m"
    stoploss = -0.03
    # net of both fees: this is 6% of the price
    minimal_roi = {"0": 0.06 * 0.999 - 0.002}
    startup_candle_count = 0
    process_only_new_candles = True

    def populate_indicators(self, frame, metadata):
        frame["rsi"], frame["ema"] = talib.RSI(frame["close"], 14), talib.EMA(frame["close"], 200)
        return frame

    def populate_entry_trend(self, frame, metadata):
        crossed = (frame["rsi"] < 30) & (frame["rsi"].shift(1) >= 30)
        frame.loc[crossed & (frame["close"] > frame["ema"]), "enter_long"] = 1
        return frame

    def populate_exit_trend(self, frame, metadata):
        frame.loc[frame["rsi"] > 60, "exit_long"] = 1
        return frame

    def custom_stake_amount(self, *args, **kwargs):
        return self.wallets.get_total_stake_amount() * 0.1
"""
MARKET = {
    "id": "BTCUSDT", "symbol": PAIR, "base": "BTC", "quote": "USDT", "active": True, "spot": True, "swap": False,
    "linear": None, "type": "spot", "contract": False, "margin": False, "taker": 0.001, "maker": 0.001,
    "precision": {"price": 0.01, "amount": 1e-8},
    "limits": {"amount": {"min": 1e-8, "max": None}, "price": {"min": None, "max": None},
               "cost": {"min": 1.0, "max": None}, "leverage": {"min": None, "max": None}},
    "info": {},
}  # fmt: skip


def config_in(folder):
    """What a person writes into config.json."""
    from freqtrade.enums import CandleType, RunMode

    return {
        "runmode": RunMode.BACKTEST, "dry_run": True, "dry_run_wallet": 100_000, "stake_currency": "USDT",
        "stake_amount": 10_000, "max_open_trades": 1, "tradable_balance_ratio": 1.0, "timeframe": "1m", "fee": 0.001,
        "exchange": {"name": "binance", "key": "", "secret": "", "pair_whitelist": [PAIR], "pair_blacklist": []},
        "pairlists": [{"method": "StaticPairList"}], "strategy": "Dip", "strategy_path": folder,
        "user_data_dir": Path(folder), "datadir": Path(folder), "exportfilename": Path(folder), "export": "none",
        "entry_pricing": {"price_side": "same", "use_order_book": False, "order_book_top": 1},
        "exit_pricing": {"price_side": "same", "use_order_book": False, "order_book_top": 1},
        "candle_type_def": CandleType.SPOT, "trading_mode": "spot", "margin_mode": "", "internals": {},
        "original_config": {}, "unfilledtimeout": {"entry": 10, "exit": 10}, "dataformat_ohlcv": "feather",
        "enable_protections": False, "position_stacking": False, "use_exit_signal": True,
    }  # fmt: skip


def run(candles):
    """One run, from the frame to the trades."""
    import pandas as pd
    from freqtrade.optimize.backtesting import Backtesting
    from freqtrade.resolvers import ExchangeResolver

    names = ("open", "high", "low", "close", "volume")
    frame = pd.DataFrame(
        {"date": pd.to_datetime(candles["time"], unit="ms", utc=True), **{n: candles[n] for n in names}}
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "dip.py").write_text(STRATEGY)
        config = config_in(folder)
        exchange = ExchangeResolver.load_exchange(config, validate=False, load_leverage_tiers=False)
        exchange._markets = {PAIR: MARKET}
        exchange._api.markets = {PAIR: MARKET}
        test = Backtesting(config, exchange)
        strategy = test.strategylist[0]
        test._set_strategy(strategy)
        ready = strategy.advise_all_indicators({PAIR: frame})
        found = test.backtest(processed=ready, start_date=frame.date.iloc[0], end_date=frame.date.iloc[-1])
        return len(found["results"])


measured(candles_of, run, budget_seconds=1, most=1)
