"""Finished and open trades of a run, folded from fills and their intents: the ledger is the truth."""

from dataclasses import dataclass, replace
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
    """One trade from its entry to its last exit; open while something is left.

    `side` is 1 for a long, -1 for a short; quantity, price (average) and fee are those of all entries.
    """

    number: int
    market: str
    side: int
    opened_at: datetime
    quantity: Decimal
    price: Decimal
    fee: Decimal
    rule: int
    reason: str
    decided_ms: int
    sales: tuple[Sale, ...]
    adds: int = 0

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
        return sum((self.result_of(each) for each in self.sales), Decimal(0))

    def result_of(self, sale: Sale) -> Decimal:
        """What one sale made, after its fee and its share of the entry's."""
        gained = self.side * sale.quantity * (sale.price - self.price)
        return gained - sale.fee - self.fee * sale.quantity / self.quantity

    @property
    def fees(self) -> Decimal:
        """All fees so far."""
        return self.fee + sum((each.fee for each in self.sales), Decimal(0))


def trades_of_person(c: Connection, person_id: int) -> list[tuple[str, Trade]]:
    """The trades of all runs of a person, ended and deleted ones too, oldest first, with their strategies' names."""
    return [(name, trade) for name, _, trade in numbered_trades(c, person_id)]


def numbered_trades(c: Connection, person_id: int) -> list[tuple[str, runs.Run, Trade]]:
    """The same with their runs; the trades are numbered from 1, as `trades` shows them."""
    found = [
        (strategy.name, run, trade)
        for strategy in strategies.all_of(c, person_id)
        for run in runs.of_strategy(c, strategy.id)
        for trade in trades_of(c, run.id)
    ]
    found.sort(key=lambda each: each[2].opened_at)
    return [(name, run, replace(trade, number=place)) for place, (name, run, trade) in enumerate(found, 1)]


def trades_of(c: Connection, run_id: int) -> list[Trade]:
    """The trades of a run, oldest first; adds belong to the trade that was open."""
    plans = {intent.id: intent.details for intent in intents.listing(c, run_id)}
    found: list[Trade] = []
    last: dict[str, int] = {}
    for fill in fills.of_run(c, run_id):
        details = plans[fill.intent_id]
        place = last.get(fill.market)
        if not details["opens"]:
            said = (details[name] for name in ("kind", "reason", "rule", "decided_ms"))
            sale = Sale(fill.at, fill.quantity, fill.price, fill.fee, *said)
            assert place is not None
            found[place] = replace(found[place], sales=(*found[place].sales, sale))
        elif place is not None and found[place].is_open:
            found[place] = _added(found[place], fill)
        else:
            last[fill.market] = len(found)
            side = 1 if fill.side == "buy" else -1
            rule, reason, decided = (details[name] for name in ("rule", "reason", "decided_ms"))
            number = len(found) + 1
            found.append(
                Trade(
                    number, fill.market, side, fill.at, fill.quantity, fill.price, fill.fee, rule, reason, decided, ()
                )
            )
    return found


def _added(trade: Trade, fill: fills.Fill) -> Trade:
    quantity = trade.quantity + fill.quantity
    price = (trade.quantity * trade.price + fill.quantity * fill.price) / quantity
    return replace(trade, quantity=quantity, price=price, fee=trade.fee + fill.fee, adds=trade.adds + 1)
