"""`skip`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply

CHUNK = 5_000
"""Candles played at most in one go; more would keep everybody else waiting."""


@command("/skip", "next", "skip it", "fast forward")
async def skip(request: Request, desk: Desk) -> Act:
    """Jump to the next thing that happens; an open question runs out."""

    def act(c: Connection) -> Reply:
        engine = desk.engine(c, request.person)
        if desk.markets().is_live:
            return Reply(
                f"These are {desk.markets().label}: nothing can be skipped. Say <b>status</b> to see where it stands."
            )
        expired = engine.expire(c)
        if expired:
            engine.save(c)
            return Reply(page("skipped", expired=expired, played=0, clock=engine.clock(c)))
        if not engine.runs(c):
            return Reply("Nothing is running. Tell me a strategy and say <b>paper</b>.")
        played = engine.advance(c, CHUNK)
        return Reply(page("skipped", expired=0, played=played, clock=engine.clock(c)))

    return act
