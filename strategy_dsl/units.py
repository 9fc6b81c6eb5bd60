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
    """A unit with bounds, both ends included; a price knows its market, None is the one being judged."""

    unit: Unit
    low: float = -INFINITY
    high: float = INFINITY
    market: str | None = None


CONDITION = Kind(Unit.CONDITION, 0, 1)
PRICE = Kind(Unit.PRICE, 0, INFINITY)
