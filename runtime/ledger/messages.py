"""Messages: every one in and every one out is a row before it has an effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, update

from runtime.ledger.records import add_once, changed, columns, every, first, insert_once
from runtime.ledger.tables import addresses, inbox, outbox


@dataclass(frozen=True)
class Incoming:
    """A message from a person, as it arrived."""

    id: int
    channel: str
    external_id: str
    chat_id: str
    user_id: str
    payload: dict[str, Any]
    received_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Outgoing:
    """A message to a person; `message_ref` is the channel's own name for it once sent."""

    id: int
    dedupe_key: str
    person_id: int
    channel: str
    chat_id: str
    severity: str
    kind: str
    payload: dict[str, Any]
    queued_at: datetime
    next_attempt_at: datetime
    attempts: int
    sent_at: datetime | None
    message_ref: str | None


def receive(
    c: Connection,
    channel: str,
    external_id: str,
    chat_id: str,
    user_id: str,
    payload: Mapping[str, Any],
    at: datetime,
) -> int | None:
    """Write what arrived and return its number; None when it had arrived before."""
    once = insert_once(c, inbox, "channel", "external_id").returning(inbox.c.id)
    row = {"channel": channel, "external_id": external_id, "chat_id": chat_id, "user_id": user_id}
    return c.execute(once.values(**row, payload=payload, received_at=at)).scalar()


def incoming(c: Connection, inbox_id: int) -> Incoming:
    """The message that arrived under this number; LookupError if there is none."""
    found = first(c, Incoming, _incoming().where(inbox.c.id == inbox_id))
    if found is None:
        raise LookupError(f"there is no inbox message {inbox_id}")
    return found


def pending(c: Connection, channel: str, after: int = 0) -> list[Incoming]:
    """What arrived after a row and is not done, in the order of arrival."""
    waiting = (inbox.c.channel == channel) & inbox.c.done_at.is_(None) & (inbox.c.id > after)
    return every(c, Incoming, _incoming().where(waiting).order_by(inbox.c.id))


def done(c: Connection, inbox_id: int, at: datetime) -> bool:
    """Mark it handled; False when it was before, so that its effects must be rolled back."""
    waiting = (inbox.c.id == inbox_id) & inbox.c.done_at.is_(None)
    return changed(c, update(inbox).where(waiting).values(done_at=at))


def queue(
    c: Connection,
    dedupe_key: str,
    person_id: int,
    channel: str,
    chat_id: str,
    severity: str,
    kind: str,
    payload: Mapping[str, Any],
    at: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Put a message in the outbox, to be sent at once or `not_before`; False if one with this key is there."""
    row = {"dedupe_key": dedupe_key, "person_id": person_id, "channel": channel, "chat_id": chat_id}
    body = {"severity": severity, "kind": kind, "payload": payload}
    fresh = {"queued_at": at, "next_attempt_at": not_before or at, "attempts": 0}
    return add_once(c, outbox, {**row, **body, **fresh}, ("dedupe_key",))


def unsent(c: Connection, channel: str, at: datetime, limit: int) -> list[Outgoing]:
    """What is to be sent by now: what is critical first, then questions about orders, then by age."""
    due = outbox.c.sent_at.is_(None) & (outbox.c.next_attempt_at <= at)
    rank = case({"critical": 0, "ask": 1}, value=outbox.c.severity, else_=2)
    query = _outgoing().where(outbox.c.channel == channel, due)
    return every(c, Outgoing, query.order_by(rank, outbox.c.id).limit(limit))


def waiting_for(c: Connection, person_id: int) -> int:
    """How many messages to the person have not gone out."""
    waiting = (outbox.c.person_id == person_id) & outbox.c.sent_at.is_(None)
    return int(c.execute(select(func.count()).select_from(outbox).where(waiting)).scalar_one())


def by_key(c: Connection, dedupe_key: str) -> Outgoing | None:
    """The message that was queued under a key."""
    return first(c, Outgoing, _outgoing().where(outbox.c.dedupe_key == dedupe_key))


def sent(c: Connection, outbox_id: int, message_ref: str | None, at: datetime) -> None:
    """Note that the message went out; the first note stays."""
    waiting = (outbox.c.id == outbox_id) & outbox.c.sent_at.is_(None)
    c.execute(update(outbox).where(waiting).values(sent_at=at, message_ref=message_ref))


def failed(c: Connection, outbox_id: int, next_attempt_at: datetime) -> None:
    """Count a failed attempt and say when to try again."""
    waiting = (outbox.c.id == outbox_id) & outbox.c.sent_at.is_(None)
    again = {"attempts": outbox.c.attempts + 1, "next_attempt_at": next_attempt_at}
    c.execute(update(outbox).where(waiting).values(**again))


def revive(c: Connection, channel: str, chat_id: str, at: datetime) -> None:
    """Try at once what could not be sent to a chat before: it is there again. What is to wait, waits."""
    waiting = (outbox.c.channel == channel) & (outbox.c.chat_id == chat_id) & outbox.c.sent_at.is_(None)
    tried = outbox.c.attempts > 0
    c.execute(update(outbox).where(waiting, tried, outbox.c.next_attempt_at > at).values(next_attempt_at=at))


def move_chat(c: Connection, channel: str, chat_id: str, new_chat_id: str, at: datetime) -> None:
    """A chat has another number from now on; what waits for it goes there."""
    here = addresses.c.channel == channel
    c.execute(update(addresses).where(here, addresses.c.chat_id == chat_id).values(chat_id=new_chat_id))
    waiting = (outbox.c.channel == channel) & (outbox.c.chat_id == chat_id) & outbox.c.sent_at.is_(None)
    c.execute(update(outbox).where(waiting).values(chat_id=new_chat_id, next_attempt_at=at))


def since(c: Connection, person_id: int, outbox_id: int) -> list[Outgoing]:
    """What was queued for the person after this number, oldest first."""
    newer = (outbox.c.person_id == person_id) & (outbox.c.id > outbox_id)
    return every(c, Outgoing, _outgoing().where(newer).order_by(outbox.c.id))


def _incoming() -> Select[Incoming]:
    return select(*columns(Incoming, inbox))


def _outgoing() -> Select[Outgoing]:
    return select(*columns(Outgoing, outbox))
