"""Runs: a version of a strategy at work on a running market."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from runtime.ledger.records import add, columns, every, first
from runtime.ledger.tables import runs


@dataclass(frozen=True)
class Run:
    """A strategy at work; `cursor` is the last candle that the engine saved it after."""

    id: int
    strategy_id: int
    version_id: int
    replay_id: int
    started_at: datetime
    ended_at: datetime | None
    cursor: int | None


def start(c: Connection, strategy_id: int, version_id: int, replay_id: int, started_at: datetime) -> Run | None:
    """Put a strategy to work; None when it is at work already."""
    at_work = (runs.c.strategy_id == strategy_id) & runs.c.ended_at.is_(None)
    if c.execute(select(runs.c.id).where(at_work)).first() is not None:
        return None
    row = {"strategy_id": strategy_id, "version_id": version_id, "replay_id": replay_id}
    return get(c, add(c, runs, {**row, "started_at": started_at}))


def get(c: Connection, run_id: int) -> Run:
    """The run; LookupError if there is none."""
    run = first(c, Run, _runs().where(runs.c.id == run_id))
    if run is None:
        raise LookupError(f"there is no run {run_id}")
    return run


def state(c: Connection, run_id: int) -> dict[str, Any] | None:
    """What the run remembers, as saved after its last candle; None before the first."""
    found: dict[str, Any] | None = c.execute(select(runs.c.state).where(runs.c.id == run_id)).scalar_one_or_none()
    return found


def active(c: Connection, replay_id: int) -> list[Run]:
    """The runs on this market that have not ended, oldest first."""
    at_work = (runs.c.replay_id == replay_id) & runs.c.ended_at.is_(None)
    return every(c, Run, _runs().where(at_work).order_by(runs.c.id))


def of_strategy(c: Connection, strategy_id: int) -> list[Run]:
    """All runs of the strategy, oldest first."""
    return every(c, Run, _runs().where(runs.c.strategy_id == strategy_id).order_by(runs.c.id))


def save_states(c: Connection, states: Sequence[tuple[int, int, Mapping[str, Any]]]) -> None:
    """Keep where runs stand, so that they can go on from there: run, cursor (opening in ms UTC) and state of each."""
    if states:
        kept = update(runs).where(runs.c.id == bindparam("run")).values(cursor=bindparam("at"), state=bindparam("all"))
        c.execute(kept, [{"run": run_id, "at": cursor, "all": state} for run_id, cursor, state in states])


def set_version(c: Connection, run_id: int, version_id: int) -> None:
    """Go on with another version of the same strategy."""
    c.execute(update(runs).where(runs.c.id == run_id).values(version_id=version_id))


def end(c: Connection, run_id: int, ended_at: datetime) -> None:
    """Stop the run for good; a run that has ended keeps its time."""
    at_work = (runs.c.id == run_id) & runs.c.ended_at.is_(None)
    c.execute(update(runs).where(at_work).values(ended_at=ended_at))


def _runs() -> Select[Run]:
    return select(*columns(Run, runs))
