"""Moving averages of any series."""

import math

from strategy_dsl.catalogue.row import (
    SERIES_IN,
    Function,
    History,
    Numbers,
    Parameter,
    at_once,
    full,
    length,
    one_more,
    own,
)
from strategy_dsl.catalogue.settling import exponential, gain_time, settles, wilder
from strategy_dsl.units import Unit

_SLOWEST = (31 / 2) ** 2
"""The time constant of Kaufman's average where nothing trends: the weight of 30 bars, squared."""


def _hull(numbers: Numbers) -> int:
    bars = int(numbers["length"])
    return bars - 1 + max(1, round(math.sqrt(bars))) - 1


def _zero_lag(numbers: Numbers) -> int:
    return full(numbers) + full(numbers) // 2


def _folds(times: int) -> History:
    return lambda numbers: times * full(numbers)


def _average(
    name: str,
    code: str,
    words: str,
    about: str,
    source: str,
    low: int = 2,
    history: History = full,
    keeps_bounds: bool = True,
    inputs: tuple[str, ...] = (),
    settled: History | None = None,
) -> Function:
    library = code.partition(":")[0]
    bars = own(low=low) if library == "sayso" else length("length" if library == "pandas_ta" else "timeperiod", low=low)
    return Function(
        name,
        (SERIES_IN, bars),
        Unit.SAME,
        code,
        f"the {{1}}-bar {words} of {{0}}",
        about,
        source,
        f"close > {name}(close, 50)",
        inputs=inputs,
        history=history,
        settled=settled,
        keeps_bounds=keeps_bounds,
    )


AVERAGES = (
    _average("sma", "talib:SMA", "simple average", "the plain mean of the last n values", "TA-Lib SMA", 1),
    _average(
        "ema",
        "talib:EMA",
        "exponential average",
        "weights fall by 2/(n+1); seeded with the mean of the first n",
        "TA-Lib EMA",
        1,
        settled=exponential(full),
    ),
    _average("wma", "talib:WMA", "weighted average", "the newest value weighs n, the oldest 1", "TA-Lib WMA", 1),
    _average(
        "rma",
        "talib:RMA",
        "Wilder average",
        "Wilder's smoothing: weights fall by 1/n; seeded with the mean of the first n",
        "Wilder 1978, TA-Lib RMA",
        settled=wilder(full),
    ),
    _average(
        "hma",
        "sayso:hma",
        "Hull average",
        "wma of (2 wma(n/2) - wma(n)) over the rounded root of n",
        "Hull 2005, from TA-Lib WMA",
        history=_hull,
        keeps_bounds=False,
    ),
    _average(
        "dema",
        "talib:DEMA",
        "double exponential average",
        "2 ema - ema of ema",
        "Mulloy 1994, TA-Lib DEMA",
        history=_folds(2),
        settled=exponential(_folds(2), 2),
        keeps_bounds=False,
    ),
    _average(
        "tema",
        "talib:TEMA",
        "triple exponential average",
        "3 ema - 3 ema of ema + ema of ema of ema",
        "Mulloy 1994, TA-Lib TEMA",
        history=_folds(3),
        settled=exponential(_folds(3), 3),
        keeps_bounds=False,
    ),
    _average(
        "t3",
        "talib:T3",
        "T3 average",
        "Tillson's six-fold exponential average with volume factor 0.7",
        "Tillson 1998, TA-Lib T3",
        history=_folds(6),
        settled=exponential(_folds(6), 6),
        keeps_bounds=False,
    ),
    _average(
        "zlema",
        "talib:ZLEMA",
        "zero-lag average",
        "ema of 2 x - x of (n-1)/2 bars ago",
        "Ehlers and Way 2010, TA-Lib ZLEMA",
        history=_zero_lag,
        settled=exponential(_zero_lag),
        keeps_bounds=False,
    ),
    _average(
        "kama",
        "talib:KAMA",
        "adaptive average",
        "Kaufman's average, faster in trends",
        "Kaufman 1998, TA-Lib KAMA",
        history=one_more,
        settled=settles(one_more, lambda _: _SLOWEST),
    ),
    _average(
        "trima",
        "talib:TRIMA",
        "triangular average",
        "the middle values weigh most: a mean of a mean",
        "TA-Lib TRIMA",
    ),
    _average(
        "vwma",
        "sayso:vwma",
        "volume-weighted average",
        "sum of value times volume over sum of volume; unknown where nothing was traded",
        "TA-Lib VWMA",
        inputs=("volume",),
    ),
    _average(
        "alma",
        "sayso:alma",
        "Arnaud Legoux average",
        "Gaussian weights, sigma 6, offset 0.85 towards the newest value",
        "Legoux and Kouzis-Loukas 2009",
    ),
    _average(
        "sinwma",
        "sayso:sinwma",
        "sine-weighted average",
        "the middle values weigh most, by half a sine wave",
        "pandas-ta-classic sinwma",
    ),
    Function(
        "kalman",
        (
            SERIES_IN,
            Parameter("state_noise", "number", 1e-12, 1e12),
            Parameter("measurement_noise", "number", 1e-12, 1e12),
        ),
        Unit.SAME,
        "sayso:kalman",
        "the Kalman filter of {0} (noise {1} of the state, {2} of the measurement)",
        "local-level Kalman filter with the variances of the state and of the measurement; starts at the first value",
        "Kalman 1960",
        "close > kalman(close, 0.01, 1)",
        history=lambda _: 0,
        settled=settles(at_once, gain_time),
    ),
)
