"""One Sayso per ledger, also across processes, also after kill -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from runtime.ledger import open_ledger
from runtime.ledger.errors import LedgerInUse, LedgerReadOnly, LedgerUnreachable
from runtime.ledger.instance import Instance, claim
from tests.runtime.ledger.test_engines import locked_folder

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from runtime.ledger.instance import claim
held = claim(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def claim_soon(url: str, seconds: float = 5.0) -> Instance:
    """A server may need a moment to notice that its client is gone."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return claim(url)
        except LedgerInUse:
            if url.startswith("sqlite") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def test_a_second_claim_is_refused_and_names_the_first(ledger_url: str) -> None:
    with claim(ledger_url) as first:
        assert first.held()
        with pytest.raises(LedgerInUse, match=rf"already running.*\(process {os.getpid()}\).*stop that one first"):
            claim(ledger_url)
        assert first.held()
    claim_soon(ledger_url).close()


def test_another_process_is_refused_until_killed(ledger_url: str) -> None:
    with another_process(ledger_url) as process:
        for _ in range(2):
            with pytest.raises(LedgerInUse, match=rf"process {process.pid}\)"):
                claim(ledger_url)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with claim_soon(ledger_url) as ours:
            assert ours.held()


def test_claiming_and_writing_do_not_disturb_each_other(ledger_url: str) -> None:
    with claim(ledger_url):
        ledger = open_ledger(ledger_url, patience_seconds=2)
        with ledger.write():
            pass
        ledger.close()


def test_what_was_closed_is_not_held(sqlite_url: str) -> None:
    ours = claim(sqlite_url)
    ours.close()
    ours.close()
    assert not ours.held()


def test_two_names_of_one_file_are_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with claim(f"sqlite:///{tmp_path}/ledger.db"), pytest.raises(LedgerInUse):
        claim(f"sqlite:///{tmp_path}/link/ledger.db")


def test_other_ledgers_are_free(tmp_path: Path) -> None:
    with claim(f"sqlite:///{tmp_path}/a.db"), claim(f"sqlite:///{tmp_path}/b.db") as other:
        assert other.held()


def test_a_broken_connection_loses_the_claim(postgresql_ledger_url: str) -> None:
    with claim(postgresql_ledger_url) as ours:
        engine = create_engine(postgresql_ledger_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as c:
            c.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'sayso %'")
            )
        engine.dispose()
        assert not ours.held()


def test_a_locked_folder_is_told(tmp_path: Path) -> None:
    with locked_folder(tmp_path), pytest.raises(LedgerReadOnly, match="right to write there"):
        claim(f"sqlite:///{tmp_path}/ledger.db")


def test_a_missing_server_is_told() -> None:
    with pytest.raises(LedgerUnreachable, match="check that the server runs"):
        claim("postgresql://ada@/sayso?host=/nowhere")
