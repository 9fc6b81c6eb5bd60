"""Six columns of numbers out of an Arrow table, with the place of every row for messages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from runtime.candles import Floats, Times
from runtime.feeds.sanity import COLUMNS

TIME_NAMES = ("timestamp", "time", "date", "datetime", "open_time", "open time")
EPOCH_UNITS = ((100_000_000_000, 1000.0), (10**14, 1.0), (10**17, 1e-3), (10**20, 1e-6))
"""Integers below the first number are multiplied by the second to be ms: seconds, ms, microseconds, ns."""


class CandleFileError(Exception):
    """A candle file that cannot be used or written, in one sentence with the place and the next step."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds: opening times in ms UTC, the number columns, and how a row is called in messages."""

    time: Times
    columns: dict[str, Floats]
    place: Callable[[int], str]


def choose(path: Path, names: list[str]) -> dict[str, str]:
    """Which of the file's columns is the time, open, high, low, close and volume, whatever their case."""
    known = {name.lower().strip(): name for name in reversed(names)}
    chosen = {name: known[name] for name in COLUMNS if name in known}
    time = next((known[name] for name in TIME_NAMES if name in known), None)
    if time is not None:
        chosen["time"] = time
    if missing := [name for name in ("time", *COLUMNS) if name not in chosen]:
        found = ", ".join(name[:20] for name in names[:12]) + (" …" if len(names) > 12 else "")
        wanted = ", ".join("timestamp" if name == "time" else name for name in missing)
        raise CandleFileError(f"{path.name} has no column {wanted}: it has {found}; name them in the first line")
    counts = [name.lower().strip() for name in names]
    if twice := next((name for name, column in chosen.items() if counts.count(column.lower().strip()) > 1), None):
        raise CandleFileError(f"{path.name} has the column {twice} twice: remove one of them")
    return chosen


def to_table(path: Path, table: Any, chosen: dict[str, str], place: Callable[[int], str]) -> Table:
    """The chosen columns of an Arrow table as arrays; raises CandleFileError."""
    columns = {}
    for name in COLUMNS:
        try:
            column = table[chosen[name]].cast("float64", safe=False)
        except (TypeError, ValueError, NotImplementedError) as error:  # pyarrow's own errors are among these
            raise CandleFileError(f"{path.name} has no numbers in column {name}: store it as numbers") from error
        columns[name] = _array(column, np.float64)
    return Table(_times(path, table[chosen["time"]], place), columns, place)


def _times(path: Path, column: Any, place: Callable[[int], str]) -> Times:
    """Opening times in ms UTC out of integers, timestamps, dates or ISO text."""
    import pyarrow  # noqa: PLC0415 - 80 to 130 ms, and most sessions read no file

    if not len(column):
        return np.empty(0, dtype=np.int64)
    if column.null_count:
        row = int(column.is_null().to_numpy().argmax())
        raise CandleFileError(f"{path.name}, {place(row)}: the time is missing, so fill it in or remove the line")
    kind = column.type
    if pyarrow.types.is_timestamp(kind) or pyarrow.types.is_date(kind):
        return _whole(column.cast(pyarrow.timestamp("ms", getattr(kind, "tz", None)), safe=False).cast("int64"))
    if pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
        is_whole = pyarrow.types.is_integer(kind)
        whole = np.int64 if is_whole else np.float64
        return _epoch_ms(path, _array(column.cast("int64" if is_whole else "float64", safe=False), whole), place)
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return _text_ms(path, column.to_pylist(), place)
    raise CandleFileError(f"{path.name} has times of type {kind}: store them as ms since 1970 or ISO text in UTC")


def _whole(column: Any) -> Times:
    found: Times = _array(column, np.int64)
    return found


def _array(column: Any, kind: type[Any]) -> Any:
    """A column of eight-byte numbers as an array, a missing one as NaN; Arrow's own way imports pandas (50 MB)."""
    if column.null_count:
        column = column.fill_null(np.nan)
    parts = [np.frombuffer(each.buffers()[1], kind)[each.offset : each.offset + len(each)] for each in column.chunks]
    return np.concatenate(parts) if parts else np.empty(0, kind)


def _epoch_ms(path: Path, values: Any, place: Callable[[int], str]) -> Times:
    if (bad := ~np.isfinite(values) | (np.floor(values) != values) | (abs(values) > 9e18)).any():
        row = int(bad.argmax())
        raise CandleFileError(f"{path.name}, {place(row)}: {values[row]} is no time, so write whole ms since 1970")
    largest = abs(values).max(initial=0)
    factor = next(factor for limit, factor in EPOCH_UNITS if largest < limit)
    whole = np.asarray(values, dtype=np.int64)
    return whole * int(factor) if factor >= 1 else whole // round(1 / factor)


def _text_ms(path: Path, texts: list[str], place: Callable[[int], str]) -> Times:
    numeric = _is_number(texts[0])
    times = np.empty(len(texts))
    for row, text in enumerate(texts):
        try:
            times[row] = float(text) if numeric else round(_iso_moment(text).timestamp() * 1000)
        except ValueError:
            problem = f"{path.name}, {place(row)}: {text[:30]!r} is no time I can read"
            raise CandleFileError(f"{problem}, so write it like 2024-01-31 15:00 in UTC") from None
    return _epoch_ms(path, times, place) if numeric else times.astype(np.int64)


def is_time_like(first: str, text: str) -> bool:
    """Whether `text` can stand in a column of times that begins with `first`, a number or ISO text."""
    if _is_number(first):
        return _is_number(text)
    try:
        _iso_moment(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _iso_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
