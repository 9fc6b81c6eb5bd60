"""Readers of what ends a trade: stop loss, take profit, trailing stop, break even, time."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.bar_words import signal_candle
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import atr_length, operand
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Choice
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand

LINKS = ARTICLES | {"at", "of", "to", "is", "be", "set", ":", "=", "with", "by", "around", "should", "->"}
LARGEST_BARE_PERCENT = 25
BANDED = ("bollinger", "keltner")
STOP_LEVELS = (
    "extreme", "average", "yesterday", "swing", "psar", "supertrend", "low", "high", "vwap", "ichimoku",
    "donchian", *BANDED,
)  # fmt: skip


@reader
def distance(c: Cursor) -> Item | None:
    """`3%`, `2 ATR`, `1.5 x ATR(10)`, `2R`, or a bare number read as percent."""
    if c.peek().text == "half" and (
        c.peek(1).text == "atr" or (c.peek(1).text in ("an", "a") and c.peek(2).text == "atr")
    ):
        c.at += 1
        c.skip(ARTICLES)
        c.says("atr")
        return Item("atr", f"0.5 * atr({atr_length(c)})")
    token = c.take("number")
    if token is None or token.value is None:
        return _atr_first(c)
    value = plain(abs(token.value))
    if token.unit == "r":
        return Item("r", f"{value}r")
    c.says("times")
    if c.peek().text == "*":
        c.at += 1
    if token.unit != "percent" and c.says("atr"):
        return Item("atr", f"{value} * atr({atr_length(c)})")
    if token.unit == "percent":
        return Item("percent", f"{value}%")
    return _bare(token, value)


def _atr_first(c: Cursor) -> Item | None:
    """`ATR(14) * 2`, `ATR x 1.5`."""
    if not c.says("atr"):
        return None
    size = atr_length(c)
    led = c.peek().text in ("*", "x", "times")
    c.at += led
    token = c.take("number") if led else None
    if token is None or token.value is None or token.unit not in ("", "word", "x"):
        return None
    return Item("atr", f"{plain(token.value)} * atr({size})")


def _bare(token: Token, value: str) -> Item | None:
    if token.unit not in ("", "word", "signed") or not 0 < Decimal(value) <= LARGEST_BARE_PERCENT:
        return None
    return Item("percent", f"{value}%", (f"{value} read as {value}% of the price",))


@reader
def price(c: Cursor) -> str | None:
    """A price such as `58000`, `$0.41` or `70k`, too large or too clearly money to be a percent."""
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "usd", "word") or token.value <= 0:
        return None
    if token.unit != "usd" and token.value <= LARGEST_BARE_PERCENT and token.value == int(token.value):
        return None
    return None if c.phrase("times") or c.phrase("atr") else plain(token.value)


@reader
def stop(c: Cursor) -> Item | None:
    """`stop 3%`, `SL 3`, `2 ATR stop`, `stop at 58000`, `stop under the 10 bar low`, `no stop`."""
    if c.says("no") or c.peek().text == "without":
        c.at += c.peek().text == "without"
        c.skip(ARTICLES)
        return Item("stop", "none") if c.says("stop") and not c.phrase("per_trade") else None
    found = _stop_last(c) or _stop_first(c) or _stop_open(c)
    if found is not None:
        c.says("per_trade")
    return replace(found, kind="stop") if found else None


@reader
def _stop_open(c: Cursor) -> Item | None:
    """`ATR stop`: how many ATRs stays open."""
    c.skip(ARTICLES | {"with"})
    if not c.says("atr") or not c.says("stop"):
        return None
    options = tuple((f"{count} ATR", f"{count} * atr({{usual:atr}})") for count in ("2", "1.5", "3"))
    return Item("atr", options[0][1], choices=(Choice("stop", "How many ATRs away should the stop be?", options),))


@reader
def _stop_last(c: Cursor) -> Item | None:
    """`3% stop`."""
    c.skip(ARTICLES)
    found = distance(c)
    if found is None or found.kind == "r" or not c.says("stop"):
        return None
    c.says("below_entry")
    return found


@reader
def _stop_first(c: Cursor) -> Item | None:
    cutting = c.peek().text == "cut"
    if not c.says("stop"):
        return None
    start = c.at
    c.skip(LINKS)
    if cutting and (level := operand(Cursor(c.tokens, c.at))) is not None and level.name == "average":
        return None
    found = distance(c)
    if (found is not None and found.kind != "r" and not c.phrase("below")) or entry_next(c, found):
        c.says("below_entry")
        return None if c.phrase("above") else found
    c.at = start
    return _stop_level(c)


def entry_next(c: Cursor, found: Item | None) -> bool:
    """Whether `below entry` follows a distance, and not the name of some other level."""
    if found is None or found.kind == "r":
        return False
    ahead = Cursor(c.tokens, c.at)
    return bool(ahead.says("below_entry")) and operand(ahead) is None


@reader
def _stop_level(c: Cursor) -> Item | None:
    """`stop at 58000`, `stop under the low of the last 10 bars`, `stop 1% below the EMA 50`."""
    c.skip(LINKS)
    fixed = price(c)
    if fixed is not None:
        return Item("level", f"at {fixed}")
    away = _atr_from(c)
    if away is not None:
        return away
    shift = c.take("number")
    if shift is not None and (shift.unit != "percent" or shift.value is None):
        return None
    side = c.says("below", "above") or c.says("beyond")
    level = signal_candle(c, side) or operand(c)
    if level is None or level.kind != "price" or level.name not in STOP_LEVELS:
        return None
    text = level.text.replace("{prior:}", "").replace("{prior:", "{on:")
    if shift is not None and shift.value is not None:
        text = f"{plain(shift.value)}% {side or 'below'} {text}"
    return Item("level", f"at {text}", level.assumed)


@reader
def _atr_from(c: Cursor) -> Item | None:
    """`1.5 ATR below the swing low`, `one ATR under the low of the candle`."""
    found = distance(c)
    side = c.says("below", "above") if found is not None and found.kind == "atr" else None
    level = (signal_candle(c, side) or operand(c)) if side else None
    if found is None or level is None or level.kind != "price" or level.name not in STOP_LEVELS:
        return None
    text = level.text.replace("{prior:}", "").replace("{prior:", "{on:")
    return Item("level", f"at {text} {'-' if side == 'below' else '+'} {found.text}", level.assumed)


@reader
def target(c: Cursor) -> Item | None:
    """`take profit 4%`, `TP 6`, `3R target`, `take profit at 70000`."""
    found = _target_last(c) or _target_first(c)
    return replace(found, kind="target") if found else None


@reader
def reward(c: Cursor) -> Item | None:
    """`2:1 reward risk`, `risk reward 1:2`, `RR of 2`, `target 2x the stop`."""
    start = c.at
    led = c.says("reward_risk")
    c.skip(LINKS)
    first = c.take("number")
    if first is None:
        c.at = start
        return _times_stop(c)
    if first.value is None or first.unit not in ("", "x", "word"):
        return None
    if c.sign(":"):
        second = c.take("number")
        if second is None or second.value is None or 1 not in (first.value, second.value):
            return None
        if not led and not c.says("reward_risk"):
            return None
        return Item("target", f"{plain(max(first.value, second.value))}r")
    if led:
        return Item("target", f"{plain(first.value)}r")
    c.at = start
    return _times_stop(c)


@reader
def _times_stop(c: Cursor) -> Item | None:
    if not c.says("target"):
        return None
    c.skip(LINKS)
    token = c.take("number")
    factor = token.value if token is not None and token.unit in ("x", "", "word") else None
    twice = token is None and c.says("twice")
    if twice:
        factor = Decimal(2)
    if not c.says("times") and not twice and (token is None or token.unit != "x"):
        return None
    c.skip(ARTICLES)
    if factor is None or not c.says("stop", "risk"):
        return None
    c.skip(frozenset({"distance"}))
    return Item("target", f"{plain(factor)}r")


@reader
def _target_last(c: Cursor) -> Item | None:
    c.skip(ARTICLES)
    found = distance(c)
    return found if found is not None and c.says("target") else None


def goal(level: Operand | None) -> Item | None:
    """A target at a level with a name: one that moves is read again at each close."""
    if level is None or level.kind != "price" or level.name not in ("swing", "extreme", "average", "vwap", *BANDED):
        return None
    moving = "" if level.name in ("swing", "extreme") else " following"
    text = level.text.replace("{prior:}", "").replace("{prior:", "{on:")
    return Item("level", f"at {text}{moving}", level.assumed)


@reader
def _target_first(c: Cursor) -> Item | None:
    if not c.says("target"):
        return None
    c.skip(LINKS)
    found = distance(c)
    if found is None:
        fixed = price(c)
        return Item("level", f"at {fixed}") if fixed else goal(operand(c))
    if found.kind == "percent" and _of_average(c):
        return replace(found, text=f"{found.text} of average entry")
    c.says("above_entry")
    return _in_parts(c, found)


@reader
def _of_average(c: Cursor) -> bool | None:
    """`from the average price`, `over my avg entry`, `of the average`: of all that was bought."""
    if c.peek().text not in ("from", "over", "above", "of", "on"):
        return None
    c.at += 1
    c.skip(ARTICLES)
    if c.peek().text not in ("avg", "average", "averaged", "breakeven", "mean") or c.peek(1).kind == "number":
        return None
    c.at += 1
    c.skip(frozenset({"entry", "price", "cost", "buy", "purchase", "position"}))
    return True if c.ended() or c.peek().kind == "sign" or c.phrase("and") else None


def _in_parts(c: Cursor, first: Item) -> Item:
    """`4% for half and 8% for the rest`."""
    if not _portion(c, first.text):
        return first
    text = f"{first.text} for 50%"
    start = c.at
    c.says("and")
    c.sign(",")
    second = distance(c)
    if second is not None and c.peek().text == "for":
        c.at += 1
        if c.says("rest", "half"):
            return replace(first, text=f"{text}, {second.text} for 50%")
    c.at = start
    return replace(first, text=text)


@reader
def _portion(c: Cursor, text: str) -> bool | None:
    if c.peek().text != "for":
        return None
    c.at += 1
    return True if c.says("half") else None
