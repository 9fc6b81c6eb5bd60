"""Readers of the highest and lowest of so many candles: `20-day high`, `24h low`, `highest close of 10 bars`."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.spans import MINUTES, bar_unit, plain
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, prior


@reader
def extreme(c: Cursor) -> Operand | None:
    """`20-day high`, `10 candle low`, `highest close of the previous 10 bars`, `high of the last 20 bars`."""
    return _extreme_last(c) or _extreme_span(c) or _extreme_first(c)


SHORTEST_SPAN = 12 * 60


@reader
def _extreme_span(c: Cursor) -> Operand | None:
    """`the 24h high`, `7d low`: of the candles in so much time; shorter ones may be those of one candle."""
    token = c.take("span")
    side = c.says("high", "low") if token is not None else None
    if token is None or token.value is None or side is None or token.unit not in MINUTES:
        return None
    name = "highest" if side == "high" else "lowest"
    if token.unit in ("d", "w") and token.value == int(token.value) and token.value > 1:
        return _extreme(side, side, token, f"1{token.unit}")
    minutes = int(token.value * MINUTES[token.unit])
    if minutes < SHORTEST_SPAN:
        return None
    return Operand(f"{name}({side}, {{bars:{minutes}}}){prior('')}", "price", "extreme", (), side)


@reader
def _extreme_last(c: Cursor) -> Operand | None:
    size = length(c)
    if size is None:
        return None
    unit = bar_unit(c)
    if unit is None:
        return None
    side = c.says("high", "low")
    closing = side is not None and c.peek().text == "close"
    c.at += closing
    return _extreme(side, "close" if closing else side, size, unit) if side else None


@reader
def _extreme_first(c: Cursor) -> Operand | None:
    how = c.says("highest", "lowest")
    series = c.says("close", "high", "low", "price")
    if how is None and series not in ("high", "low"):
        return None
    if not how:
        how = "highest" if series == "high" else "lowest"
    c.skip(frozenset({"of", "in", "over", "the", "for"}))
    led = c.says("previous")
    size = length(c)
    ahead = Cursor(c.tokens, c.at)
    if size is None or (not led and bar_unit(ahead) is None):
        return None
    side = "high" if how == "highest" else "low"
    return _extreme(side, "close" if series == "close" else side, size, bar_unit(c) or "")


def _extreme(side: str, series: str, size: Token, frame: str) -> Operand:
    name = "highest" if side == "high" else "lowest"
    return Operand(f"{name}({series}, {plain(size.value or 0)}){prior(frame)}", "price", "extreme", (), side)
