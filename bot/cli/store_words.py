"""What the candle store holds, for people and for programs."""

from dataclasses import dataclass
from typing import Any

from runtime.core.calendar import moment
from runtime.feeds.columns import CandleFileError
from runtime.feeds.files import gaps
from runtime.feeds.sanity import value_fault
from runtime.feeds.spans import covers
from runtime.feeds.store import CandleStore, Series
from runtime.feeds.versions import newest


@dataclass(frozen=True)
class Standing:
    """One series of the store: what it has, what is missing and whose holes they are, what is damaged."""

    series: Series
    candles: int = 0
    first: str = ""
    last: str = ""
    missing: int = 0
    not_asked: int = 0
    revised: int = 0
    kilobytes: int = 0
    holes: tuple[str, ...] = ()
    damage: str = ""

    def data(self) -> dict[str, Any]:
        """For programs."""
        names = ("candles", "first", "last", "missing", "not_asked", "revised", "kilobytes", "holes", "damage")
        series = {"exchange": self.series.exchange, "market": self.series.market, "timeframe": self.series.timeframe}
        return series | {name: getattr(self, name) for name in names}


def standing(store: CandleStore, series: Series) -> Standing:
    """Looks through a whole series."""
    try:
        versions, asked = store.versions(series), store.asked(series)
    except CandleFileError as error:
        return Standing(series, damage=str(error))
    candles = newest(versions).candles(series.market, series.timeframe)
    if not len(candles):
        return Standing(series)
    holes = gaps(candles)
    whose = {True: "which the exchange does not have", False: "not asked for"}
    words = tuple(f"{hole_words(start, count)}, {whose[covers(asked, start)]}" for start, count in holes)
    fault = value_fault(candles)
    return Standing(
        series,
        len(candles),
        _minute(int(candles.time[0])),
        _minute(int(candles.time[-1])),
        sum(count for _, count in holes),
        sum(count for start, count in holes if not covers(asked, start)),
        len(versions) - len(candles),
        -(-store.size_bytes(series) // 1000),
        words,
        "" if fault is None else f"an impossible candle at {_minute(int(candles.time[fault.index]))} ({fault.text})",
    )


HEADINGS = ("series", "candles", "from", "to", "missing", "changed", "kB")


def table(found: list[Standing]) -> str:
    """One line a series, in columns."""
    rows = [HEADINGS, *(_cells(each) for each in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(each: Standing) -> tuple[str, ...]:
    counts = [shown(count) for count in (each.candles, each.missing, each.revised, each.kilobytes)]
    return (str(each.series), counts[0], each.first, each.last, *counts[1:])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    texts = ("series", "from", "to")
    cells = zip(HEADINGS, row, widths, strict=True)
    return "  ".join(text.ljust(width) if name in texts else text.rjust(width) for name, text, width in cells).rstrip()


def hole_words(start_ms: int, count: int) -> str:
    """`12 candles missing from 2024-01-31 15:00 UTC`."""
    return f"{count:,} candle{'s' if count > 1 else ''} missing from {_minute(start_ms)} UTC"


def shown(count: int) -> str:
    """`1,234`."""
    return f"{count:,}"


def _minute(time_ms: int) -> str:
    return f"{moment(time_ms):%Y-%m-%d %H:%M}"
