"""Readers of lists that share a word: `the 20, 50 and 200 EMA`, `both the 20 EMA and VWAP`, `8, 13, 21 stacked`."""

from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length, number
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import SCORES, operand, oscillator
from strategy_dsl.phrasebook.spans import plain, timeframe_word
from strategy_dsl.phrasebook.statements import SIGNS, Condition, Memory
from strategy_dsl.phrasebook.values import Operand, on

LEVELS = ("average", "vwap", "bollinger", "keltner", "ichimoku", "psar", "supertrend", "yesterday", "extreme")
TOGETHER = frozenset({"both", "all"})
STACKED = frozenset({"stacked", "aligned", "fanned", "lined", "order", "ordered"})
BESIDE = frozenset(
    {"are", "is", "all", "in", "bullish", "bullishly", "up", "upwards", "perfectly", "properly", "nicely"}
)


def with_length(average: Operand, size: str) -> Operand:
    """The same kind of average over another number of candles."""
    head, _, tail = average.text.partition(", ")
    return Operand(f"{head}, {size}){tail.partition(')')[2]}", average.kind, average.name, average.assumed)


@reader
def values(c: Cursor, subject: Operand) -> list[Operand] | None:
    """Two values or more of one comparison: bare lengths are of the kind of the average that ends the list."""
    both = c.peek().text in ("both", "all")
    c.at += both
    found: list[Operand | str] = []
    while True:
        c.skip(ARTICLES)
        one = _one(c)
        if one is None:
            return None
        found.append(one)
        if not _joint(c):
            break
    return _of_kind(found, subject)


def _one(c: Cursor) -> Operand | str | None:
    """A value by name, or a bare length."""
    bare = Cursor(c.tokens, c.at)
    size = length(bare)
    if size is not None and (bare.peek().text in (",", "/", "and") or bare.phrase("and")):
        c.at = bare.at
        return plain(size.value or 0)
    value = operand(c)
    return value if value is not None and value.name in LEVELS else None


@reader
def _joint(c: Cursor) -> bool | None:
    comma = c.sign(",") or c.sign("/")
    named = c.peek().text in ("and", "&")
    c.at += named
    ahead = Cursor(c.tokens, c.at)
    ahead.skip(ARTICLES)
    return True if (comma or named) and _one(ahead) is not None and not _compared(ahead) else None


def _compared(ahead: Cursor) -> bool:
    """Whether what follows is the subject of a comparison of its own."""
    words = ("above", "below", "is", "cross", "up_move", "down_move", "closes", "at_least", "at_most", "touch", "break")
    return any(ahead.phrase(word) for word in (*words, "rising", "falling"))


def _of_kind(found: list[Operand | str], subject: Operand) -> list[Operand] | None:
    last = found[-1]
    if len(found) < 2 or isinstance(last, str) or last.kind != subject.kind or subject.kind != "price":
        return None
    if any(isinstance(one, str) for one in found) and last.name != "average":
        return None
    named = [with_length(last, one) if isinstance(one, str) else one for one in found]
    return named if all(one.kind == "price" and one.text != subject.text for one in named) else None


@reader
def stacked(c: Cursor, memory: Memory) -> Condition | None:
    """`8, 13 and 21 EMA stacked`, `the EMAs 9/21/55 are aligned bullish`: each over the next slower one."""
    c.skip(ARTICLES)
    kind = c.says("ema", "sma", "ma")
    sizes = []
    while (token := length(c)) is not None and token.value is not None:
        sizes.append(token.value)
        kind = c.says("ema", "sma", "ma") or kind
        if not (c.sign(",") or c.sign("/")):
            c.says("and")
    kind = c.says("ema", "sma", "ma") or kind
    start = c.at
    c.skip(BESIDE | STACKED | frozenset({"down", "bearish", "bearishly", "downwards"}))
    said = {token.text for token in c.tokens[start : c.at]}
    if len(sizes) < 3 or kind is None or not said & STACKED or sizes != sorted(set(sizes)):
        return None
    sign = "<" if said & {"down", "bearish", "bearishly", "downwards"} else ">"
    note = ("simple averages: the kind was not said",) if kind == "ma" else ()
    name = "sma" if kind == "ma" else kind
    return Condition(f" {sign} ".join(f"{name}(close, {plain(size)})" for size in sizes), assumed=note)


@reader
def shared(c: Cursor, memory: Memory) -> Condition | None:
    """`5m, 15m and 1h RSI all below 35`, `RSI and MFI both under 30`: every one of them."""
    if not c.holds(TOGETHER):
        return None
    c.skip(ARTICLES)
    subjects = _on_frames(c) or _subjects(c)
    c.skip(frozenset({"are", "is"}))
    if subjects is None or c.peek().text not in ("both", "all"):
        return None
    c.at += 1
    c.skip(frozenset({"are", "is"}))
    how = c.says("at_least", "at_most", "above", "below")
    level = number(c) if how else None
    if how is None or level is None or level.unit or not all(_between(one, level.text) for one in subjects):
        return None
    text = " and ".join(f"{one.text} {SIGNS[how]} {level.text}" for one in subjects)
    named = tuple({one.name: one for one in subjects}.values())
    return Condition(text, numbered=named if len(named) == 1 else (), joined_by="and")


def _between(subject: Operand, level: str) -> bool:
    low, high = SCORES[subject.name]
    return low < Decimal(level) < high


@reader
def _on_frames(c: Cursor) -> list[Operand] | None:
    frames: list[str] = []
    while (frame := timeframe_word(c)) is not None:
        frames.append(frame)
        c.sign(",") or c.sign("/")
        c.says("and")
    value = oscillator(c) if len(frames) > 1 else None
    if value is None or "{on:" in value.text:
        return None
    return [Operand(value.text + on(frame), value.kind, value.name) for frame in frames]


@reader
def _subjects(c: Cursor) -> list[Operand] | None:
    found: list[Operand] = []
    while (one := oscillator(c)) is not None:
        found.append(one)
        c.sign(",")
        c.says("and")
        c.skip(ARTICLES)
    return found if len(found) > 1 else None
