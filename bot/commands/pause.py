"""`pause`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Act, Reply, say
from runtime.ledger import strategies


@command("/pause [STRATEGY]", "pause it", "pause strategy", "hold fire", "pause all", "pause everything")
async def pause(request: Request, desk: Desk) -> Act:
    """No new buys until you say resume; stops and exits go on."""

    def act(c: Connection) -> Reply:
        only = desk.named(c, request.person, request.words) if request.words else None
        if request.words and only is None:
            return unknown_strategy(c, request.person, request.words)
        running = [each for each in strategies.listing(c, request.person.id) if each.state == "paper"]
        running = [each for each in running if only is None or each.id == only.id]
        for each in running:
            strategies.set_state(c, each.id, "paused", "you paused it", desk.clock())
            run = desk.run_of(c, request.person, each)
            desk.engine(c, request.person).withdraw(c, None if run is None else run.id, "paused")
        if not running:
            return Reply("Nothing is running, so there is nothing to pause.")
        desk.forget()
        return Reply(page("paused", names=[each.name for each in running]), say("Resume", "Status"))

    return act
