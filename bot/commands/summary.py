"""`summary`."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.replies import Act, Reply
from bot.summaries import summary_of


@command("/summary", "sum up the day", "how was today")
async def summary(request: Request, desk: Desk) -> Act:
    """The market's day so far: result, trades, near misses, open risk."""

    def act(c: Connection) -> Reply:
        clock = desk.engine(c, request.person).clock(c)
        today = clock.astimezone(ZoneInfo(request.person.zone)).date()
        return summary_of(c, desk, request.person, today, whole_day=False)

    return act
