"""`monthly N`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.period_cards import period_card
from bot.replies import Act


@command("/monthly N", "by month", "month by month", "this month")
async def monthly(request: Request, desk: Desk) -> Act:
    """Results of the last months, for example: monthly 12."""
    return lambda c: period_card(c, desk, request.person, "month", request.words, 6)
