"""A short on candles turned upside down does what a long does: the same candles, kinds and quantities, prices mirrored."""

import numpy as np
import pytest

from runtime.candles import Candles
from tests.reference.programs import random_candles
from tests.reference.scenes import BTC, play

MIDDLE = 1000.0
ENTRY = "size 0.1 BTC\n{enter} when volume > 25\n"
STRATEGIES = {
    "a rule": "{leave} when volume < 10",
    "a part": "{leave} 50% when volume < 10\nexit after 9 bars",
    "stop and target": "stop loss 8\ntake profit 12",
    "targets in parts": "stop loss 10\ntake profit 1r for 50%, 2r",
    "stop at a price": "stop loss at {worse} {away} 4, following\ntake profit at {better} {towards} 6",
    "trailing": "stop loss 15\ntrailing stop 8 after 5\nbreak even after 3",
    "trailing from the start": "trailing stop 9",
    "limit": "order limit at close {away} 3 for 3 bars\nstop loss 9\ntake profit 9",
    "stop order": "order stop at close {towards} 3 for 4h\nstop loss 9\ntake profit 9",
    "next open": "order limit at next_open {away} 2\nexit after 5h",
    "ladder": "add 0.1 BTC at 3, 6 {losing} entry\nstop loss 9\ntake profit 9 of average entry",
    "pyramid": "add 0.1 BTC every 4 {gaining} last entry, at most 3 times, 2h apart\nstop loss 6 of last entry\nexit after 1d",
    "each entry": "add 0.1 BTC at 3 {losing} entry\nstop loss 8 of each entry\ntake profit 8 of each entry",
    "add when": "add 0.1 BTC when volume > 40, at most 2 times\nstop loss 9 of average entry\nexit at 12:00 UTC",
}
LONG = {
    "enter": "buy", "leave": "sell", "away": "-", "towards": "+", "worse": "low", "better": "high",
    "losing": "below", "gaining": "above",
}  # fmt: skip
SHORT = {
    "enter": "short", "leave": "cover", "away": "+", "towards": "-", "worse": "high", "better": "low",
    "losing": "above", "gaining": "below",
}  # fmt: skip


def mirrored(candles: Candles) -> Candles:
    turned = [2 * MIDDLE - np.asarray(each) for each in (candles.open, candles.low, candles.high, candles.close)]
    return Candles(candles.market, candles.timeframe, candles.time, *turned, candles.volume)


def lifted(seed: int) -> Candles:
    """A random walk around the middle, its steps a few units wide."""
    made = random_candles(seed, BTC, 250)
    prices = (MIDDLE + (each - 100) * 3 for each in (made.open, made.high, made.low, made.close))
    return Candles(BTC, "1h", made.time, *prices, made.volume)


@pytest.mark.parametrize("case", STRATEGIES)
@pytest.mark.parametrize("seed", range(4))
def test_a_short_is_a_long_upside_down(case: str, seed: int) -> None:
    text, candles = ENTRY + STRATEGIES[case], lifted(seed)
    long = play(text.format(**LONG), {BTC: candles}, cash=100_000.0).fills
    short = play(text.format(**SHORT), {BTC: mirrored(candles)}, cash=100_000.0).fills
    assert len(long) > 5
    assert [(f.time, f.kind, round(f.quantity, 9)) for f in long] == [
        (f.time, f.kind, round(f.quantity, 9)) for f in short
    ]
    sides = {"buy": "short", "sell": "cover"}
    for up, down in zip(long, short, strict=True):
        assert sides[up.side] == down.side
        assert up.price == pytest.approx(2 * MIDDLE - down.price, abs=1e-8)
