"""The people Sayso talks to, and where it reaches them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from runtime.ledger.records import add, columns, every, first
from runtime.ledger.tables import addresses as addresses_table
from runtime.ledger.tables import people


@dataclass(frozen=True)
class Person:
    """Someone who gives orders; `zone` is an IANA time zone."""

    id: int
    name: str
    zone: str


@dataclass(frozen=True)
class Address:
    """One way to reach a person, and what they may do from there."""

    channel: str
    user_id: str
    chat_id: str
    role: str


def ensure_person(
    c: Connection, channel: str, user_id: str, chat_id: str, name: str, role: str, at: datetime
) -> Person:
    """The person behind this address, made if new; their chat and role are brought up to date."""
    known = find_person(c, channel, user_id)
    if known is not None:
        here = (addresses_table.c.channel == channel) & (addresses_table.c.user_id == user_id)
        c.execute(update(addresses_table).where(here).values(chat_id=chat_id, role=role))
        return known
    person_id = add(c, people, {"name": name, "zone": "UTC", "created_at": at})
    row = {"person_id": person_id, "channel": channel, "user_id": user_id, "chat_id": chat_id, "role": role}
    add(c, addresses_table, {**row, "created_at": at})
    return Person(person_id, name, "UTC")


def find_person(c: Connection, channel: str, user_id: str) -> Person | None:
    """The person behind this address."""
    here = (addresses_table.c.channel == channel) & (addresses_table.c.user_id == user_id)
    return first(c, Person, select(*columns(Person, people)).join(addresses_table).where(here))


def get(c: Connection, person_id: int) -> Person:
    """The person; LookupError if there is none."""
    found = first(c, Person, select(*columns(Person, people)).where(people.c.id == person_id))
    if found is None:
        raise LookupError(f"there is no person {person_id}")
    return found


def listing(c: Connection, channel: str) -> list[Person]:
    """Everybody who can be reached by a channel, oldest first."""
    query = select(*columns(Person, people)).join(addresses_table).where(addresses_table.c.channel == channel)
    return every(c, Person, query.distinct().order_by(people.c.id))


def eldest(c: Connection, channel: str) -> Person | None:
    """The first person of a channel: the owner, whose account viewers look at."""
    return next(iter(listing(c, channel)), None)


def set_zone(c: Connection, person_id: int, zone: str) -> None:
    """Show this person times in `zone`."""
    c.execute(update(people).where(people.c.id == person_id).values(zone=zone))


def addresses(c: Connection, person_id: int) -> list[Address]:
    """Every way to reach the person, oldest first."""
    theirs = select(*columns(Address, addresses_table)).where(addresses_table.c.person_id == person_id)
    return every(c, Address, theirs.order_by(addresses_table.c.id))
