"""Fills: what the venue did, each trade once, never changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, func, select

from runtime.ledger.positions import Position, fold
from runtime.ledger.records import add_once, columns, every, values
from runtime.ledger.states import Side
from runtime.ledger.tables import fills, intents, runs


@dataclass(frozen=True)
class Fill:
    """One trade of the venue; run, market and side are those of its intent (the database insists)."""

    venue: str
    trade_id: str
    intent_id: str
    run_id: int
    market: str
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    at: datetime


def record(c: Connection, fill: Fill) -> bool:
    """Book the fill; False when the venue's trade was booked before."""
    return add_once(c, fills, values(fill), ("venue", "trade_id"))


def of_run(c: Connection, run_id: int) -> list[Fill]:
    """All fills of the run, in the order they were booked."""
    return _booked(c, fills.c.run_id == run_id)


def of_intent(c: Connection, intent_id: str) -> list[Fill]:
    """All fills of the intent, in the order they were booked."""
    return _booked(c, fills.c.intent_id == intent_id)


def position(c: Connection, run_id: int, market: str) -> Position:
    """What the run holds of the market: the fold over its fills."""
    return fold(market, _booked(c, (fills.c.run_id == run_id) & (fills.c.market == market)))


def last_at(c: Connection, run_ids: Collection[int]) -> datetime | None:
    """When one of the runs was last filled; None before their first fill."""
    query = select(func.max(fills.c.at)).where(fills.c.run_id.in_(run_ids))
    found: datetime | None = c.execute(query).scalar_one()
    return found


def entered_since(c: Connection, replay_id: int, at: datetime) -> int:
    """How many entries and adds were filled on a running market since a moment of it, by all its runs."""
    leg = intents.c.leg
    opens = leg.like("entry-%") | leg.like("add-%")
    opens |= (fills.c.side == "buy") & (leg.like("grid-%") | leg.like("rebalance-%"))
    theirs = (runs.c.replay_id == replay_id) & (fills.c.at >= at) & opens
    query = select(func.count()).select_from(fills).join(runs, runs.c.id == fills.c.run_id)
    return int(c.execute(query.join(intents, intents.c.id == fills.c.intent_id).where(theirs)).scalar_one())


def _booked(c: Connection, which: ColumnElement[bool]) -> list[Fill]:
    return every(c, Fill, select(*columns(Fill, fills)).where(which).order_by(fills.c.id))
