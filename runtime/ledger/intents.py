"""Intents: what is to be done on the market, written before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Select, select, update

from runtime.ledger.records import add_once, changed, columns, every, first, values
from runtime.ledger.states import INTENT_STATES, IntentState, Side
from runtime.ledger.tables import intents

OPEN_STATES: tuple[IntentState, ...] = ("PLANNED", "WAITING", "SENDING", "PARTIAL", "UNKNOWN")

# only one of several senders gets from these to SENDING; what the venue reports may follow any state,
# because orders do fill after a cancel was accepted
_COMES_FROM: dict[IntentState, tuple[IntentState, ...]] = {
    "PLANNED": (),
    "WAITING": ("PLANNED",),
    "SENDING": ("PLANNED", "WAITING", "UNKNOWN"),
    "SKIPPED": ("PLANNED", "WAITING"),
}


@dataclass(frozen=True)
class Intent:
    """An order to be; `id` is the client order id, `candle_time` the deciding candle's opening in ms UTC.

    `price` is the limit or stop price and None for a market order; `verdict` is the risk gate's.
    """

    id: str
    run_id: int
    version_id: int
    market: str
    candle_time: int
    leg: str
    side: Side
    quantity: Decimal
    price: Decimal | None
    details: dict[str, Any]
    planned_at: datetime
    state: IntentState = "PLANNED"
    verdict: dict[str, Any] | None = None


def plan(c: Connection, intent: Intent) -> bool:
    """Write the intent; False when this run has planned this leg on this candle before."""
    row = {**values(intent), "state_at": intent.planned_at}
    return add_once(c, intents, row, ("run_id", "market", "candle_time", "leg"))


def set_state(
    c: Connection,
    intent_id: str,
    state: IntentState,
    verdict: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> bool:
    """Move the intent on; False when it cannot go there from where it is (someone else was first)."""
    moved: dict[str, Any] = {"state": state}
    if verdict is not None:
        moved["verdict"] = verdict
    if at is not None:
        moved["state_at"] = at
    allowed = intents.c.state.in_(_COMES_FROM.get(state, INTENT_STATES))
    return changed(c, update(intents).where(intents.c.id == intent_id, allowed).values(**moved))


def get(c: Connection, intent_id: str) -> Intent:
    """The intent; LookupError if there is none."""
    intent = first(c, Intent, _intents().where(intents.c.id == intent_id))
    if intent is None:
        raise LookupError(f"there is no intent {intent_id}")
    return intent


def state_of(c: Connection, intent_id: str) -> IntentState | None:
    """The state of an intent; None if there is none."""
    found = c.execute(select(intents.c.state).where(intents.c.id == intent_id)).scalar_one_or_none()
    return cast("IntentState | None", found)


def open_for(c: Connection, run_id: int) -> list[Intent]:
    """The run's intents that may still become or change an order, oldest first."""
    still_open = intents.c.state.in_(OPEN_STATES)
    query = _intents().where(intents.c.run_id == run_id, still_open)
    return every(c, Intent, query.order_by(intents.c.planned_at, intents.c.id))


def listing(c: Connection, run_id: int, limit: int | None = None) -> list[Intent]:
    """The run's intents, newest first."""
    query = _intents().where(intents.c.run_id == run_id)
    return every(c, Intent, query.order_by(intents.c.planned_at.desc(), intents.c.id.desc()).limit(limit))


def last_entry(c: Connection, run_id: int, market: str) -> str | None:
    """The id of the newest filled intent that opened (or added to) a position of the run in a market."""
    filled = (intents.c.run_id == run_id) & (intents.c.market == market) & (intents.c.state == "FILLED")
    query = select(intents.c.id, intents.c.details).where(filled)
    rows = c.execute(query.order_by(intents.c.planned_at.desc(), intents.c.candle_time.desc()))
    return next((name for name, details in rows if details["opens"]), None)


def _intents() -> Select[Intent]:
    return select(*columns(Intent, intents))
