"""`rename`."""

import re

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import words
from bot.replies import Act, Reply, say
from runtime.ledger import strategies

LONGEST = 40
TO = re.compile(r"^(?:(?P<old>.*?)\s+)?(?:to|as|into)\s+(?P<new>.+)$", re.I | re.S)


@command("/rename OLD to NEW", "rename it", "rename it to", "rename", fits=lambda said: TO.match(said) is not None)
async def rename(request: Request, desk: Desk) -> Act:
    """Another name for a strategy, for example: rename btc 1h to dip buyer."""

    def act(c: Connection) -> Reply:
        found = TO.match(request.words.strip())
        old, new = (found["old"] or "", found["new"]) if found else ("", request.words)
        name = " ".join(new.split()).strip("\"'“”")
        strategy = desk.named(c, request.person, "" if old.lower() in ("it", "this") else old)
        if strategy is None:
            return unknown_strategy(c, request.person, old)
        if not name or len(name) > LONGEST or not name.isprintable():
            return Reply(words("A name has 1 to {most} characters, for example: rename it to dip buyer", most=LONGEST))
        if not strategies.rename(c, strategy.id, name):
            return Reply(words("Another strategy is called {name} already. Choose another name.", name=name))
        desk.forget()
        return Reply(
            words("<b>{old}</b> is now called <b>{name}</b>.", old=strategy.name, name=name), say("Strategies")
        )

    return act
