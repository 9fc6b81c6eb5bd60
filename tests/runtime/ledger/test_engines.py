"""The database settings that nothing else holds without, and what people are told when it fails."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from runtime.ledger import Ledger, LedgerError, open_ledger
from runtime.ledger.errors import (
    LedgerBusy,
    LedgerFull,
    LedgerReadOnly,
    LedgerUnreachable,
    LedgerUnreadable,
)
from runtime.ledger.tables import accounts, heartbeats, summaries
from tests.runtime.ledger.world import NOON, build

SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
NOBODY = 65534


def beat(name: str, detail: str = "") -> dict[str, object]:
    return {"name": name, "at": NOON, "detail": detail}


def told(error: pytest.ExceptionInfo[LedgerError], *parts: str) -> None:
    """One sentence that names the place and the next step."""
    sentence = str(error.value)
    assert sentence.endswith(".") and "\n" not in sentence and ": " in sentence
    assert all(part in sentence for part in parts), sentence


@pytest.mark.parametrize("kind", ["read", "write"])
def test_every_sqlite_connection_is_set_up(sqlite_ledger_url: str, kind: str) -> None:
    ledger = open_ledger(sqlite_ledger_url)
    with getattr(ledger, kind)() as one, ledger.read() as other:
        for c in (one, other):
            assert {name: c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SETTINGS} == SETTINGS
    ledger.close()


def test_a_postgres_connection_speaks_utc_and_is_not_endlessly_patient(postgresql_ledger_url: str) -> None:
    ledger = open_ledger(postgresql_ledger_url, patience_seconds=3)
    with ledger.write() as c:
        assert c.execute(text("SHOW timezone")).scalar() == "UTC"
        assert c.execute(text("SHOW lock_timeout")).scalar() == "3s"
    ledger.close()


def test_foreign_keys_are_enforced(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError), ledger.write() as c:
        c.execute(insert(summaries).values(person_id=404, local_date=NOON.date(), claimed_at=NOON))


def test_unknown_states_are_refused(ledger: Ledger) -> None:
    with ledger.write() as c:
        world = build(c)
    with pytest.raises(IntegrityError, match=r"ck_accounts_state|CHECK"), ledger.write() as c:
        c.execute(update(accounts).where(accounts.c.id == world.account).values(state="FINE"))


def test_an_exception_undoes_the_whole_transaction(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError), ledger.write() as c:
        c.execute(insert(heartbeats), [beat("engine"), beat("feed"), beat("engine")])
    with ledger.read() as c:
        assert c.execute(select(heartbeats)).all() == []


def test_a_reader_cannot_write(ledger: Ledger) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), ledger.read() as c:
        c.execute(insert(heartbeats).values(beat("engine")))
    with ledger.write() as c:
        c.execute(insert(heartbeats).values(beat("engine")))


def test_a_reader_sees_one_moment_and_does_not_wait(ledger: Ledger) -> None:
    with ledger.read() as reader:
        assert reader.execute(select(heartbeats)).all() == []
        with ledger.write() as writer:
            writer.execute(insert(heartbeats).values(beat("engine")))
        assert reader.execute(select(heartbeats)).all() == []
    with ledger.read() as reader:
        assert len(reader.execute(select(heartbeats)).all()) == 1


def test_a_writer_that_waits_too_long_is_told(ledger_url: str) -> None:
    one, other = open_ledger(ledger_url), open_ledger(ledger_url, patience_seconds=0.05)
    with one.write(), pytest.raises(LedgerBusy) as error, other.write():
        pass
    told(error, "waited too long", "try again")
    with other.write() as c:
        c.execute(insert(heartbeats).values(beat("engine")))
    one.close()
    other.close()


def test_writing_inside_writing_does_not_hang(sqlite_ledger_url: str) -> None:
    ledger = open_ledger(sqlite_ledger_url, patience_seconds=0.05)
    with pytest.raises(LedgerBusy), ledger.write(), ledger.write():
        pass
    with ledger.write():
        pass
    ledger.close()


def test_a_full_disk_is_told_and_what_was_saved_stays(sqlite_ledger_url: str) -> None:
    ledger = open_ledger(sqlite_ledger_url)
    with ledger.write() as c:
        c.execute(insert(heartbeats).values(beat("kept")))
        c.exec_driver_sql("PRAGMA max_page_count = 1")  # stays at what is there, and belongs to the connection
    with pytest.raises(LedgerFull) as error, ledger.write() as c:
        c.execute(insert(heartbeats), [beat(f"part {number}", "x" * 1000) for number in range(200)])
    told(error, "no room left", "ledger.db", "free some room")
    with ledger.read() as c:
        assert c.execute(select(heartbeats.c.name)).scalars().all() == ["kept"]
    ledger.close()


@pytest.mark.parametrize(
    ("sqlstate", "expected"),
    [("53100", LedgerFull), ("25006", LedgerReadOnly), ("55P03", LedgerBusy), ("57P03", LedgerUnreachable)],
)
def test_what_a_server_says_is_told(postgresql_ledger_url: str, sqlstate: str, expected: type[LedgerError]) -> None:
    ledger = open_ledger(postgresql_ledger_url)
    with pytest.raises(expected) as error, ledger.write() as c:
        c.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{sqlstate}'; END $$")
    told(error, "postgresql+psycopg://")
    with ledger.write():
        pass
    ledger.close()


def test_a_cut_connection_is_told_and_replaced(postgresql_ledger_url: str) -> None:
    ledger = open_ledger(postgresql_ledger_url)
    with pytest.raises(LedgerUnreachable), ledger.write() as c:
        c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with ledger.write() as c:
        c.execute(insert(heartbeats).values(beat("engine")))
    ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:secret@127.0.0.1:1/sayso",
        "postgresql://ada:secret@/sayso?host=/nowhere",
        "mysql://ada:secret@localhost/sayso",
        "sqlite://",
        "sqlite:///:memory:",
        "what:secret",
    ],
)
def test_a_wrong_address_is_told_without_its_password(url: str) -> None:
    with pytest.raises(LedgerUnreachable) as error:
        open_ledger(url, patience_seconds=2)
    told(error, "Sayso")
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my holiday plans\n" * 300)
    with pytest.raises(LedgerUnreadable) as error:
        open_ledger(f"sqlite:///{file}")
    told(error, "notes.txt", "name another file")
    assert file.read_text() == "my holiday plans\n" * 300


def test_somebody_elses_database_is_left_alone(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as c:
        c.execute(text("CREATE TABLE recipes (id INTEGER)"))
    engine.dispose()
    with pytest.raises(LedgerUnreadable) as error:
        open_ledger(database_url)
    told(error, "recipes", "a database of Sayso's own")


@pytest.mark.parametrize("existing", [False, True])
def test_a_read_only_folder_is_told(tmp_path: Path, existing: bool) -> None:
    file = tmp_path / "ledger.db"
    if existing:
        open_ledger(f"sqlite:///{file}").close()
        file.chmod(0o444)
    with locked_folder(tmp_path), pytest.raises((LedgerReadOnly, LedgerUnreachable)) as error:
        open_ledger(f"sqlite:///{file}")
    told(error, "ledger.db", "write")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with locked_folder(tmp_path), pytest.raises(LedgerReadOnly) as error:
        open_ledger(f"sqlite:///{tmp_path}/deep/ledger.db")
    told(error, "deep", "make it yourself")


def test_a_locked_file_is_told(sqlite_ledger_url: str) -> None:
    ledger = open_ledger(sqlite_ledger_url, patience_seconds=0.05)
    file = sqlite_ledger_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as rude:
        rude.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusy) as error, ledger.write():
            pass
    told(error, "ledger.db", "close what else is using it")
    ledger.close()


@pytest.mark.parametrize(("held_seconds", "patience_seconds"), [(0.1, 5.0), (1.0, 0.05)])
def test_a_file_that_another_process_is_making_is_waited_for(
    sqlite_url: str, held_seconds: float, patience_seconds: float
) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        # in this state SQLite answers "locked" at once, whatever the busy timeout
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(held_seconds, other.rollback)
        done.start()
        waits = nullcontext() if patience_seconds > held_seconds else pytest.raises(LedgerBusy, match="try again")
        with waits:
            open_ledger(sqlite_url, patience_seconds).close()
        done.cancel()
        done.join()


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Nothing can be written in `folder`, not even if root runs the tests."""
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == os.getuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(0o755)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
