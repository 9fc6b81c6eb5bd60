"""Finished trades."""

from typing import NamedTuple


class Closed(NamedTuple):
    """One finished (part of a) trade; `side` is 1 for a long, -1 for a short, `pnl` is after both fees.

    `rule` is the rule that closed it, `entry_rule` the one that opened it; 0 and below are none.
    """

    market: str
    entry_ms: int
    exit_ms: int
    entry_price: float
    exit_price: float
    quantity: float
    pnl: float
    kind: str
    rule: int
    side: int = 1
    entry_rule: int = 0
    fees: float = 0.0
