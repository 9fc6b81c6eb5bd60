"""Values from outside the candles, read from CSV files of times and values, and high-impact events."""

import csv
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from runtime.core.calendar import milliseconds
from runtime.core.outside import Outside
from strategy_dsl.catalogue import OUTSIDE, Value
from strategy_dsl.timeframes import UNITS_MS, duration_ms

AGE = re.compile(r"(.+),(\d+[mhdw])")
FARTHEST_MS = 4_102_444_800_000
"""The year 2100."""
DAY_MS = UNITS_MS["d"]
AGES = {"funding_rate": DAY_MS, "open_interest": DAY_MS, "fear_and_greed": 2 * DAY_MS}
"""After how long a value is stale where nothing else is said, ms; others after a day."""


class OutsideError(Exception):
    """Why values from outside cannot be used, in one sentence with the next step."""


def sources_of(texts: Sequence[str]) -> dict[str, tuple[str, Path, int | None]]:
    """`NAME[:MARKET]=FILE.csv[,AGE]` as name, file and age (ms) by `NAME` or `NAME of MARKET`; raises OutsideError."""
    found: dict[str, tuple[str, Path, int | None]] = {}
    for each in texts:
        head, _, place = each.partition("=")
        name, _, market = head.partition(":")
        if name not in OUTSIDE or not place:
            raise OutsideError(f"{each} is not one of {', '.join(OUTSIDE)}: write it like fear_and_greed=FILE.csv,2d")
        aged = AGE.fullmatch(place)
        key = f"{name} of {market}" if market else name
        if key in found:
            raise OutsideError(f"{key} is given twice: give one file for each")
        found[key] = (name, Path(aged[1]), duration_ms(aged[2])) if aged else (name, Path(place), None)
    return found


def read_outside(path: Path, name: str, age_ms: int | None = None) -> Outside:
    """A CSV file with a header and two columns, time and value; raises OutsideError.

    A time is ISO (`2024-01-31T08:00`, UTC where nothing is said) or ms UTC; it is when the value became known.
    Units are those of the rules: `0.01%` or 0.0001 for a percent, words as they are written in rules.
    """
    row = OUTSIDE[name]
    times, values = list[int](), list[float]()
    for line, moment, text in _rows(path, 2):
        try:
            times.append(moment)
            values.append(_value(row, text))
        except ValueError as error:
            raise OutsideError(f"{path.name}, line {line}: {error}") from None
    order = np.argsort(np.array(times, np.int64), kind="stable")
    found = np.array(times, np.int64)[order]
    if len(found) and (np.diff(found) == 0).any():
        raise OutsideError(f"{path.name} has two values for one time: keep one of them")
    return Outside(found, np.array(values)[order], AGES.get(name, DAY_MS) if age_ms is None else age_ms)


def read_events(path: Path) -> tuple[int, ...]:
    """The moments of high-impact events (ms UTC): the first column of a CSV file with a header; raises OutsideError."""
    return tuple(sorted({moment for _, moment, _ in _rows(path, 1)}))


def _rows(path: Path, columns: int) -> list[tuple[int, int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(line, row) for line, row in enumerate(csv.reader(file), 1) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OutsideError(f"{path} cannot be read ({error})") from None
    found = []
    for line, row in rows[1:]:
        if len(row) < columns:
            raise OutsideError(f"{path.name}, line {line}: a time and a value belong there")
        try:
            found.append((line, _moment(row[0].strip()), row[1].strip() if columns > 1 else ""))
        except (ValueError, OverflowError):
            raise OutsideError(
                f"{path.name}, line {line}: {row[0]!r} is no time: write it like 2024-01-31T08:00 or in ms UTC"
            ) from None
    if not found:
        raise OutsideError(f"{path.name} has no values: it needs a header and a line for each")
    return found


def _moment(text: str) -> int:
    if text.lstrip("-").isdigit():
        found_ms = int(text)
        if abs(found_ms) > FARTHEST_MS:
            raise ValueError(f"{text!r} is no time")
        return found_ms
    found = datetime.fromisoformat(text)
    return milliseconds(found.replace(tzinfo=UTC) if found.tzinfo is None else found)


def _value(row: Value, text: str) -> float:
    if row.words:
        if text not in row.words:
            raise ValueError(f"{text!r} is none of {', '.join(row.words)}")
        return float(row.words.index(text))
    try:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None
    if not math.isfinite(value) or not row.low <= value <= row.high:
        raise ValueError(f"{text} is not a {row.name} from {row.low:g} to {row.high:g}")
    return value
