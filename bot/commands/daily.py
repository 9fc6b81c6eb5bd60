"""`daily N`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.period_cards import period_card
from bot.replies import Act


@command("/daily N", "by day", "day by day", "results by day")
async def daily(request: Request, desk: Desk) -> Act:
    """Results of the last days in your zone, for example: daily 14."""
    return lambda c: period_card(c, desk, request.person, "day", request.words, 7)
