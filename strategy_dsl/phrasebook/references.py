"""What a bare length points at: `the 20` after `the 20, 50 and 200 EMA` is that average."""

import re
from collections.abc import Sequence
from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.list_words import values, with_length
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.operands import PRICE, average
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand

LENGTH = re.compile(r"\w+\(close, (\d+)\)")
BEFORE = word_set("above below over under crosses cross beneath at on through reclaims loses touches hits")
ENDING = word_set(", . ; : ! ? and or then if when while sell buy exit close -> ) line again")
CROSSING = word_set("crosses cross crossing")
BETWEEN = word_set("above below over under back the through up down")
LONGEST = 400
KINDS = word_set("ema sma ma wma hma dema tema kama average mean")
LEADING_ON = word_set("is crosses above below over under > <")
COMPARED = word_set("> < over above under below")
OPENING = word_set("( , . and when if while with the as") | {"\n"}


def referred(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with every `the 20` as the one average of that length; one of no known average as a riddle."""
    places = [at for at in range(len(tokens)) if _points(tokens, at)]
    if not places:
        return tuple(tokens)
    known = _averages(tokens)
    if not known:
        return tuple(tokens)
    found = list(tokens)
    for at in places:
        texts = known.get(plain(tokens[at].value or 0), set())
        one = texts.pop() if len(texts) == 1 else None
        texts |= {one} if one else set()
        if one or not _crossed(tokens, at):
            found[at] = replace(tokens[at], kind="average" if one else "riddle", text=one or tokens[at].text)
    return tuple(found)


def _points(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bare whole number stands behind `the` where a value is compared with it."""
    token = tokens[at]
    behind = tokens[at + 1].text if at + 1 < len(tokens) else "."
    if token.kind != "number" or token.unit or token.value is None or token.value != int(token.value):
        return False
    if (at and tokens[at - 1].text in KINDS) or behind in KINDS:
        return False
    near = tokens[at - 1].text == "the" and at > 1 and tokens[at - 2].text in BEFORE
    pointed = near and (behind in ENDING or behind == "\n")
    pointed = pointed or (tokens[at - 1].text == "the" and at > 0 and behind in LEADING_ON)
    return 2 <= token.value <= LONGEST and (pointed or _crossed(tokens, at) or _weighed(tokens, at))


def _weighed(tokens: Sequence[Token], at: int) -> bool:
    """Whether this number and another one are compared, and nothing owns the first: `(50>200)`, `20 over 50`."""
    for sign in (at - 1, at + 1):
        if not 0 < sign < len(tokens) - 1 or tokens[sign].text not in COMPARED:
            continue
        sides = tokens[sign - 1], tokens[sign + 1]
        led = sign < 2 or tokens[sign - 2].text in OPENING
        behind = tokens[sign + 2].text if sign + 2 < len(tokens) else "."
        if led and behind in ENDING and all(one.kind == "number" and not one.unit for one in sides):
            return True
    return False


def _crossed(tokens: Sequence[Token], at: int) -> bool:
    """Whether this number and another one cross: `8 crosses below 21`."""
    for verb in range(max(1, at - 3), min(at + 2, len(tokens) - 1)):
        if tokens[verb].text not in CROSSING:
            continue
        right = next((place for place in range(verb + 1, len(tokens)) if tokens[place].text not in BETWEEN), verb)
        both = {verb - 1, right}
        if at in both and all(tokens[place].kind == "number" and not tokens[place].unit for place in both):
            return True
    return False


def _averages(tokens: Sequence[Token]) -> dict[str, set[str]]:
    """The averages that the text names, by their length."""
    found: dict[str, set[str]] = {}
    for at in range(len(tokens)):
        cursor = Cursor(tokens, at)
        said: list[Operand] = values(cursor, PRICE) or _listed(Cursor(tokens, at))
        one = average(Cursor(tokens, at))
        for each in [*said, *([one] if one else [])]:
            match = LENGTH.match(each.text)
            if match is not None:
                found.setdefault(match.group(1), set()).add(each.text)
    return found


def _listed(c: Cursor) -> list[Operand]:
    """`8, 21 and 55 EMA`, wherever it stands."""
    sizes = []
    while (size := length(c)) is not None:
        sizes.append(plain(size.value or 0))
        ahead = Cursor(c.tokens, c.at)
        if not (ahead.sign(",") or ahead.sign("/") or ahead.says("and")):
            break
        ahead.says("and")
        c.at = ahead.at
    if len(sizes) < 2:
        return []
    found = average(Cursor(c.tokens, c.at - 1))
    return [with_length(found, size) for size in sizes] if found is not None else []
