"""Plain numbers: a level, the length of an indicator, its settings in brackets."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand


@reader
def number(c: Cursor) -> Operand | None:
    """A plain level: `30`, `$60,000`, `-100`."""
    c.skip(ARTICLES)
    token = c.take("number")
    if token is None or token.value is None or token.unit in ("percent", "x", "r"):
        return None
    return Operand(plain(token.value), "number", "number", unit="usd" if token.unit == "usd" else "")


@reader
def length(c: Cursor) -> Token | None:
    """A whole number that can be the length of an indicator."""
    bracket = c.sign("(")
    token = c.take("number")
    if token is None or not is_length(token):
        return None
    if bracket and not c.sign(")"):
        return None
    return token


def is_length(token: Token) -> bool:
    """Whether a number is whole and of the size of a length."""
    value = token.value
    return value is not None and token.unit in ("", "word") and value == int(value) and 1 <= value <= 1000


@reader
def stochastic_settings(c: Cursor) -> str | None:
    """`(14, 3, 3)` behind the name."""
    bracket = c.sign("(")
    sizes = []
    while (token := c.take("number")) is not None and is_length(token):
        sizes.append(plain(token.value or 0))
        c.sign(",")
    closed = c.sign(")") if bracket else True
    return ", ".join(sizes) if len(sizes) == 3 and closed else None
