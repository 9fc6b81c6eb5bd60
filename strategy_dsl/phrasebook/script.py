"""The text as a list of understood pieces, and of the words that nobody understood."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook import exits, protection, settings, windows
from strategy_dsl.phrasebook.comparisons import comparable
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES, FILLERS, WEEKDAYS
from strategy_dsl.phrasebook.operands import FOLLOWING, OSCILLATORS, Operand, length, number, operand, oscillator
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition, Memory

LEAVING = ("target", "stop", "sell", "exit_after", "bracket", "trail")
BREAKS = frozenset({".", ";", "\n", "!", "?"})
SILENT = frozenset({",", ":", "->", "(", ")", "-", "*", "&", "/", "="})


def script(c: Cursor) -> list[Item]:
    """Every piece of the text in order; what was not understood stands as `unknown`."""
    items: list[Item] = []
    memory = Memory()
    while not c.ended():
        start = c.at
        item = _next(c, memory)
        if item is None:
            c.at = start + 1
            item = Item(_idle(c, start), c.tokens[start].text)
        if item.condition is not None:
            memory = memory.after(item.condition)
        if item.kind not in ("joint", "filler", "idle"):
            memory = replace(memory, leaving=item.kind in LEAVING)
        if item.kind in ("buy", "sell", "break"):
            memory = replace(memory, selling=item.kind == "sell")
        items.append(replace(item, start=start, end=c.at))
    return items


def _next(c: Cursor, memory: Memory) -> Item | None:
    if c.says("idle"):
        return Item("idle")
    for read in SETTINGS:
        found = read(c)
        if found is not None:
            return found
    for lean in LEANING:
        found = lean(c, memory)
        if found is not None:
            return found
    return settings.size(c) or settings.market(c) or settings.timeframe(c)


def _idle(c: Cursor, place: int) -> str:
    """What a token is that no reader took: the end of a sentence, a joint, filler, or not understood."""
    token = c.tokens[place]
    if token.text in BREAKS:
        return "break"
    if token.kind == "sign" or token.text in SILENT:
        return "joint" if token.text in SILENT else "unknown"
    if token.text in ("and", "then", "or", "plus", "also"):
        return "joint"
    return "filler" if token.text in FILLERS and token.kind == "word" else "unknown"


@reader
def filtered(c: Cursor, memory: Memory) -> Item | None:
    """`only trade when C`, `don't buy if C`, `skip it if C`."""
    if memory.selling:
        return None
    c.skip(frozenset({"but", "and"}))
    if c.peek().text == "unless":
        c.at += 1
        gate: str | None = "no"
        entry = ""
    else:
        c.skip(frozenset({"take", "longs", "buys"}))
        gate = c.says("only", "no")
        if gate is None:
            return None
        over = c.phrase("above") or c.phrase("below") if gate == "only" else 0
        c.skip(frozenset({"it", "to"}))
        entry = "buy" if c.peek().text in ("buy", "enter", "long") and gate == "only" else ""
        c.says("trade_verb")
        c.skip(frozenset({"it", "on", "long", "longs"}))
        _ = c.take("coin") or c.take("pair")
        if not over and not c.says("when", "while"):
            return None
    said = condition(c, memory, before_action=True)
    if said is None:
        return None
    text = said.text if gate == "only" else f"not ({said.text})"
    wrapped = replace(said, text=text, joined_by="" if gate == "no" else said.joined_by)
    return Item("filter", entry, condition=wrapped, assumed=said.assumed)


@reader
def held(c: Cursor, memory: Memory) -> Item | None:
    """`hold while C`, `hold until C`."""
    c.says("only")
    if not c.says("hold"):
        return None
    c.skip(frozenset({"it", "them"}))
    c.take("coin")
    until = c.says("until")
    if not until and not c.says("while", "when"):
        return None
    said = condition(c, memory)
    return Item("sell" if until else "hold", condition=said, introduced=True) if said else None


@reader
def at_value(c: Cursor, memory: Memory) -> Item | None:
    """`buy at 60000`, `sell at 70k`, `exit at the middle band`, `buy a 20-candle low`."""
    action = c.says("buy", "sell")
    if action is None:
        return None
    part = c.says("half", "rest") if action == "sell" else None
    c.take("coin")
    led = c.peek().text in ("at", "around", "on")
    if led:
        c.at += 1
    c.skip(ARTICLES)
    fixed = protection.price(c) if led else None
    if fixed is not None and not c.phrase("or_more") and not c.phrase("or_less") and not c.phrase("when"):
        return _at_price(action, part, fixed, memory)
    value = None if fixed is not None else operand(c)
    said = (_at_band(action, value) or _at_reading(c, action, value)) if value else None
    if said is None or c.phrase("above") or c.phrase("below"):
        return None
    return Item(action, _portion(part), condition=said, introduced=True)


def _at_price(action: str, part: str | None, fixed: str, memory: Memory) -> Item | None:
    if memory.numbered and memory.numbered[0].kind == "oscillator" and float(fixed) <= 100:
        return None
    sign, words = ("<=", "at or under") if action == "buy" else (">=", "at or over")
    note = f"{action} at {fixed} read as a close {words} it"
    return Item(action, _portion(part), condition=Condition(f"close {sign} {fixed}", assumed=(note,)), introduced=True)


def _at_band(action: str, value: Operand) -> Condition | None:
    if value.name == "donchian":
        sign, side = (">", "upper") if action == "buy" else ("<", "lower")
        return Condition(f"close {sign} {value.text}", assumed=value.assumed) if value.unit == side else None
    if action == "sell":
        good = value.name == "bollinger" and value.unit in ("upper", "middle")
        return Condition(f"close >= {value.text}", assumed=value.assumed) if good else None
    if value.name == "bollinger" and value.unit == "lower":
        return Condition(f"close < {value.text}", assumed=value.assumed)
    if value.name == "extreme":
        sign = "<" if value.unit == "low" else ">"
        return Condition(f"close {sign} {value.text}", assumed=value.assumed)
    return None


def _at_reading(c: Cursor, action: str, value: Operand) -> Condition | None:
    """`buy at RSI 30`, `sell at RSI 70`: at it or beyond."""
    level = number(c) if value.kind == "oscillator" else None
    if level is None or not comparable(value, level):
        return None
    low = Decimal(level.text) <= sum(OSCILLATORS[value.name][1]) / 2
    if low != (action == "buy"):
        return None
    sign = "<=" if low else ">="
    note = f"at {value.name.upper()} {level.text} read as {'at or under' if low else 'at or over'} it"
    return Condition(f"{value.text} {sign} {level.text}", assumed=(note,), numbered=(value,))


def _portion(part: str | None) -> str:
    return "50%" if part == "half" else ""


@reader
def trailed(c: Cursor, memory: Memory) -> Item | None:
    """`trail the rest under the 9 EMA`: out when it closes below."""
    if c.peek().text not in ("trail", "trailing", "follow"):
        return None
    c.at += 1
    c.skip(frozenset({"it", "the", "stop", "with"}))
    c.says("rest")
    c.skip(frozenset({"with", "under", "below", "along", "behind", "using", "by", "the", "on", "a"}))
    value = operand(c)
    if value is None or value.name != "average":
        return None
    note = f"trailing {value.text} read as: out on a close below it"
    said = Condition(f"close < {value.text}", assumed=(*value.assumed, note))
    return Item("sell", condition=said, introduced=True)


@reader
def otherwise(c: Cursor, memory: Memory) -> Item | None:
    """`otherwise cash`: out when the condition to be in no longer holds."""
    if c.peek().text not in ("otherwise", "else"):
        return None
    c.at += 1
    c.skip(frozenset({"be", "stay", "sit", "in", "go", "hold", "stand"}))
    if c.peek().text not in ("cash", "out", "flat", "aside", "usdt"):
        return None
    c.at += 1
    return Item("otherwise")


@reader
def action(c: Cursor, memory: Memory) -> Item | None:
    """A buying or selling word, with its condition where one follows at once."""
    noun = c.peek().text in ("close", "long")
    name = c.says("buy", "sell")
    if name is None or (noun and _compared_next(c)):
        return None
    part = c.says("half", "rest") if name == "sell" else None
    c.skip(ARTICLES | {"it", "them"} if name == "sell" else frozenset({"it", "some"}))
    start = c.at
    c.sign(":")
    c.skip(frozenset({"only"}) if c.peek(1).text in ("when", "if", "while", "once") else frozenset())
    led = c.says("when", "while")
    if not any(c.peek(1).text.rstrip("s") == day for day in WEEKDAYS):
        c.skip(frozenset({"on"}))
    said = condition(c, memory)
    if said is not None and (led or _own(c)):
        return Item(name, _portion(part), condition=said, introduced=True)
    c.at = start
    return Item(name, _portion(part))


@reader
def or_when(c: Cursor, memory: Memory) -> Item | None:
    """`exit at 2% profit or when RSI > 70`: one more way out."""
    if not memory.leaving or not c.says("or"):
        return None
    led = c.tokens[c.at - 1].text in ("when", "if", "once") or c.says("when")
    said = condition(c, memory) if led else None
    return Item("sell", condition=said, introduced=True) if said else None


@reader
def remainder(c: Cursor, memory: Memory) -> Item | None:
    """`and the rest over 70`, after a part was sold."""
    c.skip(ARTICLES)
    if not c.says("rest"):
        return None
    c.says("when")
    c.skip(frozenset({"at"}))
    said = condition(c, memory)
    return Item("sell", condition=said, introduced=True) if said else None


def _compared_next(c: Cursor) -> bool:
    """Whether `close` is the price here: "close above the 50 SMA"."""
    return c.tokens[c.at - 1].text == "close" and any(c.phrase(term) for term in (*FOLLOWING, "back"))


def _own(c: Cursor) -> bool:
    """Whether a condition right behind an action word stays with it: no other action takes it."""
    ahead = Cursor(c.tokens, c.at)
    return not (ahead.phrase("buy") or ahead.phrase("sell"))


@reader
def subject(c: Cursor, memory: Memory) -> Item | None:
    """`RSI strategy: buy under 30`: an indicator named first, for thresholds to lean on."""
    used = c.peek().text in ("use", "using", "with")
    c.skip(frozenset({"use", "using", "with", "the"}))
    found = oscillator(c)
    if found is None or (c.peek().kind == "number" and not used):
        return None
    if "{usual" in found.text and (size := length(c)) is not None:
        found = replace(found, text=re.sub(r"\{usual:\w+\}", plain(size.value or 0), found.text))
    return Item("subject", found.text.partition("(")[0], condition=Condition("", numbered=(found,)))


@reader
def told(c: Cursor, memory: Memory) -> Item | None:
    """`alert me when C`, `set an alarm at 70k`."""
    if c.peek().text in ("set", "create"):
        c.at += 1
        c.skip(ARTICLES)
        if c.peek().text not in ("alarm", "alert", "notification"):
            return None
        c.at += 1
    elif not c.says("alert"):
        return None
    start = c.at
    if c.says("when"):
        said = condition(c, memory)
        return Item("alert", condition=said, introduced=True) if said else None
    c.skip(frozenset({"at", "for", "on"}))
    fixed = protection.price(c)
    if fixed is None:
        c.at = start
        return Item("alert")
    return Item("alert", text=fixed)


@reader
def stated(c: Cursor, memory: Memory) -> Item | None:
    """A condition on its own, led by `when` or not."""
    led = c.says("when", "while")
    if not led and c.peek().text == "on":
        c.at += 1
    said = condition(c, memory, before_action=True)
    if said is None:
        return None
    return Item("condition", condition=said, introduced=bool(led))


SETTINGS: tuple[Callable[[Cursor], Item | None], ...] = (
    settings.budget,
    exits.break_even,
    windows.cooldown,
    exits.time_exit,
    exits.gain_exit,
    exits.bracket,
    exits.or_level,
    exits.clock_exit,
    exits.trail,
    protection.stop,
    protection.reward,
    protection.target,
    exits.lone_multiple,
    windows.limit,
    windows.window,
    windows.ask,
)
LEANING: tuple[Callable[[Cursor, Memory], Item | None], ...] = (
    filtered, held, told, trailed, otherwise, at_value, or_when, action, remainder, stated, subject,
)  # fmt: skip
