"""The functions of the language. A new function is one row here and nothing else."""

from dataclasses import dataclass
from typing import Literal

from strategy_dsl.units import INFINITY, Unit

ParameterKind = Literal["series", "length", "number", "condition", "clock", "zone", "word", "duration"]


@dataclass(frozen=True)
class Parameter:
    """One argument: `keywords` are the names by which the implementation takes it, `words` what a word may be."""

    name: str
    kind: ParameterKind
    low: float = -INFINITY
    high: float = INFINITY
    keywords: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """One function: parameters, unit and bounds, the implementation as text, words for people."""

    name: str
    parameters: tuple[Parameter, ...]
    unit: Unit
    implementation: str
    phrase: str
    about: str
    source: str
    example: str
    low: float = -INFINITY
    high: float = INFINITY
    inputs: tuple[str, ...] = ()
    components: tuple[str, ...] = ()


def _length(keyword: str = "timeperiod", name: str = "length", low: int = 2) -> Parameter:
    return Parameter(name, "length", low, 5_000, (keyword,))


SERIES_IN = Parameter("series", "series")
CONDITION_IN = Parameter("condition", "condition")
BARS_IN = _length("", "bars", 1)


def _average(name: str, code: str, words: str, about: str, source: str, low: int = 2) -> Function:
    return Function(
        name,
        (SERIES_IN, _length("length" if code.startswith("pandas_ta") else "timeperiod", low=low)),
        Unit.SAME,
        code,
        f"the {{1}}-bar {words} of {{0}}",
        about,
        source,
        f"close > {name}(close, 50)",
    )


_AVERAGES = (
    _average("sma", "talib:SMA", "simple average", "the plain mean of the last n values", "TA-Lib SMA", 1),
    _average(
        "ema",
        "talib:EMA",
        "exponential average",
        "weights fall by 2/(n+1); seeded with the mean of the first n",
        "TA-Lib EMA",
        1,
    ),
    _average("wma", "talib:WMA", "weighted average", "the newest value weighs n, the oldest 1", "TA-Lib WMA", 1),
    _average("dema", "talib:DEMA", "double exponential average", "2 ema - ema of ema", "Mulloy 1994, TA-Lib DEMA"),
    _average(
        "tema",
        "talib:TEMA",
        "triple exponential average",
        "3 ema - 3 ema of ema + ema of ema of ema",
        "Mulloy 1994, TA-Lib TEMA",
    ),
    _average(
        "kama",
        "talib:KAMA",
        "adaptive average",
        "Kaufman's average, faster in trends",
        "Kaufman 1998, TA-Lib KAMA",
    ),
    _average(
        "hma",
        "pandas_ta:hma",
        "Hull average",
        "wma of (2 wma(n/2) - wma(n)) over the root of n",
        "Hull 2005, pandas-ta-classic hma",
        4,
    ),
)

_OSCILLATORS = (
    Function(
        "rsi",
        (_length(),),
        Unit.SCORE,
        "talib:RSI",
        "the {0}-bar RSI",
        "relative strength index, Wilder's smoothing; 50 where the market has not moved",
        "Wilder 1978, TA-Lib RSI",
        "rsi(14) crosses below 30",
        0,
        100,
        ("close",),
    ),
    Function(
        "mfi",
        (_length(),),
        Unit.SCORE,
        "talib:MFI",
        "the {0}-bar money flow index",
        "RSI weighted with volume",
        "TA-Lib MFI",
        "mfi(14) < 20",
        0,
        100,
        ("high", "low", "close", "volume"),
    ),
    Function(
        "cci",
        (_length(),),
        Unit.SCORE,
        "talib:CCI",
        "the {0}-bar CCI",
        "distance from the typical price's mean in mean deviations",
        "Lambert 1980, TA-Lib CCI",
        "cci(20) < -100",
        inputs=("high", "low", "close"),
    ),
    Function(
        "williams_r",
        (_length(),),
        Unit.SCORE,
        "talib:WILLR",
        "the {0}-bar Williams %R",
        "where the close lies in the range, -100 to 0",
        "TA-Lib WILLR",
        "williams_r(14) < -80",
        -100,
        0,
        ("high", "low", "close"),
    ),
    Function(
        "adx",
        (_length(),),
        Unit.SCORE,
        "talib:ADX",
        "the {0}-bar ADX",
        "strength of the trend, whichever way it goes",
        "Wilder 1978, TA-Lib ADX",
        "adx(14) > 25",
        0,
        100,
        ("high", "low", "close"),
    ),
    Function(
        "stochastic",
        (
            _length("fastk_period", low=1),
            _length("slowk_period", "smoothing", 1),
            _length("slowd_period", "signal", 1),
        ),
        Unit.SCORE,
        "talib:STOCH",
        "the {component} line of the stochastic ({0}, {1}, {2})",
        "where the close lies in the range of n bars, smoothed",
        "Lane, TA-Lib STOCH",
        "stochastic(14, 3, 3).k < 20",
        0,
        100,
        ("high", "low", "close"),
        ("k", "d"),
    ),
    Function(
        "macd",
        (_length("fastperiod", "fast"), _length("slowperiod", "slow"), _length("signalperiod", "signal", 1)),
        Unit.PRICE,
        "talib:MACD",
        "the MACD {component} ({0}, {1}, {2})",
        "fast minus slow exponential average, its signal line, and their difference",
        "Appel, TA-Lib MACD",
        "macd(12, 26, 9).line crosses above macd(12, 26, 9).signal",
        inputs=("close",),
        components=("line", "signal", "histogram"),
    ),
)

