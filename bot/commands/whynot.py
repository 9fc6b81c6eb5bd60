"""`why not`."""

from sqlalchemy import Connection

from bot.asked_about import about, is_about
from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.explain import unread
from bot.replies import Act, Reply
from bot.why_not import why_not


@command(
    "/whynot [SINCE]",
    "why not",
    "why no trade",
    "why no trades",
    "why nothing",
    "why didn't you buy",
    "why didnt you buy",
    "why no …",
    "why …",
    fits=is_about,
)
async def whynot(request: Request, desk: Desk) -> Act:
    """Why nothing was bought, and how far away it was: why not, why nothing since Tuesday, why not btc yesterday."""

    def act(c: Connection) -> Reply:
        now = desk.engine(c, request.person).clock(c)
        asked = about(request.words, now, request.person.zone)
        return unread(asked) or why_not(c, desk, request.person, asked)

    return act
