import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.core.resample import bucket_starts
from runtime.feeds.sanity import value_fault
from runtime.feeds.simulated import SIMULATED_LABEL, simulated_candles
from strategy_dsl.timeframes import TIMEFRAMES, timeframe_ms
from tests.candle_files import MONDAY_MS, same

YEAR_HOURS = 8_760
MARKETS = st.sampled_from(["BTC/USDT", "ETH/EUR", "SHIB/USDT", "ETH/BTC", "NEWCOIN/USDC", "BTC/USDT:USDT"])


def year(seed: int, market: str = "BTC/USDT") -> Candles:
    return simulated_candles(market, "1h", seed, MONDAY_MS, YEAR_HOURS)


def crosses_below_30(candles: Candles) -> np.ndarray:
    rsi = talib.RSI(candles.close, 14)
    return np.flatnonzero((rsi[:-1] >= 30) & (rsi[1:] < 30)) + 1


def gap_falls(candles: Candles) -> np.ndarray:
    return candles.open[1:] / candles.close[:-1] - 1


@settings(max_examples=40, deadline=None)
@given(
    MARKETS, st.sampled_from(sorted(TIMEFRAMES)), st.integers(0, 2**63), st.integers(0, 3_000), st.integers(0, 3_000)
)
def test_a_shorter_history_is_the_beginning_of_a_longer_one(
    market: str, timeframe: str, seed: int, one: int, other: int
) -> None:
    short, long = sorted((one, other))
    whole = simulated_candles(market, timeframe, seed, MONDAY_MS, long)
    assert len(whole) == long
    assert same(simulated_candles(market, timeframe, seed, MONDAY_MS, short), whole.part(0, short))


@settings(max_examples=40, deadline=None)
@given(MARKETS, st.sampled_from(sorted(TIMEFRAMES)), st.integers(0, 2**63))
def test_every_candle_could_be_real(market: str, timeframe: str, seed: int) -> None:
    candles = simulated_candles(market, timeframe, seed, MONDAY_MS, 2_000)
    assert value_fault(candles) is None
    assert (candles.volume > 0).all()
    assert (candles.high > np.maximum(candles.open, candles.close)).mean() > 0.8, "candles have wicks"
    assert (candles.low < np.minimum(candles.open, candles.close)).mean() > 0.8
    assert (np.diff(candles.time) == timeframe_ms(timeframe)).all()
    assert np.array_equal(bucket_starts(candles.time, timeframe), candles.time)


def test_another_seed_or_market_is_another_history() -> None:
    assert not np.array_equal(year(7).close, year(8).close)
    assert abs(np.corrcoef(np.diff(np.log(year(7).close)), np.diff(np.log(year(7, "ETH/USDT").close)))[0, 1]) < 0.1


def test_the_first_seed_is_pinned() -> None:
    """People compare what they see with what others saw: a change here is a change for users."""
    assert simulated_candles("BTC/USDT", "1h", 7, MONDAY_MS, 3).close.tolist() == [60712.51, 60734.79, 60701.23]


@pytest.mark.parametrize(
    ("market", "price"), [("BTC/USDT", 60_000), ("ETH/USDT", 3_000), ("SOL/USDT", 150), ("ETH/BTC", 0.05)]
)
def test_prices_stay_near_what_the_coin_costs(market: str, price: float) -> None:
    for seed in range(10):
        close = year(seed, market).close
        assert 0.9 < close[0] / price < 1.12
        assert price / 4 < close.min() and close.max() < price * 4


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=6))
def test_unknown_coins_cost_one_to_a_hundred(coin: str) -> None:
    first = simulated_candles(f"X{coin}Q/USDT", "1h", 1, MONDAY_MS, 1).open[0]
    assert 0.9 < first < 112


def test_a_beginner_sees_a_dip_soon_and_again_and_again() -> None:
    crosses = crosses_below_30(year(7))
    assert crosses[0] < 150
    assert 45 <= YEAR_HOURS / len(crosses) <= 150
    assert np.diff(crosses).max() < 600


def test_a_stop_is_gapped_through_while_the_dip_is_held() -> None:
    """RSI dip buyer with a 3% stop: at least one stop fills at an open far below its level."""
    candles = year(7)
    rsi = talib.RSI(candles.close, 14)
    entry, filled = 0.0, []
    for now in range(16, len(candles)):
        if entry and candles.low[now] <= entry * 0.97:
            filled.append(min(candles.open[now], entry * 0.97) / entry - 1)
            entry = 0.0
        elif entry and rsi[now - 1] > 60:
            entry = 0.0
        if not entry and rsi[now - 2] >= 30 > rsi[now - 1]:
            entry = candles.open[now]
    assert min(filled) < -0.045, "worse than the stop by more than half"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_every_year_has_a_crash_that_opens_through_a_stop(seed: int) -> None:
    candles = year(seed)
    steps = candles.close[1:] / candles.close[:-1] - 1
    crashes = (gap_falls(candles) < -0.035) & (steps < -0.075) & (steps > -0.21)
    assert 1 <= crashes.sum() <= 12


def test_swings_come_in_clusters_and_volume_follows_them() -> None:
    for seed in range(5):
        candles = year(seed)
        moves = np.abs(np.diff(np.log(candles.close)))
        calm = np.minimum(moves, np.quantile(moves, 0.99))
        assert np.corrcoef(calm[1:], calm[:-1])[0, 1] > 0.1
        assert np.corrcoef(calm, candles.volume[1:])[0, 1] > 0.4
        ends = candles.close[::168]
        assert (np.diff(np.log(ends)) > 0.05).sum() > 4 and (np.diff(np.log(ends)) < -0.05).sum() > 4


def test_a_start_between_candles_is_refused() -> None:
    with pytest.raises(ValueError, match="not the opening of a 1h candle"):
        simulated_candles("BTC/USDT", "1h", 7, MONDAY_MS + 1, 10)


def test_the_label_says_what_it_is() -> None:
    assert SIMULATED_LABEL == "simulated market"
