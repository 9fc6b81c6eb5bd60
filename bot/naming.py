"""Which strategy is meant, and what to say where none is."""

import re

from sqlalchemy import Connection

from bot.pages import words
from bot.replies import Reply, say
from runtime.ledger import strategies
from runtime.ledger.people import Person
from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.names import COINS


def unknown_strategy(c: Connection, person: Person, name: str) -> Reply:
    """There is none of that name: which there are."""
    mine = [each.name for each in strategies.listing(c, person.id)]
    if not mine:
        return Reply(
            words("There is no strategy yet. Tell me one, for example: buy BTC when RSI drops below 30, stop 3%")
        )
    if not name:
        return Reply(words("Which one? {names}", names=", ".join(mine)))
    return Reply(
        words(
            "I know no strategy “{name}”, or several are called so. Yours: {names}", name=name, names=", ".join(mine)
        ),
        say("Strategies"),
    )


def name_said(c: Connection, person: Person, text: str) -> str:
    """The strategy that a sentence such as `pause the ETH one` speaks of: its name, or the coin where none fits.

    Empty where the sentence says nothing that tells strategies apart.
    """
    mine = strategies.listing(c, person.id)
    said = {token.text for token in lexed(text).tokens if token.kind in ("coin", "pair", "word")}
    rules = {each.name: strategies.version(c, each.version_id).text if each.version_id else "" for each in mine}
    known = {name: set(re.findall(r"[A-Za-z]+", f"{name} {rules[name]}")) for name in rules}
    coins = {each for each in said if each in COINS}
    if coins:
        fitting = [name for name in known if coins <= known[name]]
        return fitting[0] if len(fitting) == 1 else next(iter(coins))
    lower = {name: {word.casefold() for word in words} for name, words in known.items()}
    telling = [[name for name in lower if word in lower[name]] for word in said - COMMON]
    alone = {names[0] for names in telling if len(names) == 1 and len(mine) > 1}
    return alone.pop() if len(alone) == 1 else ""


COMMON = frozenset(
    {"the", "one", "with", "and", "on", "of", "strategy", "trade", "stop", "for", "when", "all", "my", "at"}
)
