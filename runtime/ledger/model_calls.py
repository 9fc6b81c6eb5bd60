"""What calls of the language model cost: reserved before, booked after."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, select, update

from runtime.ledger.positions import EXACT
from runtime.ledger.records import add, changed
from runtime.ledger.tables import model_calls


def reserve(c: Connection, person_id: int, purpose: str, model: str, cost_reserved: Decimal, at: datetime) -> int:
    """Set money aside for a call that is about to be made; its number."""
    row = {"person_id": person_id, "purpose": purpose, "model": model, "cost_reserved": cost_reserved}
    return add(c, model_calls, {**row, "reserved_at": at})


def book(
    c: Connection,
    call_id: int,
    input_tokens: int,
    output_tokens: int,
    cache_read: int,
    cache_write: int,
    cost: Decimal,
) -> bool:
    """Replace the reservation by what the call did cost; False when that was done before."""
    used = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    cached = {"cache_read": cache_read, "cache_write": cache_write}
    waiting = (model_calls.c.id == call_id) & model_calls.c.cost.is_(None)
    return changed(c, update(model_calls).where(waiting).values(**used, **cached, cost=cost))


def spent(c: Connection, person_id: int, since: datetime) -> Decimal:
    """The person's costs since then; a call that was never booked counts with its reservation."""
    cost = func.coalesce(model_calls.c.cost, model_calls.c.cost_reserved)
    theirs = (model_calls.c.person_id == person_id) & (model_calls.c.reserved_at >= since)
    total = Decimal(0)
    for amount in c.execute(select(cost).where(theirs)).scalars():
        total = EXACT.add(total, amount)
    return total
