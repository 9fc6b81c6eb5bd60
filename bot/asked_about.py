"""What a question about the past is about: `btc yesterday`, `trade 3`, `since tuesday`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.coin_names import coin_named
from bot.spoken_dates import Span, span_of
from strategy_dsl.phrasebook.names import word_set

_SMALL = word_set(
    "a an any any's at been bought buy buying did didn't didnt do for happen happened has hasn't hasnt have i in is it"
    " it's its made my no not nothing of on position sell selling sold that the there this trade traded trades trading"
    " was you your why"
)
_NOT = word_set("not no nothing didn't didnt hasn't hasnt")
_SELLS = word_set("sell selling sold exit exited close closed")
_DAYLIKE = re.compile(
    r"\b(?:\d{4}|\d{1,2}[/.]\d{1,2}(?:[/.]\d+)?|(?:jan|feb|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*|march|morning|evening"
    r"|night|noon|(?:mon|tues|wednes|thurs|fri|satur|sun)day|before|until|ago|last year)\b",
    re.I,
)
_ANY = datetime(2024, 1, 31, 12, tzinfo=UTC)
"""Which words name a day does not depend on the clock."""
_NUMBER = re.compile(r"(?:\btrade |#|^)(\d{1,6})\b", re.I)


@dataclass(frozen=True)
class About:
    """Which coin, which trade by its number, which time; None where nothing was said of it."""

    coin: str | None = None
    number: int | None = None
    span: Span | None = None
    is_whole: bool = True
    """Whether every word was understood."""
    unread: str = ""
    """Words that look like a day and were not understood."""
    sells: bool = False
    """Whether it is about a sale."""

    def takes(self, market: str) -> bool:
        """Whether a market is meant."""
        return self.coin in (None, market.split("/")[0])


def about(text: str, now: datetime, zone: str) -> About:
    """What some words are about; words that say nothing of it are passed over."""
    text = text.replace("’", "'")
    found = span_of(text, now, zone)
    span, rest = (None, text) if found is None else found
    number = _NUMBER.search(rest.strip())
    if number is not None:
        rest = rest.replace(number[0], " ", 1)
    coin, left = None, []
    for word in re.findall(r"[\w'/]+", rest):
        if (named := coin_named(word)) is not None:
            coin = coin or named
        elif word.lower() not in _SMALL:
            left.append(word)
    said = set(text.lower().split())
    return About(
        coin, int(number[1]) if number else None, span, not left, " ".join(_DAYLIKE.findall(rest)), bool(_SELLS & said)
    )


def is_about(text: str) -> bool:
    """Whether some words say nothing but what a question is about."""
    return about(text, _ANY, "UTC").is_whole


def is_about_trade(text: str) -> bool:
    """Whether some words are about what was done, and not about what was not."""
    return is_about(text) and not _NOT & set(text.lower().replace("’", "'").split())
