"""Charts out of characters, for the terminal and for a chat's fixed-width text."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.trade_marks import TradeMark
from runtime.candles import Floats, Times

NARROWEST, LOWEST = 24, 3
BRAILLE_BLANK = 0x2800
BRAILLE_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of the dots by row from the top and column from the left."""

EIGHTHS = " ▁▂▃▄▅▆▇█"
SHORT_FORMS = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e7, 1e6, "M"))
BOUGHT, SOLD, BOTH = "▲", "▼", "◆"
Columns = NDArray[np.intp]


def terminal_chart(
    values: Floats,
    width: int = 60,
    height: int = 12,
    marks: Sequence[TradeMark] = (),
    *,
    times: Times | None = None,
    unit: str = "",
    style: Literal["braille", "blocks"] = "braille",
) -> str:
    """A chart of `values` (equity or prices) in at most `width` columns, its plot `height` lines high.

    Above it stands `unit`, below it the first and last of `times` (ms UTC) and what was bought and sold where;
    marks need times. `braille` is the finer one; `blocks` is the one that every phone's font holds.
    Raises ValueError for nothing finite to draw, a chart too small to read, or marks without times.
    """
    if not np.isfinite(values).any() or width < NARROWEST or height < LOWEST:
        raise ValueError(f"a chart needs a finite value and at least {NARROWEST} columns and {LOWEST} lines")
    if times is None and marks:
        raise ValueError("marks are placed by time: give times")
    known = np.isfinite(values)
    values, times = values[known], None if times is None else times[known]
    low, high = _span(values)
    labels = _labels(low, high, height)
    margin = max(map(len, labels))
    columns = width - margin - 2
    plot = (_braille if style == "braille" else _blocks)(values, columns, height, (low, high))
    lines = [f"{label:>{margin}} {'┤' if label else '│'}{line}" for label, line in zip(labels, plot, strict=True)]
    lines.append(f"{'':{margin}} └{'─' * columns}")
    if times is not None:
        meanings = _meanings(marks, times, columns) if marks else []
        lines += [line.rjust(min(len(line) + margin + 2, width)) for line in (*meanings, _dates(times, columns))]
    return "\n".join(line.rstrip() for line in ([unit[:width]] if unit else []) + lines)


def money_text(value: float, decimals: int) -> str:
    """`12,345`, `0.5312` or, from ten million on, `12.35M`."""
    for least, size, letter in SHORT_FORMS:
        if abs(value) >= least:
            return f"{value / size:,.2f}{letter}"
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not float(text.replace(",", "")) else text


def money_decimals(step: float) -> int:
    """How many decimals tell two amounts apart that differ by `step`: none or at least two."""
    decimals = math.ceil(-math.log10(step)) if step > 0 else 2
    return 0 if decimals <= 0 else min(max(decimals, 2), 10)


def _span(values: Floats) -> tuple[float, float]:
    """The lowest and highest value, a little apart when they are one, so that a flat line runs in the middle."""
    low, high = float(values.min()), float(values.max())
    room = max(abs(low) * 0.01, 1e-9)
    return (low, high) if high - low > abs(high) * 1e-9 else (low - room, high + room)


def _labels(low: float, high: float, height: int) -> list[str]:
    """The amount at the top, middle and bottom line, nothing elsewhere; no middle where lines are few."""
    decimals = money_decimals((high - low) / 4)
    texts = [""] * height
    for line in {0, height // 2, height - 1} if height >= 5 else {0, height - 1}:
        texts[line] = money_text(high - (high - low) * line / (height - 1), decimals)
    return texts


def _places(count: int, columns: int) -> Columns:
    """The column that each of `count` values falls in."""
    return np.rint(np.arange(count) * (columns - 1) / max(count - 1, 1)).astype(np.intp)


def _ranges(values: Floats, columns: int) -> tuple[Floats, Floats, Floats]:
    """Lowest, highest and last value of each column, drawn straight through columns that hold none."""
    places = _places(len(values), columns)
    through = np.interp(np.arange(columns), places, values)
    lowest, highest, last = np.full(columns, np.inf), np.full(columns, -np.inf), through.copy()
    np.minimum.at(lowest, places, values)
    np.maximum.at(highest, places, values)
    last[places] = values
    empty = np.isinf(lowest)
    return np.where(empty, through, lowest), np.where(empty, through, highest), last


def _braille(values: Floats, columns: int, height: int, span: tuple[float, float]) -> list[str]:
    """A line of dots, two columns and four rows of them in each character; no extreme is lost."""
    rows = height * 4
    low, high = span
    lowest, highest, last = (np.rint((part - low) / (high - low) * (rows - 1)) for part in _ranges(values, columns * 2))
    before = np.concatenate([last[:1], last[:-1]])
    bottoms, tops = np.minimum(lowest, before).astype(int), np.maximum(highest, before).astype(int)
    cells = np.full((height, columns), BRAILLE_BLANK)
    for column, (bottom, top) in enumerate(zip(bottoms, tops, strict=True)):
        for dot in range(rows - 1 - top, rows - bottom):
            cells[dot // 4, column // 2] |= BRAILLE_DOTS[dot % 4][column % 2]
    return ["".join(map(chr, line)).replace(chr(BRAILLE_BLANK), " ") for line in cells]


def _blocks(values: Floats, columns: int, height: int, span: tuple[float, float]) -> list[str]:
    """Filled columns in eighths of a line: each its last value, save where the highest or lowest of all falls."""
    low, high = span
    lowest, highest, last = _ranges(values, columns)
    last[lowest.argmin()] = lowest.min()
    last[highest.argmax()] = highest.max()
    filled = 1 + np.rint((last - low) / (high - low) * (height * 8 - 1)).astype(int)
    lines = [np.clip(filled - 8 * (height - 1 - line), 0, 8) for line in range(height)]
    return ["".join(EIGHTHS[eighths] for eighths in line) for line in lines]


def _meanings(marks: Sequence[TradeMark], times: Times, columns: int) -> list[str]:
    """A line with every mark under its candle, and one that says what the signs mean."""
    cells = [" "] * columns
    places = _places(len(times), columns)
    for mark in marks:
        candle = min(max(int(np.searchsorted(times, mark.time_ms, side="right")) - 1, 0), len(times) - 1)
        sign, there = BOUGHT if mark.kind == "entry" else SOLD, cells[places[candle]]
        cells[places[candle]] = sign if there in (" ", sign) else BOTH
    line = "".join(cells)
    meanings = {BOUGHT: "bought", SOLD: "sold", BOTH: "both"}
    return [line, "  ".join(f"{sign} {word}" for sign, word in meanings.items() if sign in line)]


def _dates(times: Times, columns: int) -> str:
    """The first and the last day, with the hour when they are close; in a narrow plot the last alone."""
    first, last = (datetime.fromtimestamp(int(times[end]) / 1000, UTC) for end in (0, -1))
    pattern = "{0.day} {0:%b} {0:%Y}" if (last - first).days >= 3 else "{0.day} {0:%b} {0:%H:%M}"
    texts = pattern.format(first), pattern.format(last)
    if sum(map(len, texts)) + 2 > columns:
        return f"{texts[1]:>{columns}}"
    return f"{texts[0]}{texts[1]:>{columns - len(texts[0])}}"
