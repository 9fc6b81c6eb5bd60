"""Finished and open trades of a run, folded from fills and their intents: the ledger is the truth."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from runtime.ledger import fills, intents, runs, strategies


@dataclass(frozen=True)
class Sale:
    """One sale of (part of) a trade."""

    at: datetime
    quantity: Decimal
    price: Decimal
    fee: Decimal
    kind: str
    reason: str
    rule: int
    decided_ms: int


@dataclass(frozen=True)
class Trade:
    """One trade from its buy to its last sale; open while something is left."""

    number: int
    market: str
    opened_at: datetime
    quantity: Decimal
    price: Decimal
    fee: Decimal
    rule: int
    reason: str
    decided_ms: int
    sales: tuple[Sale, ...]

    @property
    def left(self) -> Decimal:
        """Coins not yet sold."""
        return self.quantity - sum((each.quantity for each in self.sales), Decimal(0))

    @property
    def is_open(self) -> bool:
        """Whether something is left."""
        return self.left > 0

    @property
    def result(self) -> Decimal:
        """What the sold part made, after its share of both fees."""
        sold = self.quantity - self.left
        share = sold / self.quantity
        gained = sum((each.quantity * (each.price - self.price) - each.fee for each in self.sales), Decimal(0))
        return gained - self.fee * share

    @property
    def fees(self) -> Decimal:
        """All fees so far."""
        return self.fee + sum((each.fee for each in self.sales), Decimal(0))


def trades_of_person(c: Connection, person_id: int) -> list[tuple[str, Trade]]:
    """The trades of all runs of a person, ended ones too, oldest first, with their strategies' names."""
    found = [
        (strategy.name, trade)
        for strategy in strategies.listing(c, person_id)
        for run in runs.of_strategy(c, strategy.id)
        for trade in trades_of(c, run.id)
    ]
    return sorted(found, key=lambda each: each[1].opened_at)


def trades_of(c: Connection, run_id: int) -> list[Trade]:
    """The trades of a run, oldest first."""
    plans = {intent.id: intent.details for intent in intents.listing(c, run_id)}
    found: list[Trade] = []
    last: dict[str, int] = {}
    for fill in fills.of_run(c, run_id):
        details = plans[fill.intent_id]
        if fill.side == "buy":
            last[fill.market] = len(found)
            found.append(
                Trade(
                    len(found) + 1,
                    fill.market,
                    fill.at,
                    fill.quantity,
                    fill.price,
                    fill.fee,
                    details["rule"],
                    details["reason"],
                    details["decided_ms"],
                    (),
                )
            )
        else:
            said = (details[name] for name in ("kind", "reason", "rule", "decided_ms"))
            sale = Sale(fill.at, fill.quantity, fill.price, fill.fee, *said)
            trade = found[last[fill.market]]
            found[last[fill.market]] = Trade(**{**vars(trade), "sales": (*trade.sales, sale)})
    return found
