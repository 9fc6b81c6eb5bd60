"""A process that types the first conversation, going on with the first line that has not arrived: to be killed.

`python -m tests.bot.typist FOLDER` types until every line is done; it says `ready` before it begins.
"""

import asyncio
import sys
import time
from pathlib import Path

from sqlalchemy import select

from bot.cli.demo import ALERT, STRATEGY
from bot.cli.parts import open_desk
from bot.settings import load_settings
from bot.terminal.chat import Screen, TerminalChat
from runtime.ledger import approvals
from runtime.ledger.ledger import Ledger
from runtime.ledger.tables import inbox

LINES = (
    ALERT, "paper", STRATEGY, "limits", "paper", "why not", "?approve", "why", "?half", "make the stop 2%", "undo", "?reject",
    "make the stop 8%", "yes", "status", "skip", "skip", "trades", "summary", "?approve", "panic", "skip", "resume", "skip",
    "?approve", "close btc", "stop", "versions",
)  # fmt: skip
"""What is typed; an answer with `?` waits for a question, skipping ahead until there is one."""


def arrived(ledger: Ledger) -> list[str]:
    """The lines that have arrived, in order."""
    with ledger.read() as c:
        return [row.payload["text"] for row in c.execute(select(inbox).order_by(inbox.c.id))]


def place(texts: list[str]) -> int:
    """The first line of the script that has not arrived."""
    at = 0
    for text in texts:
        at += not LINES[at].startswith("?") or text == LINES[at][1:]
    return at


async def play(chat: TerminalChat) -> None:
    """Finishes what was left over, then types the rest."""
    await chat.catch_up()
    while (at := place(arrived(chat.desk.ledger))) < len(LINES):
        await chat.say(LINES[at] if not LINES[at].startswith("?") else LINES[at][1:] if is_asked(chat) else "skip")


def is_asked(chat: TerminalChat) -> bool:
    """Whether a question about an order is open."""
    with chat.desk.ledger.read() as c:
        return bool(approvals.open_ones(c, chat.person.id))


def main(folder: Path) -> None:
    """Types everything that is missing in `folder`."""
    with open_desk(load_settings(data_dir=folder, simulated=True)) as desk:
        chat = TerminalChat(desk, Screen(lambda text: None, 78, False), time.monotonic)
        print("ready", flush=True)
        asyncio.run(play(chat))
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
