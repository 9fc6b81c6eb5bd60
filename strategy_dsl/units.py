"""What kind of quantity an expression is, and between which bounds it can lie."""

from dataclasses import dataclass
from enum import Enum

INFINITY = float("inf")


class Unit(Enum):
    """The kinds of quantity of the language; the value is how a person is told."""

    PRICE = "a price"
    PERCENT = "a percent"
    SCORE = "an oscillator's score"
    VOLUME = "a volume"
    BARS = "a number of bars"
    NUMBER = "a bare number"
    CONDITION = "true or false"
    DURATION = "a length of time"
    WORD = "a word"
    SAME = "the kind of its first value"


@dataclass(frozen=True)
class Kind:
    """A unit with bounds, both ends included."""

    unit: Unit
    low: float = -INFINITY
    high: float = INFINITY


CONDITION = Kind(Unit.CONDITION, 0, 1)
PRICE = Kind(Unit.PRICE, 0, INFINITY)

_LIKE_NUMBERS = {Unit.NUMBER, Unit.BARS, Unit.SCORE}


def comparable(left: Kind, right: Kind) -> bool:
    """Whether two kinds may be compared or added; a bare number takes the other's unit, except percent."""
    if left.unit is right.unit:
        return True
    pair = {left.unit, right.unit}
    if Unit.NUMBER not in pair:
        return pair <= _LIKE_NUMBERS or pair == {Unit.BARS, Unit.DURATION}
    other = left if right.unit is Unit.NUMBER else right
    number = right if right.unit is Unit.NUMBER else left
    if other.unit is Unit.PERCENT:
        return number.low != number.high
    return other.unit not in (Unit.CONDITION, Unit.WORD)
