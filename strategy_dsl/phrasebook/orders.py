"""Readers of how an entry is placed: limit and stop orders, and how long they wait."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.protection import price
from strategy_dsl.phrasebook.spans import plain, span
from strategy_dsl.phrasebook.statements import Choice

NO_LENGTH = "the order waits for 3 candles: no length was said"
BESIDE = ARTICLES | {"at", "is", "placed", "set", "put", "it", "for", "entry", "of", "with"}


@reader
def order(c: Cursor) -> Item | None:
    """`limit buy half a percent under the close`, `buy stop above yesterday's high`, `enter on a stop at 62000`."""
    c.skip(frozenset({"with", "put", "place", "a", "an", "via", "using", "use", "enter", "on"}))
    kind = c.says("limit_order", "stop_order")
    if kind is None:
        return None
    c.skip(BESIDE)
    level = _level(c)
    if level is None:
        return _open(c) if kind == "limit_order" else None
    c.skip(frozenset({"signal", "bar", "candle"}))
    waiting, notes = _waiting(c)
    name = "limit" if kind == "limit_order" else "stop"
    return Item("order", f"{name} at {level[0]}{waiting}", (*level[1], *notes))


def _open(c: Cursor) -> Item | None:
    """`use limit orders`: at what price stays open."""
    c.skip(
        frozenset({"to", "not", "market", "instead", "of", "orders"})
        if c.peek().text in ("not", "instead")
        else frozenset({"to"})
    )
    options = tuple(
        (f"{off}% below the close", f"limit at {off}% below close for 3 bars") for off in ("0.5", "0.2", "1")
    )
    return Item(
        "order", options[0][1], choices=(Choice("order_type", "At what price should the limit order stand?", options),)
    )


@reader
def _level(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """A price, a percentage off the close, or a level by name."""
    fixed = price(c)
    if fixed is not None:
        return fixed, ()
    tick = c.says("one_tick")
    shift = c.take("number") if not tick else None
    side = c.says("above", "below")
    if shift is not None:
        if shift.unit != "percent" or shift.value is None or side is None:
            return None
        start = c.at
        base = operand(c)
        if base is None:
            c.at = start
            c.skip(ARTICLES | {"market", "current"})
            c.says("price")
        text = base.text if base is not None else "close"
        if base is not None and base.kind != "price":
            return None
        return f"{plain(shift.value)}% {side} {_now(text)}", () if base is None else base.assumed
    base = operand(c)
    if base is None or base.kind != "price":
        return None
    if side is None:
        return _now(base.text), base.assumed
    return f"0.01% {side} {_now(base.text)}", (*base.assumed, f"{side} a level read as 0.01% {side} it")


def _now(text: str) -> str:
    """A high or low with the candle at hand in it: the order is placed after that candle."""
    return text.replace("{prior:}", "").replace("{prior:", "{on:")


def _waiting(c: Cursor) -> tuple[str, tuple[str, ...]]:
    """`for 3 bars`, `cancel if not filled in 2 days`; else three candles, and said so."""
    start = c.at
    c.sign(",")
    c.skip(frozenset({"and"}))
    if c.peek().text == "for" or c.says("cancel_unfilled"):
        c.skip(frozenset({"for", "in", "within", "after"}))
        time = span(c)
        if time is not None:
            return f" for {time.text()}", ()
    c.at = start
    return " for 3 bars", (NO_LENGTH,)


@reader
def cancelled(c: Cursor) -> Item | None:
    """`cancel if not filled in 2 days` on its own, for the order said before."""
    if not c.says("cancel_unfilled"):
        return None
    c.skip(frozenset({"for", "in", "within", "after"}))
    time = span(c)
    return Item("waiting", time.text()) if time is not None else None
