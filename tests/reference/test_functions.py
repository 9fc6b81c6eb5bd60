"""The plain definitions against TA-Lib, where the catalogue names it, and against small numbers by hand."""

import math

import numpy as np
import pytest
import talib

from tests.made import walk_candles
from tests.reference import functions as f
from tests.reference.views import View, base_view

CANDLES = walk_candles(260, 11)
VIEW = base_view(CANDLES)
H, L, C, V = CANDLES.high, CANDLES.low, CANDLES.close, CANDLES.volume

PAIRS = [
    ("sma", f.sma(VIEW.close, 20), talib.SMA(C, 20)),
    ("ema", f.ema(VIEW.close, 20), talib.EMA(C, 20)),
    ("wma", f.wma(VIEW.close, 20), talib.WMA(C, 20)),
    ("dema", f.dema(VIEW.close, 20), talib.DEMA(C, 20)),
    ("tema", f.tema(VIEW.close, 20), talib.TEMA(C, 20)),
    ("kama", f.kama(VIEW.close, 20), talib.KAMA(C, 20)),
    ("rsi", f.rsi(VIEW.close, 14), talib.RSI(C, 14)),
    ("mfi", f.mfi(VIEW.high, VIEW.low, VIEW.close, VIEW.volume, 14), talib.MFI(H, L, C, V, 14)),
    ("cci", f.cci(VIEW.high, VIEW.low, VIEW.close, 20), talib.CCI(H, L, C, 20)),
    ("williams_r", f.williams_r(VIEW.high, VIEW.low, VIEW.close, 14), talib.WILLR(H, L, C, 14)),
    ("adx", f.adx(VIEW.high, VIEW.low, VIEW.close, 14), talib.ADX(H, L, C, 14)),
    ("atr", f.atr(VIEW.high, VIEW.low, VIEW.close, 14), talib.ATR(H, L, C, 14)),
    ("atr of 1", f.atr(VIEW.high, VIEW.low, VIEW.close, 1), talib.ATR(H, L, C, 1)),
    ("highest", f.highest(VIEW.high, 20), talib.MAX(H, 20)),
    ("lowest", f.lowest(VIEW.low, 20), talib.MIN(L, 20)),
    ("stdev", f.stdev(VIEW.close, 20), talib.STDDEV(C, 20)),
    *zip(
        ["upper", "middle", "lower"],
        [f.bollinger(VIEW.close, 20, 2)[each] for each in ("upper", "middle", "lower")],
        talib.BBANDS(C, 20, 2.0, 2.0),
        strict=True,
    ),
    *zip(
        ["k", "d"],
        f.stochastic(VIEW.high, VIEW.low, VIEW.close, 14, 3, 3).values(),
        talib.STOCH(H, L, C, 14, 3, 0, 3, 0),
        strict=True,
    ),
    *zip(
        ["line", "signal", "histogram"], f.macd(VIEW.close, 12, 26, 9).values(), talib.MACD(C, 12, 26, 9), strict=True
    ),
]


@pytest.mark.parametrize(("name", "ours", "theirs"), PAIRS, ids=[each[0] for each in PAIRS])
def test_a_function_is_what_the_catalogue_names(name: str, ours: list[float | None], theirs: np.ndarray) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine is None) == math.isnan(other)
        assert mine is None or mine == pytest.approx(other, rel=1e-9, abs=1e-9)


def test_a_market_that_does_not_move_has_an_rsi_of_50() -> None:
    assert f.rsi([5.0] * 20, 14)[-1] == 50


def test_small_numbers_by_hand() -> None:
    assert f.sma([1.0, 2.0, 3.0], 2) == [None, 1.5, 2.5]
    assert f.ema([1.0, 3.0, 5.0, 9.0], 3) == [None, None, 3.0, 6.0]
    assert f.wma([1.0, 2.0, 4.0], 2)[1:] == [5 / 3, 10 / 3]
    assert f.change([100.0, 105.0], 1) == [None, pytest.approx(0.05)]
    assert f.zscore([1.0, 3.0], 2) == [None, 1.0]
    assert f.percentrank([1.0, 2.0, 3.0, 2.0], 3)[-1] == pytest.approx(200 / 3)
    assert f.donchian([5.0, 6.0, 9.0], [1.0, 2.0, 3.0], 2)["upper"] == [None, None, 6.0]
    assert f.sma([None, 2.0, 4.0], 2) == [None, None, 3.0]
    assert f.change([0.0, 1.0], 1) == [None, None]
    assert f.hma([float(each) for each in range(30)], 9)[-1] == pytest.approx(29)


def test_supertrend_turns_when_the_close_leaves_its_band() -> None:
    close = [10.0, 11, 12, 13, 14, 8, 7, 6]
    high, low = [each + 0.5 for each in close], [each - 0.5 for each in close]
    found = f.supertrend(high, low, close, 2, 1)
    assert found["direction"][4] == 1
    assert found["direction"][5] == -1
    assert found["line"][4] < 14


def test_views_are_plain_lists() -> None:
    assert isinstance(VIEW, View) and len(VIEW) == 260
