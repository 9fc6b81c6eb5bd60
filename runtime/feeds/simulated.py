"""The built-in simulated market: candles that behave like a coin's, made from a seed.

They are for learning and for trying things out. They say nothing about any real market, and everything that
shows them also shows `SIMULATED_LABEL`.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.resample import bucket_starts
from strategy_dsl.timeframes import UNITS_MS, timeframe_ms

SIMULATED_LABEL = "simulated market"

USUAL_PRICES = {
    "BTC": 60_000.0,
    "ETH": 3_000.0,
    "BNB": 500.0,
    "BCH": 400.0,
    "SOL": 150.0,
    "LTC": 80.0,
    "AVAX": 30.0,
    "LINK": 15.0,
    "DOT": 6.0,
    "XRP": 0.6,
    "ADA": 0.45,
    "TRX": 0.12,
    "DOGE": 0.12,
    "SHIB": 0.00002,
    "GBP": 1.3,
    "EUR": 1.1,
    **dict.fromkeys(("USD", "USDT", "USDC", "BUSD", "FDUSD", "DAI"), 1.0),
}
"""In US dollars."""

HOURLY_SWING = 0.0055
"""The usual standard deviation of an hour's return when nothing special goes on."""

TURNOVER_AN_HOUR = 20_000_000.0
CRASH_APART_HOURS = (1_200.0, 3_200.0)
CRASH_DEPTH = (0.08, 0.20)
CLUSTER_MEMORY, CLUSTER_SHOCK = 0.97, 0.12
"""How much of its log swing a candle keeps from the one before, and how much comes new."""


@dataclass(frozen=True)
class _Scale:
    """What is usual for one candle of this market and timeframe."""

    usual_price: float
    swing: float  # standard deviation of the log move
    crash_apart: tuple[float, float]  # candles
    turnover: float  # in the quote currency


class _Regime(NamedTuple):
    """What a stretch of candles tends to do, a number for each candle."""

    drift: Floats  # log move from open to close that is no chance
    nerves: Floats  # how many times the usual swing, 0 for a candle that is all drift
    gap: Floats  # log move from the last close to this open, on top of small change


def simulated_candles(market: str, timeframe: str, seed: int, start_ms: int, count: int) -> Candles:
    """`count` candles from `start_ms`, the same for the same arguments, and the first of any longer request.

    Trends, ranges and crashes (one candle of -8% to -20% that opens far below the last close, then nervous
    days) follow each other; swings come in clusters, and volume grows with the move. Two timeframes are two
    different histories: make the shorter one and `resample` it where both must agree.
    Raises ValueError when `start_ms` is not an opening of this timeframe.
    """
    length = timeframe_ms(timeframe)
    if bucket_starts(np.array([start_ms]), timeframe)[0] != start_ms:
        raise ValueError(f"{start_ms} ms is not the opening of a {timeframe} candle")
    scale = _scale(market, length)
    random = np.random.default_rng([seed, *hashlib.sha256(market.encode()).digest()])
    stretches, have, making = [np.empty((5, 0))], 0, _stretches(random, scale)
    while have < count:
        stretches.append(next(making))
        have += stretches[-1].shape[1]
    open_, high, low, close, volume = np.concatenate(stretches, axis=1)[:, :count]
    time = start_ms + length * np.arange(count, dtype=np.int64)
    return Candles(market, timeframe, time, open_, high, low, close, volume)


def _scale(market: str, length_ms: int) -> _Scale:
    hours = length_ms / UNITS_MS["h"]
    soonest, latest = CRASH_APART_HOURS
    coin, _, quote = market.partition(":")[0].partition("/")
    quote_price = _usual_price(quote or "USD")
    return _Scale(
        usual_price=_usual_price(coin) / quote_price,
        swing=HOURLY_SWING * math.sqrt(hours),
        crash_apart=(max(soonest / hours, 120.0), max(latest / hours, 320.0)),
        turnover=TURNOVER_AN_HOUR / quote_price * hours,
    )


def _usual_price(coin: str) -> float:
    """A price near the coin's real one; for coins not listed one from 1 to 100 that is always the same."""
    known = USUAL_PRICES.get(coin)
    return known if known is not None else 10 ** (hashlib.sha256(coin.encode()).digest()[0] / 128)


