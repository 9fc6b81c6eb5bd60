"""Whether rules say what a text's gold says: on made candles, in their settings and in their numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bot.evaluation.comparison import nearest
from bot.evaluation.made import candle_sets
from bot.evaluation.meaning import Meaning, read_markets
from strategy_dsl.gist import gist
from strategy_dsl.nodes import Strategy
from strategy_dsl.parser import parse

WARM_UP = {"1w": 60, "1d": 210}
"""How many candles are left out at the beginning, where averages still depend on where they began."""
LONGEST_WARM_UP = 600
UNIVERSE = ("BTC/USDT", "ETH/USDT", "XRP/USDT", "LTC/USDT")
"""The markets compared where rules choose theirs by themselves."""
DEFAULT_SIZE = {"kind": "equity_percent", "value": 5}
TIMEFRAME = "another timeframe"
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Judged:
    """What differs from the nearest acceptable reading, and which signals were alike without ever being true."""

    differences: tuple[str, ...]
    silent: tuple[str, ...] = ()


def judged(
    rules: str, gold: Mapping[str, Any], names: ModuleType, *, market_free: bool = False, answered: Sequence[str] = ()
) -> Judged:
    """Rules beside the gold of their text.

    `market_free` where the person was asked for the market since; `answered` are topics that the gold lists as open
    and that the person was asked about: what was answered there is no invention.
    """
    parsed = parse(rules)
    if parsed.problems or parsed.strategy.trade is None:
        return Judged(("the rules do not hold together",))
    strategy, readings = parsed.strategy, gold.get("readings") or ()
    if not readings:
        return Judged(("no reading makes rules of it",))
    meanings = _meanings(strategy, gold, names)
    # nothing may be made up: a clause that the text leaves open is asked for or left out
    settled = {**gold, "ask": [each for each in gold.get("ask") or () if each in answered]}
    tried = [_beside(strategy, settled, each, meanings, market_free) for each in readings]
    # on another timeframe nothing else is compared: the farthest of all
    best = min(tried, key=lambda each: 99 if each.differences[:1] == (TIMEFRAME,) else len(each.differences))
    lost = () if readings[0].get("partial") else _lost_numbers(rules, gold)
    return Judged((*best.differences, *lost), best.silent)


def _meanings(strategy: Strategy, gold: Mapping[str, Any], names: ModuleType) -> list[Meaning]:
    assert strategy.trade is not None
    markets = strategy.trade.markets or UNIVERSE
    needed = tuple(dict.fromkeys((*markets, *read_markets(strategy))))
    first = WARM_UP.get(strategy.trade.timeframe, LONGEST_WARM_UP)
    sets = candle_sets(needed, strategy.trade.timeframe, gold)
    return [Meaning(strategy, candles, market, first, names) for candles in sets for market in markets]


def _beside(
    strategy: Strategy,
    gold: Mapping[str, Any],
    reading: Mapping[str, Any],
    meanings: list[Meaning],
    market_free: bool,
) -> Judged:
    wanted = reading.get("timeframe")
    if wanted is not None and strategy.trade is not None and strategy.trade.timeframe != wanted:
        return Judged((TIMEFRAME, f"{strategy.trade.timeframe} instead of {wanted}"))
    differing, silent = nearest(gold, reading, meanings, market_free=market_free)
    return Judged((*differing, *_size(strategy, reading)), tuple(silent))


def _size(strategy: Strategy, reading: Mapping[str, Any]) -> list[str]:
    found = gist(strategy)["size"]
    if reading.get("size") or reading.get("partial") or found in (None, DEFAULT_SIZE):
        return []
    return [f"size: {found}, the reading has none"]


def _lost_numbers(rules: str, gold: Mapping[str, Any]) -> list[str]:
    """Numbers of the text that the rules do not hold, in any way of writing them."""
    there = {round(float(each.replace(",", "")), 9) for each in _NUMBER.findall(rules)}
    spans = " ".join(str(each) for each in gold.get("spans") or ())
    return [
        f"number {number} is lost"
        for number in gold.get("numbers") or ()
        if not _forms(float(number)) & there and str(number) not in spans
    ]


def _forms(number: float) -> set[float]:
    share = number / 100
    return {round(each, 9) for each in (abs(number), 1 + share, 1 - share, number * 100)}
