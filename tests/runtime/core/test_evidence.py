import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.evidence import ENOUGH_TRADES, judge

ADVICE = re.compile(r"\b(should|must|recommend|advise|buy|sell|invest|stop trading|worth)\b", re.IGNORECASE)
RETURNS = st.lists(st.floats(-0.5, 0.5), max_size=60).map(lambda each: np.array(each, dtype=np.float64))


@settings(max_examples=25, deadline=None)
@given(RETURNS, st.integers(0, 2**32))
def test_the_words_follow_the_numbers(returns: np.ndarray, seed: int) -> None:
    found = judge(returns, seed)
    assert (found.verdict == "not enough trades to tell") == (len(returns) < ENOUGH_TRADES)
    assert str(len(returns)) in found.sentence or not len(returns)
    assert found.sentence.endswith(".") and not ADVICE.search(found.sentence)
    if found.low is None or found.high is None:
        assert len(returns) < 5
        return
    assert found.low <= found.high
    assert (found.verdict == "holds up so far") <= (found.low > 0)
    assert (found.verdict == "loses so far") <= (found.high < 0)
    assert (found.verdict == "looks like luck") <= (found.low <= 0 <= found.high)
    assert found == judge(returns, seed), "the same seed says the same"


@pytest.mark.parametrize("count", [0, 1, 4, 5, 29])
def test_no_luck_or_skill_is_named_before_thirty_trades(count: int) -> None:
    assert judge(np.full(count, 0.05), 7).verdict == "not enough trades to tell"


def test_the_sentences() -> None:
    random = np.random.default_rng(3)
    some = judge(random.normal(0.0, 0.03, 13), 7)
    assert re.fullmatch(
        r"13 trades prove very little: with this much scatter, the true average could lie anywhere "
        r"between -\d\.\d% and \+\d\.\d% a trade\.",
        some.sentence,
    )
    good = judge(random.normal(0.012, 0.02, 60), 7)
    assert good.verdict == "holds up so far" and good.sentence.startswith("60 trades averaged +")
    bad = judge(random.normal(-0.012, 0.02, 60), 7)
    assert bad.verdict == "loses so far" and bad.sentence.startswith("60 trades averaged -")
    assert judge(np.tile([0.02, -0.021], 20), 7).verdict == "looks like luck", "a loss, and small for its scatter"
    luck = judge(random.normal(0.0, 0.02, 60), 7)
    assert luck.verdict == "looks like luck" and "looks like luck" in luck.sentence
    assert "No trade" in judge(np.empty(0), 7).sentence
    assert judge(np.array([0.5]), 7).sentence.startswith("1 trade proves nothing yet")


def test_the_range_holds_the_true_average_about_nine_times_of_ten() -> None:
    random = np.random.default_rng(11)
    held = 0
    for sample in range(200):
        found = judge(random.standard_t(5, 30) * 0.02 + 0.003, sample)
        assert found.low is not None and found.high is not None
        held += found.low <= 0.003 <= found.high
    assert 0.83 <= held / 200 <= 0.95


def test_more_trades_say_it_more_exactly() -> None:
    random = np.random.default_rng(5)
    widths = []
    for count in (10, 40, 160, 640):
        found = judge(random.normal(0, 0.02, count), 1)
        assert found.low is not None and found.high is not None
        widths.append(found.high - found.low)
    assert all(later < earlier * 0.75 for earlier, later in pairwise(widths))
