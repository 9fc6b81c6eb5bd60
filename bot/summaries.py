"""The summary of a day, from the ledger, once for each local date."""

from datetime import UTC, datetime, time, timedelta
from datetime import date as date_type
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.desk import Desk
from bot.explain import trace_lines
from bot.pages import page
from bot.replies import Reply, say
from bot.standing import standing
from bot.trades import trades_of
from runtime.core.calendar import milliseconds
from runtime.ledger import decisions, intents
from runtime.ledger.people import Person
from runtime.live_run import LiveRun
from runtime.near_miss import missing

NOT_TAKEN = {"SKIPPED": "you did not approve it", "REJECTED": "the risk gate refused it"}
"""Orders that were proposed and not sent, by their intent's state."""


def summary_of(c: Connection, desk: Desk, person: Person, date: date_type, *, whole_day: bool) -> Reply:
    """One day in the person's zone, as a whole or so far."""
    start, end = _bounds(date, person)
    days = [_day(c, run, start, end) for run in desk.engine(c, person).runs(c)]
    facts = standing(c, desk, person)
    body = page("summary", date=date, days=days, whole_day=whole_day, **facts)
    return Reply(body, say("Trades", "Why not"), kind="summary")


def _bounds(date: date_type, person: Person) -> tuple[datetime, datetime]:
    zone = ZoneInfo(person.zone)
    start = datetime.combine(date, time(), zone).astimezone(UTC)
    return start, datetime.combine(date + timedelta(days=1), time(), zone).astimezone(UTC)


def is_quiet(c: Connection, desk: Desk, person: Person, date: date_type) -> bool:
    """Whether nothing was bought, sold, held or skipped on a day."""
    start, end = _bounds(date, person)
    live = desk.engine(c, person).runs(c)
    if any(run.machine.positions() for run in live):
        return False
    days = [_day(c, run, start, end) for run in live]
    return not any(day["opened"] or day["closed"] or day["skipped"] for day in days)


def _day(c: Connection, run: LiveRun, start: datetime, end: datetime) -> dict[str, Any]:
    trades = trades_of(c, run.id)
    sales = [sale for trade in trades for sale in trade.sales if start <= sale.at < end]
    closed = [each for each in trades if not each.is_open and start <= each.sales[-1].at < end]
    opened = [each for each in trades if start <= each.opened_at < end]
    rows = decisions.between(c, run.id, milliseconds(start), milliseconds(end))
    entries = {str(rule.number): rule for rule in run.program.entries}
    looked = [row for row in rows if row.rule in entries and row.version_id == run.version.id]
    skipped = [row.trace["action"] for row in looked if row.outcome == "true" and row.trace["action"] != "enter"]
    planned = [each for each in intents.listing(c, run.id) if start <= each.planned_at < end]
    skipped += [NOT_TAKEN[each.state] for each in planned if each.state in NOT_TAKEN]
    fees = sum((sale.fee for sale in sales), Decimal(0)) + sum((each.fee for each in opened), Decimal(0))
    return {
        "name": run.strategy.name,
        "result": sum((each.result for each in closed), Decimal(0)),
        "change": run.equity() - Decimal(repr(run.day_equity)),
        "opened": len(opened),
        "closed": closed,
        "fees": fees,
        "candles": len({row.candle_time for row in looked}),
        "skipped": {each: skipped.count(each) for each in dict.fromkeys(skipped)},
        "near": _nearest(looked, entries),
    }


def _nearest(looked: list[decisions.Decision], entries: dict[str, Any]) -> dict[str, Any] | None:
    """The candle on which a buy was closest: one condition missing, by the smallest share."""
    best: tuple[float, dict[str, Any]] | None = None
    for row in looked:
        distance = row.distance
        if row.outcome != "false" or distance is None or len(missing(row.trace["readings"])) != 1:
            continue
        if best is None or distance < best[0]:
            lines = [each for each in trace_lines(entries[row.rule], row.trace["readings"]) if each.held is False]
            at = datetime.fromtimestamp(row.candle_time / 1000, UTC)
            best = (distance, {"at": at, "market": row.market, "line": lines[0]})
    return None if best is None else best[1]
