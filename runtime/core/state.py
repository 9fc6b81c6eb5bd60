"""What a run remembers, and what its machine says happened."""

import math
from dataclasses import dataclass, field

from runtime.core.judge import Reading
from runtime.core.memory import LastExit, Memory
from runtime.core.orders import Kind
from runtime.core.position import Position


@dataclass(slots=True)
class State:
    """Everything a run has to remember between candles."""

    cash: float
    positions: dict[str, Position] = field(default_factory=dict)
    last_exits: dict[str, LastExit] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)

    def equity(self) -> float:
        """Cash and positions at their last known prices."""
        # exactly rounded, so that the order in which positions are stored does not matter
        return math.fsum([self.cash, *(each.quantity * self.marks[each.market] for each in self.positions.values())])


@dataclass(frozen=True, slots=True)
class Decision:
    """One rule on one market at one candle: what it said, what was done about it, and why."""

    market: str
    rule: int
    held: float
    action: str
    readings: list[Reading]


@dataclass(frozen=True, slots=True)
class Closed:
    """One finished (part of a) trade; `pnl` is after both fees."""

    market: str
    entry_ms: int
    exit_ms: int
    entry_price: float
    exit_price: float
    quantity: float
    pnl: float
    kind: Kind
    rule: int
