"""`weekly N`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.period_cards import period_card
from bot.replies import Act


@command("/weekly N", "by week", "week by week", "how did we do this week", "this week")
async def weekly(request: Request, desk: Desk) -> Act:
    """Results of the last weeks, for example: weekly 12."""
    return lambda c: period_card(c, desk, request.person, "week", request.words, 6)
