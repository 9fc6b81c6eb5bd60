"""From where on a longer history does not change a value, measured on real candles for every row."""

import math

import numpy as np
import pytest

from runtime.candles import Floats
from runtime.core.columns import Columns
from strategy_dsl.catalogue.settling import AVERAGE, fading
from strategy_dsl.checks.settling import settled_bars
from tests.candle_files import real_candles
from tests.made import program_of
from tests.runtime.core.catalogue_calls import COMPUTED, calls, node_of

LATE = 3_000
"""How many candles earlier the longer history begins."""
RELATIVE = 1e-9
INNER = 218
"""After how many candles the condition on `rsi(5)`, which some calls are made of, is settled."""


@pytest.fixture(scope="module")
def histories() -> tuple[Columns, Columns]:
    candles = real_candles("bitfinex-BTCUSD-1h-2018-2019.parquet")
    return Columns(candles), Columns(candles.part(LATE, len(candles)))


def unsettled(whole: Floats, late: Floats) -> int:
    """How many candles of the shorter history come before the last value that the longer one changes.

    A difference counts against the value, or against the size it usually has where it passes through zero.
    """
    known = ~np.isnan(whole)
    usual = float(np.median(np.abs(whole[known]))) if known.any() else 0.0
    scale = np.maximum(np.abs(whole), usual)
    different = (np.abs(whole - late) > RELATIVE * scale) | (known == np.isnan(late))
    found = np.flatnonzero(different)
    return int(found[-1]) + 1 if len(found) else 0


@pytest.mark.parametrize("name", COMPUTED)
def test_a_longer_history_changes_no_settled_value(name: str, histories: tuple[Columns, Columns]) -> None:
    whole, late = histories
    row = COMPUTED[name]
    for size in ("short", "long"):
        for call, component, numbers in calls(row, size):
            settled = row.settled_value(numbers, component)
            node = node_of(call)
            measured = unsettled(whole.of(node)[LATE:], late.of(node))
            if settled is not None:
                inner = INNER if "rsi(5)" in call else 0
                assert measured <= settled + inner, call
            if row.settled is not None and name != "newly":
                first = row.first_value(numbers, component)
                assert first is not None and first < measured, f"{call} needs no figure of its own"


def test_rows_without_a_figure_are_those_that_cannot_have_one(histories: tuple[Columns, Columns]) -> None:
    whole, late = histories
    for name, row in COMPUTED.items():
        for call, component, numbers in calls(row):
            if row.settled_value(numbers, component) is not None:
                continue
            if row.days is not None and name != "month_end_average":
                measured = unsettled(whole.of(node_of(call))[LATE:], late.of(node_of(call)))
                assert measured <= 24 * row.days(numbers, "day"), call
                continue
            waits = {"bars_since", "value_when", "since", "swing_high", "swing_low", "month_end_average"}
            assert row.path_dependent or row.ends_by_itself or name in waits, name


def test_what_fades_is_the_tail_of_an_erlang_distribution() -> None:
    assert fading(1, 1, 1e-10) == math.ceil(math.log(1e10))
    for folds in (1, 2, 3, 6):
        left = fading(100, folds) / 100
        tail = math.exp(-left) * sum(left**each / math.factorial(each) for each in range(folds))
        assert tail == pytest.approx(AVERAGE, rel=0.05)


RULES = "trade BTC/USDT on 1h\nbuy when {}\nstop loss 3%\nexit after 5 bars\n"


@pytest.mark.parametrize(
    ("condition", "bars"),
    [
        ("close > open", 0),
        ("close > sma(close, 50)", 49),
        ("close > sma(close, 50)[3]", 52),
        ("rsi(14) crosses below 30", 435),
        ("close > ema(close, 200)", 199 + fading(100.5)),
        ("close > ema(close, 200) on 4h", 4 * (200 + fading(100.5))),
        ("close > previous_week(UTC).high", 14 * 24),
        ("close > vwap(month)", 31 * 24),
        ("close of heikin_ashi > open of heikin_ashi", fading(1.443)),
        ("hammer and three_black_crows", 13),
    ],
)
def test_how_much_must_be_fetched_before_a_start(condition: str, bars: int) -> None:
    found = settled_bars(program_of(RULES.format(condition)))
    assert (found.bars, found.unsure) == (bars, ())


def test_stops_sizes_and_lets_count_too() -> None:
    text = "trade BTC/USDT on 1h\nlet trend = ema(close, 20)\nbuy when close > trend\nstop loss at lowest(low, 700)\n"
    assert settled_bars(program_of(text)).bars == 699
    text = "trade BTC/USDT on 1h\nbuy when close > open\nstop loss 3%\nsize volatility 15% a year\n"
    assert settled_bars(program_of(text)).bars == 100


def test_what_never_surely_settles_is_named() -> None:
    found = settled_bars(program_of(RULES.format("obv > sma(obv, 20) and bars_since(rsi(14) < 30) < 5")))
    assert found.unsure == ("obv", "bars_since")
    assert found.bars == 434
