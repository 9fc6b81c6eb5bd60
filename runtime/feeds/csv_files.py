"""CSV files of candles: read fast, and looked through line by line only when something is wrong."""

import csv
import itertools
import re
from pathlib import Path

from runtime.feeds.columns import CandleFileError, Table, choose, is_time_like, to_table
from runtime.feeds.sanity import COLUMNS

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*|[+-]?(nan|inf|infinity)|null|none|na|n/a|", re.I)


def read_csv(path: Path, head: bytes) -> Table:
    """The columns of a CSV file that begins with `head`; raises CandleFileError."""
    names, delimiter = _header(path, head)
    chosen = choose(path, names)
    import pyarrow  # noqa: PLC0415 - 80 to 130 ms, and most sessions read no file
    import pyarrow.csv  # noqa: PLC0415

    numbers = {chosen[name]: pyarrow.float64() for name in COLUMNS}
    try:
        table = pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=_lines_up_to_header(head)),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=numbers,
                include_columns=list(chosen.values()),
                null_values=["", "nan", "NaN", "NAN", "null", "NULL", "None", "NA", "N/A"],
            ),
        )
    except pyarrow.ArrowInvalid as error:
        raise _csv_fault(path, names, delimiter, chosen, error) from error
    return to_table(path, table, chosen, lambda row: f"line {_line_of(path, row)}")


def _header(path: Path, head: bytes) -> tuple[list[str], str]:
    """The column names of a CSV file and what separates them."""
    kinds = {b"\x1f\x8b": "gzip-compressed", b"PK\x03\x04": "a zip archive", b"(\xb5/\xfd": "zstd-compressed"}
    if (packed := next((kind for magic, kind in kinds.items() if head.startswith(magic)), None)) is not None:
        raise CandleFileError(f"{path.name} is {packed}: unpack it and give the CSV file inside")
    if head.startswith(b"PAR1"):
        raise CandleFileError(f"{path.name} is a parquet file inside: rename it to end in .parquet")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise CandleFileError(f"{path.name} is a web page, not a CSV file: download the raw file instead")
    line = next((line for line in head.splitlines() if line.strip()), b"")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise CandleFileError(f"{path.name} is not UTF-8 text: save it again as CSV in UTF-8")
    delimiter = max(",;\t|", key=text.count)
    return [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])], delimiter


def _lines_up_to_header(head: bytes) -> int:
    return 1 + next((count for count, line in enumerate(head.splitlines()) if line.strip()), 0)


def _csv_fault(
    path: Path, names: list[str], delimiter: str, chosen: dict[str, str], error: Exception
) -> CandleFileError:
    """The first line that is no row of a time and numbers, looked for slowly after the fast reader has failed."""
    places = {name: names.index(column) for name, column in chosen.items()}
    first: list[str] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in itertools.islice((row for row in reader if row), 1, None):
                first = first or row
                if (problem := _row_fault(row, first, len(names), places)) is not None:
                    return CandleFileError(f"{path.name}, line {reader.line_num}: {problem}")
        except csv.Error as unreadable:
            error = unreadable
    reason = str(error).splitlines()[0].rstrip(".")
    return CandleFileError(f"{path.name} is not a CSV file that can be read ({reason}): export it again")


def _row_fault(row: list[str], first: list[str], fields: int, places: dict[str, int]) -> str | None:
    """What keeps a line from being a candle, and the next step."""
    if len(row) != fields:
        return f"it has {len(row)} fields and the first line has {fields}; correct or remove the line"
    if not is_time_like(first[places["time"]], row[places["time"]]):
        return f"{row[places['time']][:30]!r} is no time I can read; write it like the line before"
    for name in COLUMNS:
        if not NUMBER.fullmatch(row[places[name]]):
            return f"{row[places[name]][:30]!r} in column {name} is not a number; write it like 1234.5"
    return None


def _line_of(path: Path, row: int) -> int:
    """The line of a CSV file, counted from 1, that data row `row` stands on: empty lines are no rows."""
    with path.open("rb") as file:
        filled = (number for number, line in enumerate(file, 1) if line.strip())
        return next(itertools.islice(filled, row + 1, None), row + 2)
