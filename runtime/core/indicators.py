"""Runs the catalogue's implementations on arrays; NaN is unknown."""

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from runtime.candles import Floats
from runtime.core.talib_functions import talib
from strategy_dsl.catalogue import Function


def compute(row: Function, series: Sequence[Floats], numbers: Mapping[str, float], component: str) -> Floats:
    """The values of one line of a function; every array has the candles' length.

    `series` are the inputs in order, `numbers` the implementation's keyword arguments.
    A function that cannot be known yet gives NaN, never an error; after an unknown value it begins anew.
    """
    library, _, name = row.implementation.partition(":")
    size = len(series[0])
    if library == "sayso":
        return _OWN[name](series, numbers, component)
    out = np.full(size, np.nan)
    for start, stop in _known_stretches(series):
        out[start:stop] = _foreign(row, [each[start:stop] for each in series], numbers, component)
    return out


def _known_stretches(series: Sequence[Floats]) -> list[tuple[int, int]]:
    """Where every input is known without a break, two candles or more."""
    known = ~np.logical_or.reduce([np.isnan(each) for each in series])
    edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).tolist()
    return [(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True) if stop - start > 1]


def _foreign(row: Function, series: Sequence[Floats], numbers: Mapping[str, float], component: str) -> Floats:
    library, _, name = row.implementation.partition(":")
    if library == "pandas_ta":
        return _pandas_ta(name, series, numbers)
    lines = getattr(talib, name)(*series, **{key: _typed(key, value) for key, value in numbers.items()})
    found: Floats = lines[row.components.index(component)] if row.components else lines
    return _still_market(found, series[0]) if name == "RSI" else found


def _typed(keyword: str, value: float) -> float | int:
    return float(value) if keyword.startswith("nbdev") else int(value)


def _still_market(rsi: Floats, close: Floats) -> Floats:
    """50 while the market has not moved at all, where TA-Lib says 0 and fakes a crossing."""
    moved = np.cumsum(np.abs(np.diff(close, prepend=close[:1])))
    return np.where((moved == 0) & ~np.isnan(rsi), 50.0, rsi)


def _pandas_ta(name: str, series: Sequence[Floats], numbers: Mapping[str, float]) -> Floats:
    # 0.3 s to import: only strategies that use one of its functions pay for it
    with warnings.catch_warnings():
        # the library uses what pandas is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        import pandas as pd  # noqa: PLC0415
        import pandas_ta_classic as ta  # noqa: PLC0415

    whole = {key: int(value) for key, value in numbers.items()}
    found = getattr(ta, name)(*(pd.Series(each) for each in series), talib=False, **whole)
    size = len(series[0])
    return np.full(size, np.nan) if found is None else found.to_numpy(dtype=np.float64)


Own = Callable[[Sequence[Floats], Mapping[str, float], str], Floats]


def shifted(values: Floats, bars: int) -> Floats:
    """The values `bars` candles earlier; NaN before there are any."""
    if bars == 0:
        return values
    out = np.full(len(values), np.nan)
    if bars < len(values):
        out[bars:] = values[:-bars]
    return out


def _change(series: Sequence[Floats], numbers: Mapping[str, float], _: str) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = series[0] / shifted(series[0], int(numbers["bars"])) - 1
    return np.where(np.isfinite(ratio), ratio, np.nan)


def _donchian(series: Sequence[Floats], numbers: Mapping[str, float], component: str) -> Floats:
    length = int(numbers["length"])
    upper = shifted(_rolling(series[0], length, np.max), 1)
    lower = shifted(_rolling(series[1], length, np.min), 1)
    return {"upper": upper, "lower": lower, "middle": (upper + lower) / 2}[component]


def _rolling(values: Floats, length: int, reduce: Callable[..., Floats]) -> Floats:
    out = np.full(len(values), np.nan)
    if length <= len(values):
        out[length - 1 :] = reduce(np.lib.stride_tricks.sliding_window_view(values, length), axis=1)
    return out


def _newly(series: Sequence[Floats], _: Mapping[str, float], __: str) -> Floats:
    now, before = series[0], shifted(series[0], 1)
    false = (now == 0) | (before == 1)
    return np.where(false, 0.0, np.where(np.isnan(now) | np.isnan(before), np.nan, 1.0))


def _count(series: Sequence[Floats], numbers: Mapping[str, float], _: str) -> Floats:
    return _rolling(series[0], int(numbers["bars"]), np.sum)


def _bars_since(series: Sequence[Floats], _: Mapping[str, float], __: str) -> Floats:
    index = np.arange(len(series[0]), dtype=np.float64)
    last = np.maximum.accumulate(np.where(series[0] == 1, index, -1.0))
    doubt = np.maximum.accumulate(np.where(np.isnan(series[0]), index, -1.0))
    return np.where((last < 0) | (doubt > last), np.nan, index - last)


_OWN: dict[str, Own] = {
    "change": _change,
    "donchian": _donchian,
    "newly": _newly,
    "count": _count,
    "bars_since": _bars_since,
    "abs": lambda series, _, __: np.abs(series[0]),
    "min": lambda series, _, __: np.minimum(series[0], series[1]),
    "max": lambda series, _, __: np.maximum(series[0], series[1]),
}
