"""TA-Lib's functions made safe: unknown inputs, small prices and markets that do not move.

TA-Lib takes what is below 1e-14 for nothing, so that the bands of a coin worth 0.00001 collapse. Prices are
therefore multiplied by a power of two, which changes no digit, and results divided by it again.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.talib_import import talib
from runtime.core.functions.windows import rolling

Lines = tuple[Floats, ...]

_SCALED = {
    "RSI": (512, 0),
    "CMO": (512, 0),
    "ADX": (512, 0),
    "DX": (512, 0),
    "PLUS_DI": (512, 0),
    "MINUS_DI": (512, 0),
    "ULTOSC": (512, 0),
    "TSI": (512, 0),
    "VORTEX": (512, 0),
    "KAMA": (512, 1),
    "STDDEV": (100, 1),
    "BBANDS": (100, 1),
    "VAR": (100, 2),
    "CORREL": (100, 0),
}
"""Powers of two for the inputs, and with which power of them the result grows."""

_MONEY_SCALE = 200


def ta(name: str, *series: Floats, **numbers: float) -> Floats:
    """One TA-Lib function with a single result, NaN where it is unknown."""
    return ta_lines(name, series, numbers)[0]


def ta_lines(name: str, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    """Every result of a TA-Lib function; after an unknown input it begins anew."""
    size = len(series[0])
    found: list[Floats] | None = None
    for start, stop in known_stretches(series):
        part = _stretch(name, [each[start:stop] for each in series], numbers)
        found = found or [np.full(size, np.nan) for _ in part]
        for whole, piece in zip(found, part, strict=True):
            whole[start:stop] = piece
    return tuple(found or [np.full(size, np.nan)] * _MOST_LINES)


_MOST_LINES = 3


def known_stretches(series: Sequence[Floats]) -> list[tuple[int, int]]:
    """Where every input is known without a break."""
    known = ~np.logical_or.reduce([np.isnan(each) for each in series])
    edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def by_stretch(kernel: Callable[..., Floats], *series: Floats) -> Floats:
    """A recursive kernel that begins anew after an unknown input."""
    out = np.full(len(series[0]), np.nan)
    for start, stop in known_stretches(series):
        out[start:stop] = kernel(*(each[start:stop] for each in series))
    return out


def _stretch(name: str, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    power, degree = _SCALED.get(name, (0, 0))
    scaled = [np.ldexp(each, power) for each in series] if power else list(series)
    if name == "MFI":
        scaled[3] = np.ldexp(scaled[3], _MONEY_SCALE)
    raw = getattr(talib, name)(*scaled, **{key: _typed(key, value) for key, value in numbers.items()})
    lines = raw if isinstance(raw, tuple) else (raw,)
    floats = tuple(np.asarray(each, dtype=np.float64) for each in lines)
    if degree:
        floats = tuple(np.ldexp(each, -power * degree) for each in floats)
    return _STILL[name](floats, series, numbers) if name in _STILL else floats


def _typed(keyword: str, value: float) -> float | int:
    return float(value) if keyword in _REAL else int(value)


_REAL = ("nbdevup", "nbdevdn", "percentile", "multiplier", "vfactor")


def is_flat(values: Floats, length: int) -> np.ndarray:
    """Where the last `length` values are all the same."""
    if length < 2 or len(values) < 2:
        return np.ones(len(values), dtype=bool)
    found: np.ndarray = talib.MAX(values, length) == talib.MIN(values, length)
    return found


def _still_rsi(lines: Lines, series: Sequence[Floats], _: Mapping[str, float]) -> Lines:
    """50 while the market has not moved at all, where TA-Lib says 0 and fakes a crossing."""
    moved = np.cumsum(np.abs(np.diff(series[0], prepend=series[0][:1])))
    return (np.where((moved == 0) & ~np.isnan(lines[0]), 50.0, lines[0]),)


def _still_deviation(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    """Exactly 0 where nothing moved, where TA-Lib is left with rounding errors."""
    flat = is_flat(series[0], int(numbers["timeperiod"]))
    return (np.where(flat & ~np.isnan(lines[0]), 0.0, lines[0]),)


def _still_average(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    """Exactly the value where nothing moved: a running sum is a little off, and `close < sma` would be true."""
    return (np.where(is_flat(series[0], int(numbers["timeperiod"])) & ~np.isnan(lines[0]), series[0], lines[0]),)


def _still_bands(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    flat = is_flat(series[0], int(numbers["timeperiod"])) & ~np.isnan(lines[1])
    return tuple(np.where(flat, lines[1], each) for each in lines)


def _still_cci(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    typical = (series[0] + series[1] + series[2]) / 3
    flat = is_flat(typical, int(numbers["timeperiod"]))
    return (np.where(flat & ~np.isnan(lines[0]), 0.0, lines[0]),)


def _no_range(series: Sequence[Floats], length: int) -> np.ndarray:
    high, low = series[0], series[1]
    if length < 2 or len(high) < 2:
        return np.asarray(high == low)
    found: np.ndarray = talib.MAX(high, length) == talib.MIN(low, length)
    return found


def _unknown_where(flat: np.ndarray, length: int, line: Floats) -> Floats:
    if not flat.any():
        return line
    touched = rolling(flat.astype(np.float64), length, lambda windows: windows.max(axis=1)) == 1
    return np.where(touched, np.nan, line)


def _still_stochastic(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    """Unknown where there was no range, where TA-Lib says 0 and fakes an oversold market."""
    flat = _no_range(series, int(numbers["fastk_period"]))
    slow, signal = int(numbers["slowk_period"]), int(numbers["slowd_period"])
    return (_unknown_where(flat, slow, lines[0]), _unknown_where(flat, slow + signal - 1, lines[1]))


def _still_williams(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    return (_unknown_where(_no_range(series, int(numbers["timeperiod"])), 1, lines[0]),)


def _still_ultimate(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    moved = np.nan_to_num(talib.TRANGE(*series)) > 0
    shortest = int(min(numbers.values()))
    still = rolling(moved.astype(np.float64), shortest, lambda windows: windows.max(axis=1)) == 0
    return (np.where(still, np.nan, lines[0]),)


def _still_money(lines: Lines, series: Sequence[Floats], numbers: Mapping[str, float]) -> Lines:
    high, low, close, volume = series
    typical = (high + low + close) / 3
    moved = (np.diff(typical, prepend=typical[:1]) != 0) & (volume > 0)
    length = int(numbers["timeperiod"])
    still = rolling(moved.astype(np.float64), length, lambda windows: windows.max(axis=1)) == 0
    return (np.where(still, np.nan, lines[0]),)


_STILL: dict[str, Callable[[Lines, Sequence[Floats], Mapping[str, float]], Lines]] = {
    "RSI": _still_rsi,
    "SMA": _still_average,
    "WMA": _still_average,
    "TRIMA": _still_average,
    "STDDEV": _still_deviation,
    "VAR": _still_deviation,
    "BBANDS": _still_bands,
    "CCI": _still_cci,
    "STOCH": _still_stochastic,
    "WILLR": _still_williams,
    "ULTOSC": _still_ultimate,
    "MFI": _still_money,
}
"""What a market that does not move is worth, by function."""


def pattern(code: str, series: Sequence[Floats], history: int) -> Floats:
    """One of TA-Lib's candle patterns, `CDLHARAMI+` for its bullish and `-` for its bearish kind.

    TA-Lib says no before it can know, so the first `history` candles are made unknown here.
    """
    name, sign = code[:-1], code[-1]
    found = ta_lines(name, series, {})[0]
    out = np.where(np.isnan(found), np.nan, (found > 0 if sign == "+" else found < 0).astype(np.float64))
    for start, stop in known_stretches(series):
        out[start : min(stop, start + history)] = np.nan
    return out
