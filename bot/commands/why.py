"""`why`."""

from sqlalchemy import Connection

from bot.asked_about import about, is_about_trade
from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.explain import unread, why_traded
from bot.replies import Act, Reply


@command(
    "/why [TRADE]",
    "why did you buy",
    "why did you sell",
    "why that trade",
    "why trade …",
    "why …",
    fits=is_about_trade,
)
async def why(request: Request, desk: Desk) -> Act:
    """Why a trade was made, from what was recorded then: why, why 3, why btc yesterday."""

    def act(c: Connection) -> Reply:
        now = desk.engine(c, request.person).clock(c)
        asked = about(request.words, now, request.person.zone)
        return unread(asked) or why_traded(c, desk, request.person, asked)

    return act
