"""`why not`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.explain import why_not
from bot.replies import Act, Reply


@command("/whynot", "why not", "why no trade", "why nothing", "why didnt you buy", "why didn't you buy")
async def whynot(request: Request, desk: Desk) -> Act:
    """Why nothing was bought on the last candle, and how far away it was."""

    def act(c: Connection) -> Reply:
        return why_not(c, desk, request.person)

    return act
