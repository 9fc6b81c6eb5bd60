"""Each expression name of the gold files has a counterpart in the language with the same values."""

import importlib.util
from types import ModuleType

import numpy as np
import pytest

from runtime.candles import Candles, Floats
from runtime.feeds.simulated import simulated_candles
from strategy_dsl import nodes
from tests.candle_files import MONDAY_MS
from tests.made import walk_candles
from tests.runtime.core.catalogue_calls import column, node_of
from tests.strategy_dsl.phrasebook.gold import CORPUS

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout")
WARM = 1000
MARKETS = {"walk": walk_candles(3000, 8), "simulated": simulated_candles("BTC/USDT", "1h", 5, MONDAY_MS, 3000)}
NY = "America/New_York"
COUNTERPARTS = {
    "shift": ("shift(c, 3)", "close[3]"),
    "sma": ("sma(c, 20)", "sma(close, 20)"),
    "ema": ("ema(c, 20)", "ema(close, 20)"),
    "rma": ("rma(c, 14)", "rma(close, 14)"),
    "wma": ("wma(c, 20)", "wma(close, 20)"),
    "hma": ("hma(c, 14)", "hma(close, 14)"),
    "dema": ("dema(c, 20)", "dema(close, 20)"),
    "tema": ("tema(c, 20)", "tema(close, 20)"),
    "rsi_of": ("rsi_of(hlc3, 9)", "rsi_of(hlc3, 9)"),
    "fisher_of": ("fisher_of(rsi(14))", "inverse_fisher(rsi(14))"),
    "highest": ("highest(h, 20)", "highest(high, 20)"),
    "lowest": ("lowest(l, 20)", "lowest(low, 20)"),
    "rsum": ("rsum(v, 24)", "sum(volume, 24)"),
    "median": ("median(c, 21)", "median(close, 21)"),
    "stdev": ("stdev(c, 20)", "stdev(close, 20)"),
    "zscore": ("zscore(c, 20)", "zscore(close, 20)"),
    "percentrank": ("percentrank(v, 100)", "percentrank(volume, 100)"),
    "linreg_slope": ("linreg_slope(c, 20)", "slope(close, 20)"),
    "kalman": ("kalman(c, 0.01, 1)", "kalman(close, 0.01, 1)"),
    "roc": ("roc(c, 12) / 100", "roc(12)"),
    "pct_change": ("pct_change(v, 5) / 100", "change(volume, 5)"),
    "mom": ("mom(c, 10)", "momentum(10)"),
    "crosses_above": ("crosses_above(c, ema(c, 20))", "close crosses above ema(close, 20)"),
    "crosses_below": ("crosses_below(c, ema(c, 20))", "close crosses below ema(close, 20)"),
    "rising": ("rising(c, 3)", "close is rising 3 bars"),
    "falling": ("falling(c, 3)", "close is falling 3 bars"),
    "count": ("count(c > o, 10)", "count(close > open, 10)"),
    "within": ("within(rsi(14) < 40, 5)", "rsi(14) < 40 in last 5 bars"),
    "held_for": ("held_for(c > o, 3)", "close > open for 3 bars"),
    "streak": ("streak(c > o)", "streak(close > open)"),
    "barssince": ("barssince(rsi(14) < 40)", "bars_since(rsi(14) < 40)"),
    "valuewhen": ("valuewhen(rsi(14) < 40, h)", "value_when(rsi(14) < 40, high)"),
    "highest_since": ("highest_since(rsi(14) < 40, h)", "since(rsi(14) < 40, highest(high))"),
    "lowest_since": ("lowest_since(rsi(14) < 40, l)", "since(rsi(14) < 40, lowest(low))"),
    "then": ("then(rsi(14) < 40, c > o, 4)", "rsi(14) < 40 then within 5 bars close > open"),
    "latch": ("latch(rsi(14) < 40, rsi(14) > 60)", "latch(rsi(14) < 40, rsi(14) > 60)"),
    "flips": ("flips(c > ema(c, 20))", "newly(close > ema(close, 20))"),
    "k_of": ("k_of(2, c > o, rsi(14) < 50, v > 20)", "at least 2 of (close > open, rsi(14) < 50, volume > 20)"),
    "where": ("where(c > o, h, l)", "choose(close > open, high, low)"),
    "min_of": ("min_of(o, shift(c, 1))", "min(open, close[1])"),
    "max_of": ("max_of(o, shift(c, 1))", "max(open, close[1])"),
    "abs": ("abs(c - o)", "abs(close - open)"),
    "rsi": ("rsi(14)", "rsi(14)"),
    "fisher_rsi": ("fisher_rsi(14)", "inverse_fisher(rsi(14))"),
    "stoch_k": ("stoch_k(14, 3)", "stochastic(14, 3, 3).k"),
    "stoch_d": ("stoch_d(14, 3, 5)", "stochastic(14, 3, 5).d"),
    "kdj_k": ("kdj_k(9, 3)", "kdj(9, 3, 3).k"),
    "kdj_d": ("kdj_d(9, 3, 3)", "kdj(9, 3, 3).d"),
    "kdj_j": ("kdj_j(9, 3, 3)", "kdj(9, 3, 3).j"),
    "stochrsi_k": ("stochrsi_k(14, 14, 3)", "stochastic_rsi(14, 14, 3, 3).k"),
    "stochrsi_d": ("stochrsi_d(14, 14, 3, 3)", "stochastic_rsi(14, 14, 3, 3).d"),
    "cci": ("cci(20)", "cci(20)"),
    "mfi": ("mfi(14)", "mfi(14)"),
    "willr": ("willr(14)", "williams_r(14)"),
    "macd_line": ("macd_line(12, 26)", "macd(12, 26, 9).line"),
    "macd_signal": ("macd_signal(12, 26, 9)", "macd(12, 26, 9).signal"),
    "macd_hist": ("macd_hist(12, 26, 9)", "macd(12, 26, 9).histogram"),
    "ao": ("ao()", "awesome"),
    "bb_mid": ("bb_mid(20)", "bollinger(20, 2).middle"),
    "bb_upper": ("bb_upper(20, 2)", "bollinger(20, 2).upper"),
    "bb_lower": ("bb_lower(20, 2)", "bollinger(20, 2).lower"),
    "bb_width": ("bb_width(20, 2)", "bollinger(20, 2).width"),
    "bb_pct": ("bb_pct(20, 2)", "bollinger(20, 2).percent_b"),
    "tr": ("tr()", "true_range"),
    "atr": ("atr(14)", "atr(14)"),
    "plus_di": ("plus_di(14)", "plus_di(14)"),
    "minus_di": ("minus_di(14)", "minus_di(14)"),
    "adx": ("adx(14)", "adx(14)"),
    "donchian_high": ("donchian_high(20)", "donchian(20).upper"),
    "donchian_low": ("donchian_low(20)", "donchian(20).lower"),
    "touches_high": ("touches_high(50, 0.5)", "touches_high(50, 0.5%)"),
    "touches_low": ("touches_low(50, 0.5)", "touches_low(50, 0.5%)"),
    "keltner_upper": ("keltner_upper(20, 2, 10)", "keltner(20, 2, 10).upper"),
    "keltner_lower": ("keltner_lower(20, 2, 10)", "keltner(20, 2, 10).lower"),
    "supertrend_dir": ("supertrend_dir(10, 3)", "supertrend(10, 3).direction"),
    "supertrend": ("supertrend(10, 3)", "supertrend(10, 3).line"),
    "psar": ("psar(0.02, 0.02, 0.2)", "psar(0.02, 0.2)"),
    "ichimoku_tenkan": ("ichimoku_tenkan(9)", "ichimoku(9, 26, 52).conversion"),
    "ichimoku_kijun": ("ichimoku_kijun(26)", "ichimoku(9, 26, 52).base"),
    "ichimoku_span_a": ("ichimoku_span_a(9, 26, 26)", "ichimoku(9, 26, 52).span_a"),
    "ichimoku_span_b": ("ichimoku_span_b(52, 26)", "ichimoku(9, 26, 52).span_b"),
    "ichimoku_cloud_top": ("ichimoku_cloud_top()", "ichimoku(9, 26, 52).cloud_top"),
    "ichimoku_cloud_bottom": ("ichimoku_cloud_bottom()", "ichimoku(9, 26, 52).cloud_bottom"),
    "obv": ("obv()", "obv"),
    "minute_of_day": (f"minute_of_day('{NY}')", f"minute_of_day({NY})"),
    "hour": (f"hour('{NY}')", f"hour({NY})"),
    "weekday": (f"weekday('{NY}')", f"weekday({NY})"),
    "day_of_month": (f"day_of_month('{NY}')", f"day_of_month({NY})"),
    "month": (f"month('{NY}')", f"month({NY})"),
    "new_day": (f"new_day('{NY}')", f"new_day({NY})"),
    "new_week": (f"new_week('{NY}')", f"new_week({NY})"),
    "new_month": (f"new_month('{NY}')", f"new_month({NY})"),
    "last_of_month": (f"last_of_month('{NY}')", f"last_of_month({NY})"),
    "last_of_day": (f"last_of_day('{NY}')", f"last_of_day({NY})"),
    "month_sma": (f"month_sma(2, '{NY}')", f"month_end_average(2, {NY})"),
    "in_session": (f"in_session('22:00', '03:00', '{NY}')", f"in_session(22:00, 03:00, {NY})"),
    "at_time": (f"at_time('09:30', '{NY}')", f"at_time(09:30, {NY})"),
    "session_high": (f"session_high('09:30', '16:00', '{NY}')", f"session(09:30, 16:00, {NY}).high"),
    "session_low": (f"session_low('22:00', '03:00', '{NY}')", f"opening_range(5h, 22:00, {NY}).low"),
    "prev_day_high": (f"prev_day_high('{NY}')", f"previous_day({NY}).high"),
    "prev_day_low": (f"prev_day_low('{NY}')", f"previous_day({NY}).low"),
    "prev_day_close": (f"prev_day_close('{NY}')", f"previous_day({NY}).close"),
    "prev_day_open": (f"prev_day_open('{NY}')", f"previous_day({NY}).open"),
    "day_open": (f"day_open('{NY}')", f"day({NY}).open"),
    "day_high": (f"day_high('{NY}')", f"day({NY}).high"),
    "day_low": (f"day_low('{NY}')", f"day({NY}).low"),
    "vwap_day": ("vwap_day()", "vwap(day)"),
    "body": ("body()", "body"),
    "upper_wick": ("upper_wick()", "upper_wick"),
    "lower_wick": ("lower_wick()", "lower_wick"),
    "green": ("green()", "green"),
    "red": ("red()", "red"),
    "engulfing_bull": ("engulfing_bull()", "bullish_engulfing"),
    "engulfing_bear": ("engulfing_bear()", "bearish_engulfing"),
    "hammer": ("hammer()", "hammer"),
    "shooting_star": ("shooting_star()", "shooting_star"),
    "pin_bull": ("pin_bull()", "bullish_pin_bar"),
    "pin_bear": ("pin_bear()", "bearish_pin_bar"),
    "doji": ("doji()", "doji"),
    "high_wave": ("high_wave()", "high_wave"),
    "inside_bar": ("inside_bar()", "inside_bar"),
    "outside_bar": ("outside_bar()", "outside_bar"),
    "piercing": ("piercing()", "piercing_line"),
    "dark_cloud": ("dark_cloud()", "dark_cloud_cover"),
    "tweezer_bottom": ("tweezer_bottom()", "tweezer_bottom"),
    "tweezer_top": ("tweezer_top()", "tweezer_top"),
    "fvg_bull": ("fvg_bull()", "bullish_fair_value_gap"),
    "fvg_bear": ("fvg_bear()", "bearish_fair_value_gap"),
    "heikin_c": ("heikin_c()", "ohlc4"),
    "pivot_high": ("pivot_high(2, 3)", "newly(swing_high(2, 3) != swing_high(2, 3)[1])"),
    "pivot_low": ("pivot_low(2, 3)", "newly(swing_low(2, 3) != swing_low(2, 3)[1])"),
    "swing_high": ("swing_high(3)", "swing_high(3, 3)"),
    "swing_low": ("swing_low(3)", "swing_low(3, 3)"),
    "tf": ("tf('4h', 'rsi(14)')", "rsi(14) on 4h"),
}
ELSEWHERE = {"heikin_o": "the suffix `of heikin_ashi`", "of": "the suffix `of ETH/USDT`"}


