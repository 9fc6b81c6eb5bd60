"""What the owner gives beside candles: files of values from outside and of events, and markets to choose among."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.core.outside import Outside
from runtime.feeds.outside_files import OutsideError, read_events, read_outside, sources_of

Stamp = tuple[int, int]


@dataclass
class Given:
    """Values by name or `NAME of MARKET`, events, and the markets of universes; files are read again once they change.

    A file that can no longer be read keeps what it gave last: its values become unknown when they are too old.
    """

    outside: Sequence[str] = ()
    """As on the command line: `NAME[:MARKET]=FILE.csv[,AGE]`."""
    events_file: str = ""
    universe: tuple[str, ...] = ()
    _stamps: dict[Path, Stamp] = field(default_factory=dict)
    _values: dict[str, Outside] = field(default_factory=dict)
    _events: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Reads the files for the first time; raises OutsideError for one that cannot be used."""
        self._sources = sources_of(self.outside)
        self._read()

    @property
    def names(self) -> frozenset[str]:
        """The values that there is a source of, for any market."""
        return frozenset(name.split(" of ")[0] for name in self._sources)

    def values(self) -> dict[str, Outside]:
        """The series as they are now; the same object while no file has changed."""
        self._refresh()
        return self._values

    def events(self) -> tuple[int, ...]:
        """The moments of high-impact events as they are now, ms UTC."""
        self._refresh()
        return self._events

    def markets(self, quote: str) -> tuple[str, ...]:
        """The markets that a universe of this quote chooses among."""
        return tuple(each for each in self.universe if each.endswith(f"/{quote}"))

    def _files(self) -> Iterable[Path]:
        yield from (path for _, path, _ in self._sources.values())
        if self.events_file:
            yield Path(self.events_file)

    def _refresh(self) -> None:
        if any(_stamp(path) not in (None, self._stamps.get(path)) for path in self._files()):
            try:
                self._read()
            except OutsideError:
                # half written perhaps: the next look reads it again
                return

    def _read(self) -> None:
        stamps = {path: _stamp(path) or (0, 0) for path in self._files()}
        values = {key: read_outside(path, name, age) for key, (name, path, age) in self._sources.items()}
        events = read_events(Path(self.events_file)) if self.events_file else ()
        self._values, self._events, self._stamps = values, events, stamps


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
