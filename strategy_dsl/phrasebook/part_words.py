"""Readers of profits taken in parts: `sell 30% at +5%, 30% at +10% and the rest at +15%`, `half at 1R, half at 2R`."""

from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.protection import distance, price
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token

THIRD = Decimal("33.33")
NAMED = {"half": Decimal(50), "quarter": Decimal(25), "third": THIRD}


@reader
def in_parts(c: Cursor) -> Item | None:
    """At least two parts of the position, each at its profit; together at most the whole."""
    c.skip(frozenset({"take", "book", "close", "sell", "scale", "out", "exit"}))
    c.says("target")
    parts: list[tuple[Decimal, str]] = []
    while (part := _part(c, sum((share for share, _ in parts), Decimal(0)))) is not None:
        parts.append(part)
        start = c.at
        c.sign(",")
        c.says("and")
        c.skip(frozenset({"then", "sell", "take"}))
        if _part(Cursor(c.tokens, c.at), sum((share for share, _ in parts), Decimal(0))) is None:
            c.at = start
            break
    if (
        len(parts) < 2
        or sum(share for share, _ in parts) > 100
        or not _rising([level.removeprefix("at ") for _, level in parts])
    ):
        return None
    return Item("target", ", ".join(f"{level} for {plain(share)}%" for share, level in parts))


@reader
def _part(c: Cursor, before: Decimal) -> tuple[Decimal, str] | None:
    """`30% at +5%`, `half at 1R`, `the rest at 10% profit`."""
    c.skip(ARTICLES)
    share = _share(c, before)
    if share is None or share <= 0 or c.peek().text not in ("at", "on", "when"):
        return None
    c.skip(frozenset({"at", "on", "when", "up", "it", "is"}) | ARTICLES)
    fixed = price(Cursor(c.tokens, c.at))
    if fixed is not None:
        c.at += 1
        return share, f"at {fixed}"
    token = c.peek()
    if token.unit == "x" and token.value is not None and token.value > 1 and not c.phrase("stop"):
        c.at += 1
        return share, f"{plain((token.value - 1) * 100)}%"
    level = distance(c)
    if level is None or level.kind not in ("percent", "r") or token.value is None or token.value <= 0:
        return None
    if level.kind == "percent" and token.unit != "percent":
        return None
    c.says("above_entry", "in_profit")
    return share, level.text


@reader
def numbered(c: Cursor) -> Item | None:
    """`TP1 63000 TP2 65000`, `targets 150 / 160 / 175`: equal parts, each at its price or its profit."""
    levels: list[str] = []
    while (level := _numbered_level(c, bool(levels))) is not None:
        levels.append(level)
        start = c.at
        if not (c.sign(",") or c.sign("/")):
            c.says("and")
        if _numbered_level(Cursor(c.tokens, c.at), True) is None:
            c.at = start
            break
    if not 2 <= len(levels) <= 5 or not _rising([one.removeprefix("at ") for one in levels]):
        return None
    share = (Decimal(100) / len(levels)).quantize(Decimal("0.01"))
    shares = [share] * (len(levels) - 1) + [100 - share * (len(levels) - 1)]
    text = ", ".join(f"{level} for {plain(part)}%" for level, part in zip(levels, shares, strict=True))
    return Item("target", text, (f"{len(levels)} equal parts: how much each sells was not said",))


@reader
def _numbered_level(c: Cursor, following: bool) -> str | None:
    """`TP1 63000`, `target 2: 65000`, or behind the first a bare level."""
    named = c.says("target")
    if not named and not following:
        return None
    ordinal = c.peek()
    if named and ordinal.kind == "number" and ordinal.unit == "" and ordinal.value is not None and ordinal.value <= 5:
        c.at += 1
    c.skip(frozenset({":", "at", "=", "->", "is"}))
    fixed = price(Cursor(c.tokens, c.at))
    if fixed is not None:
        c.at += 1
        return f"at {fixed}"
    token = c.take("number")
    return f"{plain(token.value)}%" if token is not None and token.unit == "percent" and token.value else None


def _share(c: Cursor, before: Decimal) -> Decimal | None:
    if c.says("rest"):
        return 100 - before if before else None
    if c.peek().text in NAMED:
        c.at += 1
        share = NAMED[c.tokens[c.at - 1].text]
        share = 100 - before if share == THIRD and before == 2 * THIRD else share
        c.skip(frozenset({"of", "it", "the", "position"}))
        return share
    token = c.take("number")
    if token is not None and c.peek().text == "/" and c.peek(1).kind == "number":
        return _fraction(c, token, before)
    if token is None or token.unit != "percent" or token.value is None or token.text.startswith(("+", "-")):
        return None
    c.skip(frozenset({"of", "it", "the", "position", "off"}))
    return token.value


def _fraction(c: Cursor, token: Token, before: Decimal) -> Decimal | None:
    """`1/3`, `2/3`, `1/4`: the last of three thirds is all that is left."""
    c.at += 1
    below = c.take("number")
    if below is None or below.value is None or token.value is None or below.unit or token.unit:
        return None
    if not 0 < token.value < below.value <= 10:
        return None
    share = (100 * token.value / below.value).quantize(Decimal("0.01"))
    c.skip(frozenset({"of", "it", "the", "position", "off"}))
    return 100 - before if 0 < before < 100 and abs(before + share - 100) < Decimal("0.1") else share


def _rising(levels: list[str]) -> bool:
    """Whether the levels are of one kind and each is further than the one before."""
    units = {level[-1] if level[-1] in "%r" else "" for level in levels}
    values = [Decimal(level.rstrip("%r")) for level in levels]
    return len(units) == 1 and values == sorted(set(values))
