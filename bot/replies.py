"""What Sayso says: messages as data, the same for every channel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True)
class Button:
    """Something to tap; `data` comes back as it is, at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True)
class Reply:
    """One message: HTML of Telegram's subset, rows of buttons, a picture's or a document's path.

    `answers` and `edits` name an earlier event: its message is replied to, or replaced by this one.
    """

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: str | None = None
    kind: str = "reply"
    answers: str | None = None
    edits: str | None = None
    document: str | None = None
    more: tuple["Reply", ...] = field(default=())

    def payload(self, channel: str, chat_id: str) -> dict[str, Any]:
        """The outbox row's payload for one chat; messages are named by their dedupe keys there."""
        rows = [[{"label": each.label, "data": each.data} for each in row] for row in self.buttons]
        answers = None if self.answers is None else dedupe_key(self.answers, channel, chat_id)
        edits = None if self.edits is None else dedupe_key(self.edits, channel, chat_id)
        return {"html": self.html, "buttons": rows, "picture": self.picture, "document": self.document} | {
            "reply_to": answers,
            "edit": edits,
        }


def dedupe_key(event: str, channel: str, chat_id: str, number: int = 0) -> str:
    """The outbox's key of an event's message in one chat; `number` counts the messages of one event."""
    return f"{event}:{number}:{channel}:{chat_id}"


Act = Callable[[Connection], Reply]
"""The second half of a command: changes and the reply, in one transaction with the message's own row."""


def say(*labels: str) -> tuple[tuple[Button, ...], ...]:
    """A row of buttons that say what is written on them."""
    return (tuple(Button(label, f"say:{label.lower()}") for label in labels),)
