"""Readers of a way there and back: `price was below vwap and closes above it`, `closes two days in a row under X`."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.compared_values import value_for
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length, number
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import bar_unit, plain
from strategy_dsl.phrasebook.statements import ITSELF, SIGNS, Condition, Memory, compared, crossed, placed
from strategy_dsl.phrasebook.values import Operand, on

WAS = {"was_below": "below", "was_above": "above"}
JOINTS = word_set(", and then but now it price it's its")
TURNS = word_set("closes close breaks crosses goes gets moves comes pops drops falls turns climbs is back closing")


@reader
def came_back(c: Cursor, subject: Operand) -> Condition | None:
    """`was below vwap, closes above it`, `was under the 20 EMA and now crosses back over it`: that crossing."""
    side = c.says("was_below", "was_above")
    value = value_for(c, subject) if side else None
    count = _lasted(c)
    if side is None or value is None or c.peek().text not in JOINTS:
        return None
    c.skip(JOINTS)
    turned = c.peek().text in TURNS
    c.skip(TURNS)
    now = c.says("above", "below") if turned else None
    if now is None or now == WAS[side]:
        return None
    if c.peek().text in ("it", "that", "again"):
        c.at += 1
    elif (again := operand(Cursor(c.tokens, c.at))) is not None:
        if again.text != value.text:
            return None
        operand(c)
    found = crossed(subject, now, value)
    if found is None or count is None:
        return found
    before = f"(({subject.text} {SIGNS[WAS[side]]} {value.text}) for {count} bars)[1]"
    return placed(found, before)


@reader
def _lasted(c: Cursor) -> str | None:
    """`for at least 20 bars` behind what was so."""
    if c.peek().text != "for":
        return None
    c.at += 1
    c.says("at_least", "above")
    size = length(c)
    return plain(size.value or 0) if size is not None and c.says("frame_noun", "chart") else None


@reader
def own_extreme(c: Cursor, subject: Operand) -> Condition | None:
    """`volume is the highest in 10 days`, `RSI is at its lowest of the last 20 candles`: of its own values."""
    c.says("is")
    c.skip(frozenset({"at"}) | ARTICLES)
    side = c.says("highest", "lowest")
    if side is None or c.phrase("close") or c.phrase("high") or c.phrase("low"):
        return None
    c.skip(frozenset({"it", "been", "in", "of", "for", "over", "since"}) | ARTICLES)
    c.says("previous")
    size = length(c) if side else None
    unit = bar_unit(c) if size is not None else None
    if size is None or unit is None or "{on:" in subject.text:
        return None
    sign = ">=" if side == "highest" else "<="
    text = f"{subject.text} {sign} {side}({subject.text}, {plain(size.value or 0)})"
    return Condition(f"({text}){on(unit)}" if unit else text, assumed=subject.assumed)


BASE = re.compile(r"[\d.]+% (above|below) (.+)")


@reader
def away_again(c: Cursor, memory: Memory) -> Condition | None:
    """`5% above` behind `5% below the 20 SMA`: of the same value."""
    before = BASE.fullmatch(memory.sides.right.text) if memory.sides else None
    if before is None or memory.sides is None:
        return None
    c.skip(frozenset({"it", "price"}))
    c.says("is")
    c.says("at_least", "above")
    token = c.take("number")
    how = c.says("above", "below") if token is not None and token.unit == "percent" else None
    c.skip(frozenset({"it", "that"}))
    ends = c.ended() or c.peek().kind == "sign" or c.phrase("and")
    if how is None or token is None or token.value is None or not ends:
        return None
    level = replace(memory.sides.right, text=f"{plain(token.value)}% {how} {before.group(2)}")
    return compared(memory.sides.left, SIGNS[how], level)


@reader
def came_after(c: Cursor, said: Condition) -> Condition | None:
    """`… above the 20 EMA after being under it`: that crossing."""
    if said.sides is None or said.sides.right.name == ITSELF or c.peek().text not in ("after", "having"):
        return None
    c.skip(
        frozenset({"after", "having", "being", "been", "closing", "trading", "it", "was", "a", "close", "price", "had"})
    )
    side = c.says("above", "below") or ("outside" if c.says("outside") else None)
    c.skip(frozenset({"it", "that", "there"}))
    ends = c.ended() or c.peek().kind == "sign" or c.phrase("and") or c.phrase("while")
    if side not in ("outside", "above", "below") or side == said.sides.direction or not ends:
        return None
    crossing = said.sides
    return replace(said, text=crossing.text(), crossing=crossing) if " and " not in said.text else said


@reader
def lone_extreme(c: Cursor, memory: Memory) -> Condition | None:
    """`it's the highest in 5 days`, of what was spoken of before."""
    if not (c.phrase("highest") or c.phrase("lowest")):
        return None
    subject = memory.sides.left if memory.sides is not None else Operand("close", "price", "price")
    found = own_extreme(c, subject)
    ends = c.ended() or c.peek().kind == "sign" or any(c.phrase(name) for name in ("and", "buy", "sell", "short"))
    if found is not None and subject.kind != "price" and "{on:" in found.text:
        # `RSI is above 50 and it's the highest in 5 days`: the price or the RSI, of which candles
        return None
    return found if ends else None


@reader
def row_first(c: Cursor, subject: Operand) -> Condition | None:
    """`closes two days in a row under its 20-day EMA`: that many candles one after the other."""
    c.says("is", "closes")
    count = length(c)
    c.says("consecutive")
    unit = bar_unit(c) if count is not None else None
    if count is not None and unit is None and c.peek().text in ("times", "closes"):
        c.at += 1
        unit = ""
    if count is None or count.value is None or unit is None or not (c.says("row") or c.says("consecutive")):
        return None
    how = c.says("at_least", "at_most", "above", "below")
    c.skip(ARTICLES)
    value = value_for(c, subject) if how else None
    if how is None or value is None:
        return None
    said = compared(subject, SIGNS[how], value)
    text = f"({said.text}) for {plain(count.value)} bars"
    if unit:
        # days over an average of days: the whole of it is counted in days
        text = text.replace(on(unit), "")
    if unit and any(frame != unit for frame in re.findall(r"\{on:(\w+)\}", text)):
        # weeks over an average of days: which candles are counted is not said
        return None
    return Condition(
        f"({text}){on(unit)}" if unit and "{on:" not in text else text, assumed=said.assumed, sides=said.sides
    )


PUSHES = word_set(
    "pokes poke spikes spike wicks wick sweeps sweep pushes push trades pierces runs run dips dip pops pop goes"
)
BACK_IN = word_set("and that which but then closes close closing falls fall comes come goes it price back")


@reader
def failed(c: Cursor, memory: Memory) -> Condition | None:
    """`pokes over 450 and closes under`, `a spike above the 20-day high that closes back below it`."""
    c.skip(ARTICLES | {"price", "when", "it"})
    if c.peek().text not in PUSHES:
        return None
    c.at += 1
    c.skip(frozenset({"out", "up", "down", "just"}))
    side = c.says("above", "below")
    value = (operand(c) or number(c)) if side else None
    if side is None or value is None or value.kind not in ("price", "number") or c.peek().text not in BACK_IN:
        return None
    start = c.at
    c.skip(BACK_IN)
    closed = {"closes", "close", "closing", "back"} & {token.text for token in c.tokens[start : c.at]}
    back = c.says("above", "below")
    inside = back is None and c.peek().text in ("in", "inside", "within")
    c.at += inside
    if not closed or (back is None and not inside) or back == side:
        return None
    c.skip(frozenset({"it", "again", "that", "the", "range", "level"}))
    if not (c.ended() or c.peek().kind == "sign" or c.phrase("and") or c.phrase("buy") or c.phrase("short")):
        return None
    part, sign, other = ("high", ">", "<") if side == "above" else ("low", "<", ">")
    text = f"{part} {sign} {value.text} and close {other} {value.text}"
    return Condition(text, assumed=value.assumed, joined_by="and")
