"""Heartbeats: when each part of Sayso last proved that it gets on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from runtime.ledger.records import add_once, columns, every
from runtime.ledger.tables import heartbeats


@dataclass(frozen=True)
class Heartbeat:
    """The last sign of life of one part."""

    name: str
    at: datetime
    detail: str


def beat(c: Connection, name: str, at: datetime, detail: str = "") -> None:
    """Note that this part got on."""
    if not add_once(c, heartbeats, {"name": name, "at": at, "detail": detail}, ("name",)):
        c.execute(update(heartbeats).where(heartbeats.c.name == name).values(at=at, detail=detail))


def all_(c: Connection) -> list[Heartbeat]:
    """The last beat of every part, by name."""
    return every(c, Heartbeat, select(*columns(Heartbeat, heartbeats)).order_by(heartbeats.c.name))
