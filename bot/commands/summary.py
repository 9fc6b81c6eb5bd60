"""`summary`."""

import re
from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import words
from bot.replies import Act, Reply
from bot.summaries import summary_of
from runtime.ledger import preferences

AT = re.compile(r"^(?:at )?([01]?\d|2[0-3]):([0-5]\d)$")


@command(
    "/summary at TIME",
    "sum up the day",
    "how was today",
    "how was my day",
    "today",
    fits=lambda said: AT.match(said) is not None,
)
async def summary(request: Request, desk: Desk) -> Act:
    """The day so far: result, trades, near misses, open risk; summary at 7:30 says when each day's comes."""

    def act(c: Connection) -> Reply:
        if request.words.strip():
            return _timed(c, request)
        clock = desk.engine(c, request.person).clock(c)
        today = clock.astimezone(ZoneInfo(request.person.zone)).date()
        return summary_of(c, desk, request.person, today, whole_day=False)

    return act


def _timed(c: Connection, request: Request) -> Reply:
    found = AT.match(" ".join(request.words.split()))
    if found is None:
        return Reply(words("Say a time of day, for example: <b>summary at 7:30</b>"))
    at = time(int(found[1]), int(found[2])).isoformat("minutes")
    preferences.put(c, request.person.id, "summary_at", at)
    text = "Each day is summed up at <b>{at}</b> ({zone}), once it is over. A replay does it at its own midnight."
    return Reply(words(text, at=at, zone=request.person.zone))
