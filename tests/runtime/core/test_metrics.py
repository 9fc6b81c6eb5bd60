import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Floats, Times
from runtime.core.metrics import (
    Drawdown,
    calmar,
    daily_returns,
    drawdowns,
    max_drawdown,
    measure,
    monthly_returns,
    sharpe,
    sortino,
    trade_figures,
)
from tests.candle_files import MONDAY_MS, real_candles

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
CURVES = st.lists(st.floats(1, 1000), min_size=1, max_size=300).map(np.array)


def hours(count: int) -> Times:
    return MONDAY_MS + HOUR_MS * np.arange(count, dtype=np.int64)


def days(count: int) -> Times:
    return MONDAY_MS + DAY_MS * np.arange(count, dtype=np.int64)


@given(CURVES)
def test_the_deepest_drawdown_is_the_worst_of_all_pairs(equity: Floats) -> None:
    worst = max(1 - low / high for i, high in enumerate(equity[:60]) for low in equity[i:60])
    found = max_drawdown(hours(len(equity[:60])), equity[:60])
    assert found.fraction == pytest.approx(worst, abs=1e-12)
    peak, trough = ((moment - MONDAY_MS) // HOUR_MS for moment in (found.peak_ms, found.trough_ms))
    assert peak <= trough and 1 - equity[trough] / equity[peak] == pytest.approx(worst, abs=1e-12)


@given(CURVES)
def test_drawdowns_are_zero_at_each_new_high_and_never_negative(equity: Floats) -> None:
    below = drawdowns(equity)
    assert (below >= 0).all() and (below < 1).all()
    assert (below[equity >= np.maximum.accumulate(equity)] == 0).all()


@given(CURVES)
def test_months_and_days_compound_to_the_whole(equity: Floats) -> None:
    times = MONDAY_MS + 7 * HOUR_MS * np.arange(len(equity), dtype=np.int64)
    whole = equity[-1] / equity[0]
    assert math.prod(1 + month.fraction for month in monthly_returns(times, equity)) == pytest.approx(whole, rel=1e-9)
    assert np.prod(1 + daily_returns(times, equity)) == pytest.approx(whole, rel=1e-9)


@settings(max_examples=40)
@given(CURVES, st.integers(-20, 20))
def test_every_ratio_is_the_same_in_another_currency(equity: Floats, power: int) -> None:
    times, exposed, rate = hours(len(equity)), np.ones(len(equity), dtype=bool), 2.0**power
    here, there = (measure(times, each, equity, exposed, np.empty(0)) for each in (equity, equity * rate))
    assert here == there


def test_a_small_run_by_hand() -> None:
    times = days(5)
    equity = np.array([100.0, 110.0, 99.0, 99.0, 121.0])
    found = measure(
        times, equity, np.array([10.0, 11, 12, 9, 9]), np.array([0, 1, 1, 0, 0], dtype=bool), np.array([-11.0, 32, 0])
    )
    assert found.total_return == pytest.approx(0.21)
    assert found.holding_return == pytest.approx(-0.1)
    assert found.max_drawdown == Drawdown(pytest.approx(0.1), MONDAY_MS + DAY_MS, MONDAY_MS + 2 * DAY_MS)
    assert found.holding_drawdown.fraction == pytest.approx(0.25)
    assert found.exposure == pytest.approx(0.4)
    assert (found.trades.count, found.trades.win_rate) == (3, pytest.approx(1 / 3))
    assert found.trades.expectancy == pytest.approx(7)
    assert found.trades.profit_factor == pytest.approx(32 / 11)
    assert (found.trades.best, found.trades.worst) == (32, -11)
    returns = [0.1, -0.1, 0.0, 121 / 99 - 1]
    mean = sum(returns) / 4
    spread = math.sqrt(sum((each - mean) ** 2 for each in returns) / 3)
    assert found.sharpe == pytest.approx(mean / spread * math.sqrt(365))
    assert found.sortino == pytest.approx(mean / math.sqrt(0.01 / 4) * math.sqrt(365))
    assert found.calmar is None, "four days are no year"
    assert [(month.year, month.month) for month in found.months] == [(2024, 1)]


def test_calmar_raises_the_return_to_a_year() -> None:
    times = np.array([MONDAY_MS, MONDAY_MS + 100 * DAY_MS, MONDAY_MS + 730 * DAY_MS])
    equity = np.array([100.0, 80.0, 121.0])
    assert calmar(times, equity, max_drawdown(times, equity)) == pytest.approx(0.1 / 0.2)


def test_hourly_candles_make_daily_returns_from_the_last_hour_of_each_day() -> None:
    equity = np.arange(100.0, 160.0)
    assert daily_returns(hours(60), equity) == pytest.approx([123 / 100 - 1, 147 / 123 - 1, 159 / 147 - 1])


def test_months_go_by_the_calendar_in_utc() -> None:
    start = datetime(2023, 11, 30, 22, tzinfo=UTC)
    times = np.array([int((start + timedelta(hours=h)).timestamp() * 1000) for h in (0, 1, 2, 3, 24 * 40)])
    table = monthly_returns(times, np.array([100.0, 110, 121, 99, 198]))
    assert [(month.year, month.month) for month in table] == [(2023, 11), (2023, 12), (2024, 1)]
    assert [month.fraction for month in table] == pytest.approx([0.1, -0.1, 1.0])


def test_what_cannot_be_divided_is_none_and_never_infinite() -> None:
    flat = measure(days(40), np.full(40, 100.0), np.full(40, 5.0), np.zeros(40, dtype=bool), np.empty(0))
    assert (flat.sharpe, flat.sortino, flat.calmar, flat.trades.profit_factor) == (None, None, None, None)
    assert (flat.total_return, flat.max_drawdown.fraction, flat.exposure, flat.trades.count) == (0, 0, 0, 0)
    assert trade_figures(np.array([1.0, 2.0])).profit_factor is None
    assert sharpe(np.array([0.1])) is None and sortino(np.array([0.1, 0.2])) is None
    one = measure(hours(1), np.array([5.0]), np.array([5.0]), np.zeros(1, dtype=bool), np.empty(0))
    assert one.total_return == 0 and one.sharpe is None


def test_a_loss_of_everything_is_a_drawdown_of_all_of_it() -> None:
    broke = measure(days(40), np.linspace(100, 0, 40), np.ones(40), np.ones(40, dtype=bool), np.array([-100.0]))
    assert (broke.total_return, broke.max_drawdown.fraction, broke.calmar) == (-1, 1, None)


@pytest.mark.parametrize(("equity", "holding"), [([], []), ([1.0, 2.0], [1.0]), ([0.0, 1.0], [1.0, 1.0])])
def test_what_is_no_run_is_refused(equity: list[float], holding: list[float]) -> None:
    with pytest.raises(ValueError, match="equity"):
        measure(hours(len(equity)), np.array(equity), np.array(holding), np.zeros(len(equity), dtype=bool), np.empty(0))


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_sharpe_of_known_noise_is_what_made_it(seed: int) -> None:
    returns = np.random.default_rng(seed).normal(0.001, 0.02, 20_000)
    assert sharpe(returns) == pytest.approx(0.001 / 0.02 * math.sqrt(365), abs=0.6)


def test_holding_bitcoin_through_real_years() -> None:
    candles = real_candles("bench/bench-1h.parquet", "BTC/USDT")
    held = measure(candles.time, candles.close, candles.close, np.ones(len(candles), dtype=bool), np.empty(0))
    assert held.total_return == held.holding_return == pytest.approx(candles.close[-1] / candles.close[0] - 1)
    assert len(held.months) == 24
    lowest = datetime.fromtimestamp(held.max_drawdown.trough_ms / 1000, UTC)
    assert (lowest.year, lowest.month) == (2022, 11) and 0.6 < held.max_drawdown.fraction < 0.7
