"""Made candles on which near-equal readings differ: wild and calm walks, walks about a price, crashes and dead calm."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from runtime.candles import Candles, Floats
from strategy_dsl.timeframes import timeframe_ms

MONDAY_MS = 1_577_664_000_000
"""30 December 2019, a Monday."""
SIZE = 6_000
REGIMES = ((0.0, 0.006), (0.01, 0.0015), (0.03, 0.012))
"""Pull back to the first price and unit of a move, for each walk."""
NEAR = 0.02
"""The least pull where rules name a price, so that it is crossed often."""
_PRICE = re.compile(r"(?:\b[ohlc]\s*[<>]=?|crosses_\w+\([ohlc],)\s*(\d+(?:\.\d+)?)\b(?!\s*[\*/(])")


def candle_sets(markets: tuple[str, ...], timeframe: str, gold: Mapping[str, Any]) -> list[dict[str, Candles]]:
    """Candles of each market; all markets of one set have the same times."""
    price = named_price(gold)
    found = []
    for seed, (pull, unit) in enumerate(REGIMES):
        near = max(pull, NEAR) if price else pull
        found.append(
            {each: walk(each, timeframe, (seed, at), price or 100.0, near, unit) for at, each in enumerate(markets)}
        )
    kinds: tuple[Callable[..., Candles], ...] = (_collapses, _dives)
    return [*found, *({each: kind(each, timeframe, price or 100.0) for each in markets} for kind in kinds)]


def named_price(gold: Mapping[str, Any]) -> float:
    """The middle of the prices that a gold's expressions compare with; 0 where there is none."""
    prices: list[float] = []
    for reading in gold.get("readings") or ():
        for expression in (each for each in reading.values() if isinstance(each, str)):
            prices += [float(each) for each in _PRICE.findall(expression)]
    return (min(prices) + max(prices)) / 2 if prices else 0.0


def walk(
    market: str, timeframe: str, seed: tuple[int, int], price: float, pull: float, unit: float, size: int = SIZE
) -> Candles:
    """A random walk of the logarithm, pulled back to its start, wild in some stretches; wild candles trade more.

    `price` is the first open, `pull` the part of the way back that each step takes, `unit` the usual size of a step as
    a part of the price, `size` the number of candles.
    """
    random = np.random.default_rng(seed)
    wild = np.exp(np.convolve(random.normal(0, 1, size + 49), np.full(50, 0.12), "valid"))
    moves = random.standard_t(4, size) * unit * wild * np.where(random.random(size) < 0.02, 3, 1)
    levels = np.empty(size)
    level = 0.0
    for index, move in enumerate(moves.tolist()):
        level += move - pull * level
        levels[index] = level
    close = price * np.exp(levels)
    gaps = np.where(random.random(size) < 0.5, random.normal(0, 0.1, size), 0) * unit
    opened = np.concatenate([[price], close[:-1]]) * np.exp(gaps)
    wicks = np.abs(random.normal(0, 0.7, (2, size))) * unit * wild * (random.random((2, size)) < 0.8)
    volume = 100 * np.exp(random.normal(0, 0.6, size)) * (0.3 + np.abs(moves) / unit)
    return _candles(market, timeframe, opened, close, wicks, volume)


def _collapses(market: str, timeframe: str, price: float) -> Candles:
    """Falls that end in a crash, a still stretch and a slow rise on hardly any volume, between random walks."""
    random = np.random.default_rng(7)
    steps: list[float] = []
    volumes: list[float] = []
    for _ in range(12):
        steps += [
            *random.normal(0.001, 0.008, 340),
            *random.normal(0, 1e-5, 60),
            *[-0.01] * 30,
            -0.3,
            *[-0.0003] * 10,
            *[0.01] * 8,
        ]
        volumes += [*random.uniform(50, 150, 400), *[250.0] * 30, 300.0, *[20.0] * 10, *[0.5] * 8]
    close = price * np.exp(np.cumsum(steps))
    opened = np.concatenate([[price], close[:-1]])
    return _candles(market, timeframe, opened, close, np.full((2, len(close)), 0.0002), np.array(volumes))


def _dives(market: str, timeframe: str, price: float) -> Candles:
    """Dives on a flood of volume whose last candles turn up while everything is still oversold, between calm walks."""
    random = np.random.default_rng(11)
    steps: list[float] = []
    volumes: list[float] = []
    for _ in range(24):
        calm = random.normal(0.0002, 0.004, 210)
        dive = -np.abs(random.normal(0.008, 0.004, 20))
        turn = random.normal(0.002, 0.002, 4)
        back = np.abs(random.normal(0.003, 0.003, 36)) * random.choice([1, 1, 1, -1], 36)
        steps += [*calm, *dive, *turn, *back]
        volumes += [*random.uniform(60, 140, 210), *random.uniform(150, 900, 24), *random.uniform(60, 200, 36)]
    close = price * np.exp(np.cumsum(steps) - np.linspace(0, float(np.sum(steps)), len(steps)))
    opened = np.concatenate([[price], close[:-1]])
    wicks = np.abs(random.normal(0, 0.002, (2, len(close))))
    return _candles(market, timeframe, opened, close, wicks, np.array(volumes))


def _candles(
    market: str, timeframe: str, opened: Floats, close: Floats, wicks: np.ndarray, volume: np.ndarray
) -> Candles:
    """Candles from opens, closes and the logarithmic lengths of upper and lower wicks, shape (2, n)."""
    time = MONDAY_MS + timeframe_ms(timeframe) * np.arange(len(close), dtype=np.int64)
    high = np.maximum(opened, close) * np.exp(wicks[0])
    low = np.minimum(opened, close) * np.exp(-wicks[1])
    return Candles(market, timeframe, time, opened, high, low, close, volume)
