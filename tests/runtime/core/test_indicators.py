"""Indicators: TA-Lib's values where TA-Lib has them, ours by definition, unknown where nothing is known."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest
import talib

from runtime.candles import Candles, Floats
from runtime.core.indicators import compute
from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, SHAPES
from tests.made import candles_of, flat, walk_candles
from tests.runtime.core.catalogue_calls import COMPUTED, column, node_of
from tests.runtime.core.test_gold import COUNTERPARTS

WALK = walk_candles(900, 5)


FROM_TALIB = {
    "sma(close, 20)": lambda c: talib.SMA(c.close, 20),
    "wma(close, 20)": lambda c: talib.WMA(c.close, 20),
    "dema(close, 20)": lambda c: talib.DEMA(c.close, 20),
    "tema(close, 20)": lambda c: talib.TEMA(c.close, 20),
    "kama(close, 20)": lambda c: talib.KAMA(c.close, 20),
    "mfi(14)": lambda c: talib.MFI(c.high, c.low, c.close, c.volume, 14),
    "cci(20)": lambda c: talib.CCI(c.high, c.low, c.close, 20),
    "williams_r(14)": lambda c: talib.WILLR(c.high, c.low, c.close, 14),
    "adx(14)": lambda c: talib.ADX(c.high, c.low, c.close, 14),
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
    "t3(close, 8)": lambda c: talib.T3(c.close, 8, 0.7),
    "zlema(close, 20)": lambda c: talib.ZLEMA(c.close, 20),
    "trima(close, 20)": lambda c: talib.TRIMA(c.close, 20),
    "momentum(10)": lambda c: talib.MOM(c.close, 10),
    "difference(high, 4)": lambda c: talib.MOM(c.high, 4),
    "awesome": lambda c: talib.AO(c.high, c.low),
    "ultimate(7, 14, 28)": lambda c: talib.ULTOSC(c.high, c.low, c.close, 7, 14, 28),
    "cmo(14)": lambda c: talib.CMO(c.close, 14),
    "tsi(25, 13)": lambda c: talib.TSI(c.close, 25, 13),
    "balance_of_power": lambda c: talib.BOP(c.open, c.high, c.low, c.close),
    "plus_di(14)": lambda c: talib.PLUS_DI(c.high, c.low, c.close, 14),
    "minus_di(14)": lambda c: talib.MINUS_DI(c.high, c.low, c.close, 14),
    "dx(14)": lambda c: talib.DX(c.high, c.low, c.close, 14),
    "aroon(25).up": lambda c: talib.AROON(c.high, c.low, 25)[1],
    "aroon(25).down": lambda c: talib.AROON(c.high, c.low, 25)[0],
    "aroon(25).oscillator": lambda c: talib.AROONOSC(c.high, c.low, 25),
    "vortex(14).plus": lambda c: talib.VORTEX(c.high, c.low, c.close, 14)[0],
    "vortex(14).minus": lambda c: talib.VORTEX(c.high, c.low, c.close, 14)[1],
    "true_range": lambda c: talib.TRANGE(c.high, c.low, c.close),
    "supertrend(10, 3).line": lambda c: talib.SUPERTREND(c.high, c.low, c.close, 10, 3.0)[0],
    "ad_line": lambda c: talib.AD(c.high, c.low, c.close, c.volume),
    "chaikin(3, 10)": lambda c: talib.ADOSC(c.high, c.low, c.close, c.volume, 3, 10),
    "cmf(20)": lambda c: talib.CMF(c.high, c.low, c.close, c.volume, 20),
    "force_index(13)": lambda c: talib.EFI(c.close, c.volume, 13),
    "vwma(close, 20)": lambda c: talib.VWMA(c.close, c.volume, 20),
    "variance(close, 20)": lambda c: talib.VAR(c.close, 20),
    "percentile(close, 20, 90)": lambda c: talib.PERCENTILE(c.close, 20, 90.0),
    "linreg(close, 20)": lambda c: talib.LINEARREG(c.close, 20),
    "slope(close, 20)": lambda c: talib.LINEARREG_SLOPE(c.close, 20),
    "correlation(close, volume, 20)": lambda c: talib.CORREL(c.close, c.volume, 20),
    "trix(15)": lambda c: talib.TRIX(c.close, 15) / 100,
}
PATTERNS = {
    name: row.implementation.removeprefix("talib:")
    for name, row in SHAPES.items()
    if row.implementation.startswith("talib:")
}
"""Candle shapes with TA-Lib's name and the sign of its result."""


