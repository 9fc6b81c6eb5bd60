"""`order`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page, words
from bot.replies import Act, Reply, say
from runtime.ledger import fills, intents, runs, strategies

SHOWN = 5


@command("/order NUMBER", "order", "orders", "show orders", "last order", "open orders")
async def order(request: Request, desk: Desk) -> Act:
    """The last orders and what became of them; order 2 shows the second with every check of the risk gate."""

    def act(c: Connection) -> Reply:
        mine = [
            (strategy.name, intent)
            for strategy in strategies.listing(c, request.person.id)
            for run in runs.of_strategy(c, strategy.id)
            for intent in intents.listing(c, run.id, SHOWN)
        ]
        # what was bought and sold on one candle was bought first
        mine.sort(key=lambda each: (each[1].planned_at, not each[1].details["opens"], each[1].id), reverse=True)
        mine = mine[:SHOWN]
        if not mine:
            return Reply(
                words("There has been no order yet. Ask <b>why not</b> to see what is missing."), say("Why not")
            )
        wanted = request.words.strip().lstrip("#")
        if not wanted:
            return Reply(page("orders", orders=mine, zone=request.person.zone), say("Order 1", "Trades"))
        if not wanted.isdigit() or not 1 <= int(wanted) <= len(mine):
            return Reply(words("Say a number from 1 to {most}: <b>order</b> lists them.", most=len(mine)), say("Order"))
        name, intent = mine[int(wanted) - 1]
        booked = fills.of_intent(c, intent.id)
        return Reply(page("order", name=name, order=intent, fills=booked), say("Order", "Why"))

    return act
