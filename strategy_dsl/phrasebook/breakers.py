"""Readers of what stops a strategy: drawdown, the loss of a day, losses in a row."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import plain, span

FILLED = ARTICLES | {"account", "equity", "balance", "portfolio", "ever", "is", "its", "im", "i", "am", "we", "were",
                     "are", "it", "down", "by", "more", "than", "over", "exceeds", "hits", "reaches", "loses", "lose",
                     "lost", "at", "goes", "drops", "falls", "above", ">", "of"}  # fmt: skip


@reader
def breaker(c: Cursor) -> Item | None:
    """A way of stopping and what for, in either order."""
    if _is_stop_loss(c):
        return _limit(c)
    way = _way(c)
    if way:
        c.sign(",")
        led = c.says("when", "after_word")
        cause = _cause(c) if led or c.tokens[c.at - 1].text in ("after", "at") else None
    else:
        led = c.says("when", "after_word")
        cause = _cause(c)
        arrow = c.sign("->") or c.sign("=") or c.sign(":") or c.peek().text == "then"
        cause = cause if led or (arrow and cause and cause[0] == "losses") else None
        c.sign(",")
        c.skip(frozenset({"then"}))
        way = _way(c) if cause else None
    if way is None or cause is None:
        return _limit(c)
    return _item(way, cause, c)


def _is_stop_loss(c: Cursor) -> bool:
    """Whether `stop at 2%` says where the stop loss stands, and not at what fall of the account to stop."""
    if c.peek().text != "stop" or c.peek(1).text not in ("at", "on") or c.peek(2).kind != "number":
        return False
    ahead = Cursor(c.tokens, c.at + 3)
    return not ahead.says("drawdown", "off_high", "loss_noun", "daily_loss", "today") and ahead.peek().text != "down"


def _item(way: str, cause: tuple[str, str], c: Cursor) -> Item:
    kind, size = cause
    condition = {
        "drawdown": f"drawdown > {size}%",
        "day": f"day_loss > {size}%",
        "today": f"day_loss > {size}%",
        "losses": f"losses_in_a_row >= {size}",
    }[kind]
    if way.startswith("close"):
        return Item("halt", f"and close when {condition.replace('day_loss', 'drawdown')}")
    if way.startswith("pause "):
        return Item("pause", f"{way.removeprefix('pause ')} when {condition}")
    if way == "day" or kind == "today":
        return Item("pause", f"until tomorrow when {condition}", ("a day in UTC",))
    if kind == "day":
        note = "down so much counted from the highest value of the account"
        return Item("halt", f"when drawdown > {size}%", (note,))
    return Item("halt", f"when {condition}")


@reader
def _way(c: Cursor) -> str | None:
    """How to stop: for the day, for a while, for good, or with everything closed."""
    if c.says("day_over"):
        return "day"
    if c.says("close_and_stop"):
        return "close"
    if c.says("halt_word"):
        if c.says("for_the_day"):
            return "day"
        start = c.at
        c.skip(frozenset({"for", "trading"}))
        time = span(c)
        if time is not None and time.minutes and not time.bars:
            return f"pause {time.text()}"
        c.at = start
        return "good"
    return None


@reader
def _cause(c: Cursor) -> tuple[str, str] | None:
    """`down 10%`, `10% off its high`, `drawdown hits 10%`, `3 losses in a row`, `2% down today`."""
    c.skip(FILLED - {"drawdown"})
    named = c.says("drawdown")
    c.skip(FILLED)
    token = c.take("number")
    if token is None or token.value is None:
        return None
    value = plain(abs(token.value))
    if token.unit in ("", "word") and token.value == int(token.value):
        if not c.says("loss_noun"):
            return None
        return ("losses", value) if c.says("row") or token.value == 1 else None
    if token.unit != "percent":
        return None
    c.skip(frozenset({"down", "lost", "loss", "of", "equity", "in", "the", "red"}))
    if c.says("off_high", "drawdown") or named:
        return "drawdown", value
    return ("today", value) if c.says("today") else ("day", value)


@reader
def _limit(c: Cursor) -> Item | None:
    """`max daily loss 2%`, `2% loss a day`, `max drawdown 10%`, `daily loss limit of 3%`."""
    c.skip(frozenset({"and", "a", "the"}))
    c.says("max")
    c.skip(ARTICLES)
    token = c.take("number")
    if token is None:
        kind = c.says("daily_loss", "drawdown")
        c.skip(ARTICLES | {"limit", "is", ":", "at", "to", "="})
        token = c.take("number") if kind else None
        kind = kind or ""
    else:
        kind = "drawdown" if c.says("drawdown") else ("daily_loss" if _loss_a_day(c) else "")
    if token is None or token.unit != "percent" or token.value is None or not kind:
        return None
    value = plain(abs(token.value))
    if kind == "drawdown":
        return Item("halt", f"when drawdown > {value}%")
    return Item("pause", f"until tomorrow when day_loss > {value}%", ("a day in UTC",))


def _loss_a_day(c: Cursor) -> bool:
    start = c.at
    if c.says("daily_loss") or (c.says("loss_noun") and c.says("per_day")):
        return True
    c.at = start
    return False
