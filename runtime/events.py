"""What the runtime tells: facts for a person, without a word of prose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

EventKind = Literal[
    "ask", "answered", "filled", "refused", "skipped", "alert", "watch", "halted", "day", "week", "ended", "played",
    "late", "back", "skew", "revised", "missed",
]  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happened; `key` is the same for the same event after a restart."""

    kind: EventKind
    key: str
    person_id: int
    strategy_id: int
    at: datetime
    data: dict[str, Any]


Tell = Callable[[Connection, Event], None]
"""Passes an event on within the transaction that made it true."""
