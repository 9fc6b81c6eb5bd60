"""Trends: Aroon, choppiness, supertrend, parabolic SAR, Ichimoku."""

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.statistics import highest, lowest
from runtime.core.functions.talib_calls import by_stretch, ta, ta_lines
from runtime.core.functions.windows import divided, shifted


def _aroon(given: Inputs) -> Floats:
    length = given.numbers["length"]
    if given.component == "oscillator":
        return ta("AROONOSC", *given.series, timeperiod=length)
    return ta_lines("AROON", given.series, {"timeperiod": length})[("down", "up").index(given.component)]


def _choppiness(given: Inputs) -> Floats:
    high, low, _ = given.series
    length = given.whole("length")
    walked = ta("SUM", ta("TRANGE", *given.series), timeperiod=length)
    ratio = divided(walked, highest(high, length) - lowest(low, length))
    # a gap lets the range of the window be wider than what was walked inside it
    found: Floats = 100 * np.log10(np.clip(ratio, 1, length)) / np.log10(length)
    return found


def _supertrend(given: Inputs) -> Floats:
    numbers = {"timeperiod": given.numbers["length"], "multiplier": given.numbers["multiplier"]}
    line, direction, *_ = ta_lines("SUPERTREND", given.series, numbers)
    return line if given.component == "line" else np.where(np.isnan(line), np.nan, direction)


def _psar(given: Inputs) -> Floats:
    step, top = given.numbers["step"], given.numbers["max"]
    return by_stretch(lambda high, low, close: _parabolic(high, low, close, step, top), *given.series)


def _parabolic(highs: Floats, lows: Floats, closes: Floats, step: float, top: float) -> Floats:
    """Wilder's recursion; rising at first where the second close is not below the first."""
    if len(highs) < 2:
        return np.full(len(highs), np.nan)
    high, low = highs.tolist(), lows.tolist()
    up = bool(closes[1] >= closes[0])
    stop, extreme, speed = (low[0], high[1], step) if up else (high[0], low[1], step)
    out = [np.nan, stop]
    for at in range(2, len(high)):
        stop += speed * (extreme - stop)
        if up:
            stop = min(stop, low[at - 1], low[at - 2])
            beyond, new_extreme, other = low[at] < stop, high[at] > extreme, low[at]
            reached = high[at]
        else:
            stop = max(stop, high[at - 1], high[at - 2])
            beyond, new_extreme, other = high[at] > stop, low[at] < extreme, high[at]
            reached = low[at]
        if beyond:
            up, stop, extreme, speed = not up, extreme, other, step
        elif new_extreme:
            extreme, speed = reached, min(speed + step, top)
        out.append(stop)
    return np.array(out)


def _ichimoku(given: Inputs) -> Floats:
    high, low = given.series
    conversion, base, span = (given.whole(name) for name in ("conversion", "base", "span"))
    match given.component:
        case "conversion":
            return _middle(high, low, conversion)
        case "base":
            return _middle(high, low, base)
    first = shifted((_middle(high, low, conversion) + _middle(high, low, base)) / 2, base)
    second = shifted(_middle(high, low, span), base)
    match given.component:
        case "span_a":
            return first
        case "span_b":
            return second
        case "cloud_top":
            return np.maximum(first, second)
    return np.minimum(first, second)


def _middle(high: Floats, low: Floats, length: int) -> Floats:
    return (highest(high, length) + lowest(low, length)) / 2


TREND: dict[str, Own] = {
    "aroon": _aroon,
    "choppiness": _choppiness,
    "supertrend": _supertrend,
    "psar": _psar,
    "ichimoku": _ichimoku,
}
"""By the name in the catalogue."""
