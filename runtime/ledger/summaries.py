"""Daily summaries: each person's local date once."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from runtime.ledger.records import add_once
from runtime.ledger.tables import summaries


def last(c: Connection, person_id: int, replay_id: int = 0) -> date | None:
    """The newest local date that was summed up."""
    theirs = (summaries.c.person_id == person_id) & (summaries.c.replay_id == replay_id)
    found: date | None = c.execute(select(func.max(summaries.c.local_date)).where(theirs)).scalar_one()
    return found


def claim(c: Connection, person_id: int, local_date: date, at: datetime, replay_id: int = 0) -> bool:
    """Take the right to send this day's summary; False when it was taken before.

    Each replay has a calendar of its own; 0 is the present's.
    """
    row = {"person_id": person_id, "replay_id": replay_id, "local_date": local_date, "claimed_at": at}
    return add_once(c, summaries, row, ("person_id", "replay_id", "local_date"))
