"""The clauses that say what is traded, when it is entered and left, and under which conditions."""

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node
from strategy_dsl.nodes.expressions import Percent

Reference = Literal["entry", "average entry", "last entry", "each entry"]
"""From which price a distance is laid off; `entry` is the first fill."""


@dataclass(frozen=True)
class Universe(Node):
    """`top 50 by volume in USDT except DOGE/USDT`: markets chosen anew each day from past data alone."""

    count: int
    quote: str
    excluded: tuple[str, ...]


@dataclass(frozen=True)
class Trade(Node):
    """The markets, in order of preference, or a universe of them, and the timeframe."""

    markets: tuple[str, ...]
    timeframe: str
    perpetual: bool = False
    universe: Universe | None = None


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
    """`buy`, `short`, `sell`, `cover` or `exit` when something is true; `portion` of a position for exits."""

    action: Literal["buy", "short", "sell", "cover", "exit"]
    portion: Percent | None
    name: str | None
    condition: Node

    @property
    def opens(self) -> bool:
        """Whether the rule opens a position."""
        return self.action in ("buy", "short")


@dataclass(frozen=True)
class Reverse(Node):
    """An entry of the other side closes the position first."""


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
    reference: Reference = "entry"


@dataclass(frozen=True)
class Target(Node):
    """Where (part of) a winning trade ends; `portion` None is what is left."""

    level: Distance | AtPrice | Multiple
    portion: Percent | None
    reference: Reference = "entry"
    following: bool = False


@dataclass(frozen=True)
class Once(Node):
    """`once C`: from the first close on which the condition is true."""

    condition: Node


@dataclass(frozen=True)
class TrailingStop(Node):
    """A stop that follows the best price, from the start or after some profit."""

    distance: Node
    after: Distance | Multiple | Once | None


@dataclass(frozen=True)
class BreakEven(Node):
    """Moves the stop to the entry price after some profit."""

    after: Distance | Multiple | Once


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
class SizeVolatility(Node):
    """`size volatility 15% a year`: equity times 15% over the market's own volatility a year."""

    percent: Percent


@dataclass(frozen=True)
class Leverage(Node):
    """`leverage 3x`: margin of a perpetual; changes neither size nor distances."""

    times: Decimal


@dataclass(frozen=True)
class Order(Node):
    """How entries are placed; `price` None is a market order, `bars` or `duration` how long one waits."""

    kind: Literal["market", "limit", "stop"]
    price: Node | None = None
    duration: str | None = None
    bars: int | None = None


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
    event: str | None = None


@dataclass(frozen=True)
class OpenPositions(Node):
    """`at most 2 open positions, highest volume first`; `rank` None takes markets in the order of `trade`."""

    value: int
    rank: Node | None = None
    best: Literal["highest", "lowest"] = "highest"


@dataclass(frozen=True)
class EntriesADay(Node):
    """`at most 3 entries a day`, a day of the zone."""

    value: int
    zone: str = "UTC"


@dataclass(frozen=True)
class Cooldown(Node):
    """No entry on a market for a while after its last exit."""

    duration: str
    after: Literal["any", "loss", "stop", "other side"]


@dataclass(frozen=True)
class Pause(Node):
    """No entries for a while once a condition is true; exactly one of `duration` and `until` is set."""

    condition: Node
    duration: str | None = None
    until: str | None = None
    zone: str = "UTC"


@dataclass(frozen=True)
class Halt(Node):
    """No entries until a person restarts; `close` leaves all positions at once."""

    condition: Node
    close: bool = False


@dataclass(frozen=True)
class Ask(Node):
    """Which orders wait for the person, for how long, and what silence means."""

    orders: Literal["never", "buying", "selling", "every order"]
    duration: str = "5m"
    otherwise: Literal["skip", "take half", "take"] = "skip"
