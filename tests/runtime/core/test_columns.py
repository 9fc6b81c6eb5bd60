"""Columns are computed once, shared, bounded in memory, and extended by candles that follow."""

import gc
import tracemalloc
from weakref import ref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.core import together
from runtime.core.columns import Columns, SharedColumns
from runtime.core.functions import talib_calls
from tests.made import candles_of, walk_candles
from tests.runtime.core.catalogue_calls import node_of

BTC, ETH = walk_candles(300, 1), walk_candles(300, 2, "ETH/USDT")
BOTH = {"BTC/USDT": BTC, "ETH/USDT": ETH}
RULES = [
    node_of(text)
    for text in ("rsi(14) crosses below 30 and close > ema(close, 200)", "rsi(14) > 60", "rsi(14) of ETH/USDT > 50", "close on 4h > close")
]  # fmt: skip


def test_equal_parts_of_different_strategies_are_one_column() -> None:
    shared = SharedColumns(BOTH)
    first, second = shared.of("BTC/USDT").column(node_of("rsi(14)")), shared.of("BTC/USDT").column(node_of("rsi(14)"))
    assert first is second
    upper, width = (shared.of("BTC/USDT").column(node_of(f"bollinger(20, 2).{each}")) for each in ("upper", "width"))
    calls: set[int] = set()

    def gather(column: object) -> None:
        call = getattr(column, "call", None)
        if call is not None:
            calls.add(id(call))
        for each in (*getattr(column, "inputs", ()), *filter(None, [getattr(column, "base", None)])):
            gather(each)

    gather(upper)
    gather(width)
    assert len(calls) == 1, "the bands were computed twice"
    assert shared.of("ETH/USDT").column(node_of("rsi(14)")) is not first


