"""Candle files: read with every doubt spoken out, written whole or not at all."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np

from runtime.atomic_files import replacing
from runtime.candles import Candles
from runtime.core.resample import bucket_starts
from runtime.feeds.columns import CandleFileError, Table
from runtime.feeds.market_names import market_in
from runtime.feeds.sanity import COLUMNS, value_fault
from runtime.feeds.tables import read_table
from runtime.feeds.timeframes import timeframe_of
from strategy_dsl.timeframes import TIMEFRAMES, timeframe_ms

__all__ = ["CandleFileError", "gaps", "load_candles", "save_candles"]

EARLIEST_MS = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()) * 1000
LATEST_MS = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * 1000 - 1


def load_candles(path: Path, market: str | None = None, now_ms: int | None = None) -> Candles:
    """The candles of a .parquet or .csv file, checked; raises CandleFileError with one sentence.

    Columns are timestamp (or time, date, datetime, open_time; s, ms, us or ns since 1970, or ISO text; UTC),
    open, high, low, close and volume, in any case and order. The market comes from the file's name unless it
    is given, the timeframe from the commonest spacing. Holes stay holes, see `gaps`. With `now_ms`, candles
    that open after it are refused; without it, only those after 2099.
    """
    table = read_table(path)
    market = market or market_in(path.stem)
    if market is None:
        raise CandleFileError(f"the name {path.name} does not say which market it is: name it, such as BTC/USDT")
    if len(table.time) < 2:
        count = f"{len(table.time)} candle{'s' if len(table.time) != 1 else ''}"
        raise CandleFileError(f"{path.name} holds {count}: give a file with at least 2")
    _check_times(path, table, now_ms)
    candles = Candles(market, _timeframe(path, table), table.time, **table.columns)
    if (fault := value_fault(candles)) is not None:
        _refuse(path, table, fault.index, fault.text, "correct or remove it")
    return candles


def gaps(candles: Candles) -> list[tuple[int, int]]:
    """Holes as (opening of the first missing candle in ms, how many are missing), oldest first."""
    length = timeframe_ms(candles.timeframe)
    missing = np.diff(candles.time) // length - 1
    return [(int(candles.time[index]) + length, int(missing[index])) for index in np.flatnonzero(missing)]


def save_candles(candles: Candles, path: Path) -> None:
    """Write a .parquet or .csv file that `load_candles` reads back equal, whole or not at all.

    Raises CandleFileError with one sentence when it cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in (".parquet", ".csv"):
        raise CandleFileError(f"{path.name} is neither .parquet nor .csv: give it one of these endings")
    # pyarrow costs 80 to 130 ms at start-up and most sessions write no file.
    import pyarrow  # noqa: PLC0415
    import pyarrow.csv  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415

    table = pyarrow.table({"timestamp": candles.time, **{name: getattr(candles, name) for name in COLUMNS}})
    try:
        with replacing(path) as part:
            if kind == ".parquet":
                pyarrow.parquet.write_table(table, part, compression="zstd")
            else:
                pyarrow.csv.write_csv(table, part)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CandleFileError(
            f"{path} cannot be written ({reason}): free some space or choose another folder"
        ) from error


def _check_times(path: Path, table: Table, now_ms: int | None) -> None:
    time, latest = table.time, LATEST_MS if now_ms is None else now_ms
    if (wrong := (time < EARLIEST_MS) | (time > latest)).any():
        row = int(wrong.argmax())
        side = "is in the future" if time[row] > latest else "is before any exchange"
        _refuse(path, table, row, f"its time {side}", "check the unit and zone of the time column")
    steps = np.diff(time)
    if (steps < 0).all():
        raise CandleFileError(f"{path.name} runs from the newest candle to the oldest: sort it oldest first")
    if (wrong := steps <= 0).any():
        row = int(wrong.argmax()) + 1
        if steps[row - 1] == 0:
            _refuse(path, table, row, "it repeats the time of the candle before it", "remove one of the two")
        _refuse(path, table, row, "it is older than the candle before it", "sort the file oldest first")


def _timeframe(path: Path, table: Table) -> str:
    steps = np.diff(table.time)
    lengths, counts = np.unique(steps, return_counts=True)
    length = int(lengths[counts.argmax()])
    timeframe = timeframe_of(length)
    if timeframe is None:
        spacing, known = f"{length / 60_000:g} minutes", ", ".join(TIMEFRAMES)
        raise CandleFileError(f"{path.name} has candles {spacing} apart: give a file of one of {known}")
    if (off := steps % length != 0).any():
        row = int(off.argmax()) + 1
        _refuse(
            path,
            table,
            row,
            f"it is not a whole number of {timeframe} candles after the one before",
            "split the file",
        )
    if (off := bucket_starts(table.time, timeframe) != table.time).any():
        start = {"1d": "at 00:00 UTC", "1w": "on Monday 00:00 UTC"}.get(timeframe, "on the UTC grid")
        _refuse(
            path,
            table,
            int(off.argmax()),
            f"a {timeframe} candle opens {start}",
            "check the zone of the times",
        )
    return timeframe


def _refuse(path: Path, table: Table, row: int, problem: str, next_step: str) -> NoReturn:
    raise CandleFileError(f"{path.name}, {table.place(row)} ({_when(int(table.time[row]))}): {problem}; {next_step}")


def _when(time_ms: int) -> str:
    try:
        return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{time_ms} ms"
