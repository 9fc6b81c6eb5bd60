"""Each test of the evidence by itself, against figures reckoned by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.evidence.deflated import above, best_by_luck, deflated, effective_trials, sharpe_of
from runtime.core.evidence.interval import interval
from runtime.core.evidence.order import account_returns, shuffled_drawdown
from runtime.core.evidence.sample import Sample, effective_count, inflation, sample_of, uniqueness
from runtime.core.evidence.split import split
from runtime.core.evidence.timing import positions, random_timing
from runtime.core.evidence.walk import walk_forward
from runtime.core.trades import Closed
from tests.made import candles_of, walk_candles

HOUR = 3_600_000


def sample(*spans: tuple[int, int]) -> Sample:
    return Sample(
        np.zeros(len(spans)), np.zeros(len(spans)), np.array([a for a, _ in spans]), np.array([b for _, b in spans])
    )


def trade(
    entry: int, end: int, pnl: float = 1.0, kind: str = "signal", market: str = "BTC/USDT", start: int = 0
) -> Closed:
    return Closed(market, start + entry * HOUR, start + end * HOUR, 100.0, 100.0, 1.0, pnl, kind, 1)  # type: ignore[arg-type]


def test_parts_of_one_trade_are_one_trade() -> None:
    parts = [trade(0, 2, 3.0), trade(0, 5, -1.0), trade(7, 8, 4.0), trade(0, 3, 10.0, market="ETH/USDT")]
    found = sample_of(parts)
    # 3 - 1 on 200 paid, 10 on 100, 4 on 100, by entry and then by end
    assert found.returns.tolist() == [0.10, 0.01, 0.04]
    assert found.pnl.tolist() == [10, 2, 4]
    assert (found.exit_ms // HOUR).tolist() == [3, 5, 8]
    assert len(sample_of([])) == 0 and effective_count(sample_of([])) == 0


def test_uniqueness_by_hand() -> None:
    # alone; half of the time with another; that other one for two thirds of its own
    assert uniqueness(sample((0, 4), (10, 14), (12, 15))).tolist() == pytest.approx([1, 0.75, 2 / 3])
    assert uniqueness(sample((0, 4), (0, 4), (0, 4))).tolist() == pytest.approx([1 / 3] * 3)
    assert uniqueness(sample((5, 5), (9, 12))).tolist() == [1, 1], "a trade within one candle"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 50)), min_size=1, max_size=40))
def test_uniqueness_is_a_share_and_its_sum_at_most_the_count(spans: list[tuple[int, int]]) -> None:
    found = uniqueness(sample(*((start, start + length) for start, length in spans)))
    assert ((found > 0) & (found <= 1 + 1e-12)).all()


def test_runs_of_like_trades_count_less() -> None:
    random = np.random.default_rng(1)
    alike = np.repeat(random.normal(0, 1, 50), 4)
    # repeated four times, the mean scatters as that of a quarter of them: 1 + 2 * (3/4 + 1/2 + 1/4) = 4
    assert inflation(alike) == pytest.approx(4, rel=0.25)
    assert np.mean([inflation(random.normal(0, 1, 200)) for _ in range(100)]) < 1.1


def test_the_interval_of_dependent_trades_is_wider() -> None:
    alike = np.repeat(np.random.default_rng(1).normal(0, 1, 50), 4)
    low, high = interval(alike, 200, 1)
    wide_low, wide_high = interval(alike, 50, 1)
    assert wide_high - wide_low == pytest.approx(2 * (high - low), rel=0.2)


def test_random_timing_by_hand() -> None:
    # opens 10, 10, 20, 20, 20, 20: the only move is from the second open to the third
    candles = candles_of([(each,) * 4 for each in (10, 10, 20, 20, 20, 20)], start_ms=0)
    lucky = [trade(1, 2)]
    assert random_timing(lucky, {"BTC/USDT": candles}) == pytest.approx(1 / 6)
    longer = [trade(1, 4)]
    # three candles in a row meet the move from three of the six places
    assert random_timing(longer, {"BTC/USDT": candles}) == pytest.approx(3 / 6)
    assert random_timing([trade(3, 4)], {"BTC/USDT": candles}) == 1
    assert random_timing([trade(0, 6)], {"BTC/USDT": candles}) == 1, "always in: there is no timing"
    assert random_timing([], {}) is None


def test_the_candle_of_a_stop_counts_and_that_of_a_sale_at_the_open_does_not() -> None:
    candles = candles_of([(1, 1, 1, 1)] * 6, start_ms=0)
    assert positions([trade(1, 3)], candles).tolist() == [0, 1, 1, 0, 0, 0]
    assert positions([trade(1, 3, kind="stop")], candles).tolist() == [0, 1, 1, 1, 0, 0]


def test_timing_is_uniform_where_there_is_none() -> None:
    """Random trades on random walks: the probability is as often below 5% as it says."""
    random = np.random.default_rng(4)
    low = 0
    for seed in range(300):
        candles = walk_candles(600, seed, start_ms=0, gaps=False)
        entries = np.sort(random.choice(np.arange(0, 590, 8), 20, replace=False))
        low += random_timing([trade(int(each), int(each) + 5) for each in entries], {"BTC/USDT": candles}) <= 0.05
    assert 0.02 <= low / 300 <= 0.09


def test_split_by_time() -> None:
    found = split(Sample(np.array([0.1, 0.2, -0.1]), np.zeros(3), np.array([0, 69, 70]), np.array([1, 90, 80])), 0, 100)
    assert (found.cut_ms, found.before, found.after) == (70, 2, 1)
    assert found.before_mean == pytest.approx(0.15) and found.after_mean == pytest.approx(-0.1)


def test_drawdown_of_other_orders() -> None:
    # two halvings and two doublings: in 1/6 of the orders both halvings come first or in a row
    returns = np.array([-0.5, -0.5, 1.0, 1.0])
    assert shuffled_drawdown(returns, 1) == pytest.approx(0.75)
    assert shuffled_drawdown(np.array([0.1, 0.2]), 1) == 0
    assert shuffled_drawdown(np.array([0.1]), 1) is None
    times, equity = np.array([0, HOUR, 2 * HOUR]), np.array([100.0, 200, 400])
    assert account_returns([trade(0, 1, 10.0), trade(2, 2, 10.0)], times, equity).tolist() == [0.1, 0.025]


def test_the_best_of_worthless_tries() -> None:
    """The expected maximum of n normal values: 1.54 of ten, 2.51 of a hundred (tables of order statistics)."""
    assert best_by_luck(10, 1) == pytest.approx(1.54, abs=0.04)
    assert best_by_luck(100, 1) == pytest.approx(2.51, abs=0.03)
    assert best_by_luck(1, 1) == 0


def test_the_deflated_ratio_of_the_paper() -> None:
    """Bailey and Lopez de Prado (2014), their numerical example: 0.9004."""
    against = best_by_luck(100, 0.5 / 250)
    assert against * math.sqrt(250) == pytest.approx(1.7894, abs=2e-3)
    assert above(2.5 / math.sqrt(250), against, -3, 10, 1250) == pytest.approx(0.9004, abs=1e-3)


def test_more_tries_deflate_more() -> None:
    returns = np.random.default_rng(6).normal(0.01, 0.03, 80)
    found = [deflated(returns, 80, tries) for tries in (1, 2, 10, 100)]
    assert all(later < earlier for earlier, later in pairwise(found))
    # a single try: the normal probability of mean / standard error, nearly
    ratio = sharpe_of(returns)
    assert found[0] == pytest.approx(0.5 * (1 + math.erf(ratio * math.sqrt(79) / math.sqrt(2))), abs=0.01)
    assert deflated(np.full(9, 0.1), 9, 1) is None and deflated(returns[:2], 2, 1) is None


def test_like_tries_count_as_few() -> None:
    random = np.random.default_rng(8)
    one = random.normal(0, 1, 3000)
    assert effective_trials([one] * 10) == pytest.approx(1)
    assert effective_trials(list(random.normal(0, 1, (10, 3000)))) == pytest.approx(10, abs=0.3)
    assert effective_trials([one, np.zeros(3000)]) == 2


def test_walk_forward_by_hand() -> None:
    # five folds of two candles; the second variant is better in folds 1 and 2, the first from then on
    first = np.array([1, 1, 1, 1, 1, 2, 2, 4, 4, 8, 8.0])
    second = np.array([1, 1, 2, 2, 4, 4, 4, 4, 4, 4, 4.0])
    found = walk_forward([first, second])
    assert found is not None and found.folds == 4
    # fold 2 by the second (x2), fold 3 by the second (x1), fold 4: 4 against 2, still the second, fold 5: a tie
    assert found.chosen == pytest.approx(2 * 1 * 1 * 2 - 1)
    assert found.as_written == pytest.approx(8 - 1) and found.best == pytest.approx(8 - 1)
    assert walk_forward([first]) is None


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 6))
def test_what_is_chosen_never_depends_on_later_candles(seed: int, variants: int) -> None:
    random = np.random.default_rng(seed)
    made = np.exp(np.cumsum(random.normal(0, 0.05, (variants, 101)), axis=1))
    other = made.copy()
    other[:, 81:] = made[:, 80:81] * np.exp(np.cumsum(random.normal(0, 0.05, (variants, 20)), axis=1))
    # up to the last fold both walks are the same, so they differ by what the one chosen did there
    first, second = walk_forward(list(made)), walk_forward(list(other))
    assert first is not None and second is not None
    best = int((made[:, 80] / made[:, 0]).argmax())
    before, after = made[best, 100] / made[best, 80], other[best, 100] / other[best, 80]
    assert (1 + second.chosen) / (1 + first.chosen) == pytest.approx(after / before)
