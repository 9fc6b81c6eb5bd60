"""`undo`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.edits import switch
from bot.replies import Act, Reply
from runtime.ledger import strategies


@command("/undo", "undo that", "undo it", "revert", "take that back")
async def undo(request: Request, desk: Desk) -> Act:
    """Take back the last change of the rules."""

    def act(c: Connection) -> Reply:
        strategy = desk.current(c, request.person)
        if strategy is None or strategy.version_id is None:
            return Reply("There is nothing to undo.")
        now = strategies.version(c, strategy.version_id)
        parent = now.provenance.get("parent")
        before = next((each for each in strategies.versions(c, strategy.id) if each.number == parent), None)
        if before is None:
            return Reply(f"<b>{strategy.name}</b> is at its first version; there is nothing to undo.")
        return switch(c, desk, request.person, strategy, now, before, "Undone")

    return act
