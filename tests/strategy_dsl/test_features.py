"""What people ask for (the features counted in section 8 of the requirements on English) can be said."""

import pytest

from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.parser import parse

SAID = {
    "rsi": "rsi(14) < 30",
    "crosses": "ema(close, 9) crosses above ema(close, 21)",
    "sma": "close > sma(close, 200)",
    "ema": "close > ema(close, 200)",
    "timeframe": "(close > sma(close, 50)) on 4h",
    "regime": "adx(14) > 25 and close > sma(close, 200)",
    "bollinger": "close < bollinger(20, 2).lower",
    "volume spike": "volume_ratio(20) > 2",
    "sequence": "rsi(14) < 30 then within 10 bars close > open",
    "candlestick pattern": "bullish_engulfing or hammer or morning_star",
    "macd": "macd(12, 26, 9).line crosses above macd(12, 26, 9).signal",
    "time filter": "hour(Europe/London) >= 8",
    "weekday filter": "weekday is monday",
    "breakout n-bar high": "close > highest(high, 20)[1]",
    "n-bar low": "low <= lowest(low, 20)[1]",
    "and/or groups": "(rsi(14) < 30 or cci(20) < -100) and close > open",
    "slope": "slope(sma(close, 50), 5) > 0",
    "atr": "atr(14) > 2% of close",
    "% distance": "close < 5% below sma(close, 50)",
    "momentum": "momentum(10) > 0 and roc(10) > 2%",
    "monthly": "new_month(UTC) or last_of_month(UTC)",
    "% change over n bars": "change(close, 24) < -5%",
    "proximity to level": "close is within 1% of swing_low(3, 3)",
    "previous day level": "close > previous_day(UTC).high",
    "volatility filter": "atr_percent(14) is between 1% and 4%",
    "indicator arithmetic": "(close - ema(close, 20)) / atr(14) < -2",
    "if-else branches": "close > choose(adx(14) > 25, ema(close, 20), ema(close, 100))",
    "consecutive bars": "streak(red) >= 3 and consecutive_down >= 3",
    "adx": "adx(14) > 25 and plus_di(14) > minus_di(14)",
    "cross-asset condition": "close of ETH/USDT > sma(close, 50) of ETH/USDT",
    "stochastic": "stochastic(14, 3, 3).k crosses above stochastic(14, 3, 3).d",
    "range between": "rsi(14) is between 40 and 60",
    "supertrend": "supertrend(10, 3).direction == 1",
    "fvg": "bullish_fair_value_gap",
    "opening range": "close > opening_range(1h, 09:30, America/New_York).high",
    "gap": "gap_up(2%) or gap > 2%",
    "z-score": "zscore(close, 20) < -2",
    "range contraction": "highest(high, 7) - lowest(low, 7) < 0.5 * (highest(high, 50) - lowest(low, 50))",
    "dema": "dema(close, 20) > tema(close, 20) and hma(close, 20) is rising",
    "vwap": "close > vwap(day)",
    "ichimoku": "close > ichimoku(9, 26, 52).cloud_top",
    "within last n bars": "hammer in last 5 bars",
    "swing points": "close > swing_high(5, 5)",
    "fibonacci": "close < lowest(low, 50) + 0.618 * (highest(high, 50) - lowest(low, 50))",
    "session entry": "in_session(08:00, 12:00, Europe/London) and at_time(09:30, Europe/London)",
    "divergence": "low < swing_low(3, 3) and rsi(14) > value_when(swing_low(3, 3) != swing_low(3, 3)[1], rsi(14)[3])",
    "failed breakout": "close > donchian(20).upper then within 3 bars close < donchian(20).upper[3]",
    "psar": "close crosses above psar(0.02, 0.2)",
    "n-bar extreme of indicator": "rsi(14) == lowest(rsi(14), 20)",
    "mfi/obv": "mfi(14) < 20 and obv > sma(obv, 20)",
    "percentile rank": "percentrank(volume, 100) > 90",
    "touch count": "touches_high(50, 0.5%) >= 3",
    "support/resistance": "low <= pivot(day).s1",
    "seasonality": "month(UTC) >= 11 or month(UTC) <= 4",
    "cci": "cci(20) < -100",
    "donchian": "close > donchian(20).upper",
    "session high/low": "close > session(00:00, 08:00, UTC).high",
    "market structure": "swing_high(3, 3) > value_when(swing_high(3, 3) != swing_high(3, 3)[1], swing_high(3, 3)[1])",
    "k-of-n conditions": "at least 2 of (rsi(14) < 30, hammer, volume_ratio(20) > 2)",
    "stochastic rsi": "stochastic_rsi(14, 14, 3, 3).k < 20",
    "keltner": "close > keltner(20, 2, 10).upper",
    "awesome oscillator": "awesome crosses above 0",
    "fisher rsi": "inverse_fisher(rsi(14)) < -0.9",
    "fall from a high": "drawdown_from_high(100) > 20%",
    "% change from base": "close > 10% above since(new_month(UTC), lowest(low))",
    "month-end average": "close > month_end_average(10, UTC)",
}


@pytest.mark.parametrize("feature", SAID)
def test_it_can_be_said(feature):
    parsed = parse(f"let value = {SAID[feature]}\n")
    assert not parsed.problems, parsed.problems
    kinds = Kinds({}, "1h")
    kinds.condition(parsed.strategy.lets[0].value)
    assert not kinds.problems, [each.message for each in kinds.problems]
