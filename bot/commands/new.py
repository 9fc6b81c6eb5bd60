"""`new`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply


@command("/new", "new strategy", "create a strategy", "make a strategy", "new bot")
async def new(request: Request, desk: Desk) -> Reply:
    """How to begin a strategy; or say it at once: new buy BTC when RSI drops below 30."""
    return Reply(page("new"))
