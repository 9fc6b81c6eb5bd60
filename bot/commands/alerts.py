"""`alerts`: what is watched without a trade, and `forget alert N`."""

import re
from typing import Any

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page, words
from bot.replies import Act, Reply, say
from bot.watch_wishes import sentence
from runtime import watches
from runtime.ledger.people import Person
from strategy_dsl.program import Program

NUMBER = re.compile(r"(?:forget |remove |delete |end |stop )?(?:alert |number )?#?(\d{1,4})")


@command(
    "/alerts [forget N]",
    "my alerts",
    "show alerts",
    "list alerts",
    "forget alert …",
    "remove alert …",
    "delete alert …",
    fits=lambda said: NUMBER.fullmatch(said.lower()) is not None,
)
async def alerts(request: Request, desk: Desk) -> Act:
    """What you are told about without a trade, and how to ask for more; forget alert 2 ends one."""
    number = NUMBER.fullmatch(request.words.lower().strip())

    def act(c: Connection) -> Reply:
        if number is not None:
            return _forget(c, desk, request.person, int(number[1]))
        return _shown(c, desk, request.person)

    return act


def _shown(c: Connection, desk: Desk, person: Person) -> Reply:
    live = desk.engine(c, person).runs(c)
    rows = [(run.strategy.name, claim) for run in live for claim in _claims(run.program)]
    mine = [(each.number, sentence(each)) for each in watches.watches(c, person.id)]
    buttons = say(*(f"Forget alert {number}" for number, _ in mine[:3]), "Notify")
    return Reply(page("alerts", rows=rows, watches=mine), buttons)


def _forget(c: Connection, desk: Desk, person: Person, number: int) -> Reply:
    gone = watches.remove(c, person.id, number)
    if gone is None:
        return Reply(words("There is no alert {number}.", number=number), say("Alerts"))
    desk.forget()
    return Reply(words("No longer watched: {sentence}.", sentence=sentence(gone)), say("Alerts"))


def watched(person: Person, desk: Desk, fields: dict[str, Any]) -> Act:
    """Takes on an alert about the account."""

    def act(c: Connection) -> Reply:
        made = watches.add(c, person.id, fields)
        desk.forget()
        runs = bool(desk.engine(c, person).runs(c))
        body = page("watched", sentence=sentence(made), kind=made.kind, number=made.number, unwatched=not runs)
        return Reply(body, say("Alerts"))

    return act


def _claims(program: Program) -> list[str]:
    markets = ", ".join(program.markets)
    return [f"{markets}: {rule.claim}" for rule in program.alerts]
