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
    """One message: HTML of Telegram's subset, rows of buttons, a picture's path."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: str | None = None
    kind: str = "reply"
    more: tuple["Reply", ...] = field(default=())

    def payload(self) -> dict[str, Any]:
        """The outbox row's payload."""
        rows = [[{"label": each.label, "data": each.data} for each in row] for row in self.buttons]
        return {"html": self.html, "buttons": rows, "picture": self.picture, "reply_to": None, "edit": None}


Act = Callable[[Connection], Reply]
"""The second half of a command: changes and the reply, in one transaction with the message's own row."""


def say(*labels: str) -> tuple[tuple[Button, ...], ...]:
    """A row of buttons that say what is written on them."""
    return (tuple(Button(label, f"say:{label.lower()}") for label in labels),)