_CHANNELS = (
    Function(
        "atr",
        (_length(low=1),),
        Unit.PRICE,
        "talib:ATR",
        "the {0}-bar average true range",
        "Wilder's average of the true range",
        "Wilder 1978, TA-Lib ATR",
        "stop loss 2 * atr(14)",
        0,
        INFINITY,
        ("high", "low", "close"),
    ),
    Function(
        "bollinger",
        (_length(), Parameter("deviations", "number", 0.1, 20, ("nbdevup", "nbdevdn"))),
        Unit.PRICE,
        "talib:BBANDS",
        "the {component} Bollinger band ({0}, {1})",
        "simple average plus and minus k population deviations",
        "Bollinger, TA-Lib BBANDS",
        "close < bollinger(20, 2).lower",
        inputs=("close",),
        components=("upper", "middle", "lower"),
    ),
    Function(
        "donchian",
        (_length("", low=1),),
        Unit.PRICE,
        "sayso:donchian",
        "the {component} of the {0} candles before this one",
        "highest high and lowest low of the n candles before this one",
        "Donchian",
        "close > donchian(20).upper",
        0,
        INFINITY,
        ("high", "low"),
        ("upper", "middle", "lower"),
    ),
)

_SERIES_FUNCTIONS = (
    Function(
        "highest",
        (SERIES_IN, _length(low=2)),
        Unit.SAME,
        "talib:MAX",
        "the highest {bare0} of the last {1} bars",
        "the largest of the last n values, this one included",
        "TA-Lib MAX",
        "close > highest(high, 20)[1]",
    ),
    Function(
        "lowest",
        (SERIES_IN, _length(low=2)),
        Unit.SAME,
        "talib:MIN",
        "the lowest {bare0} of the last {1} bars",
        "the smallest of the last n values, this one included",
        "TA-Lib MIN",
        "stop loss at lowest(low, 10)",
    ),
    Function(
        "mean",
        (SERIES_IN, _length(low=1)),
        Unit.SAME,
        "talib:SMA",
        "the mean of {0} over {1} bars",
        "the plain mean of the last n values",
        "TA-Lib SMA",
        "volume > 1.5 * mean(volume, 20)",
    ),
    Function(
        "stdev",
        (SERIES_IN, _length()),
        Unit.SAME,
        "talib:STDDEV",
        "the deviation of {0} over {1} bars",
        "population standard deviation of the last n values",
        "TA-Lib STDDEV",
        "stdev(close, 20) < 1% of close",
        0,
    ),
    Function(
        "change",
        (SERIES_IN, _length("", "bars", 1)),
        Unit.PERCENT,
        "sayso:change",
        "the change of {0} over {1} bars",
        "percent change against n bars earlier",
        "x / x[n] - 1",
        "change(close, 24) < -5%",
    ),
    Function(
        "abs",
        (SERIES_IN,),
        Unit.SAME,
        "sayso:abs",
        "the size of {0}",
        "the value without its sign",
        "",
        "abs(close - open) > atr(14)",
        0,
    ),
    Function(
        "min",
        (SERIES_IN, Parameter("other", "series")),
        Unit.SAME,
        "sayso:min",
        "the smaller of {0} and {1}",
        "the smaller of two values",
        "",
        "close < min(open, close[1])",
    ),
    Function(
        "max",
        (SERIES_IN, Parameter("other", "series")),
        Unit.SAME,
        "sayso:max",
        "the larger of {0} and {1}",
        "the larger of two values",
        "",
        "close > max(open, close[1])",
    ),
)

_SHAPES = (
    Function(
        "newly",
        (CONDITION_IN,),
        Unit.CONDITION,
        "sayso:newly",
        "{0} for the first candle",
        "true now and not on the candle before",
        "",
        "newly(close > sma(close, 50))",
    ),
    Function(
        "count",
        (CONDITION_IN, BARS_IN),
        Unit.BARS,
        "sayso:count",
        "how many of the last {1} bars had {0}",
        "on how many of the last n candles it held, this one included",
        "",
        "count(close > open, 10) >= 7",
        0,
    ),
    Function(
        "bars_since",
        (CONDITION_IN,),
        Unit.BARS,
        "sayso:bars_since",
        "the bars since {0}",
        "0 on a candle where it holds; unknown before it ever did",
        "",
        "bars_since(rsi(14) < 30) < 5",
        0,
    ),
)

FUNCTIONS = {row.name: row for row in (*_AVERAGES, *_OSCILLATORS, *_CHANNELS, *_SERIES_FUNCTIONS, *_SHAPES)}
"""Every function by name."""

COMPONENTS_OF = {name: row.components for name, row in FUNCTIONS.items() if row.components}
"""The lines of the functions that have several."""
