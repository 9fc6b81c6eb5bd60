"""Voice notes: heard, said back, and then read like a typed text; what moves money is never taken from a voice."""

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from bot.commands import LOOKS, matched
from bot.exit_plans import stop_wish
from bot.pages import page
from bot.replies import Act, Button, Reply
from bot.secret_words import secret_in
from bot.transcriber import NotHeard, Transcriber
from strategy_dsl.phrasebook.reader import read

NO_EARS = "I cannot listen to voice notes here. Please type it."
SPOKEN_SECRET = "That sounded like {kind}. I kept nothing of it: delete the voice note, and change what was said."  # noqa: S105
MOST_SECONDS = 120
TOO_LONG = f"That voice note is too long: {MOST_SECONDS} seconds at most. Please say it shorter, or type it."
LONGEST_BUTTON = 60
WRITES = frozenset({"backtest", "numbers", "scan", "new", "edit", "sweep"})
"""Commands that move no money, beside those that only look."""
Fetch = Callable[[str, Path], Awaitable[None]]
"""Puts a voice note, by the channel's name for it, into a file; raises NotHeard."""
Understand = Callable[[str], Awaitable[Reply | Act]]


@dataclass(frozen=True)
class Ear:
    """How voice notes of a channel are fetched and who reads them."""

    fetch: Fetch
    transcriber: Transcriber

    async def heard(self, reference: str) -> str:
        """The words of a voice note, whose file is gone afterwards; raises NotHeard."""
        with tempfile.TemporaryDirectory(prefix="sayso-voice-") as folder:
            audio = Path(folder) / "note.oga"
            await self.fetch(reference, audio)
            return await self.transcriber.text_of(audio)


async def spoken(
    ear: Ear | None, payload: dict[str, str], words: frozenset[str], understand: Understand
) -> Reply | Act:
    """The answer to a voice note: its words first; `words` are those that settle an open question."""
    if ear is None:
        return Reply(NO_EARS)
    if int(payload.get("seconds", "0")) > MOST_SECONDS:
        return Reply(TOO_LONG)
    try:
        text = await ear.heard(payload["voice"])
    except NotHeard as problem:
        return Reply(page("said", lines=[str(problem)]))
    if (kind := secret_in(text)) is not None:
        return Reply(SPOKEN_SECRET.format(kind=kind))
    if acts(text, words):
        button = (Button(f"Yes: {text}"[:40], f"say:{text}"),) if len(f"say:{text}".encode()) <= LONGEST_BUTTON else ()
        return Reply(page("heard", text=text, asks=True), (button,) if button else ())
    return _echoed(text, await understand(text))


def acts(text: str, words: frozenset[str]) -> bool:
    """Whether a text would settle, start, stop, close or move something: that needs a tap or typing."""
    plain = " ".join(text.lower().split()).strip(".,!? ")
    if plain in words or any(each in words for each in plain.replace(",", " ").split()[:1]):
        return True
    command = matched(plain)
    if command is not None and (command[0].name not in LOOKS | WRITES or (command[0].name == "alerts" and command[1])):
        return True
    reading = read(plain)
    commanding = reading.outcome == "command" and reading.command not in LOOKS | WRITES | {"list", "why_not"}
    return commanding or reading.command == "undo" or stop_wish(plain) is not None


def _echoed(text: str, thought: Reply | Act) -> Reply | Act:
    """The reply below what was heard."""
    heard = page("heard", text=text, asks=False)
    if isinstance(thought, Reply):
        return replace(thought, html=f"{heard}\n\n{thought.html}")

    def act(c: Connection) -> Reply:
        reply = thought(c)
        return replace(reply, html=f"{heard}\n\n{reply.html}".strip())

    return act
