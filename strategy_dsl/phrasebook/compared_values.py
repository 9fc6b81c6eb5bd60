"""The other side of a comparison: a value of a kind that the subject can be compared with."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.bar_words import same_earlier
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.distances import percent_of
from strategy_dsl.phrasebook.lengths import number
from strategy_dsl.phrasebook.list_words import with_length
from strategy_dsl.phrasebook.multiples import days_alone, multiple, own_average, share_of_average
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import SCORES, atr_length, operand
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand

LONGEST = 400
"""No average is said to be longer, and few prices beside one are lower."""


def value_for(c: Cursor, subject: Operand) -> Operand | None:
    """The other side of a comparison, of a kind that the subject can be compared with."""
    for read in (share_of_average, percent_of, multiple, own_average, days_alone, same_earlier):
        scaled = read(c, subject)
        if scaled is not None:
            return scaled
    if subject.kind == "macd":
        return _macd_value(c, subject)
    if (found := operand(c)) is not None:
        return _moved_by(c, found) if comparable(subject, found) else None
    c.skip(ARTICLES)
    if (riddle := c.take("riddle")) is not None and subject.name == "average":
        return with_length(subject, riddle.text)
    if (value := number(c)) is None:
        return None
    if subject.name == "average" and value.unit == "" and value.text.isdigit() and int(value.text) <= LONGEST:
        note = f"{value.text} read as the length of an average, like the one before it"
        return replace(with_length(subject, value.text), assumed=(note,))
    if c.peek().text in (",", "/") and c.peek(1).kind == "number" and subject.kind == "price" and not value.unit:
        return None
    return value if comparable(subject, value) else None


@reader
def _moved_by(c: Cursor, value: Operand) -> Operand | None:
    """`rsi(1h) minus 20`, `the 20 EMA plus 100`, `open + 0.5 * ATR`."""
    sign = {"minus": "-", "plus": "+", "-": "-", "+": "+"}.get(c.peek().text)
    if sign is None or c.peek(1).kind != "number":
        return value
    start, said = c.at, c.peek().text
    c.at += 1
    amount = number(c) or c.take("number")
    times = c.says("times") or c.sign("*")
    if c.says("atr") and value.kind == "price" and amount is not None:
        size = plain(amount.value or 1) if isinstance(amount, Token) else amount.text
        return replace(value, text=f"{value.text} {sign} {size} * atr({atr_length(c)})")
    if times or said == "+" or not isinstance(amount, Operand):
        c.at = start
        return value
    return replace(value, text=f"{value.text} {sign} {amount.text}")


def _macd_value(c: Cursor, subject: Operand) -> Operand | None:
    c.skip(ARTICLES)
    if c.says("signal"):
        return replace(subject, text=subject.text.replace(".line", ".signal"), assumed=())
    if c.says("zero") or (c.peek().kind == "number" and c.peek().text == "0"):
        c.at += c.peek().text == "0"
        return Operand("0", "number", "zero")
    return None


def comparable(subject: Operand, value: Operand) -> bool:
    """Whether the two may stand on the two sides of one comparison."""
    if value.kind != "number":
        return subject.kind == value.kind and value.text != subject.text
    if subject.kind == "oscillator":
        low, high = SCORES[subject.name]
        return value.unit == "" and low < Decimal(value.text) < high
    return subject.kind in ("price", "volume") and subject.name != "average"
