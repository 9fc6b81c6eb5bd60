"""`version`."""

from importlib.metadata import version as version_of
from platform import python_version

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import words
from bot.replies import Reply


@command("/version", "which version", "what version")
async def version(request: Request, desk: Desk) -> Reply:
    """Which Sayso this is."""
    return Reply(
        words("Sayso {own}, Python {python}; play money only", own=version_of("sayso"), python=python_version())
    )
