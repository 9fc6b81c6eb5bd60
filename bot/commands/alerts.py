"""`alerts`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from strategy_dsl.program import Program


@command("/alerts", "my alerts", "show alerts", "list alerts")
async def alerts(request: Request, desk: Desk) -> Act:
    """What you are told about without a trade, and how to ask for more."""

    def act(c: Connection) -> Reply:
        live = desk.engine(c, request.person).runs(c)
        rows = [(run.strategy.name, claim) for run in live for claim in _claims(run.program)]
        return Reply(page("alerts", rows=rows), say("Notify", "Strategies"))

    return act


def _claims(program: Program) -> list[str]:
    markets = ", ".join(program.markets)
    return [f"{markets}: {rule.claim}" for rule in program.alerts]
