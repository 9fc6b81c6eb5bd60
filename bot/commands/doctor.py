"""`doctor`."""

import asyncio

from bot.checkup import findings
from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply, say


@command("/doctor", "check the set-up", "check setup", "diagnose")
async def doctor(request: Request, desk: Desk) -> Reply:
    """Checks the set-up and says what to do about each finding."""
    found = await asyncio.to_thread(lambda: list(findings(desk.settings, running=True)))
    return Reply(page("doctor", findings=found), say("Health"))
