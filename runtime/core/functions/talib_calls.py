"""TA-Lib's functions over columns: the whole at once by its functions, new candles by its streams, bit for bit alike.

TA-Lib takes what is below 1e-14 for nothing, so that the bands of a coin worth 0.00001 collapse. Prices are
therefore multiplied by a power of two, which changes no digit, and results divided by it again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from runtime.candles import Floats
from runtime.core.column import Column, HasLines
from runtime.core.functions.talib_import import talib
from runtime.core.span import Span, Step

Lines = list[Floats]

SCALED = {
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

SKIPPING = {"DEMA", "TEMA", "T3"}
"""Recursive averages: an unknown value is left out and they go on. All others begin anew after one."""

_REAL = ("nbdevup", "nbdevdn", "percentile", "multiplier", "vfactor")


class Called(HasLines):
    """One call of a TA-Lib function with all its lines."""

    def __init__(self, span: Span, name: str, inputs: Sequence[Column], numbers: Mapping[str, float]) -> None:
        super().__init__(span)
        self.name, self.inputs = name, tuple(inputs)
        self.numbers = {key: float(value) if key in _REAL else int(value) for key, value in numbers.items()}
        self.lines: Lines = []
        self._stream: Any = None
        self._begin: int | None = None

    def fill(self, start: int, stop: int) -> None:
        """Computes the values from `start` up to `stop`."""
        series = [each.filled() for each in self.inputs]
        if start == 0:
            self.lines = self._whole([each[:stop] for each in series])
        else:
            self.reserve(stop)
            self._grow(series, None, None, self.lines, start, stop)

    def reserve(self, room: int) -> None:
        """Makes room for so many values."""
        self.lines = [self.span.with_room(each, self.size, room) for each in self.lines]

    def prepare(self) -> None:
        """Opens the stream that takes in new candles."""
        if self._stream is None and self.size:
            self._open([each.buffer for each in self.inputs], self.size)

    def step(self) -> Step | None:
        """How it takes in new candles."""
        return self, self._grow, [each.buffer for each in self.inputs], None, None, self.lines

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

    def _grow(self, series: Sequence[Floats], _: None, __: None, lines: Lines, start: int, stop: int) -> None:
        for i in range(start, stop):
            bar = [each.item(i) for each in series]
            # a sum is unknown if one of its parts is
            if self._stream is not None and (total := sum(bar)) == total:
                found = self._stream.update(*bar)
            else:
                found = self._without_stream(bar, series, i)
            if type(found) is tuple:
                for line, value in zip(lines, found, strict=True):
                    line[i] = value
            else:
                lines[0][i] = found

    def _without_stream(self, bar: list[float], series: Sequence[Floats], i: int) -> float | tuple[float, ...]:
        unknown = any(each != each for each in bar)
        if unknown and self.name not in SKIPPING:
            self._stream, self._begin = None, i + 1
        if unknown or not self._open(series, i + 1):
            return (np.nan,) * len(self.lines)
        found: float | tuple[float, ...] = self._stream.value
        return found

    def _open(self, series: Sequence[Floats], stop: int) -> bool:
        """Begins a stream at the candle before `stop`; False while there are too few."""
        history = self._history(series, stop)
        if not len(history[0]):
            return False
        try:
            self._stream = getattr(talib.stream, self.name)(*history, **self.numbers)
        except talib.InsufficientHistory:
            return False
        return True

    def _history(self, series: Sequence[Floats], stop: int) -> list[Floats]:
        if self._begin is None or self.name in SKIPPING:
            known = ~np.logical_or.reduce([np.isnan(each[:stop]) for each in series])
            if self.name in SKIPPING:
                return [each[:stop][known] for each in series]
            gaps = np.flatnonzero(~known)
            self._begin = int(gaps[-1]) + 1 if len(gaps) else 0
        return [each[self._begin : stop] for each in series]


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
