"""`help`."""

from bot.commands.registry import COMMANDS, Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply


@command("/help", "start", "?", "hello", "hi", "what can you do", "menu")
async def help_(request: Request, desk: Desk) -> Reply:
    """What you can say."""
    return Reply(page("help", commands=COMMANDS.values(), label=desk.markets().label))
