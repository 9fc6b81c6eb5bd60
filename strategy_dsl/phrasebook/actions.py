"""Readers of words that buy, sell, short or cover, with the condition or the level behind them."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook import protection
from strategy_dsl.phrasebook.compared_values import comparable
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.lengths import number
from strategy_dsl.phrasebook.names import ARTICLES, WEEKDAYS, word_set
from strategy_dsl.phrasebook.operands import FOLLOWING, SCORES, operand
from strategy_dsl.phrasebook.statements import Condition, Memory
from strategy_dsl.phrasebook.values import Operand

ACTIONS = ("short", "cover", "buy", "sell")
NOT_SHORT = word_set("term ma ema sma average averages and medium lived squeeze period one moving")
PLURAL = {"shorts": "cover", "longs": "sell"}
"""Behind a word of leaving these are what is left, not what is opened."""
NAMING = word_set("long longs sell sells selling")


@reader
def acting(c: Cursor) -> tuple[str, bool] | None:
    """The action said here, and whether its word names no side: `exit`, `close`, `out`."""
    start = c.at
    name = c.says(*ACTIONS)
    if name is None or (name == "short" and c.peek().text in NOT_SHORT):
        return None
    neutral = name == "sell" and not any(token.text in NAMING for token in c.tokens[start : c.at])
    return name, neutral


@reader
def action(c: Cursor, memory: Memory) -> Item | None:
    """A buying or selling word, with its condition where one follows at once."""
    noun = c.peek().text in ("close", "long")
    said_action = acting(c)
    if said_action is None or (noun and _compared_next(c)):
        return None
    name, neutral = said_action
    if memory.selling and c.tokens[c.at - 1].text in PLURAL:
        name, neutral = PLURAL[c.tokens[c.at - 1].text], False
    leaving = name in ("sell", "cover")
    part = c.says("half", "rest") if leaving else None
    c.skip(ARTICLES | {"it", "them", "everything"} if leaving else frozenset({"it", "some"}))
    start = c.at
    c.sign(":")
    only = c.peek().text == "only" and c.peek(1).text in ("when", "if", "while", "once")
    c.at += only
    gated = only and not leaving
    led = c.says("when", "while")
    if not any(c.peek(1).text.rstrip("s") == day for day in WEEKDAYS):
        c.skip(frozenset({"on"}))
    said = condition(c, replace(memory, selling=leaving))
    if said is not None and gated:
        return Item("filter", name, condition=said, assumed=said.assumed)
    if said is not None and (led or _own(c)):
        return Item(name, portion(part), condition=said, introduced=True, neutral=neutral)
    c.at = start
    return Item(name, portion(part), neutral=neutral)


def _compared_next(c: Cursor) -> bool:
    """Whether `close` is the price here: "close above the 50 SMA"."""
    away = c.peek().kind == "number" and (c.peek().unit == "percent" or c.peek(1).text in ("atr", "atrs"))
    if away and {"above", "below", "over", "under"} & {c.peek(1).text, c.peek(2).text}:
        return c.tokens[c.at - 1].text == "close"
    return c.tokens[c.at - 1].text == "close" and any(c.phrase(term) for term in (*FOLLOWING, "back"))


def _own(c: Cursor) -> bool:
    """Whether a condition right behind an action word stays with it: no other action takes it."""
    ahead = Cursor(c.tokens, c.at)
    return not any(ahead.phrase(name) for name in ACTIONS)


@reader
def at_value(c: Cursor, memory: Memory) -> Item | None:
    """`buy at 60000`, `sell at 70k`, `exit at the middle band`, `buy a 20-candle low`, `cover at 50`."""
    said_action = acting(c)
    if said_action is None:
        return None
    name, neutral = said_action
    part = c.says("half", "rest") if name in ("sell", "cover") else None
    c.take("coin")
    c.skip(ARTICLES | {"it"})
    led = c.peek().text in ("at", "around", "on", "entry")
    if led:
        c.at += 1
        c.skip(frozenset({":", "price", "at", "around"}))
    c.skip(ARTICLES)
    begins = c.at
    said = (_leaning_level(c, name, memory) or _fixed_level(c, name, memory)) if led else None
    if said is None:
        value = operand(c)
        if value is not None and value.name == "swing" and name in ("sell", "cover"):
            aim = protection.goal(value)
            return Item("target", aim.text, aim.assumed) if aim else None
        leaving = name in ("sell", "cover") and value is not None and value.name == "extreme"
        outer = leaving and value is not None and value.unit == ("high" if name == "sell" else "low")
        if outer and c.tokens[begins - 1].text == "the":
            return None
        said = (_at_band(name, value) or _at_reading(c, name, value)) if value else None
    if said is None or c.phrase("above") or c.phrase("below"):
        return None
    return Item(name, portion(part), condition=said, introduced=True, neutral=neutral)


@reader
def _fixed_level(c: Cursor, name: str, memory: Memory) -> Condition | None:
    fixed = protection.price(c)
    counted = any(c.phrase(term) for term in ("day", "week", "hour", "chart", "month", "minute", "year"))
    if fixed is None or counted or c.phrase("or_more") or c.phrase("or_less") or c.phrase("when"):
        return None
    if memory.numbered and memory.numbered[0].kind == "oscillator" and float(fixed) <= 100:
        return None
    sign, words = ("<=", "at or under") if name in ("buy", "cover") else (">=", "at or over")
    note = f"{name} at {fixed} read as a close {words} it"
    return Condition(f"close {sign} {fixed}", assumed=(note,))


@reader
def _leaning_level(c: Cursor, name: str, memory: Memory) -> Condition | None:
    """`at 50`, `at zero`, `at -2`: a level of the one score that was spoken of before."""
    subjects = [one for one in memory.numbered if one.kind == "oscillator"]
    level = number(c) or (Operand("0", "number", "zero") if c.says("zero") else None)
    if len(subjects) != 1 or len(memory.numbered) != 1 or level is None or not comparable(subjects[0], level):
        return None
    if c.phrase("or_more") or c.phrase("or_less") or c.phrase("times") or c.peek().kind in ("coin", "pair"):
        return None
    return _reached(name, subjects[0], level)


def _reached(name: str, subject: Operand, level: Operand) -> Condition | None:
    """At a level or beyond it, on the side where the action makes sense."""
    middle = Decimal(sum(SCORES[subject.name])) / 2
    value = Decimal(level.text)
    wrong = (name == "buy" and value > middle) or (name == "short" and value < middle)
    if wrong:
        return None
    sign, other = ("<=", ">=") if name in ("buy", "cover") else (">=", "<=")
    note = f"at {subject.name.upper()} {level.text} read as {'at or under' if sign == '<=' else 'at or over'} it"
    mirrored = f"{subject.text} {other} {level.text}" if name == "sell" else ""
    return Condition(f"{subject.text} {sign} {level.text}", assumed=(note,), numbered=(subject,), mirrored=mirrored)


def _at_band(name: str, value: Operand) -> Condition | None:
    """`at the lower band`, `at the middle line`, `at vwap`, `at the 20-day high`."""
    if value.name == "donchian":
        sign, side = (">", "upper") if name in ("buy", "cover") else ("<", "lower")
        return Condition(f"close {sign} {value.text}", assumed=value.assumed) if value.unit == side else None
    if value.name in ("bollinger", "keltner", "vwap") and (value.unit == "middle" or value.name == "vwap"):
        return _at_middle(name, value)
    rows = {("buy", "lower"): "<", ("short", "upper"): ">", ("sell", "upper"): ">=", ("cover", "lower"): "<="}
    sign = rows.get((name, value.unit), "")
    if sign and value.name in ("bollinger", "keltner"):
        return Condition(f"close {sign} {value.text}", assumed=value.assumed)
    if value.name == "extreme":
        sign = "<" if value.unit == "low" else ">"
        return Condition(f"close {sign} {value.text}", assumed=value.assumed)
    return None


def _at_middle(name: str, value: Operand) -> Condition | None:
    if name not in ("sell", "cover"):
        return None
    sign, other = (">=", "<=") if name == "sell" else ("<=", ">=")
    return Condition(f"close {sign} {value.text}", assumed=value.assumed, mirrored=f"close {other} {value.text}")


def _at_reading(c: Cursor, name: str, value: Operand) -> Condition | None:
    """`buy at RSI 30`, `sell at RSI 70`: at it or beyond."""
    level = number(c) if value.kind == "oscillator" else None
    if level is None or not comparable(value, level):
        return None
    low = Decimal(level.text) <= Decimal(sum(SCORES[value.name])) / 2
    if low != (name in ("buy", "cover")):
        return None
    return _reached(name, value, level)


def portion(part: str | None) -> str:
    """The part of a position that a word of selling names."""
    return "50%" if part == "half" else ""