def gold_api() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_api", CORPUS / "gold_api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOLD = gold_api() if CORPUS.exists() else None


def test_every_name_of_the_gold_files_has_a_counterpart() -> None:
    assert GOLD is not None
    assert {*COUNTERPARTS, *ELSEWHERE} == {*GOLD.PURE, *GOLD.ONBARS, "tf", "of"}


def gold_values(expression: str, candles: Candles) -> Floats:
    assert GOLD is not None
    names = dict(zip("ohlcvt", ("open", "high", "low", "close", "volume", "time"), strict=True))
    columns = {short: getattr(candles, long) for short, long in names.items()}
    found: Floats = GOLD.value(expression, {candles.market: columns}, candles.market, candles.timeframe)
    return found


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("name", COUNTERPARTS)
def test_the_counterpart_has_the_same_values(name: str, market: str) -> None:
    candles = MARKETS[market]
    expression, ours = COUNTERPARTS[name]
    gold, found = gold_values(expression, candles)[WARM:], column(ours, candles)[WARM:]
    if name.startswith("pivot"):
        pytest.skip("two swings of one price in a row are told apart by gold only")
    size = np.nanmax(np.abs(gold))
    np.testing.assert_allclose(found, gold, rtol=1e-9, atol=1e-10 * size)
    assert (np.unique(gold[~np.isnan(gold)]).size > 1) or name in ("fvg_bear", "fvg_bull")


def test_the_table_is_of_single_expressions() -> None:
    assert all(isinstance(node_of(ours), nodes.Node) for _, ours in COUNTERPARTS.values())
