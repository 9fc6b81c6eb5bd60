"""`positions`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Act, Button, Reply, say
from bot.standing import standing


@command(
    "/positions",
    "position",
    "open positions",
    "whats open",
    "what's open",
    "what is open",
    "how are my positions",
    "what do i hold",
    "what am i holding",
    "show positions",
    "my positions",
)
async def positions(request: Request, desk: Desk) -> Act:
    """What is open: entry, present price, stop, target, and what the stop would cost."""

    def act(c: Connection) -> Reply:
        found = standing(c, desk, request.person)
        held = [(run["name"], each) for run in found["runs"] for each in run["positions"]]
        coins = list(dict.fromkeys(each["market"].split("/")[0] for _, each in held))[:4]
        rows = tuple((Button(f"Close {coin}", f"say:close {coin.lower()}"),) for coin in coins)
        return Reply(page("positions", held=held, label=found["label"]), (*rows, *say("Status", "Trades")))

    return act
