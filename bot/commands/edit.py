"""`edit`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page, words
from bot.replies import Reply, say


@command("/edit", "change it", "edit it", "edit strategy", "edit the strategy")
async def edit(request: Request, desk: Desk) -> Reply:
    """How to change a strategy; or say it at once: edit make the stop 2%."""
    with desk.ledger.read() as c:
        strategy = desk.current(c, request.person)
    if strategy is None:
        return Reply(words("There is no strategy yet, so there is nothing to change. Tell me one."))
    return Reply(page("edit", name=strategy.name), say("Rules", "Versions", "Undo"))
