"""What a run gives back."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Fill(NamedTuple):
    """One order filled; `side` is buy, sell, short or cover."""

    time: int
    market: str
    side: str
    quantity: float
    price: float
    fee: float
    kind: str
    rule: str


class Trade(NamedTuple):
    """One finished (part of a) trade; `pnl` is after both fees."""

    market: str
    side: int
    entry_time: int
    exit_time: int
    entry_price: float
    exit_price: float
    quantity: float
    pnl: float
    kind: str
    rule: str


class Decision(NamedTuple):
    """One rule on one market at one close; `number` counts rules, then alerts, from 1."""

    time: int
    market: str
    number: int
    held: bool | None
    action: str


class AlertSent(NamedTuple):
    """One message."""

    time: int
    market: str
    text: str


@dataclass
class Result:
    """Everything that happened; `equity` is (close in ms, money) for each point of the time line."""

    fills: list[Fill] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    alerts: list[AlertSent] = field(default_factory=list)
    equity: list[tuple[int, float]] = field(default_factory=list)
    skipped: list[tuple[int, str, str]] = field(default_factory=list)
