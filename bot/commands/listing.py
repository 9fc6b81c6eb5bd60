"""`strategies`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply
from runtime.ledger import strategies


@command("/strategies", "list", "my strategies", "list strategies")
async def listing(request: Request, desk: Desk) -> Reply:
    """All your strategies and what they are doing."""
    with desk.ledger.read() as c:
        mine = strategies.listing(c, request.person.id)
        current = desk.current(c, request.person)
    return Reply(page("strategies", strategies=mine, current=current.id if current else None))
