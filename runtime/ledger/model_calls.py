"""What calls of the language model cost: reserved before, booked after."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, select, update

from runtime.ledger.positions import EXACT
from runtime.ledger.records import add, changed
from runtime.ledger.tables import model_calls


def reserve(
    c: Connection,
    person_id: int,
    purpose: str,
    model: str,
    cost_reserved: Decimal,
    at: datetime,
    tokens: tuple[int, int] = (0, 0),
) -> int:
    """Set money and tokens (in, out) aside for a call that is about to be made; its number."""
    row = {"person_id": person_id, "purpose": purpose, "model": model, "cost_reserved": cost_reserved}
    row |= {"input_tokens": tokens[0], "output_tokens": tokens[1]}
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


@dataclass(frozen=True)
class Used:
    """What calls came to; of those never booked what was set aside."""

    calls: int
    tokens: int
    cached_tokens: int
    cost: Decimal


def used(c: Connection, person_id: int, since: datetime) -> dict[tuple[str, str], Used]:
    """A person's calls since then, by model and purpose."""
    t = model_calls.c
    columns = (
        t.model,
        t.purpose,
        t.input_tokens,
        t.output_tokens,
        t.cache_read,
        t.cache_write,
        t.cost,
        t.cost_reserved,
    )
    rows = c.execute(select(*columns).where((t.person_id == person_id) & (t.reserved_at >= since)).order_by(t.id))
    found: dict[tuple[str, str], Used] = {}
    for row in rows:
        before = found.get((row.model, row.purpose), Used(0, 0, 0, Decimal(0)))
        cached = (row.cache_read or 0) + (row.cache_write or 0)
        tokens = (row.input_tokens or 0) + (row.output_tokens or 0) + cached
        cost = EXACT.add(before.cost, row.cost_reserved if row.cost is None else row.cost)
        found[row.model, row.purpose] = Used(
            before.calls + 1, before.tokens + tokens, before.cached_tokens + (row.cache_read or 0), cost
        )
    return found
