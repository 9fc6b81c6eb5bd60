"""Bring a ledger to the shape that this program knows."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copymode

from sqlalchemy import Connection, Engine, inspect, text

from runtime.ledger.address import Address, address_of
from runtime.ledger.engines import PATIENCE_SECONDS, open_engine, readers, writers
from runtime.ledger.errors import LedgerTooNew, LedgerUnreadable, MigrationFailed
from runtime.ledger.faults import told_plainly

REVISIONS = ("0001", "0002")
"""The revisions in `migrations/versions`, oldest first; kept here so that opening need not load alembic."""


def upgrade(url: str) -> None:
    """Bring the ledger at `url` up to date, making it if it is new; an old SQLite file is copied first."""
    bring_up_to_date(address_of(url))


def bring_up_to_date(address: Address, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Bring the ledger up to date; quick if it is."""
    with told_plainly(address.place, writing=True):
        if _stored_revision(address, patience_seconds) != REVISIONS[-1]:
            _migrate(address, patience_seconds)


def backup_name(file: Path, revision: str) -> Path:
    """The name of the copy that is made of `file` before it leaves `revision`."""
    return file.with_name(f"{file.name}.backup-{revision}")


def _stored_revision(address: Address, patience_seconds: float) -> str | None:
    engine = open_engine(address, patience_seconds)
    try:
        with readers(engine).begin() as connection:
            return _revision(connection, address)
    finally:
        engine.dispose()


def _revision(connection: Connection, address: Address) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return _known(revision, address)
    if tables:
        raise LedgerUnreadable(
            f"{address.place} holds other tables ({', '.join(sorted(tables)[:3])}) and no ledger:"
            " name a database of Sayso's own."
        )
    return None


def _known(revision: str | None, address: Address) -> str | None:
    if revision in (None, *REVISIONS):
        return revision
    raise LedgerTooNew(
        f"{address.place} was written by a newer Sayso (revision {revision}, this one knows up to"
        f" {REVISIONS[-1]}): install the newest Sayso, or name another database."
    )


def _migrate(address: Address, patience_seconds: float) -> None:
    # SQLite changes a table by copying and dropping it, which foreign keys would forbid;
    # they can only be switched outside a transaction, and are checked before the commit
    engine = open_engine(address, patience_seconds, foreign_keys=False)
    try:
        _migrate_alone(engine, address)
    finally:
        engine.dispose()


def _migrate_alone(engine: Engine, address: Address) -> None:
    with writers(engine).begin() as connection:
        revision = _revision(connection, address)
        if revision == REVISIONS[-1]:
            return  # another process was quicker
        backup = _back_up(address.file, revision) if address.file and revision else None
        try:
            _run(connection)
            _check_references(connection)
        except Exception as error:
            raise _failure(address, backup, error) from error


def _run(connection: Connection) -> None:
    # measured: loading alembic takes 0.28 s, which a ledger that is up to date need not wait for
    from runtime.ledger.revisions import run_revisions  # noqa: PLC0415

    run_revisions(connection, REVISIONS[-1])


def _back_up(file: Path, revision: str) -> Path:
    """Copy what is committed, log included; the name appears only once the copy is whole."""
    backup = backup_name(file, revision)
    part = backup.with_name(backup.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    copymode(file, part)
    part.replace(backup)
    return backup


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise ValueError(f"a row of {broken[0]} would refer to a missing row of {broken[2]}")


def _failure(address: Address, backup: Path | None, error: Exception) -> MigrationFailed:
    kept = f" (a copy is in {backup})" if backup else ""
    reason = " ".join(str(error).split())[:200]
    return MigrationFailed(
        f"Sayso could not bring {address.place} to revision {REVISIONS[-1]} and left it as it was{kept}:"
        f" go on with the Sayso you had and report this: {reason}."
    )
