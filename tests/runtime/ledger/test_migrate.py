"""Migrations: from nothing, again, from older, while others write, interrupted and failing."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, select, text

from runtime.ledger import Ledger, heartbeats, migrate, open_ledger, revisions
from runtime.ledger.errors import LedgerTooNew, MigrationFailed
from runtime.ledger.tables import metadata
from tests.runtime.ledger.world import NOON, build

ROOT = Path(__file__).parents[3]
PRESENT = migrate.REVISIONS

# what a next revision would typically do: rebuild a table that others refer to, with data in it
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "0002"


def upgrade() -> None:
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("born", sa.Text(), nullable=False, server_default="unknown"))
        table.create_check_constraint("born", "born <> ''")
    op.execute("UPDATE people SET born = 'once'")
"""
TROUBLE = {
    "raises": "    raise RuntimeError('the moon is full')\n",
    "orphans": "    op.execute('DELETE FROM people')\n",
}
KILLED = "    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n"


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program with one revision more, which has no trouble."""
    folder = tmp_path / "next" / "migrations"
    shutil.copytree(revisions.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    script = folder / "versions" / "9999_next.py"
    script.write_text(NEXT)
    monkeypatch.setattr(revisions, "FOLDER", folder)
    monkeypatch.setattr(migrate, "REVISIONS", (*PRESENT, "next"))
    return script


def contents(c: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a ledger of this release has."""
    return {table.name: [tuple(row) for row in c.execute(select(table))] for table in metadata.sorted_tables}


def filled(url: str) -> dict[str, list[tuple[object, ...]]]:
    """A ledger with data in it, and what it holds."""
    with closing(open_ledger(url)) as ledger, ledger.write() as c:
        build(c)
        return contents(c)


def test_the_revisions_are_those_in_the_folder() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as c:
        scripts = ScriptDirectory.from_config(revisions.configuration(c)).walk_revisions()
    engine.dispose()
    assert [script.revision for script in scripts] == list(reversed(migrate.REVISIONS))


def test_migrations_make_the_tables_that_the_program_knows(database_url: str) -> None:
    with closing(open_ledger(database_url)) as ledger:
        with ledger.read() as c:
            assert compare_metadata(MigrationContext.configure(c), metadata) == []
            made = constraints(c)
        expected = constraints_of_the_program(ledger)
    assert all(name for table in made.values() for name, _ in table)
    assert made == expected


