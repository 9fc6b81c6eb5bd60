"""The candle store: parquet files by exchange, market and timeframe, with every version of a candle that was seen.

`docs/candles.md` has the measurements that chose parquet over the database. A file holds a month of candles
shorter than an hour and a year of longer ones; it is replaced whole or not at all. Writers of one series wait
for each other; readers never wait and see whole files.
"""

import fcntl
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runtime.atomic_files import replacing
from runtime.candles import Candles, Times
from runtime.core.calendar import HOUR_MS
from runtime.feeds import versions
from runtime.feeds.columns import CandleFileError
from runtime.feeds.spans import Span, added
from runtime.feeds.store_files import read_part, write_part
from runtime.feeds.versions import Versions
from strategy_dsl.timeframes import TIMEFRAMES, timeframe_ms

MARKET = re.compile(r"[A-Za-z0-9.$]+/[A-Za-z0-9.]+(:[A-Za-z0-9.-]+)?")


@dataclass(frozen=True, order=True)
class Series:
    """Candles of one market and timeframe on one exchange."""

    exchange: str
    market: str
    timeframe: str

    def __str__(self) -> str:
        """`binance BTC/USDT 1h`."""
        return f"{self.exchange} {self.market} {self.timeframe}"


@dataclass(frozen=True)
class Written:
    """What an append changed: openings of candles that are new, and of those that the venue has changed."""

    new: tuple[int, ...]
    revised: tuple[int, ...]
    seen_ms: int


class CandleStore:
    """Candles in a folder; raises CandleFileError with one sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listing(self) -> list[Series]:
        """Every series that has candles or was asked for."""
        found = (path.parent.relative_to(self.folder).parts for path in self.folder.glob("*/*/*/series.json"))
        return sorted(Series(exchange, _market_of(name), timeframe) for exchange, name, timeframe in found)

    def append(self, series: Series, candles: Candles, seen_ms: int, asked: Span | None = None) -> Written:
        """Keeps what is new or has changed; `asked` is the span that the venue has answered for with it.

        Safe to repeat and to be killed in: candles are written before the span is noted.
        """
        with self._locked(series) as folder:
            about = _about(folder)
            # later than everything before, so that what came after a decision can be told from what it saw
            seen = max(seen_ms, about.seen_ms + 1)
            coming = versions.of_candles(candles, seen)
            new: list[int] = []
            revised: list[int] = []
            for name, rows in _by_part(coming.time, series.timeframe):
                part, old = coming.pick(rows), read_part(folder / name)
                is_new, differs = versions.changed(old, part)
                if differs.any():
                    # a clock that stood still or went back must not hide the newer version
                    seen = max(seen, int(old.seen.max()) + 1)
                if (is_new | differs).any():
                    part.seen[:] = seen
                    write_part(folder / name, versions.joined([old, part.pick(is_new | differs)]))
                new += part.time[is_new].tolist()
                revised += part.time[differs].tolist()
            spans = about.asked if asked is None else added(about.asked, asked)
            about_now = _About(seen if new or revised else about.seen_ms, spans)
            if about_now != about or not (folder / "series.json").exists():
                _note(folder, about_now)
        return Written(tuple(new), tuple(revised), seen)

    def read(
        self, series: Series, since_ms: int | None = None, until_ms: int | None = None, as_of_ms: int | None = None
    ) -> Candles:
        """The candles that open from `since_ms` up to but not at `until_ms`, as they are or as known at a moment."""
        found = self.versions(series, since_ms, until_ms)
        chosen = versions.newest(found) if as_of_ms is None else versions.as_of(found, as_of_ms)
        return chosen.candles(series.market, series.timeframe)

    def versions(self, series: Series, since_ms: int | None = None, until_ms: int | None = None) -> Versions:
        """Every version of the candles in a span."""
        folder = self._folder(series)
        first, last = (None if each is None else _part_of(each, series.timeframe) for each in (since_ms, until_ms))
        names = sorted(path.name for path in folder.glob("*.parquet"))
        wanted = [name for name in names if (first is None or name >= first) and (last is None or name <= last)]
        found = versions.joined([read_part(folder / name) for name in wanted])
        if since_ms is None and until_ms is None:
            return found
        inside = found.time >= (since_ms or 0)
        return found.pick(inside if until_ms is None else inside & (found.time < until_ms))

    def asked(self, series: Series) -> tuple[Span, ...]:
        """The spans that the venue has answered for: a hole inside one is a hole at the venue."""
        return _about(self._folder(series)).asked

    def size_bytes(self, series: Series) -> int:
        """What its files take on disk."""
        return sum(path.stat().st_size for path in self._folder(series).glob("*.parquet"))

    def _folder(self, series: Series) -> Path:
        if not (series.exchange.isalnum() and MARKET.fullmatch(series.market) and series.timeframe in TIMEFRAMES):
            raise CandleFileError(f"{series} cannot be kept: name it like binance BTC/USDT 1h")
        return self.folder / series.exchange / _folder_of(series.market) / series.timeframe

    @contextmanager
    def _locked(self, series: Series) -> Iterator[Path]:
        """The only writer of a series, in this process and in all others; the kernel lets go when it dies."""
        folder = self._folder(series)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left_over in folder.glob(".*.part"):
                    left_over.unlink(missing_ok=True)
                yield folder
        except OSError as error:
            reason = error.strerror or str(error)
            raise CandleFileError(
                f"candles cannot be kept in {folder} ({reason}): free some space or mend its rights"
            ) from error


@dataclass(frozen=True)
class _About:
    """What a series knows beside its candles: when it last changed, and which spans were answered for."""

    seen_ms: int = 0
    asked: tuple[Span, ...] = ()


def _about(folder: Path) -> _About:
    try:
        data = json.loads((folder / "series.json").read_text("utf-8"))
        return _About(int(data["seen"]), tuple((int(start), int(stop)) for start, stop in data["asked"]))
    except FileNotFoundError:
        return _About()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CandleFileError(
            f"{folder / 'series.json'} is damaged: delete it and run `sayso candles repair`"
        ) from error


def _note(folder: Path, about: _About) -> None:
    with replacing(folder / "series.json") as part:
        part.write_text(json.dumps({"seen": about.seen_ms, "asked": about.asked}) + "\n", "utf-8")


def _folder_of(market: str) -> str:
    return market.replace("/", "_").replace(":", "=")


def _market_of(name: str) -> str:
    return name.replace("_", "/").replace("=", ":")


def _part_of(time_ms: int, timeframe: str) -> str:
    """The file that holds a candle."""
    unit = "M" if timeframe_ms(timeframe) < HOUR_MS else "Y"
    return f"{np.datetime64(time_ms, 'ms').astype(f'datetime64[{unit}]')}.parquet"


def _by_part(time: Times, timeframe: str) -> Iterator[tuple[str, Times]]:
    unit = "M" if timeframe_ms(timeframe) < HOUR_MS else "Y"
    places = time.astype("datetime64[ms]").astype(f"datetime64[{unit}]")
    for place in np.unique(places):
        yield f"{place}.parquet", np.flatnonzero(places == place)
