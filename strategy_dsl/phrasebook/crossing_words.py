"""Readers of crossings by name or by halves: golden cross, MACD turns, `9/21 EMA`, `cross back`, stochastic lines."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length, number
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import average, macd, operand
from strategy_dsl.phrasebook.spans import bar_unit, plain
from strategy_dsl.phrasebook.statements import ITSELF, Condition, Crossing, Memory, crossed, framed_alike, placed
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, on

SIGN_WORDS = ("positive", "negative", "red", "green")
UPWARDS = {"up": "above", "down": "below", "up_move": "above", "down_move": "below"}


@reader
def named_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`golden cross`, `death cross`."""
    c.skip(ARTICLES)
    name = c.says("golden", "death")
    if name is None:
        return None
    note = f"{name} cross: the simple averages of 50 and 200 candles"
    fast, slow = Operand("sma(close, 50)", "price", "average"), Operand("sma(close, 200)", "price", "average")
    found = crossed(fast, "above" if name == "golden" else "below", slow)
    return replace(found, assumed=(note,)) if found else None


@reader
def macd_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`MACD crosses up`, `MACD bullish cross`, `macd crosses above its signal`, `MACD turns positive`."""
    line = macd(c)
    if line is None:
        return None
    before = c.says("up", "down")
    verb = c.says("up_move", "down_move", "cross", "move")
    if verb is None:
        return None
    if verb == "move" or (c.peek().text == "from" and c.peek(1).text in SIGN_WORDS):
        return _macd_sign(c, line)
    c.says("back")
    direction = agreed(verb, before, side_said(c, verb))
    if direction == "mixed" or (verb in ("up_move", "down_move") and not c.tokens[c.at - 1].text):
        return None
    signal = _macd_other(c, line)
    after = c.says("up", "down") if direction is None else None
    return placed_by_zero(c, crossed(line, direction or UPWARDS.get(after or ""), signal), line)


@reader
def _side_of_zero(c: Cursor) -> str | None:
    """`below zero`, `above the zero line`, `under 0`."""
    side = c.says("above", "below")
    c.skip(ARTICLES)
    if side is None or c.says("zero"):
        return side
    token = c.take("number")
    return side if token is not None and token.value == 0 else None


def placed_by_zero(c: Cursor, said: Condition | None, line: Operand) -> Condition | None:
    """`MACD crosses up below zero`: where the crossing happens."""
    side = _side_of_zero(c) if said is not None and " 0" not in said.text else None
    if said is None or side is None:
        return said
    return placed(said, f"{line.text} {'>' if side == 'above' else '<'} 0")


def _macd_other(c: Cursor, line: Operand) -> Operand:
    c.skip(ARTICLES)
    if c.says("zero") or (c.peek().kind == "number" and c.peek().value == 0):
        c.at += c.peek().kind == "number" and c.peek().value == 0
        return Operand("0", "number", "zero")
    c.says("signal")
    if "histogram" in line.name:
        return Operand("0", "number", "zero")
    return replace(line, text=line.text.replace(".line", ".signal"), assumed=())


def _macd_sign(c: Cursor, line: Operand) -> Condition | None:
    if c.peek().text == "from" and c.peek(1).text in SIGN_WORDS and c.peek(2).text == "to":
        c.at += 3
    sign = c.says("positive", "negative", "up", "down")
    if sign is None:
        return None
    zero = Operand("0", "number", "zero")
    other = zero if sign in ("positive", "negative") else _macd_other(c, line)
    return crossed(line, "above" if sign in ("positive", "up") else "below", other)


def side_said(c: Cursor, verb: str) -> str | None:
    """`above` behind `crosses`; behind `crosses up` another side is a place, not a direction: `below zero`."""
    start = c.at
    said = c.says("above", "below", "up", "down")
    crossing = c.tokens[max(0, start - 2)].text.startswith("cross")
    if said and crossing and agreed(verb, said) == "mixed":
        c.at = start
        return None
    return said


def agreed(*words: str | None) -> str | None:
    """The one direction that the words say, None for none, `mixed` where they disagree."""
    said = {UPWARDS.get(word, word) for word in words if word and word != "cross"}
    if len(said) > 1:
        return "mixed"
    return next(iter(said), None)


@reader
def averages_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`EMA 9/21 cross`, `the 50 crosses under the 200`, `the 9 and 21 EMA cross`."""
    c.skip(ARTICLES)
    pair = _slashed(c) or _bare_pair(c) or _verb_first(c)
    if pair is None:
        return None
    fast, slow, direction = pair
    said = crossed(fast, direction, slow)
    return framed_alike(said) if said is not None else None


