"""Which strategy is meant, and what to say where none is."""

import re
from dataclasses import replace

from sqlalchemy import Connection

from bot.pages import words
from bot.replies import Act, Reply, say
from runtime.ledger import strategies
from runtime.ledger.people import Person
from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.names import COINS, word_set
from strategy_dsl.phrasebook.operations import closing, pause_is_timed
from strategy_dsl.phrasebook.talk import bare, led


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


def words_behind(c: Connection, person: Person, intent: str, text: str) -> str:
    """What a command said in plain words is about: the positions to close, or the strategy."""
    return closing(bare(lexed(text))) if intent == "close" else name_said(c, person, text)


def name_said(c: Connection, person: Person, text: str) -> str:
    """The strategy that a sentence such as `pause the ETH one` speaks of: its name, or words that fit none.

    Empty where the sentence says nothing that tells strategies apart. Only names and coins tell them apart, and behind
    "the one with" an indicator: other words of the rules are words of the sentence too ("pause all my bots").
    """
    mine = strategies.listing(c, person.id)
    said = {token.text for token in lexed(text).tokens if token.kind in ("coin", "pair", "word")}
    if said & EVERY_ONE:
        return ""
    rules = {each.name: strategies.version(c, each.version_id).text if each.version_id else "" for each in mine}
    coins = {each for each in said if each in COINS}
    if coins:
        known = {name: set(re.findall(r"[A-Za-z]+", f"{name} {rules[name]}")) for name in rules}
        fitting = [name for name in known if coins <= known[name]]
        return fitting[0] if len(fitting) == 1 else next(iter(coins))
    lower = {name: set(re.findall(r"[a-z]{2,}", name.casefold())) for name in rules}
    if {"one", "with"} <= said:
        lower = {name: words | set(re.findall(r"([a-z]+)\(", rules[name])) for name, words in lower.items()}
    telling = [[name for name in lower if word in lower[name]] for word in said - COMMON]
    alone = {names[0] for names in telling if len(names) == 1}
    if len(alone) == 1:
        return alone.pop() if len(mine) > 1 else ""
    left = [word for word in bare(lexed(text)).split() if word not in COMMON and not word.isdigit()]
    return " ".join(left) if alone or led(lexed(text)) is not None else ""


def untimed(intent: str, reply: Reply | Act, text: str) -> Reply | Act:
    """The reply to a pause, with a word that it has no end where the text names one."""
    if intent != "pause" or not pause_is_timed(bare(lexed(text))):
        return reply
    if isinstance(reply, Reply):
        return replace(reply, html=f"{reply.html}\n{NO_END}".strip())
    return lambda c: replace(done := reply(c), html=f"{done.html}\n{NO_END}")


NO_END = "I cannot time a pause: it lasts until you say resume."
EVERY_ONE = word_set("all everything every both each")
COMMON = word_set(
    "the one ones with and on of strategy strategies trade trades stop for when my at bot bots trading pause resume"
    " restart unpause delete rename please now again just it this that them me today you can could would will algo"
    " algos machine program robot engine system trader sayso hey hi ok okay to buying entries a an in"
)
"""Words that tell no strategy apart, even where one is called so."""
