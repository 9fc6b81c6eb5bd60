"""`start`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply, say


@command("/start", "hello", "hi", "hey", "good morning", "good evening")
async def start(request: Request, desk: Desk) -> Reply:
    """What Sayso is, and how to begin."""
    with desk.ledger.read() as c:
        current = desk.current(c, request.person)
    has_key = desk.settings.anthropic_api_key is not None
    body = page("start", label=desk.markets().label, current=current, has_key=has_key)
    return Reply(body, say("Help", "Status") if current else say("New", "Help"))
