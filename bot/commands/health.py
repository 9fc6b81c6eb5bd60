"""`health`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say
from runtime.ledger import heartbeats, messages


@command("/health", "are you alive", "are you there", "ping", "alive")
async def health(request: Request, desk: Desk) -> Act:
    """Whether every part moves: last heartbeats, last candle, messages that wait."""

    def act(c: Connection) -> Reply:
        now = desk.clock()
        beats = [(each.name, max(0, int((now - each.at).total_seconds()))) for each in heartbeats.all_(c)]
        engine = desk.engine(c, request.person)
        newest = max((run.cursor + run.length_ms for run in engine.runs(c)), default=None)
        age = None if newest is None or not desk.markets().is_live else int(engine.clock(c).timestamp() - newest / 1000)
        waiting = messages.waiting_for(c, request.person.id)
        body = page(
            "health", beats=beats, clock=engine.clock(c), age=age, waiting=waiting,
            label=desk.markets().label,
        )  # fmt: skip
        return Reply(body, say("Status", "Doctor"))

    return act
