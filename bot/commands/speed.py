"""`speed N`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.replies import Act, Reply
from runtime.ledger import replays

FASTEST = 1_000.0


@command("/speed N", "speed")
async def speed(request: Request, desk: Desk) -> Act:
    """Candles a second at which the market is played, for example: speed 50."""

    def act(c: Connection) -> Reply:
        engine = desk.engine(c, request.person)
        if desk.markets().is_live:
            return Reply(f"These are {desk.markets().label}: they come as fast as they come.")
        now = replays.get(c, engine.replay_id).speed
        try:
            wanted = float(request.words)
        except ValueError:
            return Reply(f"The market plays {now:g} candles a second. Say for example: <b>speed 50</b>")
        if not 0 < wanted <= FASTEST:
            return Reply(f"A speed is above 0 and at most {FASTEST:g} candles a second.")
        replays.set_speed(c, engine.replay_id, wanted)
        return Reply(f"The market now plays {wanted:g} candles a second.")

    return act
