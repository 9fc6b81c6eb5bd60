"""Decisions: one row per rule, market and candle, whether anything was done or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, delete, func, or_, select, type_coerce

from runtime.ledger.records import columns, every, insert_once, values
from runtime.ledger.tables import decisions

QUIET = ("none", "flat")
"""Actions that did nothing."""
KEPT_DAYS = 30
"""For how long every decision is kept, quiet ones too: long enough to answer "why not?"."""


@dataclass(frozen=True)
class Decision:
    """What a rule came to on one candle; `candle_time` is its opening in ms UTC.

    `distance` tells how far the nearest missing condition was from true, None where that has no measure;
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


def between(c: Connection, run_id: int, start: int, end: int) -> list[Decision]:
    """The decisions on candles that opened from `start` up to but not including `end` (ms UTC)."""
    inside = (decisions.c.candle_time >= start) & (decisions.c.candle_time < end)
    query = _decisions().where(decisions.c.run_id == run_id, inside)
    return every(c, Decision, query.order_by(decisions.c.candle_time, decisions.c.id))


def forget_quiet(c: Connection, run_id: int, before: int) -> int:
    """Drops old decisions in which nothing was true and nothing was done, on candles that opened before; how many.

    Entries, exits, alerts, refusals and whatever was true stay for good. What a dropped row said can be computed anew
    from the candles.
    """
    # stored with sorted keys and nothing between them, `action` first
    begin = type_coerce(decisions.c.trace, Text)
    quiet = decisions.c.outcome.in_(("false", "unknown")) & or_(
        *(begin.startswith(f'{{"action":"{each}"') for each in QUIET)
    )
    old = (decisions.c.run_id == run_id) & (decisions.c.candle_time < before)
    return c.execute(delete(decisions).where(old, quiet)).rowcount


def _decisions() -> Select[Decision]:
    return select(*columns(Decision, decisions))
