"""A position is what its fills add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, localcontext
from types import MappingProxyType
from typing import Protocol

# sums and products of amounts are exact: a digit that does not fit raises
EXACT = Context(prec=400, traps=[Inexact])
# only an average can need endless digits
AVERAGE = Context(prec=50)
ZERO = Decimal(0)


class Filled(Protocol):
    """The part of a fill that a position depends on."""

    @property
    def side(self) -> str:
        """`buy` or `sell`."""

    @property
    def quantity(self) -> Decimal:
        """How much of the base coin changed hands."""

    @property
    def price(self) -> Decimal:
        """The price of one, in the quote currency."""

    @property
    def fee(self) -> Decimal:
        """What the venue took."""

    @property
    def fee_currency(self) -> str:
        """What the venue took it in."""


@dataclass(frozen=True)
class Position:
    """What a run holds of one market.

    quantity: base coin held, fees in the base coin taken off; below zero when short.
    cost: what the held quantity was bought for at average price, without fees; 0 when flat (50 digits).
    cash: money in the quote currency that came in less what went out, fees in it taken off (exact).
    fees: all fees, by the currency they were taken in (exact).
    """

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    cash: Decimal = ZERO
    fees: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def average_entry(self) -> Decimal | None:
        """The average price of what is held; None when flat."""
        return AVERAGE.divide(self.cost, self.quantity) if self.quantity else None

    @property
    def realised(self) -> Decimal:
        """The result of what was closed, quote fees taken off at once."""
        return AVERAGE.add(self.cash, self.cost)


def fold(market: str, fills: Iterable[Filled]) -> Position:
    """The position that the fills of `market` (like `BTC/USDT` or `BTC/USDT:USDT`) add up to, in order."""
    base, _, rest = market.partition("/")
    quote = rest.partition(":")[0]
    position = Position()
    for fill in fills:
        position = _after(position, fill, base, quote)
    return position


def _after(before: Position, fill: Filled, base: str, quote: str) -> Position:
    with localcontext(EXACT):
        signed = fill.quantity if fill.side == "buy" else -fill.quantity
        charged = before.fees.get(fill.fee_currency, ZERO) + fill.fee
        quantity = before.quantity + signed - (fill.fee if fill.fee_currency == base else ZERO)
        cash = before.cash - signed * fill.price - (fill.fee if fill.fee_currency == quote else ZERO)
    cost = _cost(before, signed, fill.price) if quantity else ZERO
    return Position(quantity, cost, cash, MappingProxyType({**before.fees, fill.fee_currency: charged}))


def _cost(before: Position, signed: Decimal, price: Decimal) -> Decimal:
    held = before.quantity
    with localcontext(AVERAGE):
        if held * signed >= 0:
            return before.cost + signed * price
        left = held + signed
        return before.cost * left / held if held * left > 0 else left * price
