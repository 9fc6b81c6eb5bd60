"""The trades of a backtest as a file: CSV in the columns that other engines use, or JSON."""

import csv
import json
from pathlib import Path
from typing import IO

from runtime.atomic_files import replacing
from runtime.backtest import Backtest

COLUMNS = ("entry_time", "exit_time", "entry_price", "exit_price", "qty", "pnl", "exit_reason")
EARLY = "before_settled"
FORMATS = (".csv", ".json")


class TradeFileError(Exception):
    """Why trades could not be written, in one sentence with the next step."""


def reasons(found: Backtest) -> list[str]:
    """Why each trade ended, in the words of the files; `end` is the end of the candles."""
    return [each.kind for each in found.trades]


def write_trades(path: Path, found: Backtest) -> None:
    """Writes a row for each trade, or part of one, in the order of their ends; whole or not at all.

    Times are candle openings in ms UTC, `pnl` is after both fees. The market is a column of its own only where there
    are several, `before_settled` (1 for a trade decided before the values of its rules were settled) only where one
    was; JSON has both always. Raises TradeFileError.
    """
    if path.suffix.lower() not in FORMATS:
        raise TradeFileError(f"{path} is neither CSV nor JSON: end its name in {' or '.join(FORMATS)}")
    try:
        with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
            (_csv if path.suffix.lower() == ".csv" else _json)(file, found)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise TradeFileError(f"{path} cannot be written ({reason}): choose another place") from None


def _rows(found: Backtest) -> list[tuple[object, ...]]:
    return [
        (
            each.entry_ms,
            each.exit_ms,
            each.entry_price,
            each.exit_price,
            each.quantity,
            each.pnl,
            reason,
            each.market,
            int(early),
        )
        for each, reason, early in zip(found.trades, reasons(found), found.early, strict=True)
    ]


def _csv(file: IO[str], found: Backtest) -> None:
    several = len({each.market for each in found.trades}) > 1
    kept = [*range(len(COLUMNS)), *([7] if several else []), *([8] if any(found.early) else [])]
    columns = [(*COLUMNS, "market", EARLY)[place] for place in kept]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[place] for place in kept] for row in _rows(found))


def _json(file: IO[str], found: Backtest) -> None:
    rows = [dict(zip((*COLUMNS, "market", EARLY), row, strict=True)) for row in _rows(found)]
    json.dump(rows, file, indent=1)
    file.write("\n")
