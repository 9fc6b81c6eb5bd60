"""The paper broker: fills at the market's present price, with fee and slippage, and moves no real money."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from runtime.core.gate import Approved

PAPER_SLIPPAGE = 0.0005
"""What a market order is thought to pay beyond the price, as a ratio."""
STEP = Decimal("0.00000001")
"""The smallest quantity; quantities are rounded down to it."""


@dataclass(frozen=True)
class PaperFill:
    """A fill in exact money; the fee is in quote currency."""

    trade_id: str
    quantity: Decimal
    price: Decimal
    fee: Decimal


class PaperBroker:
    """Fills whole orders at once; takes only what the risk gate approved."""

    venue = "paper"

    def __init__(self, fee: Decimal, slippage: Decimal) -> None:
        self.fee = fee
        self.slippage = slippage

    def submit(self, approved: Approved, *, slips: bool = True) -> PaperFill:
        """Fills an approved order; the trade's id follows from the intent's, so a repeat is the same trade."""
        proposal = approved.proposal
        slip = self.slippage if slips else Decimal(0)
        sign = 1 if proposal.side == "buy" else -1
        price = proposal.price * (1 + sign * slip)
        return PaperFill(f"{proposal.intent_id}-1", proposal.quantity, price, proposal.quantity * price * self.fee)


def in_steps(quantity: Decimal) -> Decimal:
    """A quantity that the machine has rounded down to a step already, as a decimal of whole steps."""
    return quantity.quantize(STEP, rounding=ROUND_HALF_EVEN)
