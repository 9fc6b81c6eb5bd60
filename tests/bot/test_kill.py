"""kill -9 at any moment of a conversation: nothing typed is lost, nothing happens twice, the end is the same."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.ledger import Ledger, open_ledger
from runtime.ledger.fills import Fill
from runtime.ledger.positions import fold
from tests.bot.typist import LINES, arrived, place

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 120


def start(folder: Path) -> subprocess.Popen[str]:
    """A typist in `folder`, away from this machine's settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "ANTHROPIC_", "TELEGRAM_"))
    }
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bot.typist", str(folder / "data")],
        cwd=folder, env={**kept, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(folder: Path) -> float:
    """Lets a typist end by itself; the seconds that it typed."""
    with start(folder) as typist:
        assert typist.stdout is not None
        assert typist.stdout.readline() == "ready\n"
        began = time.monotonic()
        out, problems = typist.communicate(timeout=LONGEST_SECONDS)
        assert (out, problems, typist.returncode) == ("done\n", "", 0)
    return time.monotonic() - began


def kill_after(folder: Path, seconds: float) -> bool:
    """Starts a typist and kills it; whether it was still typing."""
    with start(folder) as typist:
        assert typist.stdout is not None
        assert typist.stdout.readline() == "ready\n"
        time.sleep(seconds)
        typist.send_signal(signal.SIGKILL)
        _, problems = typist.communicate()
        assert problems == ""
    return typist.returncode == -signal.SIGKILL


COMPARED = {
    "inbox": "id, channel, chat_id, user_id, payload, done_at IS NOT NULL",
    "outbox": "dedupe_key, severity, kind, json_extract(payload, '$.html'), sent_at IS NOT NULL",
    "fills": "venue, trade_id, intent_id, run_id, market, side, quantity, price, fee, fee_currency, at",
    "decisions": "run_id, version_id, market, rule, candle_time, outcome, trace",
    "intents": "id, run_id, version_id, market, candle_time, leg, side, quantity, price, details, state, verdict, planned_at",
    "approvals": "intent_id, kind, plan_hash, state, opened_at, expires_at",
    "versions": "strategy_id, number, is_current, text, hash, limits_hash, english, provenance, source",
    "strategies": "name, budget, state, state_reason",
    "accounts": "mode, currency, state, state_reason",
    "runs": "strategy_id, version_id, started_at, ended_at, cursor, state",
    "replays": "feed, clock, cursor, state",
    "summaries": "person_id, replay_id, local_date",
    "questions": "kind, payload, state",
}
"""Every column that does not hold a random token or the time on the wall."""


@dataclass(frozen=True)
class Story:
    """What a conversation left behind, table by table."""

    rows: dict[str, list[tuple[Any, ...]]]


def told(folder: Path) -> Story:
    """The ledger in `folder`; the file is sound."""
    with closing(sqlite3.connect(folder / "data" / "sayso.db")) as c:
        assert c.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert c.execute("PRAGMA foreign_key_check").fetchall() == []
        return Story(
            {
                table: sorted(c.execute(f"SELECT {columns} FROM {table}"), key=repr)
                for table, columns in COMPARED.items()
            }
        )


def ledger_in(folder: Path) -> Ledger:
    return open_ledger(f"sqlite:///{folder / 'data' / 'sayso.db'}")


def check_between(folder: Path) -> None:
    """What holds after a kill, before anything was mended."""
    story = told(folder)
    with closing(ledger_in(folder)) as ledger:
        place(arrived(ledger))
    numbers = sorted(row[0] for row in story.rows["inbox"])
    assert numbers == list(range(1, len(numbers) + 1))
    undone = [row for row in story.rows["inbox"] if not row[-1]]
    assert len(undone) <= 1
    trades = [row[1] for row in story.rows["fills"]]
    assert len(trades) == len(set(trades))
    filled = {row[0] for row in story.rows["intents"] if row[10] == "FILLED"}
    assert filled == {row[2] for row in story.rows["fills"]}


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, float]:
    """The conversation without a kill, and how long it took."""
    folder = tmp_path_factory.mktemp("unbroken")
    seconds = finish(folder)
    return told(folder), seconds


def kill_and_compare(folder: Path, unbroken: tuple[Story, float], kills: int, seed: int) -> None:
    story, seconds = unbroken
    moments = random.Random(seed)
    killed = 0
    for _ in range(kills):
        killed += kill_after(folder, moments.uniform(0, seconds / kills * 1.5))
        check_between(folder)
    finish(folder)
    assert killed
    mended = told(folder)
    for table in COMPARED:
        assert mended.rows[table] == story.rows[table], table


def test_the_conversation_has_everything_in_it(unbroken: tuple[Story, float]) -> None:
    rows = unbroken[0].rows
    assert len(rows["inbox"]) >= len(LINES)
    assert {row[3] for row in rows["approvals"]} >= {"approved", "halved", "rejected"}
    assert len(rows["fills"]) >= 4
    assert all(row[-1] for table in ("inbox", "outbox") for row in rows[table])
    markets = {row[4] for row in rows["fills"]}
    assert markets == {"BTC/USDT"}


def test_everything_bought_in_the_conversation_was_sold_in_the_end(unbroken: tuple[Story, float]) -> None:
    booked = [
        Fill(row[0], row[1], row[2], row[3], row[4], row[5], Decimal(row[6]), Decimal(row[7]), Decimal(row[8]), row[9], row[10])
        for row in sorted(unbroken[0].rows["fills"], key=lambda row: str(row[-1]))
    ]  # fmt: skip
    assert fold("BTC/USDT", booked).quantity == 0


def test_two_kills_change_nothing(tmp_path: Path, unbroken: tuple[Story, float]) -> None:
    kill_and_compare(tmp_path / "killed", unbroken, 2, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_ten_kills_change_nothing(tmp_path: Path, unbroken: tuple[Story, float], seed: int) -> None:
    kill_and_compare(tmp_path / "killed", unbroken, 10, seed)
