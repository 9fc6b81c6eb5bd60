"""Readers of profits taken in parts: `sell 30% at +5%, 30% at +10% and the rest at +15%`, `half at 1R, half at 2R`."""

from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.protection import distance
from strategy_dsl.phrasebook.spans import plain

NAMED = {"half": Decimal(50), "quarter": Decimal(25)}


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
    if len(parts) < 2 or sum(share for share, _ in parts) > 100 or not _rising([level for _, level in parts]):
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
    token = c.peek()
    level = distance(c)
    if level is None or level.kind not in ("percent", "r") or token.value is None or token.value <= 0:
        return None
    if level.kind == "percent" and token.unit != "percent":
        return None
    c.says("above_entry", "in_profit")
    return share, level.text


def _share(c: Cursor, before: Decimal) -> Decimal | None:
    if c.says("rest"):
        return 100 - before if before else None
    if c.peek().text in NAMED:
        c.at += 1
        share = NAMED[c.tokens[c.at - 1].text]
        c.skip(frozenset({"of", "it", "the", "position"}))
        return share
    token = c.take("number")
    if token is None or token.unit != "percent" or token.value is None or token.text.startswith(("+", "-")):
        return None
    c.skip(frozenset({"of", "it", "the", "position", "off"}))
    return token.value


def _rising(levels: list[str]) -> bool:
    """Whether the levels are of one kind and each is further than the one before."""
    units = {level[-1] for level in levels}
    values = [Decimal(level.rstrip("%r")) for level in levels]
    return len(units) == 1 and values == sorted(set(values))
