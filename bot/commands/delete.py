"""`delete STRATEGY`."""

from typing import Any

from sqlalchemy import Connection

from bot.commands.registry import Request, command, confirm, confirmed
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import words
from bot.replies import Act, Reply, say
from runtime.ledger import runs, strategies
from runtime.ledger.people import Person


@command("/delete [STRATEGY]", "delete it", "delete strategy", "delete the strategy", "remove strategy")
async def delete(request: Request, desk: Desk) -> Act:
    """Remove a strategy for good; its trades stay in your records."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None:
            return unknown_strategy(c, request.person, request.words)
        if desk.run_of(c, request.person, strategy) is not None:
            text = "<b>{name}</b> is running. Say <b>stop {name}</b> first: that sells what it holds."
            return Reply(words(text, name=strategy.name), say("Stop", "Status"))
        text = "Delete <b>{name}</b> with its {count} versions? Its trades stay in your records."
        count = len(strategies.versions(c, strategy.id))
        shown = words(
            text.replace("{count} versions", "{count} version" + "s" * (count != 1)), name=strategy.name, count=count
        )
        return confirm(c, desk, request.person, "delete", shown, strategy=strategy.id)

    return act


@confirmed("delete")
def _delete(c: Connection, desk: Desk, person: Person, payload: dict[str, Any]) -> Reply:
    strategy = strategies.get(c, payload["strategy"])
    if any(run.ended_at is None for run in runs.of_strategy(c, strategy.id)):
        return Reply(words("<b>{name}</b> was started in the meantime, so nothing was deleted.", name=strategy.name))
    strategies.set_state(c, strategy.id, "deleted", "you deleted it", desk.clock())
    return Reply(words("<b>{name}</b> is deleted.", name=strategy.name), say("Strategies"))