def constraints(c: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Name and columns (or condition) of every constraint and index, by table."""
    found = inspect(c)
    made: dict[str, list[tuple[object, ...]]] = {}
    for table in metadata.tables:
        keys = [found.get_pk_constraint(table), *found.get_foreign_keys(table), *found.get_unique_constraints(table)]
        rows = [(key["name"], str(key.get("constrained_columns") or key.get("column_names"))) for key in keys]
        rows += [(check["name"], re.sub(r"\W+", " ", check["sqltext"])) for check in found.get_check_constraints(table)]
        rows += [(index["name"], f"{index['column_names']} {index['unique']}") for index in found.get_indexes(table)]
        made[table] = sorted(rows, key=str)
    return made


def constraints_of_the_program(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """The same as `runtime.ledger.tables` itself would make them in this kind of database."""
    with ledger.write() as c:
        metadata.drop_all(c)
        metadata.create_all(c)
        return constraints(c)


def test_again_is_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)
    before = filled(database_url)
    migrate.upgrade(database_url)
    with closing(open_ledger(database_url)) as ledger, ledger.read() as c:
        assert contents(c) == before


def test_a_new_file_needs_no_copy(sqlite_url: str, tmp_path: Path) -> None:
    migrate.upgrade(sqlite_url)
    migrate.upgrade(sqlite_url)
    assert list(tmp_path.glob("*backup*")) == []


def test_opening_what_is_up_to_date_loads_no_alembic(sqlite_url: str) -> None:
    open_ledger(sqlite_url).close()
    program = f"import sys; from runtime.ledger import open_ledger; open_ledger({sqlite_url!r}).close()"
    check = "; assert not {'alembic', 'psycopg', 'sqlalchemy.orm'} & set(sys.modules), 'slow start'"
    subprocess.run([sys.executable, "-c", program + check], check=True, cwd=ROOT)


@pytest.mark.usefixtures("next_release")
def test_data_survives_an_upgrade(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "REVISIONS", PRESENT)
        before = filled(database_url)
    with closing(open_ledger(database_url)) as ledger, ledger.write() as c:
        assert contents(c) == before
        assert c.execute(text("SELECT born FROM people")).scalars().all() == ["once"]
        build(c, "Bob")


@pytest.mark.usefixtures("next_release")
def test_an_old_file_is_copied_first(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "REVISIONS", PRESENT)
        before = filled(sqlite_url)
        # still in the log, not in the file itself
        busy = open_ledger(sqlite_url)
        with busy.write() as c:
            heartbeats.beat(c, "late", NOON)
            before["heartbeats"] = [("late", NOON, "")]
    migrate.upgrade(sqlite_url)
    busy.close()
    (backup,) = tmp_path.glob("*.backup-*")
    assert backup == migrate.backup_name(tmp_path / "ledger.db", PRESENT[-1])
    monkeypatch.setattr(migrate, "REVISIONS", PRESENT)
    with closing(open_ledger(f"sqlite:///{backup}")) as ledger, ledger.read() as c:
        assert contents(c) == before


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_failed_upgrade_changes_nothing_and_names_the_copy(
    database_url: str, next_release: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "REVISIONS", PRESENT)
        before = filled(database_url)
    next_release.write_text(NEXT + TROUBLE[trouble])
    for _ in range(2):
        with pytest.raises(MigrationFailed, match="left it as it was") as error:
            open_ledger(database_url)
    if database_url.startswith("sqlite"):
        file = Path(database_url.removeprefix("sqlite:///"))
        assert str(migrate.backup_name(file, PRESENT[-1])) in str(error.value)
        assert len(list(file.parent.glob("*backup*"))) == 1
    monkeypatch.setattr(migrate, "REVISIONS", PRESENT)
    with closing(open_ledger(database_url)) as ledger, ledger.read() as c:
        assert contents(c) == before


def test_a_kill_in_the_middle_of_an_upgrade_changes_nothing(
    database_url: str, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "REVISIONS", PRESENT)
        before = filled(database_url)
    next_release.write_text(NEXT + KILLED)
    program = (
        "import pathlib; from runtime.ledger import migrate, revisions;"
        f" revisions.FOLDER = pathlib.Path({str(revisions.FOLDER)!r}); migrate.REVISIONS = {(*PRESENT, 'next')!r};"
        f" migrate.upgrade({database_url!r})"
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "REVISIONS", PRESENT)
        with closing(open_ledger(database_url)) as ledger, ledger.read() as c:
            assert contents(c) == before
    next_release.write_text(NEXT)
    with closing(open_ledger(database_url)) as ledger, ledger.read() as c:
        assert contents(c) == before


def test_a_newer_ledger_is_not_touched(database_url: str) -> None:
    before = filled(database_url)
    with closing(open_ledger(database_url)) as ledger, ledger.write() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '0777'"))
    with pytest.raises(LedgerTooNew, match=r"0777.*install the newest Sayso"):
        open_ledger(database_url)
    engine = create_engine(database_url)
    with engine.connect() as c:
        assert contents(c) == before
    engine.dispose()


def test_the_package_holds_the_migrations(tmp_path: Path) -> None:
    """Found where Python finds them, also when the checkout is not the current folder."""
    shutil.copytree(ROOT / "migrations", tmp_path / "site" / "migrations")
    for package in ("runtime", "strategy_dsl"):
        shutil.copytree(ROOT / package, tmp_path / "site" / package)
    program = f"from runtime.ledger import open_ledger; open_ledger('sqlite:///{tmp_path}/ledger.db').close()"
    there = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=there, check=True)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as c:
        assert c.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrate.REVISIONS[-1],)]
