"""`panic`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from runtime.ledger import questions, strategies


@command("/panic", "flatten", "kill", "close everything", "sell everything", "stop everything", "stop all", "emergency")
async def panic(request: Request, desk: Desk) -> Act:
    """Sell everything now and allow no buy until you say resume."""

    def act(c: Connection) -> Reply:
        engine = desk.engine(c, request.person)
        ready = any(each.state in ("paper", "paused") for each in strategies.listing(c, request.person.id))
        if not (engine.runs(c) or engine.waiting(c) or ready or questions.open_one(c, request.person.id)):
            return Reply(
                "Nothing is running and nothing is open, so there is nothing to sell. All is quiet.", say("Status")
            )
        sold = engine.panic(c, "you said panic")
        return Reply(page("panic", sold=sold), say("Status", "Resume"), kind="critical")

    return act
