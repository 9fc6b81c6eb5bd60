"""Indicators: TA-Lib's values where TA-Lib has them, ours by definition, unknown where nothing is known."""

import numpy as np
import pytest
import talib

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns
from runtime.core.indicators import compute
from strategy_dsl.catalogue import FUNCTIONS
from strategy_dsl.parser import parse
from tests.made import candles_of, flat, walk_candles

WALK = walk_candles(900, 5)


def column(expression: str, candles: Candles, *others: Candles) -> Floats:
    """The column of an expression as the language writes it."""
    rules = f"trade {candles.market} on {candles.timeframe}\nlet value = {expression}\n"
    parsed = parse(rules)
    assert not parsed.problems, parsed.problems
    return Columns(candles, {each.market: each for each in (candles, *others)}).of(parsed.strategy.lets[0].value)


FROM_TALIB = {
    "sma(close, 20)": lambda c: talib.SMA(c.close, 20),
    "ema(close, 20)": lambda c: talib.EMA(c.close, 20),
    "wma(close, 20)": lambda c: talib.WMA(c.close, 20),
    "dema(close, 20)": lambda c: talib.DEMA(c.close, 20),
    "tema(close, 20)": lambda c: talib.TEMA(c.close, 20),
    "kama(close, 20)": lambda c: talib.KAMA(c.close, 20),
    "rsi(14)": lambda c: talib.RSI(c.close, 14),
    "mfi(14)": lambda c: talib.MFI(c.high, c.low, c.close, c.volume, 14),
    "cci(20)": lambda c: talib.CCI(c.high, c.low, c.close, 20),
    "williams_r(14)": lambda c: talib.WILLR(c.high, c.low, c.close, 14),
    "adx(14)": lambda c: talib.ADX(c.high, c.low, c.close, 14),
    "stochastic(14, 3, 3).k": lambda c: talib.STOCH(c.high, c.low, c.close, 14, 3, 0, 3, 0)[0],
    "stochastic(14, 3, 5).d": lambda c: talib.STOCH(c.high, c.low, c.close, 14, 3, 0, 5, 0)[1],
    "macd(12, 26, 9).line": lambda c: talib.MACD(c.close, 12, 26, 9)[0],
    "macd(12, 26, 9).signal": lambda c: talib.MACD(c.close, 12, 26, 9)[1],
    "macd(12, 26, 9).histogram": lambda c: talib.MACD(c.close, 12, 26, 9)[2],
    "atr(14)": lambda c: talib.ATR(c.high, c.low, c.close, 14),
    "bollinger(20, 2.5).upper": lambda c: talib.BBANDS(c.close, 20, 2.5, 2.5)[0],
    "bollinger(20, 2.5).middle": lambda c: talib.BBANDS(c.close, 20, 2.5, 2.5)[1],
    "bollinger(20, 2.5).lower": lambda c: talib.BBANDS(c.close, 20, 2.5, 2.5)[2],
    "highest(high, 20)": lambda c: talib.MAX(c.high, 20),
    "lowest(low, 20)": lambda c: talib.MIN(c.low, 20),
    "mean(volume, 20)": lambda c: talib.SMA(c.volume, 20),
    "stdev(close, 20)": lambda c: talib.STDDEV(c.close, 20),
}


def nan_until(values: list[float], count: int) -> Floats:
    return np.array([np.nan] * count + values)


BY_DEFINITION = {
    "hma(close, 9)": lambda c: talib.WMA(2 * talib.WMA(c.close, 4) - talib.WMA(c.close, 9), 3),
    "change(close, 3)": lambda c: nan_until([b / a - 1 for a, b in zip(c.close, c.close[3:], strict=False)], 3),
    "donchian(5).upper": lambda c: nan_until([max(c.high[at - 5 : at]) for at in range(5, len(c))], 5),
    "donchian(5).lower": lambda c: nan_until([min(c.low[at - 5 : at]) for at in range(5, len(c))], 5),
    "donchian(5).middle": lambda c: nan_until(
        [(max(c.high[at - 5 : at]) + min(c.low[at - 5 : at])) / 2 for at in range(5, len(c))], 5
    ),
    "abs(close - open)": lambda c: abs(c.close - c.open),
    "min(open, close)": lambda c: np.array([min(pair) for pair in zip(c.open, c.close, strict=True)]),
    "max(open, close)": lambda c: np.array([max(pair) for pair in zip(c.open, c.close, strict=True)]),
    "count(close > open, 4)": lambda c: nan_until([sum((c.close > c.open)[at - 3 : at + 1]) for at in range(3, len(c))], 3),
    "newly(close > open)": lambda c: nan_until(
        [float(b > a and not d > e) for a, b, e, d in zip(c.open[1:], c.close[1:], c.open, c.close, strict=False)], 1
    ),
    "bars_since(close > open)": lambda c: _since((c.close > c.open).tolist()),
}  # fmt: skip


