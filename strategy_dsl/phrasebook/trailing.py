"""Readers of the trailing stop: its distance, and where it begins."""

from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.protection import LINKS, distance
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Choice


@reader
def trail(c: Cursor) -> Item | None:
    """`trailing stop 2%`, `trail by 2 ATR`, `1% trailing stop`, `trail a 1% stop`, with `after 3%`."""
    c.skip(ARTICLES)
    found = _stop_trailing(c) or distance(c)
    if found is not None and found.kind != "trail":
        if found.kind == "r" or not c.says("trail"):
            return None
    elif found is not None:
        c.says("trail")
    else:
        found = _trail_first(c) or _trail_open(c)
    if found is None:
        return None
    after = activation(c)
    return replace(found, kind="trail", text=f"{found.text} {_begins(after)}" if after else found.text)


@reader
def _stop_trailing(c: Cursor) -> Item | None:
    """`stop at 2 ATR trailing`, `stop loss 3% (trailing)`: a trailing stop, with its word behind."""
    if not c.says("stop"):
        return None
    c.skip(LINKS)
    found = distance(c)
    bracket = c.sign("(")
    if found is None or found.kind == "r" or c.peek().text not in ("trailing", "trailed"):
        return None
    c.at += 1
    if bracket and not c.sign(")"):
        return None
    c.says("stop")
    return replace(found, kind="trail")


def _begins(after: str) -> str:
    return "once profit > 0%" if after == "0%" else f"after {after}"


@reader
def _trail_first(c: Cursor) -> Item | None:
    if not c.says("trail"):
        return None
    c.skip(LINKS | {"behind"})
    token = c.peek()
    found = distance(c)
    if found is None or found.kind == "r":
        return None
    c.says("stop")
    c.skip(frozenset({"behind"}))
    if found.kind == "percent" and token.unit in ("", "word"):
        value = plain(token.value or 0)
        options = ((f"{value}% of price", f"{value}%"), (f"{value} times ATR", f"{value} * atr(14)"))
        choice = Choice("percent_of_what", f"Trail it by {value} of what?", options)
        return replace(found, assumed=(), choices=(choice,))
    return found


@reader
def _trail_open(c: Cursor) -> Item | None:
    """`trail it as we go`, `trail the stop`: by the distance of the stop, else it stays open by how much."""
    if not c.says("trail") or c.phrase("stop"):
        return None
    c.skip(frozenset({"up"}))
    if c.says("as_we_go"):
        return Item("trail", "{same}")
    edge = c.ended() or c.peek().kind == "sign" or c.phrase("when") or c.peek().text == "instead"
    return Item("trail", "{same}") if edge else None


@reader
def activation(c: Cursor) -> str | None:
    """`once up 3%`, `after 1R`, `when it is 3% in profit`."""
    c.sign(",")
    signed = c.peek().text in ("at", "from") and c.peek(1).text.startswith("+") and c.peek(1).unit in ("percent", "r")
    if not signed and not c.says("when") and c.peek().text not in ("after", "starting"):
        return None
    c.skip(
        frozenset(
            {
                "after",
                "starting",
                "at",
                "from",
                "is",
                "its",
                "gets",
                "to",
                "reaches",
                "hits",
                "it",
                "we",
                "are",
                "were",
                "im",
                "i",
                "am",
                "a",
            }
        )
    )
    c.skip(frozenset({"the", "trade", "position", "price"}))
    earned = c.says("profit_is", "in_profit", "is_up")
    c.skip(frozenset({"gets", "to", "reaches", "hits"}))
    token = c.take("number")
    if token is None and earned:
        return "0%"
    if token is None or token.unit not in ("percent", "r") or token.value is None:
        return None
    c.says("in_profit")
    return f"{plain(abs(token.value))}{'%' if token.unit == 'percent' else 'r'}"


PEAKS = frozenset({"high", "highs", "peak", "top", "highest", "maximum", "max"})
SINCE = word_set(
    "point price close since after of the entry entering my buy buying i bought it trade position reached was in"
)


@reader
def from_peak(c: Cursor) -> Item | None:
    """`sell if it drops 5% from the top`, `exit when price is 3% below its high since entry`: a trailing stop."""
    if not c.says("sell") or not c.says("when"):
        return None
    c.skip(ARTICLES | {"it", "price", "position", "trade"})
    _ = c.take("coin") or c.take("pair")
    fell = c.says("is_down", "down_move", "is", "move")
    c.skip(frozenset({"by", "back", "more", "than", "down", "over"}))
    token = c.take("number")
    if fell is None or token is None or token.unit != "percent" or token.value is None:
        return None
    below = c.says("below") or ("from" if c.peek().text in ("from", "off") else None)
    c.at += below == "from"
    c.skip(ARTICLES)
    if below is None or (fell in ("is", "move") and token.value < 0) or c.peek().text not in PEAKS:
        return None
    start = c.at
    c.skip(PEAKS)
    c.skip(SINCE)
    named = {one.text for one in c.tokens[start : c.at]}
    edge = c.ended() or c.peek().kind == "sign" or c.phrase("and") or c.phrase("or")
    own = (
        named & {"entry", "bought", "buy", "buying", "entering"}
        or named & {"peak", "top"}
        or named <= {"high", "highs"}
    )
    return Item("trail", f"{plain(abs(token.value))}%") if edge and own else None
