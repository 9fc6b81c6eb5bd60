"""`performance`."""

from collections import defaultdict

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.trades import Trade, trades_of_person


@command("/performance", "best strategy", "which strategy is best", "results by market", "how are my strategies doing")
async def performance(request: Request, desk: Desk) -> Act:
    """Which strategies and markets made or lost the money."""

    def act(c: Connection) -> Reply:
        found = [(name, trade) for name, trade in trades_of_person(c, request.person.id) if not trade.is_open]
        by_strategy: dict[str, list[Trade]] = defaultdict(list)
        by_market: dict[str, list[Trade]] = defaultdict(list)
        for name, trade in found:
            by_strategy[name].append(trade)
            by_market[trade.market].append(trade)
        blocks = [("Strategies", _ranked(by_strategy)), ("Markets", _ranked(by_market))]
        return Reply(page("performance", blocks=blocks, count=len(found)), say("Profit", "Monthly"))

    return act


def _ranked(groups: dict[str, list[Trade]]) -> list[dict[str, object]]:
    rows = [
        {
            "name": name,
            "result": sum(each.result for each in trades),
            "count": len(trades),
            "won": sum(each.result > 0 for each in trades),
        }
        for name, trades in groups.items()
    ]
    return sorted(rows, key=lambda row: row["result"], reverse=True)  # type: ignore[arg-type,return-value]
