"""From a reading to a stored version, and how a strategy is shown."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.desk import Desk
from bot.origins import origins_of, sentences
from bot.pages import page
from bot.replies import Button, Reply, say
from bot.research import Study
from runtime.ledger import preferences, strategies
from runtime.ledger.people import Person
from strategy_dsl.compiler import Compiled, approval_hash
from strategy_dsl.envelope import Envelope
from strategy_dsl.parser import parse


@dataclass(frozen=True)
class Draft:
    """A checked strategy that is about to be stored."""

    compiled: Compiled
    english: str
    source: str
    origins: dict[str, Any]


def draft(compiled: Compiled, english: str, source: str, base: strategies.Version | None = None) -> Draft:
    """A draft with its origins worked out; `base` is the version that it changes."""
    before, was = (None, None) if base is None else (base.provenance, parse(base.text).strategy)
    return Draft(compiled, english, source, origins_of(english, compiled, source, before, was))


def store_new(c: Connection, desk: Desk, person: Person, made: Draft) -> strategies.Strategy:
    """A new strategy with its first version."""
    budget = made.compiled.strategy.budget
    assert budget is not None
    account = desk.account(c, person)
    wanted = _name(made.compiled)
    found = None
    for number in range(1, 1_000):
        name = wanted if number == 1 else f"{wanted} {number}"
        found = strategies.create(c, person.id, account.id, name, budget.amount, desk.clock())
        if found is not None:
            break
    assert found is not None
    store_version(c, desk, found.id, made)
    preferences.put(c, person.id, "strategy", found.id)
    return strategies.get(c, found.id)


def store_version(c: Connection, desk: Desk, strategy_id: int, made: Draft) -> strategies.Version:
    """The next version of a strategy."""
    limits_hash = approval_hash("", desk.limits)
    text, digest = made.compiled.text, made.compiled.hash
    return strategies.add_version(
        c, strategy_id, text, digest, limits_hash, made.english, made.origins, made.source, desk.clock()
    )


SWEPT = "swept"
"""Under which the tries of sweeps stand, by market, among what a person has set."""


def _name(compiled: Compiled) -> str:
    strategy = compiled.strategy
    if strategy.name:
        return strategy.name[:40]
    assert strategy.trade is not None
    if not strategy.opens():
        return f"{strategy.trade.markets[0].split('/')[0]} alert"
    universe = strategy.trade.universe
    coins = (
        "+".join(market.split("/")[0] for market in strategy.trade.markets[:3])
        if universe is None
        else f"top {universe.count}"
    )
    return f"{coins} {strategy.trade.timeframe}"


def card(compiled: Compiled, origins: dict[str, Any], found: Study | None, title: str, problem: str = "") -> Reply:
    """The readback: numbered sentences, worst case, warnings, what live would refuse, the backtest."""
    body = page(
        "readback",
        title=title,
        sentences=sentences(compiled.strategy, origins),
        envelope=compiled.envelope,
        warnings=[each.message for each in compiled.warnings],
        live=[each.message for each in compiled.live_refusals],
        problem=problem,
    )
    backtest = study_card(found) if found is not None else None
    buttons = (
        say("Paper", "Rules", "Numbers")[0] if found else say("Paper", "Rules")[0],
        (Button("Help", "say:help"),),
    )
    return Reply(
        body, () if backtest else buttons, more=(Reply(backtest.html, buttons, backtest.picture),) if backtest else ()
    )


def study_card(found: Study) -> Reply:
    """The backtest in figures, with its chart."""
    figures = page("backtest", study=found, metrics=found.metrics, evidence=found.evidence)
    return Reply(figures, picture=None if found.picture is None else str(found.picture), kind="backtest")


def looked_at(c: Connection, person: Person, compiled: Compiled) -> int:
    """How many rules for these markets the person has tried so far, these and swept ones included.

    The best of many is luck too.
    """
    trade = compiled.strategy.trade
    assert trade is not None
    cells: dict[str, int] = preferences.get(c, person.id, SWEPT, {})
    counts = (strategies.tried(c, person.id, each, compiled.text) + cells.get(each, 0) for each in trade.markets)
    return max(counts, default=1 + cells.get("", 0))


def note_sweep(c: Connection, person: Person, compiled: Compiled, tries: int) -> None:
    """Remembers that so many different strategies were looked at in a sweep."""
    trade = compiled.strategy.trade
    assert trade is not None
    so_far = preferences.get(c, person.id, SWEPT, {})
    more = {each: so_far.get(each, 0) + tries for each in trade.markets or ("",)}
    preferences.put(c, person.id, SWEPT, {**so_far, **more})


def worst(envelope: Envelope | None) -> str:
    """The worst case in one line."""
    return page("worst_case", envelope=envelope) if envelope else "No position is ever opened."
