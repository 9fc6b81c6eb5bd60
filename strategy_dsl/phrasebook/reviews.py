"""Holding by a condition looked at once a month, and days that are to end flat: `check monthly`, `intraday`."""

from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.draft import Draft
from strategy_dsl.phrasebook.items import Item

MONTH_END = "last_of_month(UTC)"


@reader
def checked(c: Cursor) -> Item | None:
    """`check monthly`, `evaluated at the month end`, `on the month-end close`."""
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


def reviewed(draft: Draft, items: list[Item]) -> Draft:
    """Every rule only at the end of a month, where it is to be looked at monthly; an intraday trade ends its day."""
    intraday = [item for item in items if item.kind == "intraday"]
    if intraday and not draft.clauses.get("exit_at"):
        draft = replace(draft, loose=(*draft.loose, *intraday))
    if not any(item.kind == "checked" for item in items) or not draft.rules:
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
