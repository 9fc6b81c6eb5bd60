"""The one range of hours that a text speaks of, and the words that point at it.

`first 15 minutes of London give the range. buy above the high`: the range is taken out of the text, and `the high`
becomes its high.
"""

from collections.abc import Sequence
from dataclasses import replace

from strategy_dsl.phrasebook.bar_words import SESSIONS
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.exits import zone
from strategy_dsl.phrasebook.indicators import first_minutes, opening, opening_range
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.tokens import Token

RANGE = word_set("range box")
GIVING = word_set("gives give sets set makes make is are defines define forms form as = -> : the opening")
MARKING = word_set("mark note take draw use get measure : = is the a and of from between high low highs lows session")
OF = word_set("of after in the at open opening session day trading market")
SIDES = {"above": "high", "over": "high", "below": "low", "under": "low", "beneath": "low"}
PARTS = {"high": "high", "top": "high", "low": "low", "bottom": "low"}
BEFORE = word_set("above below over under the of at through beyond breaks break")
FINEST = 5


def ranged(words: Lexed) -> Lexed:
    """The text with its one range of hours put into the words that point at it; others are left as they are."""
    tokens = words.tokens
    found = [(at, said) for at in range(len(tokens)) if (said := _defined(Cursor(tokens, at))) is not None]
    hours = [(at, said) for at, said in found if _session(Cursor(tokens, at)) is None]
    found = hours or found
    if not found or any(said[1] != found[0][1][1] for _, said in found):
        return words
    at, (end, name) = found[0]
    pointed = _pointed(tokens[end:], name)
    if pointed is None:
        return words
    return replace(words, tokens=(*tokens[:at], *pointed))


def _defined(c: Cursor) -> tuple[int, str] | None:
    """A definition that begins here: where it ends, and the range in the rules language."""
    name = _first(c) or _hours(c) or _session(c)
    return (c.at, name) if name is not None else None


@reader
def _first(c: Cursor) -> str | None:
    """`the first 60 minutes of New York give the range`, `opening range = first 15 minutes of London`."""
    led = _led(c)
    c.skip(ARTICLES)
    if opening_range(Cursor(c.tokens, c.at)) is not None:
        return None
    minutes = first_minutes(c) if c.peek().text == "first" else None
    if minutes is None:
        return None
    c.skip(OF)
    clock = c.take("clock")
    place = zone(c)
    c.skip(OF)
    start = c.at
    c.skip(GIVING)
    given = c.peek().text in RANGE
    c.at = c.at + 1 if given else start
    if not (led or given):
        return None
    hour, home, _ = opening(c)
    hour = clock.text if clock is not None else hour
    return f"opening_range({minutes}m, {hour}, {place or home})"


def _led(c: Cursor) -> bool:
    """Whether `opening range:` or `range =` stands here."""
    ahead = Cursor(c.tokens, c.at)
    ahead.skip(frozenset({"opening", "the"}))
    if ahead.peek().text not in RANGE or ahead.peek(1).text not in (":", "=", "is"):
        return False
    c.at = ahead.at + 2
    return True


@reader
def _hours(c: Cursor) -> str | None:
    """`range = 07:00-08:00 london`, `mark the high and low from 00:00 to 08:00 utc`."""
    start = c.at
    c.skip(ARTICLES)
    if c.peek().text in RANGE:
        c.at += 1
        c.skip(frozenset({":", "=", "is", "of", "from", "between", "the"}))
    else:
        verb = c.peek().text
        c.skip(MARKING)
        said = {token.text for token in c.tokens[start : c.at]}
        if verb not in MARKING or not {"high", "low"} <= said:
            return None
    first = c.take("clock")
    if first is None or not (c.says("and", "to_day") or c.sign("-")):
        return None
    last = c.take("clock")
    if last is None:
        return None
    place = zone(c) or "UTC"
    return f"session({first.text}, {last.text}, {place})"


@reader
def _session(c: Cursor) -> str | None:
    """`asia range`, `the asian session range`."""
    c.skip(ARTICLES)
    name = next((term for term in SESSIONS if c.says(term)), None) or {
        "asia": "asia_session", "asian": "asia_session", "london": "london_session",
    }.get(c.peek().text)  # fmt: skip
    if name is None:
        return None
    c.at += c.peek().text in ("asia", "asian", "london")
    if c.peek().text not in RANGE or c.peek(1).text in PARTS:
        return None
    c.at += 1
    start, end, place = SESSIONS[name]
    return f"session({start}, {end}, {place})"


def _pointed(tokens: Sequence[Token], name: str) -> list[Token] | None:
    """The words behind the definition with those that point at it as its high and its low; None where none does."""
    found: list[Token] = []
    at, count = 0, 0
    while at < len(tokens):
        part, end = _part(tokens, at, found)
        if part:
            found.append(Token("level", f"{name}.{part}", tokens[at].start, tokens[end - 1].end))
            at, count = end, count + 1
        else:
            found.append(tokens[at])
            at += 1
    return found if count else None


def _part(tokens: Sequence[Token], at: int, before: list[Token]) -> tuple[str, int]:
    """Which side of the range the words here name, and where they end."""
    c = Cursor(tokens, at)
    last = before[-1].text if before else ""
    c.skip(frozenset({"the", "that", "its", "this"}))
    if c.peek().text in RANGE | {"session", "opening"}:
        c.skip(RANGE | {"session", "opening"})
        if c.peek().text in PARTS:
            return PARTS[c.peek().text], c.at + 1
        side = SIDES.get(last, "")
        return side, c.at
    part = PARTS.get(c.peek().text, "")
    if not part or (last not in BEFORE and c.at == at):
        return "", at
    c.at += 1
    behind = Cursor(tokens, c.at)
    behind.skip(frozenset({"of", "the", "that"}))
    if behind.peek().text in RANGE and c.peek().text == "of":
        return part, behind.at + 1
    plain = c.ended() or c.peek().kind == "sign" or c.peek().text not in ("of", "band", "line", "volume", "channel")
    return (part, c.at) if plain else ("", at)
