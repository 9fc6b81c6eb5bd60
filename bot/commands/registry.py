"""The table of commands: one file and one row each. Help and matching are made from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.desk import Desk
from bot.replies import Act, Reply
from runtime.ledger.people import Person


@dataclass(frozen=True)
class Request:
    """A command as a person gave it: who, and the words behind its name."""

    person: Person
    words: str
    message_ref: str | None = None


Handler = Callable[[Request, Desk], Awaitable[Reply | Act]]


@dataclass(frozen=True)
class Command:
    """One command: its name, how it is written, the words that mean it, and the handler."""

    name: str
    usage: str
    aliases: tuple[str, ...]
    takes_words: bool
    handler: Handler
    help: str


COMMANDS: dict[str, Command] = {}


def command(usage: str, *aliases: str) -> Callable[[Handler], Handler]:
    """Registers a handler under the name in `usage`; its docstring is the help line."""

    def register(handler: Handler) -> Handler:
        name, _, words = usage.lstrip("/").partition(" ")
        text = (handler.__doc__ or "").strip().splitlines()[0]
        COMMANDS[name] = Command(name, usage, (name, *aliases), bool(words), handler, text)
        return handler

    return register


def matched(text: str) -> tuple[Command, str] | None:
    """The command that a text is, with the words behind it; a sentence that only begins like one is none."""
    slashed = text.startswith("/")
    plain = " ".join(text.lstrip("/").lower().split("@")[0].split()).rstrip("?!.")
    for each in COMMANDS.values():
        if plain in each.aliases:
            return each, ""
    for each in COMMANDS.values():
        for alias in each.aliases:
            if each.takes_words and plain.startswith(alias + " ") and (slashed or len(plain.split()) <= 4):
                return each, text.lstrip("/").strip()[len(alias) :].strip()
    return None