def _since(held: list[bool]) -> Floats:
    found, last = [], None
    for index, each in enumerate(held):
        last = index if each else last
        found.append(np.nan if last is None else float(index - last))
    return np.array(found)


def test_every_function_of_the_catalogue_is_checked_here() -> None:
    checked = {each.split("(")[0] for each in (*FROM_TALIB, *BY_DEFINITION)}
    assert checked == set(FUNCTIONS)


@pytest.mark.parametrize("expression", FROM_TALIB)
def test_values_are_those_of_talib(expression: str) -> None:
    np.testing.assert_array_equal(column(expression, WALK), FROM_TALIB[expression](WALK))


@pytest.mark.parametrize("expression", BY_DEFINITION)
def test_values_are_as_defined(expression: str) -> None:
    expected = BY_DEFINITION[expression](WALK)
    if expression.startswith("newly"):
        expected[0] = 0.0 if WALK.close[0] <= WALK.open[0] else np.nan
    np.testing.assert_allclose(column(expression, WALK), expected, rtol=1e-12, atol=1e-12)


def smallest_call(name: str) -> str:
    """A call of a function with the smallest arguments that the catalogue allows."""
    row = FUNCTIONS[name]
    words = {"series": "close", "condition": "close > open"}
    arguments = [words.get(each.kind) or f"{each.low:g}" for each in row.parameters]
    return f"{name}({', '.join(arguments)})" + (f".{row.components[0]}" if row.components else "")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_smallest_arguments_are_computed(name: str) -> None:
    found = column(smallest_call(name), WALK)
    assert len(found) == len(WALK)
    assert not np.isnan(found[-1])


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_candles_are_unknown_and_no_error(name: str, count: int) -> None:
    row = FUNCTIONS[name]
    words = {"series": "close", "condition": "close > open", "number": "2"}
    call = f"{name}({', '.join(words.get(each.kind, '20') for each in row.parameters)})"
    found = column(call + (f".{row.components[0]}" if row.components else ""), WALK.part(0, count))
    assert len(found) == count
    assert name in ("abs", "min", "max", "newly", "bars_since") or np.isnan(found).all()


def test_rsi_of_a_still_market_is_50() -> None:
    still = column("rsi(14)", candles_of(flat(42.0, 60)))
    assert np.isnan(still[:14]).all()
    assert (still[14:] == 50).all()


def test_rsi_of_a_market_that_stops_moving_keeps_its_value() -> None:
    moved = candles_of([(1, 1, 1, 1), *[(each, each, each, each) for each in np.linspace(1, 2, 30)], *flat(2.0, 300)])
    assert (column("rsi(14)", moved)[40:] > 99).all()


def test_a_still_beginning_is_no_crossing() -> None:
    rows = [*flat(100.0, 60), *[(100 + at, 101 + at, 99 + at, 100.5 + at) for at in range(20)]]
    assert np.nansum(column("rsi(14) crosses below 30", candles_of(rows))) == 0


@pytest.mark.parametrize(
    "name", ["sma", "ema", "wma", "dema", "tema", "kama", "hma", "highest", "lowest", "mean", "stdev"]
)
def test_one_unknown_value_is_unknown_for_a_while_and_not_for_ever(name: str) -> None:
    series = WALK.close[:200].copy()
    series[100] = np.nan
    row = FUNCTIONS[name]
    (keyword,) = row.parameters[1].keywords
    found = compute(row, [series], {keyword: 10}, "")
    whole = compute(row, [WALK.close[:200]], {keyword: 10}, "")
    np.testing.assert_array_equal(found[:100], whole[:100])
    assert np.isnan(found[100:109]).all()
    assert not np.isnan(found[150:]).any()
    if name in ("sma", "wma", "highest", "lowest", "mean"):
        np.testing.assert_allclose(found[110:], whole[110:], rtol=1e-12)


def test_bars_since_an_unknown_condition_is_unknown() -> None:
    held = np.array([0, 1, 0, np.nan, 0, 1, 0])
    found = compute(FUNCTIONS["bars_since"], [held], {}, "")
    np.testing.assert_array_equal(found, [np.nan, 0, 1, np.nan, np.nan, 0, 1])
