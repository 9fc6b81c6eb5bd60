"""Readers of the two lines of a stochastic: `k crosses above d under 20`, `stoch RSI k over d`, `k over 80`."""

from decimal import Decimal

from strategy_dsl.phrasebook.crossing_words import agreed, side_said
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import number, stochastic_settings
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.statements import Condition, Memory, compared, crossed, placed
from strategy_dsl.phrasebook.values import Operand


@reader
def _lines_compared(c: Cursor, named: str | None, settings: str | None) -> Condition | None:
    """`stoch k over d`, `both under 20` behind it."""
    side = c.says("above", "below")
    plain_level = number(c) if side else None
    if side is None or (plain_level is None and not c.says("d_line", "signal")):
        return None
    head = (
        "stochastic_rsi(14, 14, 3, 3)"
        if named == "stoch_rsi"
        else f"stochastic({settings or '{usual:stochastic}, 3, 3'})"
    )
    if plain_level is not None:
        line = Operand(f"{head}.k", "oscillator", "stochastic")
        fits = not plain_level.unit and 0 < Decimal(plain_level.text) < 100
        return compared(line, ">" if side == "above" else "<", plain_level) if fits else None
    text = f"{head}.k {'>' if side == 'above' else '<'} {head}.d"
    if c.peek().text != "both" and (c.peek().text != "," or c.peek(1).text != "both"):
        return Condition(text)
    c.at += 1 + (c.peek().text == ",")
    place = c.says("above", "below")
    level = number(c) if place else None
    if place is None or level is None or level.unit:
        return None
    sign = ">" if place == "above" else "<"
    return Condition(f"{text} and {head}.k {sign} {level.text} and {head}.d {sign} {level.text}", joined_by="and")


@reader
def stochastic_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`stochastic k crosses above d`, `%k crosses below %d`, `stoch crosses up`."""
    c.skip(ARTICLES)
    named = c.says("stoch_rsi", "stochastic")
    settings = stochastic_settings(c) if named == "stochastic" else None
    line = c.says("k_line")
    if named is None and line is None:
        return None
    if named is None and any(Cursor(c.tokens, at).phrase("stoch_rsi") for at in range(len(c.tokens))):
        named = "stoch_rsi"
    verb = c.says("up_move", "down_move", "cross")
    direction = agreed(verb, side_said(c, verb)) if verb else None
    c.skip(ARTICLES | {"its", "%"})
    other = c.says("d_line", "signal")
    if verb and direction is None and other:
        direction = {"up": "above", "down": "below"}.get(c.says("up", "down") or "")
    if verb is None and other is None and (named or settings or line):
        compared_lines = _lines_compared(c, named, settings)
        if compared_lines is not None:
            return compared_lines
    asked = verb == "cross" and direction is None and other is not None and bool(named)
    alone = other is None and not (named and c.tokens[c.at - 1].text in ("up", "down"))
    if (direction is None and not asked) or direction == "mixed" or alone:
        return None
    head = (
        "stochastic_rsi(14, 14, 3, 3)"
        if named == "stoch_rsi"
        else f"stochastic({settings or '{usual:stochastic}, 3, 3'})"
    )
    fast = Operand(f"{head}.k", "oscillator", "stochastic")
    said = crossed(fast, direction, Operand(f"{head}.d", "oscillator", "stochastic d"))
    side = c.says("above", "below") if said is not None else None
    level = number(c) if side else None
    if said is None or side is None:
        return said
    if level is None:
        return None
    return placed(said, f"{fast.text} {'>' if side == 'above' else '<'} {level.text}")
