"""Laws that every row of the catalogue keeps, whatever it computes."""

import math
import warnings

import numpy as np
import pytest
from talib import abstract

from runtime.candles import Candles, Floats
from runtime.core.indicators import compute
from runtime.feeds.simulated import simulated_candles
from strategy_dsl.catalogue import FUNCTIONS, SHAPES, THEMES
from strategy_dsl.units import Unit
from tests.candle_files import MONDAY_MS
from tests.made import candles_of, walk_candles
from tests.runtime.core.catalogue_calls import COMPUTED, calls, column, expressions

SIZES = ("short", "long", "smallest")
WALK = walk_candles(1500, 21)
MOVING = simulated_candles("BTC/USDT", "1h", 9, MONDAY_MS, 1200)


def first_known(values: Floats) -> int | None:
    known = np.flatnonzero(~np.isnan(values))
    return int(known[0]) if len(known) else None


def with_volume(candles: Candles, volume: float) -> Candles:
    columns = (candles.time, candles.open, candles.high, candles.low, candles.close)
    return Candles(candles.market, candles.timeframe, *columns, np.full(len(candles), volume))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", COMPUTED)
def test_the_first_value_comes_after_as_many_candles_as_the_row_says(name: str, size: str) -> None:
    row = COMPUTED[name]
    for call, component, numbers in calls(row, size):
        expected = row.first_value(numbers, component)
        if expected is None or name == "exp":
            continue
        # a condition from RSI has a first value of its own
        own = 5 if size == "long" and any(each.kind == "condition" for each in row.parameters) else 0
        assert first_known(column(call, MOVING)) == expected + own, call


DATA_DEPENDENT = {
    "newly", "bars_since", "streak", "latch", "value_when", "since", "vwap", "zoned_vwap", "session_vwap", "previous_day", "previous_week",
    "previous_month", "day", "week", "month_so_far", "session", "session_so_far", "opening_range", "pivot", "swing_high",
    "swing_low", "month_end_average",
}  # fmt: skip


def test_the_rows_without_a_first_value_are_those_that_depend_on_the_candles() -> None:
    assert {name for name, row in COMPUTED.items() if row.history is None} == DATA_DEPENDENT


@pytest.mark.parametrize("name", [name for name, row in SHAPES.items() if row.implementation.startswith("talib")])
def test_patterns_are_known_when_talib_says(name: str) -> None:
    row = SHAPES[name]
    lookback = abstract.Function(row.implementation.removeprefix("talib:")[:-1]).lookback
    assert row.first_value({}) == lookback


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", COMPUTED)
def test_too_few_candles_are_no_error(name: str, size: str) -> None:
    for call, component, numbers in calls(COMPUTED[name], size):
        history = COMPUTED[name].first_value(numbers, component)
        for count in range(4):
            found = column(call, WALK.part(0, count))
            assert len(found) == count
            assert not np.isinf(found).any()
            assert history is None or np.isnan(found[:history]).all()


MARKETS = {
    "still": candles_of([(42.1, 42.1, 42.1, 42.1, 5.0)] * 900),
    "still and without volume": candles_of([(0.1, 0.1, 0.1, 0.1, 0.0)] * 900),
    "without volume": with_volume(walk_candles(900, 3), 0.0),
    "moves, then stands still": candles_of([*([(1, 2, 0.5, 1.5), (1.5, 2, 1, 1)] * 100), *([(1, 1, 1, 1, 0)] * 700)]),
    "tiny": candles_of([(1e-9, 1.1e-9, 0.9e-9, 1e-9, 1e-9)] * 900),
}


@pytest.mark.parametrize("expression", expressions())
def test_odd_markets_are_never_infinite_and_never_an_error(expression: str) -> None:
    for market, candles in MARKETS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = column(expression, candles)
        assert len(found) == len(candles)
        assert not np.isinf(found).any(), market


@pytest.mark.parametrize("expression", [each for each in expressions() if "atr" in each or "rsi" in each])
def test_still_markets_are_not_extreme(expression: str) -> None:
    found = column(expression, MARKETS["still"])
    if expression.startswith("rsi"):
        assert (found[20:] == 50).all()
    elif expression.startswith("stochastic"):
        assert np.isnan(found).all()


TEXTS = {"zone": "UTC", "period": "day", "start": "09:00", "end": "17:00", "clock": "09:00", "duration": "2h"}


def made_series(kind: str, size: int, random: np.random.Generator) -> Floats:
    if kind in ("time", "closing"):
        return MONDAY_MS + 3_600_000.0 * (np.arange(size) + (kind == "closing"))
    values = random.uniform(1, 2, size)
    return np.round(values - 1) if kind == "condition" else values


