"""The tree of a strategy. Nodes are frozen, hashable and equal by meaning: spans do not compare."""

from collections.abc import Iterator
from dataclasses import field, fields
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from strategy_dsl.spans import NOWHERE, Span

_CONFIG = ConfigDict(arbitrary_types_allowed=True)

Side = Literal["above", "below"]
Trend = Literal["rising", "falling"]


@dataclass(frozen=True, config=_CONFIG)
class Node:
    """Anything that stands somewhere in the text."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


# --- Expressions ---------------------------------------------------------------------------------


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


# --- Clauses -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trade(Node):
    """The markets, in order of preference, and the timeframe."""

    markets: tuple[str, ...]
    timeframe: str


@dataclass(frozen=True)
class Money(Node):
    """An amount of a currency or coin."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Let(Node):
    """A named expression."""

    name: str
    value: Node


@dataclass(frozen=True)
class Rule(Node):
    """`buy`, `sell` or `exit` when something is true; `portion` of a position for exits."""

    action: Literal["buy", "sell", "exit"]
    portion: Percent | None
    name: str | None
    condition: Node


@dataclass(frozen=True)
class Alert(Node):
    """A message without any order."""

    text: str
    condition: Node


@dataclass(frozen=True)
class Distance(Node):
    """A level laid off from the entry: a percent, or an amount of price such as `2 * atr(14)`."""

    value: Node


@dataclass(frozen=True)
class AtPrice(Node):
    """A level that is a price of its own."""

    price: Node


@dataclass(frozen=True)
class Multiple(Node):
    """`3r`: a multiple of the stop distance."""

    value: Decimal


@dataclass(frozen=True)
class StopLoss(Node):
    """Where a losing trade ends; `level` None is `stop loss none`."""

    level: Distance | AtPrice | None
    following: bool = False


@dataclass(frozen=True)
class Target(Node):
    """Where (part of) a winning trade ends; `portion` None is what is left."""

    level: Distance | AtPrice | Multiple
    portion: Percent | None


@dataclass(frozen=True)
class TrailingStop(Node):
    """A stop that follows the best price, from the start or after some profit."""

    distance: Node
    after: Distance | Multiple | None


@dataclass(frozen=True)
class BreakEven(Node):
    """Moves the stop to the entry price after some profit."""

    after: Distance | Multiple


@dataclass(frozen=True)
class ExitAfter(Node):
    """Leaves after a time (`48h`) or a number of bars; exactly one is set."""

    duration: str | None
    bars: int | None


@dataclass(frozen=True)
class ExitAt(Node):
    """Leaves at a time of day."""

    clock: str
    zone: str


@dataclass(frozen=True)
class SizeEquity(Node):
    """`size 5% of equity`."""

    percent: Percent


@dataclass(frozen=True)
class SizeMoney(Node):
    """`size 100 USDT` or `size 0.01 BTC`."""

    money: Money


@dataclass(frozen=True)
class SizeRisk(Node):
    """`size risk 1% of equity`: from the stop distance."""

    percent: Percent


@dataclass(frozen=True)
class Hours(Node):
    """`between 08:00 and 20:00 Europe/London`; over midnight it belongs to the day it began."""

    start: str
    end: str
    zone: str


@dataclass(frozen=True)
class Window(Node):
    """When entries are allowed (`only`) or not (`never`); one of the kinds, or days with hours."""

    gate: Literal["only", "never"]
    days: tuple[int, ...]
    hours: Hours | None
    condition: Node | None


@dataclass(frozen=True)
class Cooldown(Node):
    """No entry on a market for a while after its last exit."""

    duration: str
    after: Literal["any", "loss", "stop"]


@dataclass(frozen=True)
class Ask(Node):
    """Which orders wait for the person, for how long, and what silence means."""

    orders: Literal["never", "buying", "selling", "every order"]
    duration: str = "5m"
    otherwise: Literal["skip", "take half", "take"] = "skip"


@dataclass(frozen=True)
class Setting(Node):
    """A whole number that a limit clause sets."""

    value: int


@dataclass(frozen=True)
class Strategy(Node):
    """All clauses of one strategy, each kind in the order written; None where nothing was written."""

    name: str | None = None
    trade: Trade | None = None
    budget: Money | None = None
    lets: tuple[Let, ...] = ()
    rules: tuple[Rule, ...] = ()
    alerts: tuple[Alert, ...] = ()
    stop: StopLoss | None = None
    targets: tuple[Target, ...] = ()
    trailing: TrailingStop | None = None
    break_even: BreakEven | None = None
    exits_after: tuple[ExitAfter, ...] = ()
    exits_at: tuple[ExitAt, ...] = ()
    size: SizeEquity | SizeMoney | SizeRisk | None = None
    windows: tuple[Window, ...] = ()
    open_positions: Setting | None = None
    entries_a_day: Setting | None = None
    cooldowns: tuple[Cooldown, ...] = ()
    ask: Ask | None = None

    def entries(self) -> tuple[Rule, ...]:
        """The rules that open."""
        return tuple(rule for rule in self.rules if rule.action == "buy")

    def closers(self) -> tuple[Rule, ...]:
        """The rules that close."""
        return tuple(rule for rule in self.rules if rule.action != "buy")


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for each in fields(node):
        value = getattr(node, each.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                yield from walk(child)
