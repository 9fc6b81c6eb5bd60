"""`trades`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.trades import trades_of_person

SHOWN = 10


@command("/trades", "show trades", "my trades", "how am i doing")
async def trades(request: Request, desk: Desk) -> Act:
    """The last trades with their results."""

    def act(c: Connection) -> Reply:
        found = trades_of_person(c, request.person.id)
        done = [trade for _, trade in found if not trade.is_open]
        total = sum(trade.result for _, trade in found)
        won = sum(trade.result > 0 for trade in done)
        values = {"trades": found[-SHOWN:], "count": len(found), "done": len(done), "won": won, "total": total}
        return Reply(page("trades", **values), say("Why", "Status"))

    return act
