import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.core.evidence import Evidence, judge
from runtime.core.evidence.neighbours import Neighbour, neighbourhood
from runtime.core.evidence.verdict import ENOUGH_TRADES, often
from runtime.core.evidence.words import explained
from runtime.core.trades import Closed
from tests.candle_files import MONDAY_MS
from tests.made import walk_candles

HOUR_MS = 3_600_000
ADVICE = re.compile(r"\b(should|must|recommend|advise|buy|sell|invest|stop trading|worth)\b", re.IGNORECASE)
RETURNS = st.lists(st.floats(-0.5, 0.5), max_size=60).map(lambda each: np.array(each, dtype=np.float64))


def places(count: int) -> np.ndarray:
    """Candles of entries, at no regular distance: moved by any number of candles, few of them meet again."""
    return np.cumsum(np.random.default_rng(0).integers(3, 30, count))


def closed(returns: np.ndarray) -> tuple[Closed, ...]:
    """Trades of 100 each, of two candles, with these returns."""
    return tuple(
        Closed("BTC/USDT", MONDAY_MS + at * HOUR_MS, MONDAY_MS + (at + 2) * HOUR_MS, 100.0, 100 * (1 + each), 1.0,
               100 * each, "signal", 1)
        for at, each in zip(places(len(returns)).tolist(), returns.tolist(), strict=True)
    )  # fmt: skip


def steady(steps: np.ndarray) -> Candles:
    """Candles without a body, each opening so much above the one before."""
    opens = 100 * np.cumprod(np.append(1.0, 1 + steps[:-1]))
    time = MONDAY_MS + HOUR_MS * np.arange(len(steps), dtype=np.int64)
    return Candles("BTC/USDT", "1h", time, opens, opens, opens, opens, opens)


def judged(returns: np.ndarray, seed: int = 7, **options: object) -> Evidence:
    """A verdict on returns alone: on candles that only move where the trades are, so that timing agrees."""
    at = places(len(returns))
    steps = np.zeros(int(at[-1]) + 10 if len(at) else 10)
    steps[at] = returns
    candles = steady(steps)
    return judge(closed(returns), {"BTC/USDT": candles}, candles.time, np.full(len(steps), 1e4), seed, **options)


@settings(max_examples=25, deadline=None)
@given(RETURNS, st.integers(0, 2**32))
def test_the_words_follow_the_numbers(returns: np.ndarray, seed: int) -> None:
    found = judged(returns, seed)
    assert (found.verdict == "not enough trades to tell") == (found.independent < ENOUGH_TRADES)
    assert str(len(returns)) in found.sentence or not len(returns)
    texts = [found.sentence, *(text for _, text in explained(found, None, None))]
    assert all(text.endswith(".") and not ADVICE.search(text) for text in texts)
    if found.low is None or found.high is None:
        assert len(returns) < 5
        return
    assert found.low <= found.high
    assert (found.verdict == "holds up so far") <= (found.low > 0 and found.timing is not None and found.timing <= 0.05)
    if found.verdict != "not enough trades to tell":
        assert (found.verdict == "loses so far") == (found.high < 0)
        assert (found.low <= 0 <= found.high) <= (found.verdict == "looks like luck")
    assert found == judged(returns, seed), "the same seed says the same"


@pytest.mark.parametrize("count", [0, 1, 4, 5, 29])
def test_no_luck_or_skill_is_named_before_thirty_trades(count: int) -> None:
    assert judged(np.full(count, 0.05)).verdict == "not enough trades to tell"


def test_the_sentences() -> None:
    random = np.random.default_rng(3)
    good = judged(random.normal(0.012, 0.02, 60))
    assert good.verdict == "holds up so far" and good.sentence.startswith("60 trades averaged +")
    bad = judged(random.normal(-0.012, 0.02, 60))
    assert bad.verdict == "loses so far" and bad.sentence.startswith("60 trades averaged -")
    luck = judged(random.normal(0.0, 0.02, 60))
    assert luck.verdict == "looks like luck" and "scatter too much" in luck.sentence
    assert "No trade" in judged(np.empty(0)).sentence
    assert judged(np.array([0.5])).sentence.startswith("1 trade proves very little")


def test_each_further_test_can_turn_a_good_average_into_luck() -> None:
    returns = np.random.default_rng(3).normal(0.007, 0.02, 60)
    assert judged(returns).verdict == "holds up so far"
    many = judged(returns, tried=500)
    assert many.verdict == "looks like luck" and "of 500 versions tried" in many.sentence
    worse = neighbourhood([Neighbour("stop loss: 3% → 2.7%", -0.1, -0.01, 40)] * 3 + [Neighbour("x", 0.1, 0.01, 40)])
    near = judged(returns, around=lambda: worse)
    assert near.verdict == "looks like luck" and "3 of 4 small changes" in near.sentence
    late = np.concatenate([np.abs(returns[:42]), -np.abs(returns[42:]) / 4])
    assert re.search(r"the newest 1\d of them averaged -", judged(late).sentence)
    # the same trades on candles that rise all the time anyway
    trades = closed(np.full(60, 0.02) + returns / 9)
    candles = steady(np.full(int(places(60)[-1]) + 10, 0.01))
    drift = judge(trades, {"BTC/USDT": candles}, candles.time, np.full(len(candles), 1e4), 1)
    assert drift.verdict == "looks like luck" and "random moments do as well" in drift.sentence


def test_neighbours_are_run_only_where_everything_else_holds() -> None:
    def never() -> None:
        raise AssertionError("asked")

    assert judged(np.random.default_rng(3).normal(0, 0.02, 60), around=never).verdict == "looks like luck"


def test_the_range_holds_the_true_average_about_nine_times_of_ten() -> None:
    random = np.random.default_rng(11)
    held = 0
    for sample in range(200):
        found = judged(random.standard_t(5, 30) * 0.02 + 0.003, sample)
        assert found.low is not None and found.high is not None
        held += found.low <= 0.003 <= found.high
    assert 0.83 <= held / 200 <= 0.95


def test_more_trades_say_it_more_exactly() -> None:
    random = np.random.default_rng(5)
    widths = []
    for count in (10, 40, 160, 640):
        found = judged(random.normal(0, 0.02, count), 1)
        assert found.low is not None and found.high is not None
        widths.append(found.high - found.low)
    assert all(later < earlier * 0.75 for earlier, later in pairwise(widths))


def test_trades_that_overlap_are_not_counted_as_independent() -> None:
    """Forty trades, but ten markets that always moved together: ten times four bets."""
    random = np.random.default_rng(2)
    trades, markets = [], {f"C{number}/USDT": walk_candles(400, 1, f"C{number}/USDT") for number in range(10)}
    for entry in range(8):
        result = float(random.normal(0.03, 0.02))
        start = MONDAY_MS + entry * 40 * HOUR_MS
        trades += [
            Closed(market, start, start + 9 * HOUR_MS, 100, 100, 1, result * 100, "signal", 1) for market in markets
        ]
    time = next(iter(markets.values())).time
    found = judge(trades, markets, time, np.full(400, 1e4), 1)
    assert found.trades == 80 and found.independent == pytest.approx(8)
    assert found.verdict == "not enough trades to tell" and "only 8 independent" in found.sentence


@pytest.mark.parametrize(
    ("probability", "words"),
    [(1.0, "almost always"), (0.62, "6 times in 10"), (0.25, "1 time in 4"), (0.03, "1 time in 33"), (0.0001, "less than 1 time in 1,000")],
)  # fmt: skip
def test_how_often_in_words(probability: float, words: str) -> None:
    assert often(probability) == words
