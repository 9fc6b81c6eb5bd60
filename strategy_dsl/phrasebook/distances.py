"""Readers of distances from a value: `2% below the lower band`, `2 ATR under the 20 EMA`, `1.5% of price`."""

from dataclasses import replace

from strategy_dsl.phrasebook.bar_words import deviations
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.multiples import own_average
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import SIGNS, Condition, compared
from strategy_dsl.phrasebook.values import Operand


@reader
def offset(c: Cursor, subject: Operand) -> Condition | None:
    """`is 2% below the lower band`, `at least 30% above its 20-week average`, `2 deviations under the mean`."""
    c.says("is")
    band = deviations(c) if subject.kind == "price" else None
    if band is not None:
        return compared(subject, "<" if band.unit == "lower" else ">", band)
    c.says("at_least", "above")
    token = c.take("number")
    if token is not None and token.unit in ("", "word") and c.says("atr"):
        return _atr_away(c, subject, plain(token.value or 1))
    if token is None or token.unit != "percent" or token.value is None:
        return None
    how = c.says("above", "below")
    if how is None:
        return None
    base = own_average(c, subject) or operand(c)
    if base is None or base.kind != subject.kind or base.kind not in ("price", "volume"):
        return None
    level = f"{plain(token.value)}% {how} {including(base)}"
    return compared(subject, SIGNS[how], replace(base, text=level))


def _atr_away(c: Cursor, subject: Operand, times: str) -> Condition | None:
    """`2 ATR below the 20 EMA`."""
    how = c.says("above", "below")
    base = operand(c) if how else None
    if base is None or how is None or base.kind != "price" or subject.kind != "price":
        return None
    level = f"{including(base)} {'+' if how == 'above' else '-'} {times} * atr({{usual:atr}})"
    return compared(subject, SIGNS[how], replace(base, text=level))


@reader
def percent_of(c: Cursor, subject: Operand) -> Operand | None:
    """`2% below the lower band`, `1.5% of price`."""
    token = c.take("number")
    if token is None or token.unit != "percent" or token.value is None:
        return None
    how = c.says("above", "below")
    if how is None and not (subject.kind == "range" and c.peek().text == "of"):
        return None
    base = own_average(c, subject) or operand(c)
    if base is None or base.kind not in ("price", "volume"):
        return None
    if subject.kind not in (base.kind, "range"):
        return None
    return replace(base, text=f"{plain(token.value)}% {how or 'of'} {including(base)}", kind=subject.kind)


def including(base: Operand) -> str:
    """A high or low with the candle at hand in it, as a distance from it means."""
    return base.text.replace("{prior:}", "").replace("{prior:", "{on:")