@reader
def _verb_first(c: Cursor) -> tuple[Operand, Operand, str | None] | None:
    """`cross 9/18`, `cross of the 9 and the 18`, of averages named before."""
    if not c.says("cross"):
        return None
    c.skip(ARTICLES | {"of", "between"})
    fast = average(c)
    bare = length(c) if fast is None else None
    side = c.says("above", "below")
    if (fast is None and bare is None) or not (side or c.sign("/") or c.says("and")):
        return None
    slow = average(c)
    if slow is None:
        return None
    pair = (fast, slow, None) if fast is not None else _one_bare(None, slow, bare, None, None)
    direction = side or {"up": "above", "down": "below"}.get(c.says("up", "down") or "")
    return (pair[0], pair[1], direction) if pair is not None else None


@reader
def _slashed(c: Cursor) -> tuple[Operand, Operand, str | None] | None:
    """`EMA 9/21 cross up`, `9/21 EMA crossover`, `bullish 9/21 ema cross`."""
    before = c.says("up", "down")
    kind = c.says("ema", "sma", "ma")
    led = c.says("cross") if kind else None
    fast = length(c)
    if fast is None or not (c.sign("/") or c.says("and")):
        return None
    again = c.says("ema", "sma", "ma") if kind else None
    slow = length(c)
    kind = kind or c.says("ema", "sma", "ma")
    if slow is None or kind is None or again not in (None, kind):
        return None
    verb = led or c.says("up_move", "down_move", "cross")
    named = verb is None and (c.ended() or c.peek().text in ("swing", "strategy", "system", ",", "."))
    if verb is None and not named:
        return None
    direction = "above" if named else agreed(before, verb, c.says("up", "down", "above", "below"))
    if direction == "mixed":
        return None
    assumed: tuple[str, ...] = ("the pair read as the faster average crossing above the slower",) if named else ()
    assumed += ("simple averages: the kind was not said",) if kind == "ma" else ()
    spelled = "sma" if kind == "ma" else kind
    sides = [Operand(f"{spelled}(close, {plain(one.value or 0)})", "price", "average", assumed) for one in (fast, slow)]
    return sides[0], sides[1], direction


@reader
def _bare_pair(c: Cursor) -> tuple[Operand, Operand, str | None] | None:
    """`the 50 crosses under the 200`, `the 3 sma crossing up the 6 sma`."""
    fast = average(c)
    bare = None if fast else length(c)
    unit = bar_unit(c) if bare is not None else None
    verb = c.says("up_move", "down_move", "cross")
    if verb is None or (fast is None and bare is None):
        return None
    direction = agreed(verb, c.says("above", "below", "up", "down"))
    c.skip(ARTICLES)
    slow = average(c)
    other = None if slow else length(c)
    unit = unit or (bar_unit(c) if other is not None else None)
    if direction is None and (slow is not None or other is not None):
        direction = {"up": "above", "down": "below"}.get(c.says("up", "down") or "")
    if direction == "mixed" or (slow is None and other is None) or (fast is not None and slow is not None):
        return None
    if fast is None and slow is None:
        return _both_bare(bare, other, direction, unit or "", _only_kind(c))
    return _one_bare(fast, slow, bare, other, direction)


def _both_bare(
    fast: Token | None, slow: Token | None, direction: str | None, unit: str, kind: str | None
) -> tuple[Operand, Operand, str | None] | None:
    if kind is None or fast is None or slow is None or not _usual(fast.value) or not _usual(slow.value):
        return None
    note = ("simple averages of the close: the kind was not said",) if kind == "sma" else ()
    sides = [
        Operand(f"{kind}(close, {plain(one.value or 0)}){on(unit)}", "price", "average", note) for one in (fast, slow)
    ]
    return sides[0], sides[1], direction


def _only_kind(c: Cursor) -> str | None:
    """The kind of average that the whole text speaks of: simple where it names none, nothing where it names several."""
    kinds = {kind for kind in ("ema", "wma", "hma", "dema", "tema", "sma") for at in range(len(c.tokens))
             if Cursor(c.tokens, at).phrase(kind) and c.tokens[at].text != "ma"}  # fmt: skip
    return "sma" if not kinds else kinds.pop() if len(kinds) == 1 else None


