"""Finer candles tell which of stop and target came first inside a candle; by hand."""

import numpy as np
import pytest

from runtime.candles import Candles
from runtime.core.finer import finer_rows
from runtime.core.resample import resampled
from tests.candle_files import MONDAY_MS, without
from tests.made import backtest_of, candles_of, walk_candles

HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 1000 USDT\n"
RULES = HEAD + "buy when volume == 5\nstop loss 5%\ntake profit 5%\n"
HOUR = 3_600_000


def halves(*rows: tuple[float, ...]) -> Candles:
    """Candles of half an hour."""
    return candles_of(rows, "BTC/USDT", "30m")


CALM = (100, 100, 100, 100)
WILD = (100, 106, 94, 100)
BASE = candles_of([(*CALM, 5), (*WILD, 1), (*CALM, 1)])


def half_hours(first: tuple[float, ...], second: tuple[float, ...]) -> Candles:
    return halves(CALM, CALM, first, second, CALM, CALM)


@pytest.mark.parametrize(
    ("first", "second", "kind", "price", "ambiguous"),
    [
        ((100, 106, 99, 102), (102, 103, 94, 100), "target", 105, 0),
        ((100, 101, 94, 96), (96, 106, 96, 100), "stop", 95, 0),
        # both in one finer candle: the stop, as ever
        ((100, 106, 94, 100), CALM, "stop", 95, 1),
        # a gap between finer candles is a gap: their opens count
        ((100, 104, 99, 104), (106, 106, 94, 100), "target", 106, 0),
        ((100, 101, 96, 96), (94, 106, 94, 100), "stop", 94, 0),
    ],
)
def test_finer_candles_are_played_in_order(first, second, kind: str, price: float, ambiguous: int) -> None:
    (coarse,) = backtest_of(RULES, BASE).trades
    assert (coarse.kind, coarse.exit_price) == ("stop", 95)
    found = backtest_of(RULES, BASE, finer={"BTC/USDT": half_hours(first, second)})
    (trade,) = found.trades
    assert (trade.kind, trade.exit_price) == (kind, price)
    assert trade.exit_ms == MONDAY_MS + HOUR and (found.settled, found.ambiguous) == (1, ambiguous)


def test_without_finer_candles_what_touched_both_is_counted() -> None:
    found = backtest_of(RULES, BASE)
    assert (found.settled, found.ambiguous) == (0, 1)
    gap = candles_of([(*CALM, 5), (*CALM, 1), (94, 106, 94, 100, 1), (*CALM, 1)])
    assert backtest_of(RULES, gap).ambiguous == 0, "an open beyond a level says what came first"
    assert backtest_of(RULES.replace("take profit 5%", "take profit 7%"), BASE).ambiguous == 0


def test_finer_candles_that_do_not_add_up_are_not_used() -> None:
    finer = half_hours((100, 106, 99, 102), (102, 103, 95.5, 100))
    found = backtest_of(RULES, BASE, finer={"BTC/USDT": finer})
    assert found.trades[0].kind == "stop" and (found.settled, found.ambiguous) == (0, 1)
    whole = without(half_hours((100, 106, 99, 102), (102, 103, 94, 100)), 3)
    assert backtest_of(RULES, BASE, finer={"BTC/USDT": whole}).trades[0].kind == "stop"


def test_rows_of_finer_candles() -> None:
    finer = without(walk_candles(600, 3, timeframe="15m"), *range(100, 121))
    candles = resampled(finer, "1h")
    start, stop = finer_rows(candles, finer)
    for k, opened in enumerate(candles.time):
        inside = np.flatnonzero((finer.time >= opened) & (finer.time < opened + HOUR))
        assert (start[k], stop[k]) == (inside[0], inside[-1] + 1)
    with pytest.raises(ValueError, match="not inside"):
        finer_rows(finer, candles)


FULL = [
    "stop loss 2%\ntake profit 1% for 50%, 3%\ntrailing stop 2%\n",
    "stop loss 2% of average entry\ntake profit 1% of average entry\nadd 200 USDT every 1% below entry, at most 2 times\n",
    "stop loss 3%\ntake profit 2% of each entry\nadd 200 USDT at 1% below entry\nadd 200 USDT at 2% above entry\nbreak even after 1%\n",
    "stop loss 2%\ntake profit 1%\norder limit at 1% below close for 3 bars\n",
]


@pytest.mark.parametrize("rules", FULL)
@pytest.mark.parametrize("seed", range(3))
def test_the_same_candles_as_finer_ones_change_nothing(rules: str, seed: int) -> None:
    candles = walk_candles(800, seed)
    text = HEAD + "buy when close > open and volume > 15\nexit after 20 bars\n" + rules
    plain = backtest_of(text, candles, fee=0.001)
    fine = backtest_of(text, candles, fee=0.001, finer={"BTC/USDT": candles})
    assert plain.trades and plain.trades == fine.trades and np.array_equal(plain.equity, fine.equity)
    assert plain.ambiguous == fine.ambiguous


def test_without_gaps_inside_finer_candles_settle_most_that_is_ambiguous() -> None:
    minutes = walk_candles(40_000, 2, timeframe="1m", gaps=False)
    candles = resampled(minutes, "1h")
    text = HEAD + "buy when close > 0\nstop loss 5%\ntake profit 5%\n"
    plain, fine = (backtest_of(text, candles, **more) for more in ({}, {"finer": {"BTC/USDT": minutes}}))
    assert plain.ambiguous > 10 and fine.settled > 10 and fine.ambiguous < fine.settled / 4