def nan_until(values: list[float], count: int) -> Floats:
    return np.array([np.nan] * count + values)


BY_DEFINITION = {
    "ema(close, 20)": lambda c: talib.EMA(c.close, 20),
    "rma(close, 20)": lambda c: talib.RMA(c.close, 20),
    "rsi(14)": lambda c: talib.RSI(c.close, 14),
    "hma(close, 9)": lambda c: talib.WMA(2 * talib.WMA(c.close, 4) - talib.WMA(c.close, 9), 3),
    "sinwma(close, 9)": lambda c: each_window(c, 9, lambda w: np.average(w.close, weights=np.sin(np.pi * np.arange(1, 10) / 10))),
    "ease_of_movement(9)": lambda c: each_window(c, 10, lambda w: np.mean(np.diff((w.high + w.low) / 2) * 1e8 * safe_range(w)[1:] / w.volume[1:])),
    "alma(close, 9)": lambda c: each_window(c, 9, lambda w: np.average(w.close, weights=np.exp(-((np.arange(9) - 0.85 * 8) ** 2) / (2 * (9 / 6) ** 2)))),
    "change(close, 3)": lambda c: nan_until([b / a - 1 for a, b in zip(c.close, c.close[3:], strict=False)], 3),
    "roc(3)": lambda c: nan_until([b / a - 1 for a, b in zip(c.close, c.close[3:], strict=False)], 3),
    "ppo(12, 26, 9).line": lambda c: (talib.EMA(c.close, 12) - talib.EMA(c.close, 26)) / talib.EMA(c.close, 26),
    "ppo(12, 26, 9).signal": lambda c: signal_of((talib.EMA(c.close, 12) - talib.EMA(c.close, 26)) / talib.EMA(c.close, 26)),
    "choppiness(14)": lambda c: 100 * np.log10(nan_until(talib.SUM(talib.TRANGE(c.high, c.low, c.close)[1:], 14).tolist(), 1) / (talib.MAX(c.high, 14) - talib.MIN(c.low, 14))) / np.log10(14),
    "atr_percent(14)": lambda c: talib.NATR(c.high, c.low, c.close, 14) / 100,
    "chandelier(22, 3).long": lambda c: talib.MAX(c.high, 22) - 3 * talib.ATR(c.high, c.low, c.close, 22),
    "chandelier(22, 3).short": lambda c: talib.MIN(c.low, 22) + 3 * talib.ATR(c.high, c.low, c.close, 22),
    "keltner(20, 2, 10).middle": lambda c: talib.EMA(c.close, 20),
    "volume_ratio(20)": lambda c: c.volume / talib.SMA(c.volume, 20),
    "highest_bars_ago(high, 9)": lambda c: each_window(c, 9, lambda w: 8 - max(i for i in range(9) if w.high[i] == max(w.high))),
    "lowest_bars_ago(low, 9)": lambda c: each_window(c, 9, lambda w: 8 - max(i for i in range(9) if w.low[i] == min(w.low))),
    "drawdown_from_high(9)": lambda c: each_window(c, 9, lambda w: 1 - w.close[-1] / max(w.high)),
    "rise_from_low(9)": lambda c: each_window(c, 9, lambda w: w.close[-1] / min(w.low) - 1),
    "ulcer(5)": lambda c: each_window(c, 9, lambda w: np.sqrt(np.mean([(1 - w.close[i] / max(w.close[i - 4 : i + 1])) ** 2 for i in range(4, 9)]))),
    "donchian(5).upper": lambda c: nan_until([max(c.high[at - 5 : at]) for at in range(5, len(c))], 5),
    "donchian(5).lower": lambda c: nan_until([min(c.low[at - 5 : at]) for at in range(5, len(c))], 5),
    "donchian(5).middle": lambda c: nan_until(
        [(max(c.high[at - 5 : at]) + min(c.low[at - 5 : at])) / 2 for at in range(5, len(c))], 5
    ),
    "abs(close - open)": lambda c: abs(c.close - c.open),
    "min(open, close)": lambda c: np.array([min(pair) for pair in zip(c.open, c.close, strict=True)]),
    "max(open, close)": lambda c: np.array([max(pair) for pair in zip(c.open, c.close, strict=True)]),
    "sign(close - open)": lambda c: np.array([float(d > 0) - float(d < 0) for d in c.close - c.open]),
    "sqrt(close - 100)": lambda c: np.array([math.sqrt(x) if x >= 0 else np.nan for x in c.close - 100]),
    "log(close - 100)": lambda c: np.array([math.log(x) if x > 0 else np.nan for x in c.close - 100]),
    "exp(close / 100)": lambda c: np.array([math.exp(x) for x in c.close / 100]),
    "round(100 - close)": lambda c: np.array([math.copysign(math.floor(abs(x) + 0.5), x) for x in 100 - c.close]),
    "floor(100 - close)": lambda c: np.array([math.floor(x) for x in 100 - c.close], dtype=float),
    "ceil(100 - close)": lambda c: np.array([math.ceil(x) for x in 100 - c.close], dtype=float),
    "count(close > open, 4)": lambda c: nan_until([sum((c.close > c.open)[at - 3 : at + 1]) for at in range(3, len(c))], 3),
    "newly(close > open)": lambda c: nan_until(
        [float(b > a and not d > e) for a, b, e, d in zip(c.open[1:], c.close[1:], c.open, c.close, strict=False)], 1
    ),
    "bars_since(close > open)": lambda c: _since((c.close > c.open).tolist()),
    "consecutive_up": lambda c: nan_until(runs(np.diff(c.close) > 0), 1),
    "consecutive_down": lambda c: nan_until(runs(np.diff(c.close) < 0), 1),
    "known(sma(close, 5))": lambda c: (np.arange(len(c)) >= 4).astype(float),
    "since(close > open, mean(high))": lambda c: _folded(c, np.mean),
    "since(close > open, sum(high))": lambda c: _folded(c, np.sum),
    "since(close > open, count(close > 100))": lambda c: _folded(c, lambda highs: 0, count_above=100),
    "gap": lambda c: nan_until((c.open[1:] / c.close[:-1] - 1).tolist(), 1),
    "gap_up(0.3%)": lambda c: nan_until((c.open[1:] / c.close[:-1] - 1 >= 0.003).astype(float).tolist(), 1),
    "gap_down(0.3%)": lambda c: nan_until((c.open[1:] / c.close[:-1] - 1 <= -0.003).astype(float).tolist(), 1),
}  # fmt: skip