def _one_bare(
    fast: Operand | None, slow: Operand | None, bare: Token | None, other: Token | None, direction: str | None
) -> tuple[Operand, Operand, str | None] | None:
    said, size = (fast or slow), (bare or other)
    if said is None or size is None or size.value is None or not _usual(size.value):
        return None
    head, _, tail = said.text.partition(", ")
    guess = replace(said, text=f"{head}, {plain(size.value)}){tail.partition(')')[2]}")
    return (fast or guess), (slow or guess), direction


def _usual(value: Decimal | None) -> bool:
    return value is not None and value == int(value) and 2 <= value <= 400


@reader
def again(c: Cursor, memory: Memory) -> Condition | None:
    """`cross down`, `they cross back`, `it falls below`, `the opposite cross`, after two sides were said."""
    other = _same_level(c, memory) if memory.sides and memory.sides.right.name != ITSELF else None
    if other is not None or memory.crossing is None:
        return other
    c.skip(frozenset({"they", "it", "on", "the", "an", "a"}))
    if c.peek().text in ("opposite", "reverse") and c.peek(1).text in ("cross", "crossover"):
        c.at += 2
        return _again(memory.crossing.opposite())
    direction = c.says("up", "down")
    verb = c.says("up_move", "down_move", "cross")
    back = c.says("back")
    direction = agreed(direction, verb, c.says("up", "down"))
    when = c.at >= 2 and c.tokens[c.at - 2].text in ("when", "if") and _ends(c)
    if direction == "mixed" or (verb is None and not _at_action(c) and not when):
        return None
    if direction is None and back:
        direction = memory.crossing.opposite().direction
    lines = memory.crossing.right.kind != "number"
    where = _again_where(c, memory.crossing.left) if verb and direction and lines else None
    if where is not None and direction is not None:
        return placed(_again(replace(memory.crossing, direction=direction)), where)
    if direction is None or c.phrase("above") or c.phrase("below") or c.peek().kind == "number":
        return None
    if operand(Cursor(c.tokens, c.at)) is not None:
        return None
    return _again(replace(memory.crossing, direction=direction))


@reader
def _again_where(c: Cursor, left: Operand) -> str | None:
    """`above 80` behind `crosses down`: where a score's crossing happens."""
    side = c.says("above", "below")
    if side is None or left.kind not in ("oscillator", "macd"):
        return None
    level = "0" if c.says("zero") else None
    found = number(c) if level is None else None
    level = level or (found.text if found is not None and not found.unit else None)
    return f"{left.text} {'>' if side == 'above' else '<'} {level}" if level else None


@reader
def _same_level(c: Cursor, memory: Memory) -> Condition | None:
    """`it falls below`, `closes under`: the same two sides, with nothing named again."""
    c.skip(ARTICLES | {"it"})
    named = c.says("price")
    closing = c.says("closes", "is")
    verb = None if closing else c.says("up_move", "down_move", "cross", "break", "move")
    said = memory.crossing if verb and memory.crossing else memory.sides
    if said is None or ((named or (closing and c.tokens[c.at - 1].text != "is")) and said.left.kind != "price"):
        return None
    c.says("back")
    side = c.says("above", "below")
    if c.peek().text in ("it", "that") and said.left.kind == "oscillator" and not verb:
        # `price above the 50 EMA and RSI < 30, sell when below it`: which of the two is not said
        return None
    c.skip(frozenset({"it", "again", "that"}))
    if side is None or not _ends(c) or (verb not in (None, "move") and agreed(verb, side) == "mixed"):
        return None
    if verb:
        return _again(replace(said, direction=side))
    return Condition(f"{said.left.text} {'>' if side == 'above' else '<'} {said.right.text}")


def _ends(c: Cursor) -> bool:
    return c.ended() or c.peek().text in (".", ",", ";", "\n") or c.peek().kind == "sign" or _at_action(c)


def _at_action(c: Cursor) -> bool:
    return any(c.phrase(name) for name in ("buy", "sell", "short", "cover"))


def _again(crossing: Crossing) -> Condition:
    return Condition(crossing.text(), crossing)
