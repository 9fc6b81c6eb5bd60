"""What a live run and its caller say to each other about orders."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Order:
    """One wish of the machine; `opens` is an entry or an add, else a way out, `side` what is done on the market.

    `price` is the market's at which it would be filled, `stop` and `targets` where the position would end.
    """

    market: str
    kind: str
    side: Literal["buy", "sell"]
    opens: bool
    quantity: float
    price: float
    reason: str
    rule: int
    decided_ms: int
    leg: str
    slips: bool = True
    slot: int = -1
    reference: float = 0.0
    stop: float | None = None
    targets: tuple[float, ...] = ()

    @property
    def notional(self) -> float:
        """The order's value."""
        return self.quantity * self.price

    @property
    def is_long(self) -> bool:
        """Whether the position it opens or closes is a long."""
        return (self.side == "buy") == self.opens

    def data(self) -> dict[str, Any]:
        """As JSON-able data."""
        return asdict(self)


def order_from(data: Mapping[str, Any]) -> Order:
    """The order that `Order.data` gave."""
    return Order(**{**data, "targets": tuple(data["targets"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order: filled (with quantity, price and fee), asked about, or refused."""

    status: str
    quantity: float = 0.0
    price: float = 0.0
    fee: float = 0.0


REFUSED, ASKED = Answer("refused"), Answer("asked")
Send = Callable[[Order], Answer]


@dataclass(frozen=True, slots=True)
class Booked:
    """One fill as the machine booked it; `pnl` and `entry_price` of what it closed, `left` of the position after it."""

    order: Order
    quantity: float
    price: float
    fee: float
    left: float
    pnl: float | None
    entry_price: float | None


@dataclass(frozen=True, slots=True)
class Held:
    """One open position as it stands; prices in quote currency, quantities in coins, `side` 1 long, -1 short."""

    market: str
    side: int
    quantity: float
    entry_price: float
    filled_ms: int
    rule: int
    stop: float | None
    targets: tuple[float, ...]
    mark: float

    @property
    def worth(self) -> float:
        """What is open at the last price."""
        return self.quantity * self.mark

    @property
    def result(self) -> float:
        """What it has gained so far, fees not counted."""
        return self.side * self.quantity * (self.mark - self.entry_price)
