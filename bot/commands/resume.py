"""`resume`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Act, Reply, say
from runtime.ledger import replays, strategies


@command("/resume [STRATEGY]", "resume it", "go on", "continue")
async def resume(request: Request, desk: Desk) -> Act:
    """Go on after a pause, a panic or a halt."""

    def act(c: Connection) -> Reply:
        account = desk.account(c, request.person)
        only = desk.named(c, request.person, request.words) if request.words else None
        if request.words and only is None:
            return unknown_strategy(c, request.person, request.words)
        paused = [each for each in strategies.listing(c, request.person.id) if each.state == "paused"]
        paused = [each for each in paused if only is None or each.id == only.id]
        for each in paused:
            strategies.set_state(c, each.id, "paper", "", desk.clock())
        desk.forget()
        engine = desk.engine(c, request.person)
        if replays.get(c, engine.replay_id).state == "paused":
            replays.set_state(c, engine.replay_id, "running")
        was_halted = account.state != "ACTIVE" and only is None
        if was_halted:
            engine.resume(c)
        if not paused and not was_halted:
            return Reply("Nothing is paused or halted.")
        names = [each.name for each in paused]
        return Reply(
            page("resumed", names=names, was_halted=was_halted, reason=account.state_reason), say("Status", "Skip")
        )

    return act