def _stretches(random: np.random.Generator, scale: _Scale) -> Iterator[Floats]:
    """Open, high, low, close and volume of one regime after the other, without end."""
    price = scale.usual_price * math.exp(random.uniform(-0.1, 0.1))
    cluster, until_crash = 0.0, random.uniform(*scale.crash_apart)
    while True:
        if until_crash <= 0:
            regime = _crash(random, scale)
            until_crash = random.uniform(*scale.crash_apart)
        else:
            regime = _usual_regime(random, scale, math.log(price / scale.usual_price))
            until_crash -= len(regime.drift)
        clusters = _clusters(random, cluster, len(regime.drift))
        cluster = float(clusters[-1])
        stretch = _candles(random, scale, price, regime._replace(nerves=regime.nerves * np.exp(clusters)))
        price = float(stretch[3, -1])
        yield stretch


def _usual_regime(random: np.random.Generator, scale: _Scale, height: float) -> _Regime:
    """A trend or a range; the higher the price (log `height` over its usual one), the likelier it falls."""
    kind, size = random.random(), int(random.integers(60, 240))
    nothing = np.zeros(size)
    if kind < 0.45:
        period, width = random.uniform(32, 80), random.uniform(0.4, 0.8)
        wave = np.cos(2 * np.pi * (np.arange(size) / period + random.random()))
        return _Regime(width * scale.swing * wave, np.full(size, random.uniform(0.5, 0.9)), nothing)
    rising = random.random() < 1 / (1 + math.exp(4 * height))
    drift = random.uniform(0.1, 0.28) * scale.swing * (1 if rising else -1)
    return _Regime(np.full(size, drift), np.full(size, random.uniform(0.7, 1.3)), nothing)


def _crash(random: np.random.Generator, scale: _Scale) -> _Regime:
    """A slide, one candle that opens far below the last close and falls on, then a nervous recovery."""
    slide, after = int(random.integers(6, 12)), int(random.integers(60, 150))
    fall = math.log(1 - random.uniform(*CRASH_DEPTH))
    fall_in_gap = random.uniform(0.5, 0.7)
    calming = np.exp(-np.arange(after) / (after / 3))
    recovered = -fall * random.uniform(0.2, 0.6)
    drift = np.concatenate(
        [
            np.full(slide, -0.5 * scale.swing),
            [fall * (1 - fall_in_gap)],
            recovered * calming / calming.sum(),
        ]
    )
    gap = np.zeros(len(drift))
    gap[slide] = fall * fall_in_gap
    return _Regime(drift, np.concatenate([np.full(slide, 0.5), [0.0], 1 + 2.5 * calming]), gap)


def _clusters(random: np.random.Generator, before: float, size: int) -> Floats:
    """Log multiples of the swing that wander slowly about 0, going on from `before`."""
    memory = CLUSTER_MEMORY ** np.arange(1, size + 1)
    shocks = CLUSTER_SHOCK * random.standard_normal(size)
    wander: Floats = memory * (before + np.cumsum(shocks / memory))
    return wander


def _candles(random: np.random.Generator, scale: _Scale, price: float, regime: _Regime) -> Floats:
    """The regime as candles that go on from the close `price`, on the coin's price step."""
    size, swing = len(regime.drift), scale.swing * regime.nerves
    chance = np.clip(random.standard_t(4, size) / math.sqrt(2), -6, 6)
    body = regime.drift + swing * chance
    small_change = 0.03 * swing * random.standard_normal(size)
    gap = regime.gap + np.where(random.random(size) < 0.02, 15.0, 1.0) * small_change
    close = price * np.exp(np.cumsum(gap + body))
    open_ = close * np.exp(-body)
    wicks = 0.45 * np.maximum(swing, scale.swing / 2) * np.abs(random.standard_normal((2, size)))
    open_, close = _stepped(open_, scale), _stepped(close, scale)
    high = np.maximum(_stepped(np.maximum(open_, close) * np.exp(wicks[0]), scale), np.maximum(open_, close))
    low = np.minimum(_stepped(np.minimum(open_, close) * np.exp(-wicks[1]), scale), np.minimum(open_, close))
    busy = (0.5 + np.abs(gap + body) / scale.swing) * np.exp(0.35 * random.standard_normal(size))
    return np.stack([open_, high, low, close, np.round(scale.turnover / scale.usual_price * busy, 5)])


def _stepped(prices: Floats, scale: _Scale) -> Floats:
    """Prices with five or six figures, and never finer than needed: 60,123.45, 0.123456."""
    return np.round(prices, max(2, 5 - math.floor(math.log10(scale.usual_price))))
