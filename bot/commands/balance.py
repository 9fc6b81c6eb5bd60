"""`balance`."""

from decimal import Decimal

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.standing import standing
from runtime.core.money import exact


@command("/balance", "wallet", "cash", "how much money do i have", "my balance", "equity")
async def balance(request: Request, desk: Desk) -> Act:
    """Cash and coins of every strategy, and what all of it is worth."""

    def act(c: Connection) -> Reply:
        found = standing(c, desk, request.person)
        live = {run.strategy.name: run for run in desk.engine(c, request.person).runs(c)}
        rows = [{**run, "cash": exact(live[run["name"]].machine.cash)} for run in found["runs"]]
        total = sum((run["equity"] for run in rows), Decimal(0))
        return Reply(page("balance", rows=rows, total=total, label=found["label"]), say("Positions", "Profit"))

    return act
