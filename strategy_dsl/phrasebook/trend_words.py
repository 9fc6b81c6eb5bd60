"""Readers of conditions that have words of their own: supertrend flips, Heikin-Ashi, gaps, candle shapes by name."""

import re
from decimal import Decimal

from strategy_dsl.catalogue import SHAPES as CATALOGUE
from strategy_dsl.phrasebook.candle_words import LEADING
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.indicators import tabled
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import SIGNS, Condition, Crossing, Memory, crossed
from strategy_dsl.phrasebook.values import Operand

ZERO = Operand("0", "number", "zero")
OWN = ("green", "red", "bullish_engulfing", "bearish_engulfing", "inside_bar")
NAMED = tuple(sorted((row.phrase.removeprefix("there is ").removeprefix("there are ").split(" ", 1)[-1]
                      if not row.phrase.startswith("there are ") else row.phrase.removeprefix("there are "), name)
                     for name, row in CATALOGUE.items() if name not in OWN))  # fmt: skip
FIRST_WORDS = frozenset(words.replace("-", " ").split()[0] for words, _ in NAMED)
SIDELESS = ("engulfing", "pin bar", "harami", "fair value gap", "marubozu", "spinning top", "belt hold")
"""Shapes named without their side: bullish where they buy, bearish where they sell."""
FIRST_WORDS |= {words.split()[0] for words in SIDELESS}


@reader
def supertrend(c: Cursor, memory: Memory) -> Condition | None:
    """`supertrend flips green`, `the supertrend is bullish`, `flip to red` after it was named."""
    c.skip(LEADING)
    line = direction_of(tabled(c))
    if line is None:
        last = memory.sides.left if memory.sides else None
        line = last if last is not None and last.name == "supertrend" else None
        c.skip(frozenset({"it"}))
    if line is None:
        return None
    turned = c.says("flip")
    c.says("back")
    if not turned and c.peek().text in ("green", "red") and _behind_action(c):
        turned = "flip"
    if turned:
        c.skip(frozenset({"to"}))
    elif not c.says("is") and not _state_said(c):
        return None
    side = c.says("green", "red", "up", "down", "buy", "short", "sell")
    if side is None:
        return None
    up = side in ("green", "up", "buy")
    if turned:
        return crossed(line, "above" if up else "below", ZERO)
    text = f"{line.text} {'>' if up else '<'} 0"
    return Condition(text, assumed=line.assumed, sides=Crossing(line, ZERO, "above" if up else "below"))


def _state_said(c: Cursor) -> bool:
    """Whether `green` or `red` alone says how the line stands: `supertrend green, …`, `supertrend green and …`."""
    ahead = Cursor(c.tokens, c.at)
    if ahead.says("green", "red") is None:
        return False
    acts = any(ahead.phrase(name) for name in ("buy", "sell", "short", "cover", "and", "or"))
    return ahead.ended() or ahead.peek().kind == "sign" or acts


def _behind_action(c: Cursor) -> bool:
    """Whether `on green` stands right behind a word of buying or selling."""
    before = [token.text for token in c.tokens[max(0, c.at - 3) : c.at]]
    return bool(before) and any(word in ("buy", "sell", "long", "short", "exit", "out", "close") for word in before)


def direction_of(value: Operand | None) -> Operand | None:
    """The direction of a supertrend, 1 up and -1 down."""
    if value is None or value.name != "supertrend":
        return None
    return Operand(value.text.replace(".line", ".direction"), "direction", "supertrend", value.assumed)


@reader
def heikin_ashi(c: Cursor, memory: Memory) -> Condition | None:
    """`the heikin ashi candle is green`, `green heikin ashi candle`, `heikin ashi turns red`."""
    c.skip(LEADING)
    before = c.says("green", "red")
    if not c.says("heikin_ashi"):
        return None
    c.says("frame_noun")
    turned = None if before else c.says("flip")
    if not before and not turned:
        c.says("is", "closes")
    side = before or c.says("green", "red")
    if side is None:
        return None
    text = f"close of heikin_ashi {'>' if side == 'green' else '<'} open of heikin_ashi"
    return Condition(f"newly({text})" if turned else text)


