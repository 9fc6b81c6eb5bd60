"""Holding by a condition looked at once a month, and days that are to end flat: `check monthly`, `intraday`."""

from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.draft import Draft, Rule
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.spans import plain

MARK = "{month_end}"
"""Behind a close that is the month's."""
MONTH_END = "last_of_month(UTC)"
ACTED = frozenset({"buy", "sell", "exit", "close", "short", "cover", "out", "long", "enter"})
"""Behind these the end of the month is when it is done, and not when it is looked at."""


@reader
def checked(c: Cursor) -> Item | None:
    """`check monthly`, `evaluated at the month end`, `on the month-end close`."""
    if c.at and c.tokens[c.at - 1].text in ACTED:
        return None
    c.skip(frozenset({"and", "only", "re"}))
    return Item("checked") if c.says("check_monthly") else None


@reader
def same_day(c: Cursor) -> Item | None:
    """`intraday`, `day trading`, `no overnight positions`: flat at the day's end, which has to be said."""
    return Item("intraday") if c.says("intraday") else None


@reader
def kept(c: Cursor) -> Item | None:
    """`… hold`, `… be in`, behind a condition: in while it is true."""
    before = c.tokens[c.at - 1].text if c.at else ""
    if not c.says("hold"):
        return None
    c.skip(frozenset({"it"}))
    _ = c.take("coin")
    edge = c.ended() or (c.peek().kind == "sign" and c.peek().text != ":") or c.peek().text in ("otherwise", "else")
    return Item("kept") if edge and before not in (".", "\n", ";") else None


@reader
def spread(c: Cursor) -> Item | None:
    """`five assets 20% each`: as many positions, each of that size."""
    count = c.take("number")
    if count is None or count.value is None or count.unit not in ("", "word") or not 2 <= count.value <= 50:
        return None
    if c.peek().text not in ("assets", "coins", "markets", "cryptos", "tokens", "positions"):
        return None
    c.at += 1
    c.skip(frozenset({",", "at", "with", "of"}))
    share = c.take("number")
    if share is None or share.unit != "percent" or share.value is None or share.value * count.value > 100:
        return None
    return Item("spread", f"{plain(count.value)}|{plain(share.value)}") if c.says("per_trade") else None


def spread_out(draft: Draft, items: list[Item]) -> Draft:
    """The draft with the number and the size of its positions; which markets they are has to be said."""
    said = [item for item in items if item.kind == "spread"]
    if len(said) != 1 or "size" in draft.clauses or "at_once" in draft.clauses:
        return replace(draft, loose=(*draft.loose, *said))
    count, _, share = said[0].text.partition("|")
    return replace(draft, clauses=draft.clauses | {"at_once": (count,), "size": (f"{share}% of equity",)}, unnamed=True)


def _plain(rule: Rule) -> Rule:
    return replace(rule, condition=replace(rule.condition, text=rule.condition.text.replace(MARK, "")))


def reviewed(draft: Draft, items: list[Item]) -> Draft:
    """Every rule only at the end of a month, where it is to be looked at monthly; an intraday trade ends its day."""
    draft = spread_out(draft, items)
    intraday = [item for item in items if item.kind == "intraday"]
    if intraday and not draft.clauses.get("exit_at"):
        draft = replace(draft, loose=(*draft.loose, *intraday))
    if not draft.rules:
        draft = replace(draft, loose=(*draft.loose, *(item for item in items if item.kind == "checked")))
    at_month_end = any(MARK in rule.condition.text for rule in draft.rules)
    if at_month_end:
        draft = replace(draft, rules=tuple(_plain(rule) for rule in draft.rules))
    if not (at_month_end or any(item.kind == "checked" for item in items)) or not draft.rules:
        return draft
    rules = tuple(
        replace(
            rule, condition=replace(rule.condition, text=f"{MONTH_END} and ({rule.condition.text})", joined_by="and")
        )
        for rule in draft.rules
    )
    return replace(
        draft,
        rules=rules,
        frame=draft.frame or "1d",
        assumed=(*draft.assumed, "looked at once a month, on its last close (UTC)"),
    )
