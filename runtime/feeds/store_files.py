"""One parquet file of the candle store: read and replaced whole."""

from pathlib import Path

import numpy as np

from runtime.atomic_files import replacing
from runtime.feeds.columns import CandleFileError
from runtime.feeds.sanity import COLUMNS
from runtime.feeds.versions import NAMES, NONE, Versions


def read_part(path: Path) -> Versions:
    """The versions in a file, none where there is no file; raises CandleFileError for a damaged one."""
    import pyarrow  # noqa: PLC0415 - 80 to 130 ms, and a simulated market reads no file
    import pyarrow.parquet  # noqa: PLC0415

    try:
        # one small file: threads cost more than they save
        table = pyarrow.parquet.ParquetFile(path).read(columns=list(NAMES), use_threads=False)
        time, seen, *values = (table[name].to_numpy() for name in NAMES)
    except FileNotFoundError:
        return NONE
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        raise CandleFileError(f"{path} is damaged: delete it and run `sayso candles repair`") from error
    return Versions(time, seen, np.column_stack(values))


def write_part(path: Path, versions: Versions) -> None:
    """Puts versions in the place of a file; raises OSError."""
    import pyarrow  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415

    columns = [versions.time, versions.seen, *versions.values.T]
    table = pyarrow.table(dict(zip(NAMES, (np.ascontiguousarray(each) for each in columns), strict=True)))
    with replacing(path) as part:
        # the bytes of neighbouring prices differ little: split by place they take a quarter less
        encodings = dict.fromkeys(NAMES, "DELTA_BINARY_PACKED") | dict.fromkeys(COLUMNS, "BYTE_STREAM_SPLIT")
        pyarrow.parquet.write_table(table, part, compression="zstd", use_dictionary=False, column_encoding=encodings)
