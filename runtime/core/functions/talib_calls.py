"""TA-Lib's functions over columns: the whole at once by its functions, new candles by its streams, bit for bit alike.

TA-Lib takes what is below 1e-14 for nothing, so that the bands of a coin worth 0.00001 collapse. Prices are
therefore multiplied by a power of two, which changes no digit, and results divided by it again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from runtime.candles import Floats
from runtime.core.column import EMPTY, Column, Span, with_room
from runtime.core.functions.talib_import import talib

Lines = list[Floats]

SCALED = {
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

MONEY_SCALE = 200
"""The power of two for the volume of MFI."""

SKIPPING = {"EMA", "RMA", "DEMA", "TEMA", "T3"}
"""Recursive averages: an unknown value is left out and they go on. All others begin anew after one."""

_REAL = ("nbdevup", "nbdevdn", "percentile", "multiplier", "vfactor")


class Called:
    """One call of a TA-Lib function with all its lines."""

    def __init__(self, span: Span, name: str, inputs: Sequence[Column], numbers: Mapping[str, float]) -> None:
        self.span, self.name, self.inputs = span, name, tuple(inputs)
        self.numbers = {key: float(value) if key in _REAL else int(value) for key, value in numbers.items()}
        self.size = 0
        self.lines: Lines = []
        self._stream: Any = None
        self._begin: int | None = None

    def line(self, at: int) -> Floats:
        """One of the results, filled up to the newest candle."""
        stop = self.span.size
        if self.size != stop:
            series = [each.filled() for each in self.inputs]
            if self.size == 0:
                self.lines = self._whole([each[:stop] for each in series])
            else:
                self._grow(series, stop)
            self.size = stop
        return self.lines[at] if self.lines else EMPTY

    def _whole(self, series: Sequence[Floats]) -> Lines:
        if not any(_has_unknown(each) for each in series):
            return self._call(series)
        known = ~np.logical_or.reduce([np.isnan(each) for each in series])
        if not known.any():
            return [np.full(len(known), np.nan) for _ in self._call(series)]
        found: Lines = []
        for part in [known] if self.name in SKIPPING else stretches(known):
            lines = self._call([each[part] for each in series])
            found = found or [np.full(len(known), np.nan) for _ in lines]
            for whole, piece in zip(found, lines, strict=True):
                whole[part] = piece
        return found

    def _call(self, series: Sequence[Floats]) -> Lines:
        raw = getattr(talib, self.name)(*series, **self.numbers)
        return [np.asarray(each, dtype=np.float64) for each in (raw if isinstance(raw, tuple) else (raw,))]

    def _grow(self, series: Sequence[Floats], stop: int) -> None:
        self.lines = [with_room(each, self.size, stop) for each in self.lines]
        for i in range(self.size, stop):
            found = self._next([float(each[i]) for each in series], series, i)
            for line, value in zip(self.lines, found, strict=True):
                line[i] = value

    def _next(self, bar: list[float], series: Sequence[Floats], i: int) -> Sequence[float]:
        unknown = [np.nan] * len(self.lines)
        if any(each != each for each in bar):
            if self.name not in SKIPPING:
                self._stream, self._begin = None, i + 1
            return unknown
        if self._stream is not None:
            found = self._stream.update(*bar)
        else:
            try:
                self._stream = getattr(talib.stream, self.name)(*self._history(series, i + 1), **self.numbers)
            except talib.InsufficientHistory:
                return unknown
            found = self._stream.value
        return found if isinstance(found, tuple) else (found,)

    def _history(self, series: Sequence[Floats], stop: int) -> list[Floats]:
        if self._begin is None or self.name in SKIPPING:
            known = ~np.logical_or.reduce([np.isnan(each[:stop]) for each in series])
            if self.name in SKIPPING:
                return [each[:stop][known] for each in series]
            gaps = np.flatnonzero(~known)
            self._begin = int(gaps[-1]) + 1 if len(gaps) else 0
        return [each[self._begin : stop] for each in series]


class Line(Column):
    """One result of a call."""

    def __init__(self, call: Called, at: int) -> None:
        super().__init__(call.span)
        self.call, self.at = call, at

    def _fill(self, start: int, stop: int) -> None:
        self.buffer = self.call.line(self.at)


def stretches(known: np.ndarray) -> list[slice]:
    """Where values are known without a break."""
    edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).tolist()
    return [slice(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]


def by_stretch(known: np.ndarray, values: Sequence[Floats], function: object) -> Floats:
    """A function of arrays that begins anew after an unknown input."""
    out = np.full(len(known), np.nan)
    for part in stretches(known):
        out[part] = function(*(each[part] for each in values))  # type: ignore[operator]
    return out


def _has_unknown(values: Floats) -> bool:
    total = float(values.sum())
    return total != total and bool(np.isnan(values).any())
