"""Database connections that lose nothing: what SQLite and PostgreSQL need to be told."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from runtime.ledger.address import Address, make_folder
from runtime.ledger.errors import LedgerBusy, LedgerUnreachable

PATIENCE_SECONDS = 10.0
WRITER_LOCK = 0x5361_7973_6F01
WRITES = "ledger_writes"
SWITCH_SECONDS = 0.01


def open_engine(address: Address, patience_seconds: float = PATIENCE_SECONDS, foreign_keys: bool = True) -> Engine:
    """An engine whose transactions read a snapshot, or with the execution option `WRITES` write alone.

    `patience_seconds` is how long a writer waits for another; `foreign_keys=False` is for migrations only.
    """
    if address.file is None:
        return _postgres(address, patience_seconds)
    make_folder(address.file)
    return _sqlite(address, patience_seconds, foreign_keys)


def writers(engine: Engine) -> Engine:
    """The same engine, for transactions that write."""
    return engine.execution_options(**{WRITES: True})


def readers(engine: Engine) -> Engine:
    """The same engine, for transactions that only read: all of one shows one moment."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(address: Address, patience_seconds: float, foreign_keys: bool) -> Engine:
    engine = create_engine(address.url, connect_args={"timeout": patience_seconds})

    # SQLAlchemy's documented way to take BEGIN away from the driver, which would only send it before the
    # first change: two writers could then both read before either writes, and one update would be lost
    @event.listens_for(engine, "connect")
    def prepare(driver: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        driver.isolation_level = None
        driver.execute(f"PRAGMA busy_timeout = {int(patience_seconds * 1000)}")
        driver.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        _use_log(driver, address, patience_seconds)
        driver.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = WRITES in connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_log(driver: sqlite3.Connection, address: Address, patience_seconds: float) -> None:
    mode = _switched(driver)
    tries = int(patience_seconds / SWITCH_SECONDS)
    while mode is None and tries > 0:
        time.sleep(SWITCH_SECONDS)
        mode, tries = _switched(driver), tries - 1
    if mode is None:
        raise LedgerBusy(f"Sayso waited too long for {address.place}: close what else is using it and try again.")
    if mode != "wal":
        raise LedgerUnreachable(
            f"Sayso cannot keep {address.place} safely on this kind of disk: name a file on a local one."
        )


def _switched(driver: sqlite3.Connection) -> str | None:
    """The journal mode after asking for the log; None while another process is switching a new file."""
    try:
        return str(driver.execute("PRAGMA journal_mode = WAL").fetchone()[0])
    except sqlite3.OperationalError as error:
        # SQLite does not wait here, whatever the busy timeout
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return None


def _postgres(address: Address, patience_seconds: float) -> Engine:
    settings = f"-c timezone=UTC -c lock_timeout={int(patience_seconds * 1000)}"
    own: dict[str, Any] = {"options": f"{address.url.query.get('options', '')} {settings}".strip()}
    if "connect_timeout" not in address.url.query:
        own["connect_timeout"] = max(2, int(patience_seconds))
    engine = create_engine(address.url, connect_args=own, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if WRITES in connection.get_execution_options():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")

    return engine
