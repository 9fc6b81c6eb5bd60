"""`status`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.standing import standing


@command("/status", "whats running", "what's running", "what is running", "how is it going")
async def status(request: Request, desk: Desk) -> Act:
    """What is running, what is open, what it is worth."""

    def act(c: Connection) -> Reply:
        found = standing(c, desk, request.person)
        if not found["runs"]:
            return Reply(page("status", **found), say("Paper" if found["current"] else "New", "Trades"))
        if found["account"].state != "ACTIVE":
            return Reply(page("status", **found), say("Resume", "Trades"))
        return Reply(page("status", **found), say("Why not", "Trades", "Pause"))

    return act