@reader
def psar_flips(c: Cursor, memory: Memory) -> Condition | None:
    """`psar flips below price`, `the sar turns up`: it crosses the price."""
    c.skip(LEADING)
    line = tabled(c)
    if line is None or line.name != "psar" or not c.says("flip", "move", "cross"):
        return None
    c.skip(frozenset({"to"}))
    side = c.says("above", "below") or {"up": "below", "down": "above"}.get(c.says("up", "down") or "")
    c.says("price", "close")
    return crossed(line, side, Operand("close", "price", "price")) if side else None


@reader
def gap(c: Cursor, memory: Memory) -> Condition | None:
    """`gaps up more than 1%`, `a gap down of 2%`."""
    c.skip(LEADING | {"price", "opens", "it"})
    if not c.says("gap"):
        return None
    side = c.says("up", "down")
    c.skip(frozenset({"of", "by", "open"}))
    c.says("at_least", "above")
    size = c.take("number")
    if side is None:
        return None
    if size is None:
        return Condition("gap > 0%" if side == "up" else "gap < 0%")
    if size.unit != "percent" or size.value is None:
        return None
    c.says("or_more")
    return Condition(f"gap {'>' if side == 'up' else '<'} {'' if side == 'up' else '-'}{plain(abs(size.value))}%")


@reader
def named_shape(c: Cursor, memory: Memory) -> Condition | None:
    """`a hammer`, `morning star`, `three white soldiers`, `engulfing` of whatever side acts."""
    c.skip(LEADING)
    found = _shape(c)
    if found is None:
        return None
    c.says("frame_noun")
    c.says("candle_prints")
    return Condition(found, assumed=() if "{" in found else (_meant(found),))


def _meant(name: str) -> str:
    return f"{name.replace('_', ' ')}: {CATALOGUE[name].about}"


def _shape(c: Cursor) -> str | None:
    if c.peek().text not in FIRST_WORDS:
        return None
    for words, name in NAMED:
        if _takes(c, words):
            return name
    for words in SIDELESS:
        if _takes(c, words):
            return f"{{side:{words.replace(' ', '_')}}}"
    return None


def _takes(c: Cursor, words: str) -> bool:
    listed = words.replace("-", " ").split()
    there = [c.peek(place).text for place in range(len(listed))]
    there = [*there[:-1], there[-1] if there[-1] == listed[-1] else there[-1].removesuffix("s")]
    if there != listed:
        return False
    c.at += len(listed)
    return True


@reader
def bar_against_bar(c: Cursor, memory: Memory) -> Condition | None:
    """`higher high`, `a lower low`, `higher close`, `the first down close`, `an up close`."""
    c.skip(LEADING | {"makes", "make", "price", "first", "prints"})
    count = length(c)
    row = c.says("consecutive")
    how = c.says("higher_word", "lower_word", "up", "down")
    part = {"high": "high", "highs": "high", "low": "low", "lows": "low", "close": "close"}.get(c.peek().text)
    if how is None or part is None or (how in ("up", "down") and part != "close"):
        return None
    c.at += 1
    sign = ">" if how in ("higher_word", "up") else "<"
    said = Condition(f"{part} {sign} {part}[1]")
    if count is None and not row:
        return said
    row = c.says("row") or row
    if count is None or count.value is None or not row:
        return None
    return Condition(f"({said.text}) for {plain(count.value)} bars")


@reader
def back_at(c: Cursor, memory: Memory) -> Condition | None:
    """`z is back at 0`, `RSI returns to 50`: reached again from whatever side the trade began on."""
    c.skip(LEADING)
    home = _price_back(c, memory)
    if home is not None:
        return home
    subject = operand(c)
    lean = memory.numbered[0] if len(memory.numbered) == 1 else None
    if subject is None and c.peek().text in ("it", "z", "score"):
        c.at += 1
    subject = subject or lean
    if subject is None or subject.kind != "oscillator" or not memory.selling:
        return None
    c.says("is")
    if not c.says("return") or c.phrase("above") or c.phrase("below"):
        return None
    c.skip(frozenset({"to", "at", "around", "the"}))
    level = "0" if c.says("zero") else None
    token = c.take("number") if level is None else None
    if token is not None and token.value is not None and token.unit in ("", "word", "signed"):
        level = plain(token.value)
    if level is None:
        return None
    return Condition(f"{subject.text} >= {level}", mirrored=f"{subject.text} <= {level}", numbered=(subject,))


