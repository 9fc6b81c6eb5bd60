"""Strategies and their versions: what was said, what it means, what was approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from runtime.ledger.records import add, changed, columns, every, first
from runtime.ledger.states import StrategyState
from runtime.ledger.tables import strategies
from runtime.ledger.tables import versions as versions_table


@dataclass(frozen=True)
class Strategy:
    """A named strategy; `version_id` and `version` (its number) are None until one was added."""

    id: int
    person_id: int
    account_id: int
    name: str
    budget: Decimal
    state: StrategyState
    state_reason: str
    created_at: datetime
    version_id: int | None
    version: int | None


@dataclass(frozen=True)
class Version:
    """The rules of a strategy as they stood; never changed once written."""

    id: int
    strategy_id: int
    number: int
    is_current: bool
    text: str
    hash: str
    limits_hash: str
    english: str
    provenance: dict[str, Any]
    source: str
    created_at: datetime


def create(c: Connection, person_id: int, account_id: int, name: str, budget: Decimal, at: datetime) -> Strategy | None:
    """A new draft; None when the person has a strategy of that name (case and spacing do not count)."""
    row = {"person_id": person_id, "account_id": account_id, "name": name, "name_key": _key(name)}
    fresh = {"budget": budget, "state": "draft", "state_reason": "", "state_at": at, "created_at": at}
    if _taken(c, person_id, name) is not None:
        return None
    return get(c, add(c, strategies, {**row, **fresh}))


def get(c: Connection, strategy_id: int) -> Strategy:
    """The strategy; LookupError if there is none."""
    strategy = first(c, Strategy, _strategies().where(strategies.c.id == strategy_id))
    if strategy is None:
        raise LookupError(f"there is no strategy {strategy_id}")
    return strategy


def by_name(c: Connection, person_id: int, name: str) -> Strategy | None:
    """The person's strategy of that name; deleted ones do not count, nor do case and spacing."""
    strategy_id = _taken(c, person_id, name)
    return None if strategy_id is None else get(c, strategy_id)


def listing(c: Connection, person_id: int) -> list[Strategy]:
    """The person's strategies that are not deleted, oldest first."""
    kept = (strategies.c.person_id == person_id) & (strategies.c.state != "deleted")
    return every(c, Strategy, _strategies().where(kept).order_by(strategies.c.id))


def all_of(c: Connection, person_id: int) -> list[Strategy]:
    """The person's strategies, deleted ones too, oldest first: what they traded stays."""
    return every(c, Strategy, _strategies().where(strategies.c.person_id == person_id).order_by(strategies.c.id))


def set_state(c: Connection, strategy_id: int, state: StrategyState, reason: str, at: datetime) -> None:
    """Change what the strategy does, and say why."""
    change = update(strategies).where(strategies.c.id == strategy_id)
    c.execute(change.values(state=state, state_reason=reason, state_at=at))


def rename(c: Connection, strategy_id: int, name: str) -> bool:
    """Give the strategy another name; False when another one of the person has it."""
    holder = _taken(c, get(c, strategy_id).person_id, name)
    if holder not in (None, strategy_id):
        return False
    change = update(strategies).where(strategies.c.id == strategy_id)
    return changed(c, change.values(name=name, name_key=_key(name)))


def add_version(
    c: Connection,
    strategy_id: int,
    text: str,
    hash: str,
    limits_hash: str,
    english: str,
    provenance: Mapping[str, Any],
    source: str,
    at: datetime,
) -> Version:
    """Write the next version and make it the current one."""
    newest = select(func.max(versions_table.c.number)).where(versions_table.c.strategy_id == strategy_id)
    number = (c.execute(newest).scalar() or 0) + 1
    row = {"strategy_id": strategy_id, "number": number, "text": text, "hash": hash, "english": english}
    made = {"limits_hash": limits_hash, "provenance": provenance, "source": source, "created_at": at}
    version_id = add(c, versions_table, {**row, **made, "is_current": False})
    set_current(c, strategy_id, version_id)
    return version(c, version_id)


def version(c: Connection, version_id: int) -> Version:
    """The version; LookupError if there is none."""
    query = select(*columns(Version, versions_table)).where(versions_table.c.id == version_id)
    found = first(c, Version, query)
    if found is None:
        raise LookupError(f"there is no version {version_id}")
    return found


def versions(c: Connection, strategy_id: int) -> list[Version]:
    """All versions of the strategy, oldest first."""
    query = select(*columns(Version, versions_table)).where(versions_table.c.strategy_id == strategy_id)
    return every(c, Version, query.order_by(versions_table.c.number))


def tried(c: Connection, person_id: int, market: str, text: str) -> int:
    """How many different rules for a market the person has looked at, `text` included; deleted strategies count.

    Whoever keeps the best of many tries keeps luck too, whether the others were deleted or not.
    """
    theirs = (strategies.c.person_id == person_id) & versions_table.c.text.contains(market, autoescape=True)
    joined = versions_table.join(strategies, versions_table.c.strategy_id == strategies.c.id)
    query = select(func.count(versions_table.c.text.distinct())).select_from(joined)
    return 1 + int(c.execute(query.where(theirs, versions_table.c.text != text)).scalar_one())


def set_current(c: Connection, strategy_id: int, version_id: int) -> None:
    """Go to this version (undo is going back); LookupError if it is not one of the strategy."""
    theirs = update(versions_table).where(versions_table.c.strategy_id == strategy_id)
    c.execute(theirs.where(versions_table.c.is_current).values(is_current=False))
    if not changed(c, theirs.where(versions_table.c.id == version_id).values(is_current=True)):
        raise LookupError(f"strategy {strategy_id} has no version {version_id}")


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _taken(c: Connection, person_id: int, name: str) -> int | None:
    theirs = (strategies.c.person_id == person_id) & (strategies.c.state != "deleted")
    query = select(strategies.c.id).where(theirs, strategies.c.name_key == _key(name))
    return c.execute(query).scalar()


def _strategies() -> Select[Strategy]:
    current = (versions_table.c.strategy_id == strategies.c.id) & versions_table.c.is_current
    own = [strategies.c[name] for name in ("id", "person_id", "account_id", "name", "budget")]
    states = [strategies.c[name] for name in ("state", "state_reason", "created_at")]
    version = [versions_table.c.id.label("version_id"), versions_table.c.number.label("version")]
    return select(*own, *states, *version).join_from(strategies, versions_table, current, isouter=True)
