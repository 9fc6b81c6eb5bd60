"""Candle files of either kind, told apart by their name and what they begin with."""

from pathlib import Path
from typing import Any

from runtime.feeds.columns import CandleFileError, Table, choose, to_table
from runtime.feeds.csv_files import read_csv


def read_table(path: Path) -> Table:
    """The six columns of a .parquet or .csv file; raises CandleFileError."""
    head = _head(path)
    try:
        return _read_parquet(path, head) if path.suffix.lower() == ".parquet" else read_csv(path, head)
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise CandleFileError(f"{path.name} cannot be read ({reason}): check the file and try again") from error


def _head(path: Path) -> bytes:
    """The first bytes of the file, which show what it really is."""
    if path.is_dir():
        raise CandleFileError(f"{path.name} is a folder: name one candle file in it")
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise CandleFileError(f"{path.name} is neither .parquet nor .csv: give a file of one of these kinds")
    try:
        with path.open("rb") as file:
            head = file.read(65_536)
    except FileNotFoundError:
        raise CandleFileError(f"there is no file {path}: check the name and the folder") from None
    except OSError as error:
        raise CandleFileError(f"{path.name} cannot be opened ({error.strerror}): check its permissions") from error
    if not head:
        raise CandleFileError(f"{path.name} is empty: download it again")
    return head


def _read_parquet(path: Path, head: bytes) -> Table:
    if not head.startswith(b"PAR1"):
        raise CandleFileError(f"{path.name} is not a parquet file inside: rename it to what it is, or export it again")
    import pyarrow  # noqa: PLC0415 - 80 to 130 ms, and most sessions read no file
    import pyarrow.parquet  # noqa: PLC0415

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            chosen = choose(path, file.schema_arrow.names)
            found = to_table(path, _OneByOne(file), chosen, lambda row: f"row {row + 1}")
        # what reading took besides the columns goes back to the system: 30 MB for a year of minutes
        pyarrow.default_memory_pool().release_unused()
        return found
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise CandleFileError(f"{path.name} is a damaged parquet file: download or export it again") from error


class _OneByOne:
    """A parquet file whose columns are read when they are asked for: a year of minutes at once takes 100 MB more."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getitem__(self, name: str) -> Any:
        return self._file.read(columns=[name], use_threads=False)[name]
