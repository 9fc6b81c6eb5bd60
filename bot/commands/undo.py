"""`undo`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.edits import switch
from bot.naming import unknown_strategy
from bot.pages import words
from bot.replies import Act, Reply
from runtime.ledger import strategies


@command("/undo [STRATEGY]", "undo that", "undo it", "revert", "take that back")
async def undo(request: Request, desk: Desk) -> Act:
    """Take back the last change of the rules."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        now = strategies.version(c, strategy.version_id)
        parent = now.provenance.get("parent")
        before = next((each for each in strategies.versions(c, strategy.id) if each.number == parent), None)
        if before is None:
            return Reply(words("<b>{name}</b> is at its first version; there is nothing to undo.", name=strategy.name))
        return switch(c, desk, request.person, strategy, now, before, "Undone")

    return act
