"""Averages summed up in blocks: TA-Lib's values, the same bits however the candles come, exact where nothing moves."""

import itertools

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Floats
from runtime.core.kernels.compiled import STATE, Kernel
from runtime.core.kernels.smoothing import smoothed, strength
from tests.made import walk_candles

WALK = walk_candles(3000, 21).close
KINDS: dict[str, tuple[Kernel, object]] = {"ema": (smoothed, talib.EMA), "rma": (smoothed, talib.RMA), "rsi": (strength, talib.RSI)}  # fmt: skip


def computed(kind: str, values: Floats, length: int, cuts: tuple[int, ...] = ()) -> Floats:
    """The values of a kernel, called anew at every cut."""
    factor = {"ema": [2 / (length + 1)], "rma": [1 / length], "rsi": []}[kind]
    out, state = np.full(len(values), -1.0), np.zeros(STATE)
    edges = [0, *sorted(cuts), len(values)]
    for start, stop in itertools.pairwise(edges):
        if start < stop or start == 0:
            KINDS[kind][0]((values,), np.array([length, *factor], float), state, out, start, stop)
    return out


@pytest.mark.parametrize("length", [2, 3, 4, 5, 14, 200, 999])
@pytest.mark.parametrize("kind", KINDS)
def test_the_values_are_those_of_talib(kind: str, length: int) -> None:
    for scale in (1.0, 1e-9, 1e9):
        theirs = KINDS[kind][1](WALK * scale, length)  # type: ignore[operator]
        if kind == "rsi" and scale < 1:
            theirs = KINDS[kind][1](WALK, length)  # type: ignore[operator]
        np.testing.assert_allclose(computed(kind, WALK * scale, length), theirs, rtol=1e-12)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    length=st.integers(2, 20),
    unknown=st.sets(st.integers(0, 119), max_size=6),
    still=st.tuples(st.integers(0, 119), st.integers(0, 60)),
    cuts=st.sets(st.integers(0, 120), max_size=40),
)
def test_the_bits_do_not_depend_on_how_the_candles_come(
    kind: str, length: int, unknown: set[int], still: tuple[int, int], cuts: set[int]
) -> None:
    values = WALK[:120].copy()
    values[still[0] : sum(still)] = values[still[0]]
    values[sorted(unknown)] = np.nan
    whole = computed(kind, values, length)
    assert whole.tobytes() == computed(kind, values, length, tuple(cuts)).tobytes()
    assert whole.tobytes() == computed(kind, values, length, tuple(range(120))).tobytes()
    assert np.isnan(whole[sorted(unknown)]).all()


@pytest.mark.parametrize("kind", ["ema", "rma"])
def test_the_average_of_a_market_that_does_not_move_is_its_price(kind: str) -> None:
    found = computed(kind, np.full(500, 100.0), 7)
    assert (found[6:] == 100.0).all()


def test_the_rsi_is_exact_at_its_ends_and_stays_where_nothing_moves() -> None:
    up = np.linspace(1.0, 2.0, 300)
    assert (computed("rsi", up, 14)[14:] == 100.0).all()
    assert (computed("rsi", up[::-1].copy(), 14)[14:] == 0.0).all()
    assert (computed("rsi", np.full(100, 5.0), 14)[14:] == 50.0).all()
    stopped = computed("rsi", np.concatenate([WALK[:200], np.full(20_000, WALK[199])]), 14)
    np.testing.assert_allclose(stopped[200:], stopped[199], rtol=1e-9)
