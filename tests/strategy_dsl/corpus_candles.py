"""Candles on which the rules of the corpus are compared with its gold readings."""

from functools import cache

import numpy as np

from bot.evaluation.made import walk
from runtime.candles import Candles
from runtime.core.resample import resampled
from strategy_dsl.timeframes import timeframe_ms
from tests.candle_files import MONDAY_MS, real_candles

COINS = ("BTC", "ETH", "XRP", "LTC", "EOS", "NEO", "IOT")
"""The coins of ../shared/market-data; a market of another coin or of a share takes the candles of one of them."""
STANDS_FOR = {
    # prices of the text's own range
    ("s114", "BTC"): "XRP",
    ("s167", "NVDA"): "ETH",
    ("s178", "TSLA"): "ETH",
    ("s101", "ETH"): "ETH",
}
WALK = 10_000
"""How many candles a made walk has."""
MOST = 12_000
"""How many real candles are compared at most."""
PRICES = {"s101": 275, "s114": 0.435, "s167": 179, "s178": 449}
"""The prices about which made candles move for rules that name a price; 100 elsewhere."""


def candle_sets(row: str, markets: tuple[str, ...], timeframe: str) -> list[dict[str, Candles]]:
    """Candles of each market for a row of the corpus: real ones, and made ones on which rare signals are not rare.

    All markets of one set have the same times.
    """
    found = [_real(row, markets, timeframe)]
    for seed, (pull, unit) in enumerate(((0.0, 0.006), (0.01, 0.0015), (0.03, 0.012))):
        price = PRICES.get(row, 100)
        near = pull if row not in PRICES else max(pull, 0.02)
        found.append(
            {each: walk(each, timeframe, (seed, place), price, near, unit, WALK) for place, each in enumerate(markets)}
        )
    return [{market: MADE[row](market, timeframe) for market in markets}, *found] if row in MADE else found


def _real(row: str, markets: tuple[str, ...], timeframe: str) -> dict[str, Candles]:
    found = {market: _market(row, market, place, timeframe) for place, market in enumerate(markets)}
    shared = sorted(set.intersection(*(set(each.time.tolist()) for each in found.values())))
    if not any(name == row for name, _ in STANDS_FOR):
        shared = shared[-MOST:]
    return {market: _at(each, np.array(shared, dtype=np.int64)) for market, each in found.items()}


def _market(row: str, market: str, place: int, timeframe: str) -> Candles:
    base = market.split("/")[0]
    coin = STANDS_FOR.get((row, base), base if base in COINS else COINS[place % len(COINS)])
    found = _coin(coin, timeframe)
    return Candles(market, timeframe, *(getattr(found, name) for name in _COLUMNS))


_COLUMNS = ("time", "open", "high", "low", "close", "volume")


@cache
def _coin(coin: str, timeframe: str) -> Candles:
    length = timeframe_ms(timeframe)
    if length < timeframe_ms("1h"):
        # only two coins have minutes
        name = "bench/bench-1m.parquet" if coin == "BTC" else "bitfinex-ETHUSD-1m-2018.parquet"
        return resampled(real_candles(name, "BTC/USD"), timeframe)
    if length != timeframe_ms("1d"):
        name = "binance-BTCUSDT-1h.parquet" if coin == "BTC" else f"bitfinex-{coin}USD-1h-2018-2019.parquet"
    else:
        name = "bitstamp-BTCUSD-1d.parquet" if coin == "BTC" else f"bitfinex-{coin}USD-1d-2017-2019.parquet"
    return resampled(real_candles(name), timeframe)


def _at(candles: Candles, times: np.ndarray) -> Candles:
    index = np.searchsorted(candles.time, times)
    return Candles(candles.market, candles.timeframe, *(getattr(candles, name)[index] for name in _COLUMNS))


def _collapses(market: str, timeframe: str) -> Candles:
    """Falls that end in a crash, a still stretch and a slow rise on hardly any volume, between random walks."""
    random = np.random.default_rng(7)
    steps: list[float] = []
    volumes: list[float] = []
    for _ in range(12):
        rise = random.normal(0.001, 0.008, 340)
        steps += [*rise, *[0.0] * 60, *[-0.01] * 30, -0.3, *[-0.0003] * 10, *[0.01] * 8]
        volumes += [*random.uniform(50, 150, 400), *[250.0] * 30, 300.0, *[20.0] * 10, *[0.5] * 8]
    close = 100 * np.exp(np.cumsum(steps))
    opened = np.concatenate([[100.0], close[:-1]])
    time = MONDAY_MS + timeframe_ms(timeframe) * np.arange(len(close), dtype=np.int64)
    high, low = np.maximum(opened, close) * 1.0002, np.minimum(opened, close) * 0.9998
    return Candles(market, timeframe, time, opened, high, low, close, np.array(volumes))


MADE = {"s190": _collapses}
"""Rows whose signals are too rare in real candles."""
