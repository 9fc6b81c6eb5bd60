"""Where a chart shows that something was bought or sold."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class TradeMark:
    """One fill on a chart: `entry` for what was bought, `exit` for what was sold.

    `won` is how its trade ended, None while it is open.
    """

    time_ms: int
    price: float
    kind: Literal["entry", "exit"]
    won: bool | None
