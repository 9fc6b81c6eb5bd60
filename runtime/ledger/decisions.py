"""Decisions: one row per rule, market and candle, whether anything was done or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, delete, func, or_, select, type_coerce

from runtime.core.calendar import DAY_MS
from runtime.ledger.records import columns, every, insert_once, values
from runtime.ledger.tables import decisions

QUIET = ("none", "flat")
"""Actions that did nothing."""
KEPT_DAYS = 30
"""For how long every decision is kept, quiet ones too: long enough to answer "why not?"."""


@dataclass(frozen=True)
class Decision:
    """What a rule came to on one candle; `candle_time` is its opening in ms UTC.

    `distance` tells how far the rule was from true, see `near_miss.distance_of`; None where that has no measure;
    `trace` holds every value that settled it.
    """

    run_id: int
    version_id: int
    market: str
    rule: str
    candle_time: int
    outcome: str
    distance: float | None
    trace: dict[str, Any]


def record(c: Connection, rows: Sequence[Decision]) -> None:
    """Write the decisions; those that were written before are left as they are."""
    if rows:
        once = insert_once(c, decisions, "run_id", "market", "candle_time", "rule")
        c.execute(once, [values(row) for row in rows])


def latest(c: Connection, run_id: int, market: str, rule: str | None = None) -> list[Decision]:
    """The decisions on the market's newest decided candle: of all rules, or of one (then at most one row)."""
    asked = (decisions.c.run_id == run_id) & (decisions.c.market == market)
    if rule is not None:
        asked &= decisions.c.rule == rule
    newest = select(func.max(decisions.c.candle_time)).where(asked).scalar_subquery()
    query = _decisions().where(asked, decisions.c.candle_time == newest)
    return every(c, Decision, query.order_by(decisions.c.id))


def first_version(c: Connection, run_id: int, market: str) -> int | None:
    """The version by which the first decision on a market was taken; None before it."""
    asked = (decisions.c.run_id == run_id) & (decisions.c.market == market)
    query = select(decisions.c.version_id).where(asked).order_by(decisions.c.candle_time).limit(1)
    return c.execute(query).scalar_one_or_none()


def between(c: Connection, run_id: int, start: int, end: int, market: str | None = None) -> list[Decision]:
    """The decisions on candles that opened from `start` up to before `end` (ms UTC), of one market or all."""
    inside = (decisions.c.candle_time >= start) & (decisions.c.candle_time < end)
    if market is not None:
        inside &= decisions.c.market == market
    query = _decisions().where(decisions.c.run_id == run_id, inside)
    return every(c, Decision, query.order_by(decisions.c.candle_time, decisions.c.id))


def forget_quiet(c: Connection, run_id: int, before: int) -> int:
    """Drops old decisions in which nothing was true and nothing was done, on candles that opened before; how many.

    Entries, exits, alerts, refusals and whatever was true stay for good, and of each rule, market and UTC day the one
    that was nearest to true: "why nothing since March?" is answered from these. What a dropped row said can be
    computed anew from the candles.
    """
    # stored with sorted keys and nothing between them, `action` first
    begin = type_coerce(decisions.c.trace, Text)
    quiet = decisions.c.outcome.in_(("false", "unknown")) & or_(
        *(begin.startswith(f'{{"action":"{each}"') for each in QUIET)
    )
    old = (decisions.c.run_id == run_id) & (decisions.c.candle_time < before)
    nearest = _nearest(old & quiet & begin.startswith('{"action":"none"'))
    return c.execute(delete(decisions).where(old, quiet, decisions.c.id.not_in(nearest))).rowcount


def near_misses(c: Connection, run_id: int, start: int, end: int) -> list[Decision]:
    """Of each rule, market and UTC day the decision that was nearest to true, on candles from `start` up to `end`."""
    inside = (decisions.c.candle_time >= start) & (decisions.c.candle_time < end) & (decisions.c.run_id == run_id)
    query = _decisions().where(decisions.c.id.in_(_nearest(inside)))
    return every(c, Decision, query.order_by(decisions.c.candle_time, decisions.c.id))


def _nearest(among: ColumnElement[bool]) -> Select[tuple[int]]:
    """The ids of those that were nearest to true, of each rule, market and UTC day; the first of equal ones."""
    a_day = (decisions.c.market, decisions.c.rule, decisions.c.candle_time // DAY_MS)
    order = func.row_number().over(partition_by=a_day, order_by=(decisions.c.distance, decisions.c.id))
    measured = (decisions.c.outcome == "false") & decisions.c.distance.is_not(None)
    placed = select(decisions.c.id, order.label("place")).where(among, measured).subquery()
    return select(placed.c.id).where(placed.c.place == 1)


def _decisions() -> Select[Decision]:
    return select(*columns(Decision, decisions))
