"""`undo`."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.commands.registry import Request, command, confirm, confirmed
from bot.desk import Desk
from bot.edits import switch
from bot.naming import unknown_strategy
from bot.pages import page, words
from bot.replies import Act, Reply, say
from runtime.ledger import strategies
from runtime.ledger.people import Person
from strategy_dsl.difference import difference
from strategy_dsl.loosening import loosened


@command("/undo [STRATEGY]", "undo that", "undo it", "revert", "take that back")
async def undo(request: Request, desk: Desk) -> Act:
    """Take back the last change of the rules."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        now = strategies.version(c, strategy.version_id)
        parent = now.provenance.get("parent")
        before = next((each for each in strategies.versions(c, strategy.id) if each.number == parent), None)
        if before is None:
            return Reply(words("<b>{name}</b> is at its first version; there is nothing to undo.", name=strategy.name))
        return switch(c, desk, request.person, strategy, now, before, "Undone")

    return act


async def go_back(person: Person, desk: Desk, when: str) -> Act:
    """Back to an earlier version, named as people do: `version 2`, `yesterday`, `this morning`."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, person, "")
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, person, "")
        now = strategies.version(c, strategy.version_id)
        found = strategies.versions(c, strategy.id)
        meant = _meant(found, now, when, desk.clock(), ZoneInfo(person.zone))
        if meant is None:
            text = "<b>{name}</b> has no such version. Say <b>versions</b> to see them, then: go back to version 1."
            return Reply(words(text, name=strategy.name), say("Versions"))
        if meant.id == now.id:
            return Reply(words("<b>{name}</b> stands at that version already.", name=strategy.name), say("Versions"))
        old, new = desk.compiled(now.text).strategy, desk.compiled(meant.text).strategy
        if looser := loosened(old, new, desk.limits.paper):
            text = page("loosen", name=strategy.name, lines=difference(old, new), looser=looser, studies=[])
            return confirm(c, desk, person, "go_back", text, strategy=strategy.id, base=now.id, version=meant.id)
        return switch(c, desk, person, strategy, now, meant, f"Back to version {meant.number}")

    return act


@confirmed("go_back")
def _gone_back(c: Connection, desk: Desk, person: Person, payload: dict[str, Any]) -> Reply:
    strategy = strategies.get(c, payload["strategy"])
    if strategy.version_id != payload["base"]:
        return Reply("The rules have changed since; nothing was done.")
    now, meant = strategies.version(c, payload["base"]), strategies.version(c, payload["version"])
    return switch(c, desk, person, strategy, now, meant, f"Back to version {meant.number}")


def _meant(
    found: list[strategies.Version], now: strategies.Version, when: str, clock: datetime, zone: ZoneInfo
) -> strategies.Version | None:
    """The version of that number, or the last one that stood at that time."""
    if when.startswith("version "):
        number = int(when.removeprefix("version "))
        return next((each for each in found if each.number == number), None)
    if when.startswith("before "):
        parent = now.provenance.get("parent")
        return next((each for each in found if each.number == parent), None)
    today = clock.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    until = {
        "yesterday": today,
        "last night": today,
        "this morning": today + timedelta(hours=12),
        "last week": today - timedelta(days=today.weekday()),
        "an hour ago": clock - timedelta(hours=1),
    }.get(when, clock)
    return max((each for each in found if each.created_at < until), key=lambda each: each.id, default=None)
