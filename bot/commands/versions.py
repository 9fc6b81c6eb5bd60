"""`versions`."""

from itertools import pairwise

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Reply, say
from runtime.ledger import strategies
from strategy_dsl.difference import difference


@command("/versions [STRATEGY]", "history")
async def versions(request: Request, desk: Desk) -> Reply:
    """Every version of the strategy and what changed."""
    with desk.ledger.read() as c:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None:
            return unknown_strategy(c, request.person, request.words)
        found = strategies.versions(c, strategy.id)
    changes = [("first version",)] + [
        difference(desk.compiled(old.text).strategy, desk.compiled(new.text).strategy) for old, new in pairwise(found)
    ]
    rows = list(zip(found, changes, strict=True))
    return Reply(page("versions", name=strategy.name, rows=rows), say("Undo"))
