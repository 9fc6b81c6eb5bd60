"""`close MARKET`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Reply, say


@command("/close MARKET", "close")
async def close(request: Request, desk: Desk) -> Act:
    """Sell one position now, for example: close BTC."""

    def act(c: Connection) -> Reply:
        engine = desk.engine(c, request.person)
        held = [(run, market) for run in engine.runs(c) for market in run.machine.positions()]
        if not held:
            return Reply("No position is open.")
        wanted = request.words.upper()
        meant = [(run, market) for run, market in held if wanted and market.split("/")[0] == wanted.split("/")[0]]
        if not meant:
            names = sorted({market.split("/")[0] for _, market in held})
            return Reply("Which one? Open: " + ", ".join(names), say(*(f"Close {name}" for name in names)))
        for run, market in meant:
            engine.close(c, run, market, "you closed it")
        engine.save(c)
        return Reply(page("closed", markets=[market for _, market in meant]), say("Status"))

    return act