CHECKED_IN_LEVELS = {
    "previous_week", "previous_month", "week", "month_so_far", "session_so_far", "pivot", "zoned_vwap", "session_vwap",
    "week_of_month",
}  # fmt: skip


def each_window(candles: Candles, length: int, reduce: Callable[[Candles], float]) -> Floats:
    return nan_until([reduce(candles.part(at - length, at)) for at in range(length, len(candles) + 1)], length - 1)


def signal_of(line: Floats) -> Floats:
    return np.concatenate([np.full(25, np.nan), talib.EMA(line[25:], 9)])


def safe_range(candles: Candles) -> Floats:
    return np.where(candles.high == candles.low, np.finfo(float).eps, candles.high - candles.low)


def runs(held: np.ndarray) -> list[float]:
    found, run = [], 0
    for each in held.tolist():
        run = run + 1 if each else 0
        found.append(float(run))
    return found


def _folded(candles: Candles, fold: Callable[[Floats], float], count_above: float | None = None) -> Floats:
    found, start = [], None
    for at in range(len(candles)):
        start = at if candles.close[at] > candles.open[at] else start
        part = None if start is None else candles.part(start, at + 1)
        if part is None:
            found.append(np.nan)
        else:
            found.append(fold(part.high) if count_above is None else float((part.close > count_above).sum()))
    return np.array(found)


def _since(held: list[bool]) -> Floats:
    found, last = [], None
    for index, each in enumerate(held):
        last = index if each else last
        found.append(np.nan if last is None else float(index - last))
    return np.array(found)


def functions_in(expressions: Iterable[str]) -> set[str]:
    """The functions that expressions call, those without parentheses too."""
    found = set()
    for each in expressions:
        for node in nodes.walk(node_of(each)):
            match node:
                case nodes.Call(name, _) | nodes.Name(name) if name in FUNCTIONS:
                    found.add(name)
    return found


def test_the_values_of_every_function_of_the_catalogue_are_checked() -> None:
    gold = (ours for _, ours in COUNTERPARTS.values())
    assert functions_in((*FROM_TALIB, *BY_DEFINITION, *PATTERNS, *gold)) | CHECKED_IN_LEVELS == set(COMPUTED)


@pytest.mark.parametrize("expression", FROM_TALIB)
def test_values_are_those_of_talib(expression: str) -> None:
    np.testing.assert_array_equal(column(expression, WALK), FROM_TALIB[expression](WALK))


