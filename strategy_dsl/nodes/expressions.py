"""Values and conditions."""

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node

Side = Literal["above", "below"]
Trend = Literal["rising", "falling"]


@dataclass(frozen=True)
class Number(Node):
    """A bare number; it takes the unit of what it meets."""

    value: Decimal


@dataclass(frozen=True)
class Percent(Node):
    """`1.5%`, the ratio 0.015; `value` is 1.5."""

    value: Decimal


@dataclass(frozen=True)
class Duration(Node):
    """`4h`: a length of time."""

    text: str


@dataclass(frozen=True)
class Clock(Node):
    """`09:30`, as an argument of a function."""

    text: str


@dataclass(frozen=True)
class Zone(Node):
    """`America/New_York`, as an argument of a function."""

    name: str


@dataclass(frozen=True)
class Name(Node):
    """A series such as `close`, a `let`, or a value of the position such as `profit`."""

    name: str


@dataclass(frozen=True)
class Call(Node):
    """A function of the catalogue with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Component(Node):
    """One line of an indicator that has several: `bollinger(20, 2).lower`."""

    call: Call
    component: str


@dataclass(frozen=True)
class Negative(Node):
    """`-x`."""

    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """`left + right` and its like."""

    left: Node
    operator: Literal["+", "-", "*", "/"]
    right: Node


@dataclass(frozen=True)
class Share(Node):
    """`2% above X`, `2% below X`, `2% of X`; X is one factor."""

    percent: Percent
    relation: Literal["above", "below", "of"]
    operand: Node


@dataclass(frozen=True)
class Shifted(Node):
    """`x[3]`: the value three bars earlier."""

    operand: Node
    bars: int


@dataclass(frozen=True)
class OnTimeframe(Node):
    """`x on 4h`: the value at the last closed candle of a longer timeframe."""

    operand: Node
    timeframe: str


@dataclass(frozen=True)
class OfMarket(Node):
    """`x of BTC/USDT`: the value on another market."""

    operand: Node
    market: str


@dataclass(frozen=True)
class OfCandles(Node):
    """`x of heikin_ashi`: the value on candles of another kind, of the same market and timeframe."""

    operand: Node
    candles: str


@dataclass(frozen=True)
class Compare(Node):
    """A chain such as `a > b > c`; one operator fewer than operands."""

    operands: tuple[Node, ...]
    operators: tuple[Literal["<", "<=", ">", ">=", "==", "!="], ...]


@dataclass(frozen=True)
class Crosses(Node):
    """True on the one candle where `left` moves to the other side of `right`."""

    left: Node
    direction: Side
    right: Node


@dataclass(frozen=True)
class Moves(Node):
    """`x is rising 3 bars`: three steps up in a row."""

    operand: Node
    direction: Trend
    bars: int


@dataclass(frozen=True)
class Near(Node):
    """`left is within 1% of right`."""

    left: Node
    tolerance: Percent
    right: Node


@dataclass(frozen=True)
class Between(Node):
    """`x is between low and high`, ends included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class OneOf(Node):
    """`weekday is monday` or `weekday in (monday, friday)`."""

    operand: Node
    words: tuple[str, ...]


@dataclass(frozen=True)
class Not(Node):
    """True where the condition is false."""

    condition: Node


@dataclass(frozen=True)
class AllOf(Node):
    """`a and b`: at least two conditions."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf(Node):
    """`a or b`: at least two conditions."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class AtLeast(Node):
    """`at least 2 of (a, b, c)`."""

    count: int
    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class Throughout(Node):
    """`c for 3 bars`: true on each of the last three, this one included."""

    condition: Node
    bars: int


@dataclass(frozen=True)
class Recently(Node):
    """`c in last 5 bars`: true on any of the last five, this one included."""

    condition: Node
    bars: int


@dataclass(frozen=True)
class Sequence(Node):
    """`a then within 10 bars b`: a on one of the ten candles before this one, b now."""

    first: Node
    bars: int
    second: Node


@dataclass(frozen=True)
class FirstSince(Node):
    """`first b since a`: the first candle with b after the last candle with a."""

    event: Node
    since: Node


@dataclass(frozen=True)
class Group(Node):
    """Parentheses as written; the parser removes them once it has seen what they group."""

    inner: Node
