"""Orders as the machine wants them, and fills as a broker reports them."""

from dataclasses import dataclass
from typing import Literal

from runtime.core.levels import Level

Kind = Literal["entry", "signal", "stop", "trail", "target", "time", "close", "halt"]
PROTECTIVE: frozenset[Kind] = frozenset({"stop", "trail", "target", "close", "halt"})
"""Orders that never wait for anybody."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Levels frozen on the candle that decided an entry."""

    stop: Level | None = None
    targets: tuple[tuple[Level, float | None], ...] = ()
    trail: Level | None = None
    trail_after: Level | None = None
    even_after: Level | None = None
    trail_once: bool = False
    even_once: bool = False

    def trails_at_once(self) -> bool:
        """Whether the trailing stop counts from the entry on."""
        return self.trail_after is None and not self.trail_once

    def risk(self, entry: float, decided: float) -> float | None:
        """The stop's distance from an entry price: the nearer of stop and trailing stop.

        A distance is laid from the entry; a stop at a price is measured from the close that `decided`.
        """
        stops = [self.stop, self.trail if self.trails_at_once() else None]
        found = [
            (decided or entry) - each.value if each.kind == "price" else each.length(entry) for each in stops if each
        ]
        return min(found) if found else None


@dataclass(frozen=True, slots=True)
class Order:
    """One wish of the machine; `price` is a level already reached, None means the market's next price.

    Entries carry `notional` (quote currency) or `quantity` (coins); exits carry `quantity`.
    """

    market: str
    kind: Kind
    reason: str
    decided_ms: int
    rule: int = 0
    name: str | None = None
    notional: float = 0.0
    quantity: float = 0.0
    price: float | None = None
    reference: float = 0.0
    plan: Plan | None = None

    @property
    def side(self) -> Literal["buy", "sell"]:
        """Entries buy, everything else sells."""
        return "buy" if self.kind == "entry" else "sell"

    @property
    def leg(self) -> str:
        """Tells the orders of one candle apart."""
        return f"{self.kind}-{self.rule}"


@dataclass(frozen=True, slots=True)
class Fill:
    """What a broker did: price and quantity in the market's units, fee in quote currency."""

    market: str
    side: Literal["buy", "sell"]
    quantity: float
    price: float
    fee: float
    time_ms: int
