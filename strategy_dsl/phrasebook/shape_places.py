"""Where a candle shape or a run of candles is seen, and what ran before it: `a hammer at the 50 EMA`."""

import re

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition

BULLISH = ("bullish", "hammer", "morning", "piercing", "tweezer_bottom", "three_white", "inverted_hammer", "dragonfly")
BEARISH = ("bearish", "shooting", "evening", "dark_cloud", "tweezer_top", "three_black", "hanging", "gravestone")
RUNS = re.compile(r"\(close [<>] open\) for \d+ bars|close is (?:rising|falling) \d+ bars|\w+ [<>] \w+\[1\]")
LEVELS = ("extreme", "average", "bollinger", "keltner", "vwap", "donchian")


@reader
def _placed(c: Cursor, said: Condition) -> Condition | None:
    """`a hammer above the 50 EMA`, `4 red candles in a row below vwap`: where the shape is seen."""
    shaped = said.text.startswith((*BULLISH, *BEARISH)) or RUNS.fullmatch(said.text)
    side = c.says("above", "below") if shaped else None
    value = operand(c) if side else None
    if value is None or side is None or value.name not in LEVELS:
        return None
    text = f"{said.text} and close {'>' if side == 'above' else '<'} {value.text}"
    return Condition(text, assumed=(*said.assumed, *value.assumed), joined_by="and")


@reader
def _behind_run(c: Cursor, said: Condition) -> Condition | None:
    """`a doji after 3 red candles`, `a hammer after 4 down closes`: the candles before it."""
    if not re.fullmatch(r"[a-z_]+|\{side:\w+\}", said.text) or c.peek().text not in ("after", "following"):
        return None
    c.at += 1
    count = length(c)
    c.says("consecutive")
    color = c.says("green", "red") if count is not None else None
    closes = c.peek().text in ("closes", "close")
    if count is None or color is None or not (closes or c.phrase("frame_noun")):
        return None
    c.at += 1
    c.says("row")
    how = "rising" if color == "green" else "falling"
    size = plain(count.value or 0)
    run = (
        f"close is {how} {size} bars" if closes else f"(close {'>' if color == 'green' else '<'} open) for {size} bars"
    )
    return Condition(f"{said.text} and ({run})[1]", assumed=said.assumed, joined_by="and")


def at_level(c: Cursor, said: Condition) -> Condition:
    """`a bullish engulfing at the lower band`, `a hammer on the 50 EMA`: the candle of the shape touches it."""
    placed = _placed(c, said) or _behind_run(c, said)
    if placed is not None:
        return placed
    side = "low" if said.text.startswith(BULLISH) else "high" if said.text.startswith(BEARISH) else ""
    start = c.at
    neutral = said.text in ("doji", "inside_bar", "long_legged_doji")
    if not (side or neutral) or c.peek().text not in ("at", "on", "off"):
        return said
    c.at += 1
    value = operand(c)
    if neutral and value is not None:
        side = {"lower": "low", "low": "low", "upper": "high", "high": "high"}.get(value.unit, "")
        value = value if side else None
    if value is None or value.name not in LEVELS:
        c.at = start
        return said
    sign, note = ("<=", "under") if side == "low" else (">=", "over")
    notes = (*said.assumed, *value.assumed, f"at that level read as: the {side} is at it or {note} it")
    return Condition(f"{said.text} and {side} {sign} {value.text}", assumed=notes, joined_by="and")
