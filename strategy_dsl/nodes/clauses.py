"""The clauses of a strategy."""

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node
from strategy_dsl.nodes.expressions import Percent


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