@pytest.mark.parametrize("name", COMPUTED)
def test_unknown_inputs_are_no_error_and_unknown_values_do_not_last(name: str) -> None:
    row = COMPUTED[name]
    if row.special:
        pytest.skip("columns compute these")
    random = np.random.default_rng(4)
    size = 400
    for _, component, _ in calls(row):
        numbers = {
            key: 5.0 if each.kind == "length" else 0.1
            for each in row.parameters
            if each.kind in ("length", "number", "percent")
            for key in ([key for key in each.keywords if key] or [each.name])
        }
        kinds = [*row.inputs, *(each.kind for each in row.parameters if each.kind in ("series", "condition"))]
        series = [made_series(kind, size, random) for kind in kinds]
        whole = compute(row, series, numbers, component, TEXTS)
        for at, kind in enumerate(kinds):
            if kind in ("time", "closing"):
                continue
            broken = [each.copy() for each in series]
            broken[at][100] = np.nan
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = compute(row, broken, numbers, component, TEXTS)
                broken[at] = np.full(size, np.nan)
                compute(row, broken, numbers, component, TEXTS)
            assert len(found) == size
            assert not np.isinf(found).any()
            np.testing.assert_array_equal(found[:100], whole[:100])
            if name not in ("obv", "latch", "month_end_average") and not {"week", "month"} & set(name.split("_")):
                assert not np.isnan(found[250:]).all(), name


@pytest.mark.parametrize("expression", expressions())
def test_values_lie_within_the_bounds_of_the_row(expression: str) -> None:
    name, _, rest = expression.partition("(")
    row = FUNCTIONS[name.split(".")[0]]
    component = rest.rpartition(").")[2] if row.components else None
    if row.unit is Unit.SAME:
        pytest.skip("the bounds of its series")
    kind = row.kind(component, [])
    found = column(expression, WALK)
    if row.name == "month_end_average":
        assert np.isnan(found).all(), "seven months are not there"
        return
    slack = 1e-9 if math.isfinite(kind.high) else 0
    assert np.nanmin(found) >= kind.low - slack
    assert np.nanmax(found) <= kind.high + slack


@pytest.mark.parametrize("name", [name for name, row in COMPUTED.items() if row.unit is Unit.SAME and row.keeps_bounds])
def test_what_keeps_bounds_stays_between_the_least_and_the_most_it_is_made_from(name: str) -> None:
    ((call, _, _),) = calls(COMPUTED[name])
    found, made_from = column(call, WALK), WALK.high if name == "since" else WALK.close
    assert np.nanmin(found) >= min(made_from) * (1 - 1e-12)
    assert np.nanmax(found) <= max(made_from) * (1 + 1e-12)


@pytest.mark.parametrize("power", [-40, 30])
@pytest.mark.parametrize(
    "expression",
    ["rsi(14)", "adx(14)", "cmo(14)", "bollinger(20, 2).width", "zscore(close, 20)", "kama(close, 10) / close",
     "correlation(close, high, 20)", "stdev(close, 20) / close", "ultimate(7, 14, 28)", "supertrend(10, 3).direction",
     "cci(20)", "stochastic(14, 3, 3).k", "mfi(14)", "tsi(25, 13)", "vortex(14).plus", "choppiness(14)"],
)  # fmt: skip
def test_what_a_coin_costs_changes_no_score(expression: str, power: int) -> None:
    scaled = (np.ldexp(getattr(WALK, each), power) for each in ("open", "high", "low", "close"))
    other = Candles(WALK.market, WALK.timeframe, WALK.time, *scaled, WALK.volume)
    np.testing.assert_allclose(column(expression, other), column(expression, WALK), rtol=1e-9, atol=1e-9)


def test_a_path_dependent_row_is_known_as_one() -> None:
    """Started 300 candles later, what is not path-dependent comes to the same value."""
    for row in COMPUTED.values():
        for call, _, _ in calls(row):
            late = column(call, WALK.part(300, 1500))[-1:]
            whole = column(call, WALK)[-1:]
            if not row.path_dependent and not row.special:
                np.testing.assert_allclose(late, whole, rtol=1e-7, atol=1e-7, err_msg=call)


def test_every_row_says_what_a_person_needs() -> None:
    assert len(FUNCTIONS) == sum(len(rows) for rows in THEMES.values()), "a name is used twice"
    assert len(FUNCTIONS) >= 150
    assert len(SHAPES) >= 25
    for row in FUNCTIONS.values():
        assert (
            row.about[0].islower()
            or row.about[0].isdigit()
            or row.about.startswith(("RSI", "Kaufman", "Tillson", "Wilder", "Gauss", "Pearson"))
        ), row.name
        assert not row.about.endswith("."), row.name
        assert row.name in row.example
        assert set(row.lines) <= set(row.components)
