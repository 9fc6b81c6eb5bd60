"""`show STRATEGY`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.drafts import card
from bot.naming import unknown_strategy
from bot.replies import Act, Reply
from runtime.ledger import preferences, strategies


@command("/show [STRATEGY]", "show strategy", "switch to", "use", "open strategy", "select")
async def show(request: Request, desk: Desk) -> Act:
    """A strategy as numbered sentences; what you say next is about this one."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        preferences.put(c, request.person.id, "strategy", strategy.id)
        version = strategies.version(c, strategy.version_id)
        compiled = desk.compiled(version.text)
        shown = card(compiled, version.provenance, None, strategy.name)
        return Reply(shown.html, shown.buttons, kind="strategy")

    return act
