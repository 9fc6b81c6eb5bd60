"""Which words of the text went into which clause, so that the readback can say "you said"."""

from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import ARTICLES, FILLERS
from strategy_dsl.phrasebook.reading import Mark
from strategy_dsl.phrasebook.tokens import Token

CLAUSES = {
    "condition": "buy",
    "hold": "buy",
    "filter": "buy",
    "subject": "buy",
    "market": "trade",
    "timeframe": "trade",
    "stop": "stop loss",
    "target": "take profit",
    "bracket": "stop loss and take profit",
    "trail": "trailing stop",
    "break_even": "break even",
    "exit_after": "exit after",
    "exit_at": "exit at",
    "at_once": "open positions",
    "per_day": "entries a day",
    "window": "only",
}
IDLE = ("filler", "joint", "break", "unknown")


def marks_of(items: list[Item], words: Lexed, text: str) -> tuple[Mark, ...]:
    """A mark for every word that carries meaning and was read."""
    found: list[Mark] = []
    for item in items:
        if item.kind in IDLE:
            continue
        clause = CLAUSES.get(item.kind, item.kind)
        found += [
            Mark(text[token.start : token.end], token.start, token.end, clause)
            for token in words.tokens[item.start : item.end]
            if _telling(token)
        ]
    return tuple(found)


def _telling(token: Token) -> bool:
    if token.kind in ("number", "span", "clock", "coin", "pair"):
        return True
    return token.kind == "word" and token.text not in FILLERS and token.text not in ARTICLES
