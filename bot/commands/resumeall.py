"""`resumeall`."""

from dataclasses import replace

from bot.commands.registry import Request, command
from bot.commands.resume import resume
from bot.desk import Desk
from bot.replies import Act, Reply


@command("/resumeall", "resume all", "resume everything", "start everything")
async def resumeall(request: Request, desk: Desk) -> Reply | Act:
    """Go on with everything after a pause, a panic or a halt."""
    return await resume(replace(request, words=""), desk)
