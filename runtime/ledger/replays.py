"""Running markets: a feed, the speed it is played at, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from runtime.ledger.records import add, columns, first
from runtime.ledger.states import ReplayState
from runtime.ledger.tables import replays


@dataclass(frozen=True)
class Replay:
    """A market being played to an account; `clock` is its own time, None before the first move."""

    id: int
    account_id: int
    feed: dict[str, Any]
    speed: float
    clock: datetime | None
    cursor: int
    state: ReplayState
    created_at: datetime


def create(c: Connection, account_id: int, feed: Mapping[str, Any], speed: float, at: datetime) -> Replay:
    """A running market at its beginning."""
    row = {"account_id": account_id, "feed": feed, "speed": speed, "created_at": at}
    return get(c, add(c, replays, {**row, "cursor": 0, "state": "running"}))


def get(c: Connection, replay_id: int) -> Replay:
    """The running market; LookupError if there is none."""
    replay = first(c, Replay, _replays().where(replays.c.id == replay_id))
    if replay is None:
        raise LookupError(f"there is no replay {replay_id}")
    return replay


def current(c: Connection, account_id: int) -> Replay | None:
    """The account's newest market that has not ended."""
    open_ones = (replays.c.account_id == account_id) & (replays.c.state != "ended")
    return first(c, Replay, _replays().where(open_ones).order_by(replays.c.id.desc()).limit(1))


def newest(c: Connection) -> Replay | None:
    """The newest market of any account that has not ended."""
    query = _replays().where(replays.c.state != "ended")
    return first(c, Replay, query.order_by(replays.c.id.desc()).limit(1))


def move(c: Connection, replay_id: int, clock: datetime, cursor: int) -> None:
    """Note how far the market has come."""
    c.execute(update(replays).where(replays.c.id == replay_id).values(clock=clock, cursor=cursor))


def set_speed(c: Connection, replay_id: int, speed: float) -> None:
    """Play the market faster or slower; 1 is real time."""
    c.execute(update(replays).where(replays.c.id == replay_id).values(speed=speed))


def set_state(c: Connection, replay_id: int, state: ReplayState) -> None:
    """Run, pause or end the market."""
    c.execute(update(replays).where(replays.c.id == replay_id).values(state=state))


def _replays() -> Select[Replay]:
    return select(*columns(Replay, replays))
