"""Readers of one comparison: `RSI drops below 30`, `price is above the 200 day average`, `above 60`."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.compared_values import LONGEST, comparable, value_for
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.distances import offset
from strategy_dsl.phrasebook.lengths import number
from strategy_dsl.phrasebook.list_words import values, with_length
from strategy_dsl.phrasebook.multiples import SAID, average_of, multiple, unsaid
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.operands import PRICE, SCORES, operand
from strategy_dsl.phrasebook.range_words import in_range
from strategy_dsl.phrasebook.return_words import came_back, own_extreme, row_first
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import (
    ITSELF,
    SIGNS,
    Choice,
    Condition,
    Crossing,
    Memory,
    alone,
    compared,
    crossed,
    framed_alike,
    placed,
)
from strategy_dsl.phrasebook.values import Operand

HELPING = word_set("must has have now to should needs need currently still just also actually already")
MOVES = ("up_move", "down_move", "cross", "break", "move")


@reader
def comparison(c: Cursor, memory: Memory) -> Condition | None:
    """A comparison with its subject, or one leaning on what was said before."""
    for subject in _subjects(c, memory):
        start = c.at
        c.skip(HELPING)
        for read in (
            _state,
            _past,
            came_back,
            own_extreme,
            row_first,
            in_range,
            _rising,
            offset,
            _within,
            _hit,
            _crossing,
            _level,
        ):
            found = read(c, subject) if read is not _crossing else _crossing(c, subject, memory.selling)
            if found is not None and _doubtful(found, memory):
                return None
            if found is not None:
                return framed_alike(_on_one_frame(_to_lean_on(found), subject))
        c.at = start
    return None


def _to_lean_on(said: Condition) -> Condition:
    """A statement whose subject counts as said in its own clause alone, and not in those that lean on it."""

    def freed(crossing: Crossing | None) -> Crossing | None:
        return crossing and replace(crossing, left=unsaid(crossing.left))

    numbered = tuple(unsaid(one) for one in said.numbered)
    return replace(said, sides=freed(said.sides), crossing=freed(said.crossing), numbered=numbered)


def _doubtful(said: Condition, memory: Memory) -> bool:
    """Whether a small number may be a price or, behind an average, the length of another: `over 20 EMA, below 50`."""
    right, before = said.sides.right if said.sides else None, memory.sides
    if right is None or before is None or before.right.name != "average" or said.sides is None:
        return False
    small = right.kind == "number" and right.unit == "" and right.text.isdigit() and int(right.text) <= LONGEST
    return small and said.sides.left.name == "price"


def _on_one_frame(said: Condition, subject: Operand) -> Condition:
    """`the 4h close is under the 50 EMA`: the average is of that timeframe too, where no other is said."""
    head, mark, frame = subject.text.partition("{on:")
    if not mark or head not in ("close", "volume") or said.text.count("{on:") != 1 or said.choices:
        return said
    return Condition(f"({said.text.replace(mark + frame, '')}){mark}{frame}", assumed=said.assumed)


def _subjects(c: Cursor, memory: Memory) -> list[Operand]:
    """The subject said here, or the ones that the words may lean on, likeliest first."""
    said = _said_subject(c)
    if said is not None:
        return [said if said.kind == "price" else replace(said, unit=said.unit or SAID)]
    if c.peek().text in ("it", "its"):
        c.at += 1
        if c.says("closes"):
            return [PRICE]
    last = memory.sides.left if memory.sides else None
    if last is not None and memory.sides is not None and memory.sides.right.name == ITSELF:
        return [last]
    if last is not None and (last.kind == "macd" or (last.kind == "oscillator" and not memory.numbered)):
        return [last, PRICE]
    return [*memory.numbered, PRICE] if len(memory.numbered) == 1 else [PRICE][: 2 - len(memory.numbered)]


@reader
def _said_subject(c: Cursor) -> Operand | None:
    c.skip(ARTICLES)
    market = c.take("coin") or c.take("pair")
    found = average_of(c) or operand(c)
    if found is not None and found.name == "price" and c.peek().text == "of" and c.peek(1).kind in ("coin", "pair"):
        c.at += 2
    if found is not None:
        if market is not None and found.kind not in ("price", "oscillator", "volume", "macd"):
            return None
        c.says("closes")
        return found
    if c.says("closes"):
        return PRICE
    return PRICE if market is not None else None


@reader
def _state(c: Cursor, subject: Operand) -> Condition | None:
    """`RSI is oversold`, `RSI low`: a threshold that was not said, so it stays open."""
    turned = None if c.says("is") else c.says("move", "flip")
    signed = c.says("positive", "negative") if subject.kind == "oscillator" else None
    if signed is not None:
        bottom, top = SCORES[subject.name]
        zero, way = Operand("0", "number", "zero"), "above" if signed == "positive" else "below"
        if not bottom < 0 < top:
            return None
        return crossed(subject, way, zero) if turned else compared(subject, SIGNS[way], zero)
    state = c.says("oversold", "overbought") or {"low": "oversold", "high": "overbought"}.get(c.peek().text)
    if state is None or subject.name not in ("rsi", "mfi", "stochastic"):
        return None
    c.at += c.peek().text in ("low", "high")
    if c.peek().text == "(":
        return _stated_level(c, subject, "below" if state == "oversold" else "above")
    low = ("30", "25", "20") if subject.name == "rsi" else ("20", "25", "30")
    sign, levels = ("<", low) if state == "oversold" else (">", tuple(str(100 - int(one)) for one in low))
    options = tuple((f"{sign} {level}", f"{subject.text} {sign} {level}") for level in levels)
    question = f"What counts as {state} for the {subject.name.upper()}?"
    return Condition(options[0][1], choices=(Choice("threshold", question, options),), numbered=(subject,))


@reader
def _stated_level(c: Cursor, subject: Operand, usual: str) -> Condition | None:
    """`oversold (<30)`, `overbought (above 70)`, `oversold (30)`."""
    c.sign("(")
    how = c.says("at_least", "at_most", "above", "below") or usual
    level = number(c) if how else None
    if how is None or level is None or not comparable(subject, level) or not c.sign(")"):
        return None
    return compared(subject, SIGNS[how], level)


@reader
def _past(c: Cursor, subject: Operand) -> Condition | None:
    """`dipped below 50 in the last 5 bars`."""
    how = c.says("was_below", "was_above")
    value = value_for(c, subject) if how else None
    if how is None or value is None or c.peek().text not in ("in", "within"):
        return None
    ahead = Cursor(c.tokens, c.at + 1)
    ahead.skip(ARTICLES)
    if not ahead.says("previous"):
        return None
    return compared(subject, "<" if how == "was_below" else ">", value)


@reader
def _steps(c: Cursor) -> str | None:
    """`3 bars`, `for 5 candles`, `3 bars in a row`, behind `rising`."""
    c.skip(frozenset({"for", "the"}))
    c.says("previous")
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or not c.says("frame_noun", "chart"):
        return None
    c.says("row")
    return plain(token.value) if 1 <= token.value == int(token.value) else None


@reader
def _rising(c: Cursor, subject: Operand) -> Condition | None:
    """`the 50 EMA is rising`, where nothing is said of how far."""
    negated = c.peek().text in ("is", "are") and c.peek(1).text == "not"
    c.at += 2 * negated
    how = c.says("rising", "falling")
    count = _steps(c) if how is not None else None
    if how is None or (subject is PRICE and not count) or subject.kind == "number":
        return None
    follows = ("above", "below", "through", "up", "down")
    if not count and c.peek().kind == "number":
        return None
    if any(c.phrase(term) for term in follows):
        return None
    value, mark, frame = subject.text.partition("{on:")
    how = f"{how} {count} bars" if count else how
    text = f"({value} is {how}){mark}{frame}" if mark else f"{value} is {how}"
    numbered = (subject,) if subject.kind == "oscillator" else ()
    return Condition(
        f"not {text}" if negated else text, assumed=subject.assumed, numbered=numbered, sides=alone(subject)
    )


@reader
def _within(c: Cursor, subject: Operand) -> Condition | None:
    """`is between 30 and 40`, `is within 1% of the 200 EMA`."""
    c.says("is")
    if c.peek().text == "within" and c.peek(1).unit == "percent" and c.peek(2).text == "of":
        width = c.peek(1)
        c.at += 3
        base = value_for(c, subject)
        if base is None or base.kind != subject.kind:
            return None
        return Condition(f"{subject.text} is within {plain(width.value or 0)}% of {base.text}", assumed=base.assumed)
    near = _atr_near(c, subject)
    if near is not None:
        return near
    if c.peek().text != "between":
        return None
    c.at += 1
    low = value_for(c, subject)
    if low is None or not c.says("and"):
        return None
    high = value_for(c, subject)
    if high is None:
        return None
    if low.kind != high.kind:
        bare = low.kind == "number" and high.name == "average" and not low.unit and low.text.isdigit()
        if not bare or int(low.text) > LONGEST:
            return None
        low = with_length(high, low.text)
    numbered = (subject,) if low.kind == "number" else ()
    return Condition(f"{subject.text} is between {low.text} and {high.text}", numbered=numbered)


@reader
def _atr_near(c: Cursor, subject: Operand) -> Condition | None:
    """`within half an ATR of the 20 SMA`."""
    if c.peek().text != "within" or subject.kind != "price":
        return None
    c.at += 1
    half = c.peek().text == "half"
    c.at += half
    c.skip(ARTICLES)
    token = None if half else c.take("number")
    if not half and (token is None or token.value is None or token.unit not in ("", "word")):
        return None
    if not c.says("atr") or c.peek().text != "of":
        return None
    c.at += 1
    base = value_for(c, subject)
    if base is None or base.kind != "price":
        return None
    times = "0.5" if half else plain(token.value if token and token.value else 1)
    text = f"abs({subject.text} - {base.text}) <= {times} * atr({{usual:atr}})"
    return Condition(text, assumed=base.assumed)


@reader
def _hit(c: Cursor, subject: Operand) -> Condition | None:
    """`price hits 70000`, `RSI reaches 60`: from which side stays open."""
    if not c.says("touch"):
        return None
    value = number(c)
    if value is None or not comparable(subject, value):
        return None
    return crossed(subject, _outwards(subject, value), value)


def _outwards(subject: Operand, value: Operand) -> str | None:
    """A score comes to a level from its middle: to 70 from below, to 30 from above."""
    if subject.name not in ("rsi", "mfi", "stochastic", "stochastic_rsi"):
        return None
    low, high = SCORES[subject.name]
    away = Decimal(value.text) * 2 - (low + high)
    return None if away == 0 else "above" if away > 0 else "below"


@reader
def _crossing(c: Cursor, subject: Operand, leaving: bool = False) -> Condition | None:
    """`crosses above X`, `drops below X`, `crosses X up`, `back above X`, `breaks the 20-day high`."""
    c.says("is")
    back = c.says("back")
    verb = c.says(*MOVES)
    if verb is None and not back:
        return None
    c.says("back")
    known, direction = _direction(c, verb or "move")
    if not known:
        return None
    value = value_for(c, subject)
    if value is None:
        return None
    if direction is None:
        direction = {"up": "above", "down": "below"}.get(c.says("up", "down") or "")
    if direction is None and value.name in ("extreme", "bollinger", "keltner", "donchian"):
        direction = {"high": "above", "upper": "above", "low": "below", "lower": "below"}.get(value.unit)
    if verb == "move" and not back and leaving and direction is not None:
        return compared(subject, ">" if direction == "above" else "<", value)
    found = crossed(subject, direction, value)
    where = _place(c, subject) if found is not None and value.kind != "number" else None
    return placed(found, where) if found is not None and where else found


@reader
def _place(c: Cursor, subject: Operand) -> str | None:
    """`… above the cloud` behind a crossing: where it happens."""
    side = c.says("above", "below")
    value = value_for(c, subject) if side else None
    return f"{subject.text} {SIGNS[side]} {value.text}" if side and value is not None else None


def _direction(c: Cursor, verb: str) -> tuple[bool, str | None]:
    """Whether the words make sense as a crossing, and above or below where they say it."""
    by_verb = {"up_move": "above", "down_move": "below"}.get(verb)
    said = c.says("above", "below", "through")
    if said == "through":
        return by_verb is not None or verb == "break", by_verb
    if said:
        return by_verb in (None, said), said
    if verb in ("cross", "break"):
        c.says("through")
        return True, {"up": "above", "down": "below"}.get(c.says("up", "down") or "")
    told = any(token.text in ("will", "would", "might") for token in c.tokens[max(0, c.at - 3) : c.at])
    if c.peek().text == "to" and by_verb and c.peek(1).kind == "number" and not told:
        c.at += 1
        return True, by_verb
    return c.tokens[c.at - 1].text in ("up", "down", "reclaims", "reclaim"), by_verb


@reader
def _level(c: Cursor, subject: Operand) -> Condition | None:
    """`is above X`, `over X`, `>= X`, `30 or less`, `over 21 over 50`."""
    been = c.says("has_been")
    c.says("is")
    if c.peek().text == "on" and c.peek(1).text in ARTICLES:
        return _on_side(c, subject)
    how = c.says("at_least", "at_most", "above", "below")
    if how is None:
        return None if been else _postfix(c, subject)
    many = values(c, subject)
    if many:
        each = [compared(subject, SIGNS[how], one) for one in many]
        return replace(each[-1], text=" and ".join(one.text for one in each), joined_by="and")
    value = value_for(c, subject)
    if value is None:
        return None
    if been and c.peek().text != "for":
        return None
    said = compared(subject, SIGNS[how], value)
    third = _chained(c, how, value)
    if third is not None and ("{on:" in subject.text) != ("{on:" in third.text):
        return None
    return replace(said, text=f"{said.text} {SIGNS[how]} {third.text}") if third else said


def _on_side(c: Cursor, subject: Operand) -> Condition | None:
    """`price on the 100 side` of an average named before: over it for longs."""
    c.at += 1
    value = operand(c)
    if value is None or value.name != "average" or c.peek().text != "side":
        return None
    c.at += 1
    return compared(subject, ">", value)


@reader
def _chained(c: Cursor, how: str, middle: Operand) -> Operand | None:
    """`over 50` after `9 EMA over 21`."""
    if middle.name != "average" or c.says(how) is None:
        return None
    return value_for(c, middle)


@reader
def _postfix(c: Cursor, subject: Operand) -> Condition | None:
    """`RSI is 30 or less`, `volume 1.5x average`."""
    factor = multiple(c, subject) if subject.kind == "volume" else None
    if factor is not None:
        return compared(subject, ">", factor)
    c.skip(frozenset({"at"}))
    value = number(c)
    if value is None or not comparable(subject, value):
        return None
    how = c.says("or_more", "or_less")
    return None if how is None else compared(subject, ">=" if how == "or_more" else "<=", value)
