"""Readers of a strategy's name in front of its rules: `Opening range breakout: …`."""

from collections.abc import Callable

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import FILLERS, word_set

BREAKS = frozenset({".", ";", "\n", "!", "?"})
NO_TITLE = word_set(
    "no not dont never opposite reverse contrary inverse avoid fade skip against without except unless only if when or"
    " and sell short buy long plus minus entry exit market entries exits"
    " hour hours minute minutes session sessions morning night evening afternoon noon midnight"
    " first last during after before until early late weekend weekends weekday weekdays london york asia tokyo ny us"
)
MOST_TITLE_WORDS = 6


def title(c: Cursor, understood: Callable[[Cursor], Item | None]) -> Item | None:
    """`Opening range breakout: …`: words before a colon that say nothing of their own are the strategy's name."""
    start = c.at
    if start and c.tokens[start - 1].text not in BREAKS:
        return None
    end = next(
        (at for at in range(start, min(len(c.tokens), start + MOST_TITLE_WORDS + 1)) if c.tokens[at].text == ":"), 0
    )
    words = c.tokens[start:end]
    if not words or end + 1 >= len(c.tokens) or any(one.text in NO_TITLE for one in words):
        return None
    if any(one.kind not in ("word", "number") for one in words):
        return None
    strange = False
    while c.at < end:
        place = c.at
        found = understood(c)
        again = found is not None and found.kind == "subject" and _said_later(c, place, end)
        if found is not None and (c.at > end or (found.kind != "idle" and not again)):
            c.at = start
            return None
        if found is None:
            if c.tokens[place].kind == "number" and place == end - 1:
                c.at = start
                return None
            strange = strange or c.tokens[place].text not in FILLERS
            c.at = place + 1
    c.at = end + 1 if strange else start
    return Item("name", " ".join(one.text for one in words)) if strange else None


def _said_later(c: Cursor, place: int, end: int) -> bool:
    """Whether all the words and numbers of this piece of a title stand behind it again: `connors rsi2: … rsi(2) …`."""
    later = {token.text for token in c.tokens[end:]}
    return all(token.text in later for token in c.tokens[place : c.at])
