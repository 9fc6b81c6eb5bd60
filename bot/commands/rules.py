"""`rules`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Reply, say
from runtime.ledger import strategies


@command("/rules [STRATEGY]", "show rules", "show the rules", "show it", "code", "what did you understand")
async def rules(request: Request, desk: Desk) -> Reply:
    """The strategy as rules and as sentences."""
    with desk.ledger.read() as c:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        version = strategies.version(c, strategy.version_id)
    return Reply(page("rules", name=strategy.name, version=version), say("Backtest", "Versions"))
