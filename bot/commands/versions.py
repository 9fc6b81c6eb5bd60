"""`versions`."""

from itertools import pairwise

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply, say
from runtime.ledger import strategies
from strategy_dsl.difference import difference


@command("/versions", "history")
async def versions(request: Request, desk: Desk) -> Reply:
    """Every version of the strategy and what changed."""
    with desk.ledger.read() as c:
        strategy = desk.current(c, request.person)
        found = [] if strategy is None else strategies.versions(c, strategy.id)
    if strategy is None:
        return Reply("There is no strategy yet. Tell me one.")
    changes = [("first version",)] + [
        difference(desk.compiled(old.text).strategy, desk.compiled(new.text).strategy) for old, new in pairwise(found)
    ]
    rows = list(zip(found, changes, strict=True))
    return Reply(page("versions", name=strategy.name, rows=rows), say("Undo"))
