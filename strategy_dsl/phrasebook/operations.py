"""Operations said in plain words: a verb, what it is done to, and nothing else. `shut all my bots down for today`."""

from collections.abc import Iterator

from strategy_dsl.phrasebook.names import COINS, word_set
from strategy_dsl.phrasebook.operation_words import (
    ALL,
    DETERMINERS,
    LEADS,
    OBJECTS,
    OPERATIONS,
    PARTS,
    SHOWING,
    SHOWN,
    TIMED,
    WHEN,
    Operation,
)

COIN_WORDS = frozenset(COINS)


def _bare(phrase: str) -> str:
    """A phrase as it is left of a text without its determiners."""
    return " ".join(word for word in phrase.split() if word not in DETERMINERS) or phrase


WHOLE = frozenset(["everything", "all of it"])
"""Kinds that mean the whole account: said to the letter, for what is left of `it all` would be any `it`."""
NAMED = {
    kind: frozenset(text.split(" | ")) | {_bare(one) for one in text.split(" | ") if kind not in WHOLE}
    for kind, text in OBJECTS.items()
}
SHOWABLE = {_bare(one): name for name, text in reversed(SHOWN.items()) for one in text.split(" | ")}


def operation(said: str) -> str | None:
    """The command that the whole text is by its verb and its object; None where a word is left over."""
    listed = said.split()
    if {"timezone", "zone"} & set(listed[-6:]) and listed[0] in SETTING:
        return "timezone"
    words = _without(said.split(), LEADS, at_end=False)
    timed = _is_timed(words)
    words = _without(words, f"{WHEN} | {TIMED}", at_end=True)
    if not words or len(words) > MOST_WORDS:
        return None
    for row in OPERATIONS:
        if any(_fits(row, rest) for rest in _objects(words, row.verbs)):
            return _done(row.name, words, timed=timed)
    return _shown(words)


def _done(name: str, words: list[str], *, timed: bool) -> str | None:
    """What is done of an operation: a part or some bots never become everything, and nothing acts for a time."""
    if name == "panic" and PARTS & set(words):
        name = "close"
    if name == "stop" and (timed or (ALL | SEVERAL) & set(words)):
        return "pause"
    return None if timed and name in UNTIMED else name


def closing(said: str) -> str:
    """What a text that is the operation `close` wants sold: `all BTC` of `please dump all BTC now`."""
    words = _without(_without(said.split(), LEADS, at_end=False), WHEN, at_end=True)
    verbs = " | ".join(row.verbs for row in OPERATIONS if row.name in ("close", "panic"))
    rests = sorted(_objects(words, verbs), key=len)
    return " ".join(rests[0]) if rests else ""


def pause_is_timed(said: str) -> bool:
    """Whether a pause names its end, which none has: `stop the bots for the weekend`."""
    return _is_timed(said.split())


def _is_timed(words: list[str]) -> bool:
    """Whether a time stands at the end, with or without words behind it that add nothing."""
    return len(_without(words, f"{WHEN} | {TIMED}", at_end=True)) < len(_without(words, WHEN, at_end=True))


MOST_WORDS = 10
SETTING = word_set("set change use my make switch")
SEVERAL = word_set("bots strategies algos")
"""To stop all of them is to pause them: who wants everything sold says so."""
UNTIMED = frozenset(["panic", "close", "resume", "paper"])


def _without(words: list[str], phrases: str, at_end: bool) -> list[str]:
    """The words without any of these phrases in front, or at the end, as long as something is left."""
    listed = [phrase.split() for phrase in phrases.split(" | ")]
    while True:
        fitting = [
            each
            for each in listed
            if len(each) < len(words) and (words[-len(each) :] == each if at_end else words[: len(each)] == each)
        ]
        if not fitting:
            return words
        size = max(len(each) for each in fitting)
        words = words[:-size] if at_end else words[size:]


def _objects(words: list[str], verbs: str) -> Iterator[list[str]]:
    """What stands where each fitting verb has its object."""
    for verb in verbs.split(" | "):
        head, parted, tail = verb.partition("…")
        first, last = head.split(), tail.split()
        if words[: len(first)] != first:
            continue
        rest = words[len(first) :]
        if not parted or not last:
            yield rest
        elif rest[-len(last) :] == last:
            yield rest[: -len(last)]
        elif rest[: len(last)] == last:
            yield rest[len(last) :]


def _fits(row: Operation, words: list[str]) -> bool:
    """Whether these words are an object of the operation, or none where it needs none."""
    if not words:
        return row.alone
    coins = set(words) & COIN_WORDS
    if coins and row.name == "panic":
        return False
    noun = " ".join(word for word in words if word not in DETERMINERS and word not in COIN_WORDS)
    named = any(" ".join(words) in NAMED[kind] or (noun and noun in NAMED[kind]) for kind in row.objects)
    everything = "everything" in row.objects and "all" in words and set(words) <= JUST_ALL
    if row.wants_all:
        if PARTS & set(words) and noun in PRONOUNS:
            return True
        whole = noun.endswith("s") or bool(coins) or bool((ALL | OWN) & set(words))
        return (named and whole) or (noun == "" and bool(coins) and bool((ALL | OWN) & set(words)))
    return named or everything


OWN = word_set("my the half")
JUST_ALL = word_set("all my our the of open these those now")
PRONOUNS = frozenset(["", "it", "them", "of it", "of them", "everything", "of everything", "it all", "of it all"])
"""What a part may be of: it is answered that positions are closed whole."""


def _shown(words: list[str]) -> str | None:
    """`show me my last trades`, `todays profit please`: what is to be shown."""
    rests = [rest for rest in _objects(words, SHOWING) if rest]
    named = len(words) > 1 and "trade" not in (words[0], words[-1]) and not set(words) & COIN_WORDS
    if words[0] in TELLING_BARE or named:
        rests.append(words)
    for rest in rests:
        bare = [word for word in rest if word not in DETERMINERS and word not in COIN_WORDS and not word.isdigit()]
        name = SHOWABLE.get(" ".join(bare))
        if name is not None:
            return "status" if name == "trades" and {"open", "current", "running"} & set(rest) else name
    return None


TELLING_BARE = word_set(
    "status balance balances portfolio trades profit profits pnl summary report recap stats statistics performance"
    " limits versions alerts costs help commands menu backtest chart orders health version positions holdings wallet"
    " strategies"
)
"""Nouns that alone ask to be shown; others alone, such as `trade`, say too little."""
