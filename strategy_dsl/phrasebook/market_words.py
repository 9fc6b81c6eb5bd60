"""Readers of changes of the markets: `also do it for ETH`, `ETH instead of BTC`, `drop DOGE, use SOL`."""

import re

from strategy_dsl import nodes
from strategy_dsl.formatter import format_strategy
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.changes import CannotChange, Step
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.spans import timeframe_word


@reader
def markets(c: Cursor) -> Found | None:
    """`also do it for ETH`, `add SOL`, `ETH instead of BTC`, `switch to ETH`, `drop DOGE`, `same for SOL`."""
    swap = _replaced(c)
    if swap is not None:
        return swap
    start = c.at
    c.skip(MARKET_WORDS)
    lead = [token.text for token in c.tokens[start : c.at]]
    names = []
    while (token := c.take("coin") or c.take("pair")) is not None:
        names.append(token.text)
        if not (c.says("and") or c.sign(",")):
            break
    if not names:
        return None
    if c.peek().text in ("instead", "not", "rather"):
        c.at += 1
        c.skip(frozenset({"of", "than"}))
        old = c.take("coin") or c.take("pair")
        return Found(_exchanged(tuple(names), old.text if old else None))
    if set(lead) & {"drop", "remove", "delete", "without", "no", "stop"}:
        new = _taken_up(c) if len(names) == 1 else None
        if new is not None:
            return Found(_exchanged((new,), names[0]))
        return Found(changes.in_order([changes.without_market(name) for name in names]))
    if set(lead) & {"switch", "change", "move", "only", "just", "swap", "go"} or ("trade" in lead and len(names) > 1):
        return Found(changes.with_market(tuple(names), instead=True))
    tail = c.peek().text in ("too", "also", "as")
    if tail:
        c.at += 1
        c.skip(frozenset({"well"}))
    if tail or set(lead) & {"also", "add", "same", "include", "too", "and"}:
        return Found(changes.with_market(tuple(names), instead=False))
    return None


@reader
def made(c: Cursor) -> Found | None:
    """`make it ETH`, `make it 4h`: another market, or other candles."""
    if c.peek().text not in ("make", "made", "turn") or c.peek(1).text not in ("it", "this", "that"):
        return None
    c.at += 2
    c.skip(frozenset({"into", "on", "a", "the", "trade", "run"}))
    coin = c.take("coin") or c.take("pair")
    frame = timeframe_word(c) if coin is None else None
    c.skip(frozenset({"instead", "please", "now"}))
    if not (c.ended() or c.peek().kind == "sign"):
        return None
    if coin is not None:
        return Found(changes.with_market((coin.text,), instead=True))
    return Found(_candles(frame)) if frame is not None else None


LASTING = re.compile(r"^(?:exit after|cooldown|pause|only|never|order).*\b\d+[mhdw]\b", re.MULTILINE)
"""Clauses with a length of time, which `make it 4h` may mean as well."""


def _candles(frame: str) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        if LASTING.search(format_strategy(strategy)):
            raise CannotChange(f"What should be {frame}: its candles? Say “on {frame} candles”.")
        return changes.on_timeframe(frame)(strategy)

    return step


@reader
def _replaced(c: Cursor) -> Found | None:
    """`replace ETH with SOL`, `swap BTC for ETH`."""
    if c.peek().text not in ("replace", "swap", "change", "switch", "exchange"):
        return None
    c.at += 1
    c.skip(frozenset({"from", "the"}))
    old = c.take("coin") or c.take("pair")
    if old is None or c.peek().text not in ("with", "for", "to", "by"):
        return None
    c.at += 1
    new = c.take("coin") or c.take("pair")
    return Found(_exchanged((new.text,), old.text)) if new is not None else None


@reader
def _taken_up(c: Cursor) -> str | None:
    """`…, use ETH`, `… and trade SOL instead`, behind a market that is dropped."""
    c.sign(",")
    c.skip(frozenset({"and", "then"}))
    if c.peek().text not in ("use", "trade", "add", "take", "do", "try", "go", "with", "put"):
        return None
    c.skip(frozenset({"use", "trade", "add", "take", "do", "try", "go", "with", "put", "in", "to"}))
    token = c.take("coin") or c.take("pair")
    c.skip(frozenset({"instead"}))
    return token.text if token is not None else None


MARKET_WORDS = word_set(
    "also do it for add the same and include on to trade with drop remove delete without no stop trading switch"
    " change move replace swap go all of both over market coin thing run this please now it's too use strategy in"
    " apply as well buy only just"
)


def _exchanged(names: tuple[str, ...], old: str | None) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        several = strategy.trade is not None and len(strategy.trade.markets) > 1
        if old is None or not several:
            return changes.with_market(names, instead=True)(strategy)
        return changes.with_market(names, instead=False)(changes.without_market(old)(strategy))

    return step
