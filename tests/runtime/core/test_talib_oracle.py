"""Every function that TA-Lib has gives TA-Lib's values on real candles, whatever the parameters."""

import itertools
from functools import cache

import numpy as np
import pytest
import talib

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns
from strategy_dsl.catalogue import Function
from tests.candle_files import real_candles
from tests.runtime.core.catalogue_calls import COMPUTED, node_of

ROWS = {
    name: row
    for name, row in COMPUTED.items()
    if row.implementation.startswith("talib:") and not row.implementation.startswith("talib:CDL")
}
LENGTHS = ((2, 3, 4), (5, 9, 3), (14, 28, 7), (20, 50, 10), (200, 100, 50))
"""Several parameter sets: as many of the numbers as a row takes lengths."""
FILES = ("bitfinex-ETHUSD-1h-2018-2019.parquet", "binance-BTCUSDT-1h.parquet", "bitstamp-BTCUSD-1d.parquet")
SERIES = ("close", "volume")
UNKNOWN_WITHOUT_RANGE = {"stochastic", "williams_r", "ultimate", "mfi"}
"""Where nothing moved TA-Lib says 0 and these rows say unknown."""


@cache
def columns(name: str) -> Columns:
    return Columns(real_candles(name))


def arguments(row: Function, lengths: tuple[int, ...]) -> tuple[list[str], dict[str, float], list[str]]:
    """The arguments as text, the numbers by TA-Lib's keywords, and the series."""
    left, series = iter(lengths), iter(SERIES)
    texts, numbers, names = [], {}, []
    for each in row.parameters:
        if each.kind == "series":
            names.append(next(series))
            texts.append(names[-1])
        elif each.kind == "length":
            numbers[each.keywords[0]] = max(next(left), int(each.low))
            texts.append(str(numbers[each.keywords[0]]))
        else:
            numbers[each.keywords[0]] = 75.0
            texts.append("75")
    return texts, numbers, names


def oracle(row: Function, candles: Candles, numbers: dict[str, float], names: list[str]) -> tuple[Floats, ...]:
    inputs = [getattr(candles, each) for each in (*row.inputs, *names)]
    found = getattr(talib, row.implementation.removeprefix("talib:"))(*inputs, **numbers)
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_values_equal_talib_to_1e_9(name: str, lengths: tuple[int, ...]) -> None:
    row = ROWS[name]
    texts, numbers, names = arguments(row, lengths)
    call = f"{name}({', '.join(texts)})" if row.parameters else name
    for file in FILES:
        candles = columns(file).candles
        for line, theirs in zip(row.components or ("",), oracle(row, candles, numbers, names), strict=False):
            ours = columns(file).of(node_of(f"{call}.{line}" if line else call))
            known = ~np.isnan(ours)
            missing = int(np.count_nonzero(~np.isnan(theirs) & ~known))
            assert missing <= (len(candles) // 20 if name in UNKNOWN_WITHOUT_RANGE else 0), (file, line)
            assert known.sum() > len(candles) // 4 and not np.isnan(theirs[known]).any()
            usual = float(np.median(np.abs(theirs[known])))
            scale = np.maximum(np.abs(theirs[known]), usual)
            worst = float(np.max(np.abs(ours[known] - theirs[known]) / np.where(scale == 0, 1, scale)))
            assert worst < 1e-9, (file, line, worst)


def test_every_row_of_talib_is_in_the_sweep() -> None:
    assert len(ROWS) > 35


COMPOSED = {
    "bollinger({n}, 2).upper": lambda c, n: talib.BBANDS(c.close, n, 2.0, 2.0)[0],
    "bollinger({n}, 2).middle": lambda c, n: talib.BBANDS(c.close, n, 2.0, 2.0)[1],
    "bollinger({n}, 2).lower": lambda c, n: talib.BBANDS(c.close, n, 2.0, 2.0)[2],
    "aroon({n}).up": lambda c, n: talib.AROON(c.high, c.low, n)[1],
    "aroon({n}).down": lambda c, n: talib.AROON(c.high, c.low, n)[0],
    "aroon({n}).oscillator": lambda c, n: talib.AROONOSC(c.high, c.low, n),
    "supertrend({n}, 3).line": lambda c, n: talib.SUPERTREND(c.high, c.low, c.close, n, 3.0)[0],
    "trix({n})": lambda c, n: talib.TRIX(c.close, n) / 100,
    "vwma(close, {n})": lambda c, n: talib.VWMA(c.close, c.volume, n),
    "atr_percent({n})": lambda c, n: talib.NATR(c.high, c.low, c.close, n) / 100,
    "roc({n})": lambda c, n: talib.ROCP(c.close, n),
    "zscore(close, {n})": lambda c, n: (c.close - talib.SMA(c.close, n)) / talib.STDDEV(c.close, n),
    "donchian({n}).upper[1]": lambda c, n: np.append([np.nan] * 2, talib.MAX(c.high, n)[:-2]),
    "highest_bars_ago(high, {n})": lambda c, n: np.where(
        np.arange(len(c)) < n - 1, np.nan, np.arange(len(c)) - talib.MAXINDEX(c.high, n)
    ),
}


@pytest.mark.parametrize("n", [2, 5, 14, 20, 200])
@pytest.mark.parametrize("expression", COMPOSED)
def test_what_is_composed_equals_talib_too(expression: str, n: int) -> None:
    for file in FILES:
        candles = columns(file).candles
        ours = columns(file).of(node_of(expression.format(n=n)))
        with np.errstate(divide="ignore", invalid="ignore"):
            theirs = COMPOSED[expression](candles, n)
        known = ~np.isnan(ours)
        assert known.sum() > len(candles) // 2
        usual = float(np.median(np.abs(theirs[known])))
        if expression.startswith("highest_bars_ago"):
            # TA-Lib keeps the earliest of equal highs for as long as it is in the window, ours takes the latest
            assert (ours[known] <= theirs[known]).all() and (ours[known] == theirs[known]).mean() > 0.9
            continue
        scale = np.maximum(np.abs(theirs[known]), usual)
        assert np.max(np.abs(ours[known] - theirs[known]) / np.where(scale == 0, 1, scale)) < 1e-9


def test_the_definitions_that_libraries_disagree_on() -> None:
    """Wilder's seed is the plain mean of the first n steps, the exponential one's of the first n values, by hand."""
    candles = columns(FILES[0]).candles
    close = candles.close[:400].tolist()
    steps = [b - a for a, b in itertools.pairwise(close)]
    gain = sum(max(each, 0) for each in steps[:14]) / 14
    loss = sum(max(-each, 0) for each in steps[:14]) / 14
    mean = sum(close[:20]) / 20
    rsi, ema = (columns(FILES[0]).of(node_of(each)) for each in ("rsi(14)", "ema(close, 20)"))
    for index in range(14, 400):
        if index > 14:
            gain, loss = (gain * 13 + max(steps[index - 1], 0)) / 14, (loss * 13 + max(-steps[index - 1], 0)) / 14
        assert rsi[index] == pytest.approx(100 * gain / (gain + loss), rel=1e-9)
    for index in range(19, 400):
        mean += 2 / 21 * (close[index] - mean) if index > 19 else 0
        assert ema[index] == pytest.approx(mean, rel=1e-9)
    width = columns(FILES[0]).of(node_of("bollinger(20, 2).upper - bollinger(20, 2).middle"))
    assert width[300] == pytest.approx(2 * np.std(candles.close[281:301], ddof=0), rel=1e-9)