@pytest.mark.parametrize("signal", [1, 3, 5])
@pytest.mark.parametrize("length", [1, 5, 14])
def test_the_stochastic_is_that_of_talib_but_exact_at_its_ends(length: int, signal: int) -> None:
    prices = 100 * np.exp(np.cumsum(np.where(np.arange(900) % 60 < 40, 0.01, -0.015)))
    rising = candles_of([(each, each * 1.000001, each * 0.999999, each, 1) for each in prices])
    for candles, made in ((WALK, False), (rising, True)):
        lines = talib.STOCH(candles.high, candles.low, candles.close, length, 3, 0, signal, 0)
        found = [column(f"stochastic({length}, 3, {signal}).{line}", candles) for line in "kd"]
        for ours, theirs in zip(found, lines, strict=True):
            # unknown where there was no range, where TA-Lib says 0
            known = ~np.isnan(ours)
            assert np.argmax(known) == np.argmax(~np.isnan(theirs)) and known.sum() > 800
            np.testing.assert_allclose(ours[known], theirs[known], rtol=1e-9, atol=1e-9)
        if made:
            continue
        strength = [column(f"stochastic_rsi(14, {max(2, length)}, 3, {signal}).{line}", candles) for line in "kd"]
        theirs = talib.STOCH(*[column("rsi(14)", candles)] * 3, max(2, length), 3, 0, signal, 0)
        known = ~np.isnan(strength[0])
        np.testing.assert_allclose(strength[0][known], theirs[0][known], rtol=1e-9, atol=1e-9)


def test_a_stochastic_rsi_that_stays_at_its_end_crosses_nothing() -> None:
    # up faster and faster: the RSI is the highest of its range on every candle
    prices = 100 * np.exp(np.cumsum(np.concatenate([np.tile([0.01, -0.008], 30), np.linspace(0.001, 0.03, 120)])))
    candles = candles_of([(each, each, each, each, 1) for each in prices])
    k, d = (column(f"stochastic_rsi(14, 14, 3, 3).{line}", candles)[-80:] for line in "kd")
    assert (k == 100).all() and (d == 100).all()


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_those_of_talib(name: str) -> None:
    code = PATTERNS[name]
    raw = getattr(talib, code[:-1])(WALK.open, WALK.high, WALK.low, WALK.close)
    found = column(name, WALK)
    known = ~np.isnan(found)
    assert (found[known] == (raw > 0 if code[-1] == "+" else raw < 0)[known]).all()
    assert not raw[~known].any()


@pytest.mark.parametrize("expression", BY_DEFINITION)
def test_values_are_as_defined(expression: str) -> None:
    expected = BY_DEFINITION[expression](WALK)
    if expression.startswith("newly"):
        expected[0] = 0.0 if WALK.close[0] <= WALK.open[0] else np.nan
    np.testing.assert_allclose(column(expression, WALK), expected, rtol=1e-11, atol=1e-12)


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
    "name", ["sma", "ema", "wma", "dema", "tema", "kama", "hma", "rma", "median", "highest", "lowest", "mean", "stdev"]
)
def test_one_unknown_value_is_unknown_for_a_while_and_not_for_ever(name: str) -> None:
    series = WALK.close[:200].copy()
    series[100] = np.nan
    row = FUNCTIONS[name]
    keyword = row.parameters[1].keywords[0] or row.parameters[1].name
    found = compute(row, [series], {keyword: 10}, "")
    whole = compute(row, [WALK.close[:200]], {keyword: 10}, "")
    np.testing.assert_array_equal(found[:100], whole[:100])
    if name in ("ema", "rma", "dema", "tema"):
        without = compute(row, [np.delete(series, 100)], {keyword: 10}, "")
        np.testing.assert_array_equal(np.delete(found, 100), without, "an average that goes on skips the unknown value")
        assert np.isnan(found[100])
        return
    assert np.isnan(found[100:109]).all()
    assert not np.isnan(found[150:]).any()
    if name in ("sma", "wma", "highest", "lowest", "mean"):
        np.testing.assert_allclose(found[110:], whole[110:], rtol=1e-12)


def test_bars_since_an_unknown_condition_is_unknown() -> None:
    held = np.array([0, 1, 0, np.nan, 0, 1, 0])
    found = compute(FUNCTIONS["bars_since"], [held], {}, "")
    np.testing.assert_array_equal(found, [np.nan, 0, 1, np.nan, np.nan, 0, 1])
