"""Readers of a value as a multiple or an average of another: `1.5 times its 20-bar average`, `its 50 day`."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import bar_unit, plain
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, on

SAID = "said"
"""The unit of a subject whose name stands in its own clause, so that `the 9 EMA` behind it may be its own."""


def unsaid(subject: Operand) -> Operand:
    """A subject that words lean on: spoken of before, and not in their own clause."""
    return replace(subject, unit="") if subject.unit == SAID else subject


@reader
def multiple(c: Cursor, subject: Operand) -> Operand | None:
    """`1.5 times its 20-bar average`, `twice the average`, `0.985 of the lower band`."""
    factor = factor_of(c)
    if factor is None or subject.kind not in ("volume", "price", "range", "width"):
        return None
    base = own_average(c, subject) or (operand(c) if subject.kind != "volume" else None)
    if base is None or base.kind != subject.kind:
        return None
    return replace(base, text=f"{factor} * {base.text}")


@reader
def average_of(c: Cursor) -> Operand | None:
    """`the 50 average of ATR`, `20 period EMA of the RSI`, `50 bar average of volume`."""
    c.skip(ARTICLES)
    size = length(c)
    c.skip(frozenset({"period", "bar", "candle"}))
    kind = c.says("ema", "sma", "ma", "average") if size is not None else None
    if size is None or kind is None or c.peek().text != "of":
        return None
    c.at += 1
    value = operand(c)
    if value is None or value.kind not in ("oscillator", "range", "width", "volume", "macd") or "{on:" in value.text:
        return None
    name = "ema" if kind == "ema" else "sma"
    return replace(value, text=f"{name}({value.text}, {plain(size.value or 0)})")


@reader
def share_of_average(c: Cursor, subject: Operand) -> Operand | None:
    """`75% of its 200 average`, of whatever the subject is an average of."""
    token = c.take("number")
    if token is None or token.unit != "percent" or token.value is None or c.peek().text != "of":
        return None
    c.at += 1
    inner = re.fullmatch(r"(?:sma|ema)\((.*), \d+\)", subject.text)
    base = replace(subject, text=inner.group(1)) if inner and subject.kind != "price" else subject
    found = _named_average(c, base)
    return replace(found, text=f"{plain(token.value)}% of {found.text}") if found is not None else None


@reader
def factor_of(c: Cursor) -> str | None:
    """`1.5 times`, `2x`, `twice`, `0.985 of`."""
    if c.says("twice"):
        return "2"
    if c.peek().text == "half" and c.peek(1).text in ("the", "its", "of"):
        c.at += 2
        return "0.5"
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "x", "word"):
        return None
    if token.unit != "x" and not c.says("times") and not c.sign("*") and c.peek().text != "of":
        return None
    return plain(token.value)


@reader
def days_alone(c: Cursor, subject: Operand) -> Operand | None:
    """`under its 50 day`: the average, where nothing else is named."""
    c.skip(ARTICLES)
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    if size is None or size.value is None or size.value < 10 or unit not in ("1d", "1w"):
        return None
    if subject.kind != "price" or not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    note = f"{plain(size.value)} {'day' if unit == '1d' else 'week'} read as the simple average"
    return Operand(f"sma(close, {plain(size.value)}){on(unit)}", "price", "average", (note,))


@reader
def own_average(c: Cursor, subject: Operand) -> Operand | None:
    """`its 20-bar average`, `average volume`, `the usual`, of the volume; `its own 14 period average` of any value."""
    if subject.kind in ("oscillator", "width", "range", "macd") or subject.name == "obv":
        return _named_average(c, subject)
    if subject.kind != "volume":
        return None
    own = c.peek().text == "its" or subject.unit == SAID
    c.skip(ARTICLES)
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    named = c.says("usual", "ma", "sma")
    if named is None or (named != "usual" and not own and not c.phrase("volume")):
        return None
    c.says("volume")
    if size is None:
        size, unit = _length_behind(c)
    count = plain(size.value or 0) if size is not None else "20"
    assumed = () if size is not None else ("average volume over 20 candles: the length was not said",)
    same = f"{{same:{unit}}}" if unit else ""
    return Operand(f"sma(volume, {count}){same}", "volume", "average volume", assumed)


@reader
def _named_average(c: Cursor, subject: Operand) -> Operand | None:
    """`its own 20-bar average`: with its length, which no value but the volume has by custom.

    `the 200 EMA` behind words that only lean on an indicator is the price's, as in `RSI < 30 and above the 200 EMA`.
    """
    if c.peek().text not in ("its", "own") and (c.peek().text != "the" or subject.unit != SAID):
        return None
    c.skip(ARTICLES | {"own"})
    size = length(c)
    c.skip(frozenset({"period", "bar", "candle", "day"}))
    kind = c.says("ema", "sma", "ma", "average")
    if subject.kind == "price" or size is None or kind is None or "{on:" in subject.text:
        return None
    name = "ema" if kind == "ema" else "sma"
    return replace(subject, text=f"{name}({subject.text}, {plain(size.value or 0)})", assumed=())


def _length_behind(c: Cursor) -> tuple[Token | None, str | None]:
    """`of the last 20 candles` behind an average."""
    start = c.at
    c.skip(ARTICLES | {"over"})
    if c.says("previous"):
        size = length(c)
        unit = bar_unit(c)
        if size is not None and unit is not None:
            return size, unit
    c.at = start
    return None, None
