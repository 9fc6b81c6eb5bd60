"""`why`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.explain import why_last
from bot.replies import Act, Reply


@command("/why", "why did you buy", "why did you sell", "why that trade")
async def why(request: Request, desk: Desk) -> Act:
    """Why the last trade was made, from what was recorded then."""

    def act(c: Connection) -> Reply:
        return why_last(c, desk, request.person)

    return act
