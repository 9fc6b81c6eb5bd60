"""The table of commands: one file and one row each. Help and matching are made from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.desk import Desk
from bot.replies import Act, Reply, say
from runtime.ledger import questions
from runtime.ledger.people import Person
from strategy_dsl.phrasebook.talk import ACTING


@dataclass(frozen=True)
class Request:
    """A command as a person gave it: who, and the words behind its name."""

    person: Person
    words: str


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
    fits: Callable[[str], bool] | None = None

    @property
    def names_strategy(self) -> bool:
        """Whether the words behind it are a strategy's name."""
        return self.usage.endswith(STRATEGY)


STRATEGY = "[STRATEGY]"
"""In a usage: the name of a strategy may follow."""
COMMANDS: dict[str, Command] = {}
GROUPS = {
    "Strategies": "new show edit rules versions undo rename delete strategies",
    "Try it": "backtest numbers definitions sweep skip speed",
    "Run it": "paper live pause resume resumeall stop",
    "Ask": "status positions why whynot trades order chart scan health",
    "Money": "balance profit daily weekly monthly performance summary export cost",
    "Act": "close breakeven cancel panic",
    "Settings": "limits alerts notify quiet timezone language_of_numbers doctor version start help",
}
"""How help shows the commands; every command is in one group."""
LOOKS = frozenset({
    "strategies", "show", "rules", "versions", "status", "positions", "trades", "order", "chart", "health", "balance",
    "profit", "daily", "weekly", "monthly", "performance", "summary", "why", "whynot", "limits", "alerts", "version",
    "help", "start", "definitions",
})  # fmt: skip
"""Commands that only look: what a viewer may say."""
Confirmed = Callable[[Connection, Desk, Person, dict[str, Any]], Reply]
CONFIRMED: dict[str, Confirmed] = {}
"""What is done once a person said yes, by the name in the question's payload."""


def command(usage: str, *aliases: str, fits: Callable[[str], bool] | None = None) -> Callable[[Handler], Handler]:
    """Registers a handler under the name in `usage`; its docstring is the help line.

    An alias that ends with `…` needs words behind it; `fits` says which words, so that a sentence that only begins like
    the command is none.
    """

    def register(handler: Handler) -> Handler:
        name, _, words = usage.lstrip("/").partition(" ")
        text = (handler.__doc__ or "").strip().splitlines()[0]
        COMMANDS[name] = Command(name, usage, (name, *aliases), bool(words), handler, text, fits)
        return handler

    return register


def confirmed(name: str) -> Callable[[Confirmed], Confirmed]:
    """Registers what is done after a yes."""

    def register(act: Confirmed) -> Confirmed:
        CONFIRMED[name] = act
        return act

    return register


def confirm(c: Connection, desk: Desk, person: Person, name: str, text: str, **payload: Any) -> Reply:
    """Asks before something that cannot be taken back is done; the first yes or no settles it."""
    questions.ask(c, person.id, "confirm", {"do": name, **payload}, desk.clock())
    return Reply(text, say("Yes", "No"), kind="ask")


def matched(text: str) -> tuple[Command, str] | None:
    """The command that a text is, with the words behind it; a sentence that only begins like one is none.

    What acts is none with a question mark: `panic?` is explained.
    """
    slashed = text.startswith("/")
    plain = " ".join(text.lstrip("/").lower().split("@")[0].split()).rstrip("?!.")
    found = _found(text, plain, slashed=slashed)
    asked = text.rstrip(" !.").endswith("?") and not slashed
    return None if found is not None and asked and found[0].name in {*ACTING, "resumeall", "breakeven"} else found


def _found(text: str, plain: str, *, slashed: bool) -> tuple[Command, str] | None:
    for each in COMMANDS.values():
        if plain in each.aliases:
            return each, ""
    for each in COMMANDS.values():
        for name in sorted(each.aliases, key=len, reverse=True) if each.takes_words else ():
            alias = name.removesuffix(" …")
            if plain.startswith(alias + " ") and (
                slashed or each.fits is not None or " " in alias or len(plain.split()) <= 4
            ):
                said = " ".join(text.lstrip("/").split())
                # of `close everything green` the words begin with `everything`
                words = said[len(alias if alias == name else alias.split()[0]) :].strip()
                if slashed or each.fits is None or each.fits(words):
                    return each, words
    return None