@reader
def _price_back(c: Cursor, memory: Memory) -> Condition | None:
    """`price gets back to the EMA`, after it was bought under it: the average named here, or the one named before."""
    sides = memory.sides
    if not memory.selling or sides is None or sides.left.kind != "price":
        return None
    c.skip(frozenset({"price", "it", "the"}))
    if not c.says("return") or c.phrase("above") or c.phrase("below"):
        return None
    c.skip(frozenset({"to", "at", "the", "its"}))
    value = operand(c)
    if value is None or "{usual" in value.text:
        kind = value is not None or c.says("average", "ma", "band")
        base = re.search(r"(?:sma|ema|wma|hma|dema|tema)\(close, \d+\)(?:\{[^}]*\})?|vwap\(\w+\)", sides.right.text)
        value = Operand(base.group(), "price", "average") if kind and base else None
    if value is None or value.kind != "price" or value.name == "price":
        return None
    sign = ">=" if sides.direction == "below" else "<="
    return Condition(f"close {sign} {value.text}", assumed=value.assumed)


@reader
def squeezed(c: Cursor, memory: Memory) -> Condition | None:
    """`bollinger bandwidth is in the lowest 20% of its last 100 bars`."""
    c.skip(LEADING)
    subject = operand(c)
    if subject is None or subject.kind not in ("width", "range", "volume"):
        return None
    c.says("is")
    c.skip(frozenset({"in", "the", "its"}))
    side = c.says("lowest", "highest", "lower", "upper")
    share = c.take("number") if side else None
    if share is None or share.unit != "percent" or share.value is None:
        return None
    c.skip(frozenset({"of", "its", "the", "over", "values", "in"}))
    c.says("previous")
    count = c.take("number")
    if count is None or count.value is None or not c.says("chart", "day"):
        return None
    low = side in ("lowest", "lower")
    level = share.value if low else 100 - share.value
    text = f"percentrank({subject.text}, {plain(count.value)}) {'<=' if low else '>='} {plain(level)}"
    return Condition(text, assumed=subject.assumed)


@reader
def returned(c: Cursor, memory: Memory) -> Condition | None:
    """`the 30 day return is positive`, `the return over the last year is above 10%`."""
    c.skip(LEADING | {"its"})
    _ = c.take("coin") or c.take("pair")
    time = _return_first(c) or _return_behind(c)
    before = memory.sides.left if memory.sides is not None and memory.sides.left.name == "return" else None
    if time is None and before is None:
        return None
    value, note = (f"change(close, {time[0]})", time[1]) if time is not None else (before.text if before else "", ())
    c.says("is")
    sign = c.says("positive", "negative", "above", "below")
    if sign is None:
        return None
    level = "0"
    if time is None and sign in ("above", "below"):
        return None
    if sign in ("above", "below"):
        token = c.take("number")
        zero = token is None and c.says("zero")
        if token is not None and token.value is not None and (token.unit == "percent" or token.value == 0):
            level = plain(token.value)
        elif not zero:
            return None
    way = "above" if sign in ("positive", "above") else "below"
    found, than = Operand(value, "return", "return"), Operand(f"{level}%", "number", "level")
    return Condition(f"{value} {SIGNS[way]} {than.text}", assumed=note, sides=Crossing(found, than, way))


@reader
def _return_first(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`30 day return`, `3 month momentum`."""
    time = long_span(c)
    return time if time is not None and c.says("return_noun") else None


@reader
def _return_behind(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`return over the last 30 days`."""
    if not c.says("return_noun") or c.peek().text not in ("over", "of", "in", "for"):
        return None
    c.at += 1
    c.skip(LEADING)
    c.says("previous")
    return long_span(c)


@reader
def long_span(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """A number of days, weeks, months or years as `{bars:minutes}`; a month is 30 days, a year 365."""
    token = c.take("number")
    count = token.value if token is not None and token.unit in ("", "word") else None
    if token is None:
        count = Decimal(1)
    unit = next((term for term in DAYS if c.says(term)), None)
    if unit is None or count is None:
        return None
    days = int(count * DAYS[unit])
    note = () if unit in ("day", "week") else (f"{plain(count)} {unit} read as {days} days",)
    return f"{{bars:{days * 1440}}}", note


DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
TREND_SHAPES = (returned, supertrend, psar_flips, heikin_ashi, gap, named_shape, bar_against_bar, back_at, squeezed)
