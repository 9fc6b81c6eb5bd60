"""`profit`."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.standing import standing
from bot.trades import trades_of_person

SPANS = (("the last day", 1), ("7 days", 7), ("30 days", 30))


@command("/profit", "pnl", "p&l", "profits", "how much did i make", "how much have i made", "am i up")
async def profit(request: Request, desk: Desk) -> Act:
    """What was made or lost: lately and in all, finished and open, after fees."""

    def act(c: Connection) -> Reply:
        found = [trade for _, trade in trades_of_person(c, request.person.id)]
        clock = desk.engine(c, request.person).clock(c)
        sales = [(sale.at, trade.result_of(sale)) for trade in found for sale in trade.sales]
        spans = [
            (name, sum((made for at, made in sales if at > clock - timedelta(days=days)), Decimal(0)))
            for name, days in SPANS
        ]
        done = [trade for trade in found if not trade.is_open]
        won = [trade.result for trade in done if trade.result > 0]
        lost = [trade.result for trade in done if trade.result <= 0]
        now = standing(c, desk, request.person)
        open_result = sum(Decimal(str(each["result"])) for run in now["runs"] for each in run["positions"])
        values = {
            "spans": spans, "total": sum((made for _, made in sales), Decimal(0)), "open": open_result,
            "done": len(done), "won": won, "lost": lost, "fees": sum((trade.fees for trade in found), Decimal(0)),
        }  # fmt: skip
        return Reply(page("profit", **values, label=now["label"]), say("Daily", "Performance", "Trades"))

    return act
