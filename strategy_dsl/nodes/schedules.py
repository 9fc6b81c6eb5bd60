"""The clauses that go by the clock, by weights or by levels: schedules, holdings, grids and adds."""

from decimal import Decimal
from typing import Literal

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node
from strategy_dsl.nodes.clauses import Money, SizeEquity, SizeRisk
from strategy_dsl.nodes.expressions import Percent, Side


@dataclass(frozen=True)
class Timing(Node):
    """`every 4h`, `every monday at 09:00 UTC`, `every month on last day`.

    `interval` counts from midnight UTC; `days` are weekdays, all seven for `every day`;
    `day_of_month` 0 is the last day, a day that a month does not have is its last.
    """

    interval: str | None = None
    days: tuple[int, ...] = ()
    day_of_month: int | None = None
    clock: str = "00:00"
    zone: str = "UTC"


@dataclass(frozen=True)
class Schedule(Node):
    """An order or alert by the clock, where its condition is true; `market` None means each traded market."""

    timing: Timing
    action: Literal["buy", "short", "sell", "cover", "exit", "alert"]
    amount: Money | SizeEquity | None = None
    portion: Percent | None = None
    text: str | None = None
    market: str | None = None
    condition: Node | None = None


CASH = "cash"


@dataclass(frozen=True)
class Weight(Node):
    """A share of the budget's equity for one market, or kept as `cash`."""

    value: Node
    market: str


@dataclass(frozen=True)
class Hold(Node):
    """Holdings: by `weights`, the same `each` for every market, or the `best` few by `rank`, of all or `among` some.

    A market whose condition is not true stays in cash; where none is held, `otherwise` is.
    """

    weights: tuple[Weight, ...] = ()
    each: Node | None = None
    best: int | None = None
    among: tuple[str, ...] = ()
    rank: Node | None = None
    condition: Node | None = None
    otherwise: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Rebalance(Node):
    """When holdings return to their weights: by the clock, or once a weight drifts by so many points."""

    timing: Timing | None
    drift: Percent | None = None


@dataclass(frozen=True)
class Grid(Node):
    """`grid from 55000 to 65000 in 20 steps of 50 USDT`."""

    low: Decimal
    high: Decimal
    steps: int
    money: Money


@dataclass(frozen=True)
class Add(Node):
    """More of an open position: a ladder of `distances`, steps `every` so far, or `when` something is true."""

    amount: Money | SizeEquity | SizeRisk
    distances: tuple[Node, ...] = ()
    every: Node | None = None
    side: Side | None = None
    reference: Literal["entry", "average entry", "last entry"] = "entry"
    condition: Node | None = None
    factor: Decimal | None = None
    times: int | None = None
    apart: str | None = None
