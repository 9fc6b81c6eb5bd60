"""`rules`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply, say
from runtime.ledger import strategies


@command("/rules", "show rules", "show the rules", "show", "show it", "code", "what did you understand")
async def rules(request: Request, desk: Desk) -> Reply:
    """The strategy as rules and as sentences."""
    with desk.ledger.read() as c:
        strategy = desk.current(c, request.person)
        if strategy is None or strategy.version_id is None:
            return Reply("There is no strategy yet. Tell me one.")
        version = strategies.version(c, strategy.version_id)
    return Reply(page("rules", name=strategy.name, version=version), say("Backtest", "Versions"))
