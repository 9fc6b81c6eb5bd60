"""Readers of a new number for a thing that has one: `bump the size to 300`, `lower the RSI entry to 25`."""

import re
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.changes import CannotChange, Step
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.spans import plain

VERBS = word_set("bump set make change raise increase lower reduce decrease cut put move drop bring up down the to")
SIDES = {"entry": ("buy", "short"), "exit": ("sell", "cover", "exit"), "buy": ("buy",), "sell": ("sell",)}
"""Which rules a word for the way in or out is about."""


@reader
def size_to(c: Cursor) -> Found | None:
    """`size to 300`, `make the position size 300`: in the unit that the size has now."""
    c.skip(VERBS | ARTICLES)
    if not c.says("size"):
        return None
    c.skip(frozenset({"to", "at", "=", ":", "up", "down"}))
    token = c.take("number")
    if token is not None and token.unit == "percent" and token.value is not None and token.value > 0:
        c.skip(frozenset({"of", "my", "the", "equity", "account", "balance", "portfolio", "capital"}))
        return Found(changes.merged(f"size {plain(token.value)}% of equity"))
    if token is None or token.value is None or token.value <= 0 or token.unit not in ("", "word", "usd"):
        return None
    if token.unit == "usd":
        return Found(changes.merged(f"size {plain(token.value)} USDT"))
    return Found(_sized(token.value)) if c.ended() or c.peek().kind == "sign" or c.phrase("and") else None


def _sized(value: Decimal) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        match strategy.size:
            case nodes.SizeMoney(money):
                return changes.merged(f"size {plain(value)} {money.currency}")(strategy)
        raise CannotChange(f"Say {plain(value)} of what: {plain(value)} USDT, or {plain(value)}% of equity?")

    return step


@reader
def sided_level(c: Cursor) -> Found | None:
    """`lower the RSI entry to 25`, `RSI exit 65`, `sell at RSI 65 instead`: the level of one side's rule."""
    swap = _led_by_action(c)
    if swap is not None:
        return swap
    c.skip(VERBS | ARTICLES)
    name = c.says("rsi", "mfi", "cci", "adx", "stochastic")
    side = SIDES.get(c.peek().text)
    if name is None or side is None:
        return None
    c.at += 1
    c.skip(frozenset({"level", "threshold", "to", "at", "=", ":"}))
    return _found(c, name, side)


@reader
def _led_by_action(c: Cursor) -> Found | None:
    side = SIDES.get(c.peek().text) if c.peek().text in ("buy", "sell", "exit") else None
    if side is None or c.peek(1).text not in ("at", "when", "on"):
        return None
    c.at += 2
    name = c.says("rsi", "mfi", "cci", "adx", "stochastic")
    c.says("above", "below")
    found = _found(c, name, side) if name else None
    if found is None or not (c.ended() or c.peek().text in ("instead", "not", "rather")):
        return None
    c.at += c.peek().text == "instead" and c.peek(1).text != "of"
    return found


def _found(c: Cursor, name: str, side: tuple[str, ...]) -> Found | None:
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word"):
        return None
    return Found(_levelled(name, side, token.value))


def _levelled(name: str, side: tuple[str, ...], value: Decimal) -> Step:
    """The one level of this score in the rules of this side, as another."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        lines = [text for _, text in clause_lines(strategy)]
        pattern = re.compile(
            rf"(\b{name}\([^)]*\)(?:\.\w+)?(?: on \w+)? (?:crosses above|crosses below|[<>]=?) )(\d+(?:\.\d+)?)"
        )
        places = [
            (at, match) for at, line in enumerate(lines) if line.startswith(side) for match in pattern.finditer(line)
        ]
        if len(places) != 1:
            raise CannotChange(
                f"The {name.upper()} has {len(places) or 'no'} levels there. Say for example: 25 instead of 30."
            )
        at, match = places[0]
        lines[at] = f"{lines[at][: match.start(2)]}{plain(value)}{lines[at][match.end(2) :]}"
        return parse("\n".join(lines)).strategy

    return step


@reader
def length_to(c: Cursor) -> Found | None:
    """`use RSI(7)`, `make the RSI 21 periods`, `RSI length 9`: another length wherever the score stands."""
    c.skip(VERBS | ARTICLES | {"use", "with"})
    name = c.says("rsi", "mfi", "cci", "adx", "atr")
    if name is None:
        return None
    bracket = c.sign("(")
    led = c.peek().text in ("length", "period", "periods", "lookback")
    c.skip(
        frozenset({"length", "period", "periods", "lookback", "to", "of", "over", "=", ":", "is", "should", "be", "at"})
    )
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or not 2 <= token.value <= 400:
        return None
    worded = c.peek().text in ("period", "periods", "bar", "bars", "candle", "candles", "length", "lookback")
    c.at += worded
    closed = c.sign(")") if bracket else worded or c.says("chart") is not None
    ended = c.ended() or c.peek().kind == "sign" or c.phrase("and") or c.peek().text in ("not", "instead", "rather")
    return Found(_lengthened(name, token.value)) if (led or closed) and ended else None


def _lengthened(name: str, value: Decimal) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        lines = [text for _, text in clause_lines(strategy)]
        changed = [re.sub(rf"\b{name}\(\d+\)", f"{name}({plain(value)})", line) for line in lines]
        if changed == lines:
            raise CannotChange(f"There is no {name.upper()} of another length in these rules.")
        return parse("\n".join(changed)).strategy

    return step
