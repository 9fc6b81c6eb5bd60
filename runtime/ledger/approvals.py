"""Approvals: a question about one order that can be settled exactly once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select, true, update

from runtime.ledger.records import columns, every, first, values
from runtime.ledger.states import ApprovalState
from runtime.ledger.tables import approvals


@dataclass(frozen=True)
class Approval:
    """A plan waiting for a person; `token` is 128 random bits as text, made by the caller.

    With a `user_id` only that user can settle it; without, who may is the caller's to check.
    """

    token: str
    person_id: int
    intent_id: str | None
    kind: str
    plan_hash: str
    user_id: str | None
    payload: dict[str, Any]
    opened_at: datetime
    expires_at: datetime
    state: ApprovalState = "open"
    settled_at: datetime | None = None
    settled_by: str | None = None


def open_(c: Connection, approval: Approval) -> Approval:
    """Write the question down; it is given back as it was passed."""
    c.execute(insert(approvals).values(**values(approval)))
    return approval


def settle(c: Connection, token: str, to_state: ApprovalState, by_user: str, at: datetime) -> Approval | None:
    """The approval as settled by this very call; None when it was settled before, expired or not theirs."""
    live = (approvals.c.token == token) & (approvals.c.state == "open") & (approvals.c.expires_at > at)
    change = update(approvals).where(live, _allowed(to_state, by_user))
    settled = change.values(state=to_state, settled_at=at, settled_by=by_user)
    return first(c, Approval, settled.returning(*columns(Approval, approvals)))


def by_token(c: Connection, token: str) -> Approval | None:
    """The approval with this token, in whatever state."""
    return first(c, Approval, _approvals().where(approvals.c.token == token))


def open_ones(c: Connection, person_id: int) -> list[Approval]:
    """What waits for the person, oldest first."""
    waiting = (approvals.c.person_id == person_id) & (approvals.c.state == "open")
    query = _approvals().where(waiting)
    return every(c, Approval, query.order_by(approvals.c.opened_at, approvals.c.token))


def expire_due(c: Connection, at: datetime, person_id: int | None = None) -> list[Approval]:
    """Expire what ran out of time, of one person or of all; each approval is given back by one call only."""
    due = (approvals.c.state == "open") & (approvals.c.expires_at <= at)
    if person_id is not None:
        due &= approvals.c.person_id == person_id
    change = update(approvals).where(due).values(state="expired", settled_at=at)
    return every(c, Approval, change.returning(*columns(Approval, approvals)))


def _allowed(to_state: ApprovalState, by_user: str) -> ColumnElement[bool]:
    # Sayso itself may take a question back: that can only prevent an order
    if to_state == "withdrawn":
        return true()
    return approvals.c.user_id.is_(None) | (approvals.c.user_id == by_user)


def _approvals() -> Select[Approval]:
    return select(*columns(Approval, approvals))