def test_two_backtests_compute_a_column_once(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    whole = talib_calls.Called._whole

    def counted(self: talib_calls.Called, series: object) -> object:
        called.append(self.name)
        return whole(self, series)  # type: ignore[arg-type]

    monkeypatch.setattr(talib_calls.Called, "_whole", counted)
    shared = SharedColumns(BOTH)
    for limit in range(20, 40):
        shared.of("BTC/USDT").of(node_of(f"adx(14) crosses below {limit}"))
    assert called == ["ADX"]


def test_beyond_its_limit_the_oldest_columns_are_forgotten_and_their_values_stay_right() -> None:
    column_bytes = 300 * 8
    shared = SharedColumns(BOTH, limit_bytes=20 * column_bytes)
    columns = shared.of("BTC/USDT")
    expected = [Columns(BTC).of(node_of(f"sma(close, {length})")) for length in range(2, 60)]
    for length, values in zip(range(2, 60), expected, strict=True):
        assert columns.of(node_of(f"sma(close, {length})")).tobytes() == values.tobytes()
        assert shared.used_bytes() <= 20 * column_bytes
    assert shared.used_bytes() > 10 * column_bytes, "more was forgotten than had to be"
    assert columns.of(node_of("sma(close, 2)")).tobytes() == expected[0].tobytes()


def test_columns_are_free_the_moment_nobody_needs_them() -> None:
    gc.disable()
    try:
        columns = Columns(BTC, BOTH)
        for rule in RULES:
            columns.of(rule)
        watched = [ref(columns), ref(columns.shared), *(ref(columns.column(rule)) for rule in RULES)]
        del columns
        assert [each() for each in watched] == [None] * len(watched)
    finally:
        gc.enable()


def test_the_owner_of_shared_columns_must_be_kept() -> None:
    columns = SharedColumns(BOTH).of("BTC/USDT")
    with pytest.raises(RuntimeError, match="keep them"):
        columns.of(RULES[2])


def test_a_year_of_minutes_needs_a_bounded_amount_of_memory() -> None:
    size = 525_600
    walk = walk_candles(2_000, 4, timeframe="1m")
    minutes = Candles(
        "BTC/USDT", "1m", walk.time[0] + 60_000 * np.arange(size), *(np.resize(getattr(walk, name), size) for name in ("open", "high", "low", "close", "volume"))
    )  # fmt: skip
    tracemalloc.start()
    shared = SharedColumns({"BTC/USDT": minutes}, limit_bytes=100_000_000)
    for length in range(2, 60):
        shared.of("BTC/USDT").of(node_of(f"close > ema(close, {length})"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 120_000_000


def test_columns_know_where_they_begin() -> None:
    assert Columns(BTC).anchor_ms == BTC.time[0]
    assert Columns(BTC.part(40, 300)).anchor_ms == BTC.time[40]
    assert Columns(BTC.part(0, 0)).anchor_ms is None


def test_what_was_extended_has_the_candles_of_both_parts() -> None:
    columns = Columns(BTC.part(0, 100))
    columns.extend(BTC.part(100, 101))
    columns.extend(BTC.part(101, 300))
    assert columns.anchor_ms == BTC.time[0]
    for name in ("time", "open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(columns.candles, name), getattr(BTC, name))


def test_values_read_before_an_extension_stay_as_they_were() -> None:
    columns = Columns(BTC.part(0, 100))
    early = columns.of(node_of("ema(close, 5)"))
    copy = early.copy()
    for index in range(100, 300):
        columns.extend(BTC.part(index, index + 1))
        columns.of(node_of("ema(close, 5)"))
    np.testing.assert_array_equal(early, copy)


@pytest.mark.parametrize("wrong", [BTC.part(50, 60), ETH.part(100, 101), walk_candles(5, 1, timeframe="4h")])
def test_candles_that_do_not_follow_are_refused(wrong: Candles) -> None:
    columns = Columns(BTC.part(0, 100))
    with pytest.raises(ValueError, match=r"after|continue"):
        columns.extend(wrong)
    assert len(columns.of(node_of("close"))) == 100


def test_what_was_forgotten_is_not_kept_for_the_next_candle() -> None:
    shared = SharedColumns({"BTC/USDT": BTC.part(0, 200)})
    for length in range(2, 60):
        shared.of("BTC/USDT").of(node_of(f"sma(close, {length})"))
    shared.extend({"BTC/USDT": BTC.part(200, 201)})
    shared.limit_bytes = shared.used_bytes() // 4
    shared.trim()
    assert 0 < shared.used_bytes() <= shared.limit_bytes
    shared.extend({"BTC/USDT": BTC.part(201, 202)})
    expected = Columns(BTC.part(0, 202)).of(node_of("sma(close, 59)"))
    assert shared.of("BTC/USDT").of(node_of("sma(close, 59)")).tobytes() == expected.tobytes()


KNOWN = st.one_of(st.just(np.nan), st.sampled_from([29.0, 30.0, 31.0]))


@given(st.lists(KNOWN, max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_fixed_number_is_met_as_a_series_of_that_number(values: list[float]) -> None:
    """Kernels with a number instead of an array: whatever is written, either side, the same as on two arrays."""
    line, level = np.array(values, dtype=np.float64), np.full(len(values), 30.0)
    candles = Candles("BTC/USDT", "1h", BTC.time[: len(values)], level, line, line, line, line)
    columns = Columns(candles)
    for text in (
        "close crosses above {}", "close crosses below {}", "{} crosses above close", "{} crosses below close",
        "close < {}", "close <= {}", "{} > close", "{} >= close", "close == {}", "{} != close",
        "close + {} > 60", "{} - close > 0", "close - {} > 0", "close * {} > 900", "close / {} > 1", "{} / close > 1",
        "close is between {} and 31",
    ):  # fmt: skip
        fixed, series = columns.of(node_of(text.format("30"))), columns.of(node_of(text.format("open")))
        np.testing.assert_array_equal(fixed, series, err_msg=text)


def test_a_crossing_needs_two_candles() -> None:
    columns = Columns(candles_of([(1, 40, 1, 40), (1, 40, 1, 20), (1, 40, 1, 40)]))
    np.testing.assert_array_equal(columns.of(node_of("close crosses below 30")), [0, 1, 0])
    np.testing.assert_array_equal(columns.of(node_of("close crosses above 30")), [np.nan, 0, 1])


def test_columns_computed_together_have_the_bits_of_those_computed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "rsi(14) crosses below 45 and close > ema(close, 20)",
        "rsi(14) > 60",
        "ema(sma(rsi(9), 5), 7)",
        "(close on 4h) > rma(close[2], 8)",
        "close is rising 3 bars",
        "(high + low) / 2 crosses above ema(close, 5) * 1.001",
        "close[1] - open crosses below 3 and not (close > open and 2 * low < 200)",
        "bars_since(rsi(14) < 40) > 5 or stdev(ema(close, 5), 9) < 1",
    ]
    for stretch in (7, 64, 299):
        monkeypatch.setattr(together, "STRETCH", stretch)
        shared = SharedColumns(BOTH)
        found = shared.of("BTC/USDT").several([node_of(each) for each in texts])
        for text, values in zip(texts, found, strict=True):
            alone = SharedColumns(BOTH)
            assert values.tobytes() == alone.of("BTC/USDT").of(node_of(text)).tobytes(), (stretch, text)


def test_columns_computed_together_go_on_from_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "STRETCH", 32)
    shared = SharedColumns({"BTC/USDT": BTC.part(0, 200)})
    first = node_of("rsi(14) > 50 and close > ema(close, 20)")
    shared.of("BTC/USDT").several([first, node_of("ema(close, 20)")])
    shared.of("BTC/USDT").extend(BTC.part(200, 300))
    again = [first, node_of("ema(close, 20) > 3 and rsi(14) crosses above 50"), node_of("rsi(14) > 50")]
    for node, values in zip(again, shared.of("BTC/USDT").several(again), strict=True):
        assert values.tobytes() == Columns(BTC).of(node).tobytes(), node


def test_what_was_computed_together_is_free_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "STRETCH", 32)
    gc.disable()
    try:
        shared = SharedColumns(BOTH)
        shared.of("BTC/USDT").several(RULES[:2])
        column = ref(shared.of("BTC/USDT").column(RULES[0]))
        del shared
        assert column() is None
    finally:
        gc.enable()
