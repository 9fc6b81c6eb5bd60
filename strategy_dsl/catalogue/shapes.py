"""Candle shapes: conditions without arguments, written without parentheses."""

from strategy_dsl.catalogue.row import Function, constant
from strategy_dsl.units import Unit

_CANDLE = ("open", "high", "low", "close")


def _own(name: str, words: str, about: str, history: int) -> Function:
    return _row(name, f"sayso:{name}", words, about, "", history)


def _talib(name: str, code: str, words: str, about: str, history: int) -> Function:
    return _row(name, f"talib:{code}", words, about, f"TA-Lib {code[:-1]}", history)


def _row(name: str, code: str, words: str, about: str, source: str, history: int) -> Function:
    article = "an" if words[0] in "aeiou" else "a"
    return Function(
        name,
        (),
        Unit.CONDITION,
        code,
        f"there are {words}" if words.startswith("three ") and words.endswith("s") else f"there is {article} {words}",
        about,
        source,
        name,
        0,
        1,
        _CANDLE,
        history=constant(history),
    )


SHAPE_ROWS = (
    _own("green", "green candle", "the close is above the open", 0),
    _own("red", "red candle", "the close is below the open", 0),
    _own(
        "bullish_engulfing",
        "bullish engulfing",
        "a red candle, then a green one whose body covers the red body and is larger",
        1,
    ),
    _own(
        "bearish_engulfing",
        "bearish engulfing",
        "a green candle, then a red one whose body covers the green body and is larger",
        1,
    ),
    _own("hammer", "hammer", "lower wick at least two bodies, upper wick at most one", 0),
    _own("shooting_star", "shooting star", "upper wick at least two bodies, lower wick at most one", 0),
    _own("bullish_pin_bar", "bullish pin bar", "lower wick at least two thirds of the range", 0),
    _own("bearish_pin_bar", "bearish pin bar", "upper wick at least two thirds of the range", 0),
    _own("doji", "doji", "body at most a tenth of the range", 0),
    _own("high_wave", "high wave", "body at most a quarter of the range, both wicks longer than the body", 0),
    _own("inside_bar", "inside bar", "high at or below and low at or above those of the candle before", 1),
    _own("outside_bar", "outside bar", "high above and low below those of the candle before", 1),
    _own(
        "piercing_line",
        "piercing line",
        "a red candle, then a green one that opens at or under its close and closes above its middle, under its open",
        1,
    ),
    _own(
        "dark_cloud_cover",
        "dark cloud cover",
        "a green candle, then a red one that opens at or over its close and closes below its middle, over its open",
        1,
    ),
    _own("tweezer_bottom", "tweezer bottom", "a red, then a green candle with lows within 0.1% of each other", 1),
    _own("tweezer_top", "tweezer top", "a green, then a red candle with highs within 0.1% of each other", 1),
    _own("bullish_fair_value_gap", "bullish fair value gap", "the low is above the high of two candles ago", 2),
    _own("bearish_fair_value_gap", "bearish fair value gap", "the high is below the low of two candles ago", 2),
    _talib("bullish_harami", "CDLHARAMI+", "bullish harami", "a long red body, then a short body inside it", 11),
    _talib("bearish_harami", "CDLHARAMI-", "bearish harami", "a long green body, then a short body inside it", 11),
    _talib("bullish_harami_cross", "CDLHARAMICROSS+", "bullish harami cross", "a long red body, then a doji inside it", 11),
    _talib("bearish_harami_cross", "CDLHARAMICROSS-", "bearish harami cross", "a long green body, then a doji inside it", 11),
    _talib("morning_star", "CDLMORNINGSTAR+", "morning star", "a long red body, a small one below it, then a green one back into the first", 12),
    _talib("evening_star", "CDLEVENINGSTAR-", "evening star", "a long green body, a small one above it, then a red one back into the first", 12),
    _talib("morning_doji_star", "CDLMORNINGDOJISTAR+", "morning doji star", "a morning star whose middle candle is a doji", 12),
    _talib("evening_doji_star", "CDLEVENINGDOJISTAR-", "evening doji star", "an evening star whose middle candle is a doji", 12),
    _talib("three_white_soldiers", "CDL3WHITESOLDIERS+", "three white soldiers", "three green candles that each open in the body before and close near the high", 12),
    _talib("three_black_crows", "CDL3BLACKCROWS-", "three black crows", "three red candles that each open in the body before and close near the low", 13),
    _talib("three_inside_up", "CDL3INSIDE+", "three inside up", "a bullish harami, then a close above the first candle's open", 12),
    _talib("three_inside_down", "CDL3INSIDE-", "three inside down", "a bearish harami, then a close below the first candle's open", 12),
    _talib("three_outside_up", "CDL3OUTSIDE+", "three outside up", "a bullish engulfing, then a higher close", 3),
    _talib("three_outside_down", "CDL3OUTSIDE-", "three outside down", "a bearish engulfing, then a lower close", 3),
    _talib("inverted_hammer", "CDLINVERTEDHAMMER+", "inverted hammer", "a small body with a long upper wick that gaps down from the body before", 11),
    _talib("hanging_man", "CDLHANGINGMAN-", "hanging man", "a small body with a long lower wick near the highs of the candle before", 11),
    _talib("dragonfly_doji", "CDLDRAGONFLYDOJI+", "dragonfly doji", "a doji with a long lower wick and hardly an upper one", 10),
    _talib("gravestone_doji", "CDLGRAVESTONEDOJI+", "gravestone doji", "a doji with a long upper wick and hardly a lower one", 10),
    _talib("long_legged_doji", "CDLLONGLEGGEDDOJI+", "long-legged doji", "a doji with a long wick", 10),
    _talib("bullish_spinning_top", "CDLSPINNINGTOP+", "bullish spinning top", "a small green body with longer wicks on both sides", 10),
    _talib("bearish_spinning_top", "CDLSPINNINGTOP-", "bearish spinning top", "a small red body with longer wicks on both sides", 10),
    _talib("bullish_marubozu", "CDLMARUBOZU+", "bullish marubozu", "a long green body with hardly any wicks", 10),
    _talib("bearish_marubozu", "CDLMARUBOZU-", "bearish marubozu", "a long red body with hardly any wicks", 10),
    _talib("bullish_belt_hold", "CDLBELTHOLD+", "bullish belt hold", "a long green body that opens at its low", 10),
    _talib("bearish_belt_hold", "CDLBELTHOLD-", "bearish belt hold", "a long red body that opens at its high", 10),
    _talib("rising_three_methods", "CDLRISEFALL3METHODS+", "rising three methods", "a long green body, three small ones inside its range, then a green close above it", 14),
    _talib("falling_three_methods", "CDLRISEFALL3METHODS-", "falling three methods", "a long red body, three small ones inside its range, then a red close below it", 14),
)  # fmt: skip
