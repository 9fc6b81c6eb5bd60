"""`quiet FROM-TO`."""

import re
from datetime import time

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.notifications import quiet_hours
from bot.pages import page, words
from bot.replies import Act, Reply
from runtime.ledger import preferences

SPAN = re.compile(r"^(?:from )?(\d{1,2})(?::(\d\d))?\s*(am|pm)?\s*(?:-|–|to|until)\s*(\d{1,2})(?::(\d\d))?\s*(am|pm)?$")


@command("/quiet FROM-TO", "quiet", "quiet hours", "do not disturb", "dnd")
async def quiet(request: Request, desk: Desk) -> Act:
    """Hours in which only alarms make a sound, for example: quiet 22:00-07:00, or quiet off."""

    def act(c: Connection) -> Reply:
        said = " ".join(request.words.casefold().split())
        if said in ("off", "none", "never"):
            preferences.put(c, request.person.id, "quiet", [])
        elif said:
            span = _span(said)
            if span is None:
                return Reply(words("Say two times of day, for example: <b>quiet 22:00-07:00</b>, or <b>quiet off</b>"))
            preferences.put(c, request.person.id, "quiet", [each.isoformat("minutes") for each in span])
        return Reply(page("quiet_hours", hours=quiet_hours(c, request.person.id), zone=request.person.zone))

    return act


def _span(said: str) -> tuple[time, time] | None:
    found = SPAN.match(said)
    if found is None:
        return None
    ends = (_time(*found.groups()[:3]), _time(*found.groups()[3:]))
    return None if None in ends or ends[0] == ends[1] else (ends[0], ends[1])  # type: ignore[return-value]


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return time(hours, int(minute or 0)) if hours < 24 and int(minute or 0) < 60 else None
