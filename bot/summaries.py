"""The summary of a day, from the ledger, once for each local date."""

from datetime import UTC, datetime, time, timedelta
from datetime import date as date_type
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from bot.charts import ChartError, equity_picture
from bot.desk import Desk
from bot.equity import equity_of, equity_of_all
from bot.explain import trace_lines
from bot.pages import page
from bot.periods import by_period
from bot.replies import Reply, say
from bot.standing import standing
from bot.trades import trades_of, trades_of_person
from bot.why_not import NOT_TAKEN
from runtime.as_tested import as_tested
from runtime.core.calendar import DAY_MS, milliseconds, moment
from runtime.core.money import exact
from runtime.ledger import decisions, intents, model_calls, runs
from runtime.ledger.people import Person
from runtime.live_run import LiveRun
from runtime.near_miss import missing

CENT = 0.005
SUNDAY = 6


def due_dates(last: date_type | None, first: date_type, now: datetime, zone: str, at: time) -> list[date_type]:
    """The local dates that are over and were not summed up: after `last`, from `first` on, once it is `at` there.

    A date is over when the next one has begun in the zone; a clock that is put back brings none twice, one that is put
    forward over `at` leaves none out.
    """
    local = now.astimezone(ZoneInfo(zone))
    newest = local.date() - timedelta(days=1 if local.time() >= at else 2)
    begin = first if last is None else max(first, last + timedelta(days=1))
    return [begin + timedelta(days=each) for each in range((newest - begin).days + 1)]


def summary_of(c: Connection, desk: Desk, person: Person, date: date_type, *, whole_day: bool) -> Reply:
    """One day in the person's zone, as a whole or so far."""
    live = desk.engine(c, person).runs(c)
    start, end = _bounds(date, person)
    days = [{**_day(c, run, start, end), "drift": _drift(c, run) if whole_day else None} for run in live]
    facts = standing(c, desk, person)
    worth = sum((day["worth"] for day in days), Decimal(0))
    change = sum((day["change"] for day in days), Decimal(0))
    risks = [each["at_stop"] for run in facts["runs"] for each in run["positions"]]
    told = {
        "worth": worth,
        "change": change,
        "share": float(change / (worth - change)) if worth != change else 0.0,
        "risk": None if not risks or None in risks else sum(risks),
        "unprotected": risks.count(None),
        "loss_limit": desk.limits.paper.daily_loss_percent,
        "model_cost": model_calls.spent(c, person.id, start) if desk.markets().is_live else Decimal(0),
        "next": [line for run in live for line in _next(c, run)],
    }
    body = page("summary", date=date, days=days, whole_day=whole_day, **facts, **told)
    # a replay plays a year in minutes: there one picture a week, of the last 30 days as always, says the same
    drawn = whole_day and (desk.markets().is_live or date.weekday() == SUNDAY)
    picture = _picture(c, desk, live, date) if drawn else None
    return Reply(body, say("Trades", "Why not"), picture, kind="summary")


def week_of(c: Connection, desk: Desk, person: Person, monday: date_type) -> Reply:
    """The week that began on a Monday, day by day."""
    trades = [trade for _, trade in trades_of_person(c, person.id)]
    sunday = monday + timedelta(days=6)
    rows = [(f"{row.first:%a} {row.first.day}", row) for row in by_period(trades, "day", person.zone, sunday, 7)]
    total = sum(row.result for _, row in rows)
    body = page("week", first=monday, last=sunday, rows=rows[::-1], total=total, label=desk.markets().label)
    return Reply(body, say("Weekly", "Performance"), kind="summary")


def _drift(c: Connection, run: LiveRun) -> dict[str, Any] | None:
    """What a run has finished since its start, beside a backtest of the same candles.

    None where nothing has ended, or where rules were changed on the way, so that there is nothing to compare with.
    """
    if decisions.first_version(c, run.id, run.program.markets[0]) != run.version.id:
        return None
    tested = as_tested(run, milliseconds(runs.get(c, run.id).started_at))
    ended = [(trade, sale) for trade in trades_of(c, run.id) for sale in trade.sales]
    if tested is None or not (ended or tested.trades):
        return None
    result = float(sum(trade.result_of(sale) for trade, sale in ended))
    same = len(ended) == tested.trades and abs(result - tested.result) < CENT
    return {"same": same, "count": len(ended), "result": result, "tested": tested}


def _next(c: Connection, run: LiveRun) -> list[dict[str, Any]]:
    """What would make it buy next: of each market's newest decision the conditions that are missing."""
    entries = {str(rule.number): rule for rule in run.program.entries}
    found = []
    for market in run.program.markets:
        if market in run.machine.positions():
            continue
        for row in decisions.latest(c, run.id, market):
            if row.rule in entries and row.version_id == run.version.id:
                lines = trace_lines(entries[row.rule], row.trace["readings"])
                found.append({"market": market, "missing": [line for line in lines if line.held is False]})
    return [each for each in found if each["missing"]][:3]


def _picture(c: Connection, desk: Desk, live: list[LiveRun], date: date_type) -> str | None:
    """The worth of everything that runs, over at most the last 30 days."""
    times, worth = equity_of_all(c, live)
    recent = times > (times[-1] - 30 * DAY_MS if len(times) else 0)
    if recent.sum() < 2:
        return None
    path = desk.pictures / f"equity-{live[0].id}-{date}.png"
    try:
        desk.pictures.mkdir(parents=True, exist_ok=True)
        simulated, dark = desk.markets().feed.is_simulated, desk.settings.dark_pictures
        title = live[0].strategy.name if len(live) == 1 else f"{len(live)} strategies"
        equity_picture(path, times[recent], worth[recent], title, simulated=simulated, dark=dark)
    except (OSError, ChartError):
        # the words do without a picture
        return None
    return str(path)


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
    # a decision belongs to the day in which its candle closed
    rows = decisions.between(c, run.id, milliseconds(start) - run.length_ms, milliseconds(end) - run.length_ms)
    entries = {str(rule.number): rule for rule in run.program.entries}
    looked = [row for row in rows if row.rule in entries and row.version_id == run.version.id]
    skipped = [row.trace["action"] for row in looked if row.outcome == "true" and row.trace["action"] != "enter"]
    planned = [each for each in intents.listing(c, run.id) if start <= each.planned_at < end]
    skipped += [NOT_TAKEN[each.state] for each in planned if each.state in NOT_TAKEN]
    before, worth = (_worth_at(c, run, at) for at in (start, end))
    fees = sum((sale.fee for sale in sales), Decimal(0)) + sum((each.fee for each in opened), Decimal(0))
    return {
        "name": run.strategy.name,
        "result": sum((each.result for each in closed), Decimal(0)),
        "worth": worth,
        "change": worth - before,
        "opened": len(opened),
        "closed": closed,
        "fees": fees,
        "candles": len({row.candle_time for row in looked}),
        "skipped": {each: skipped.count(each) for each in dict.fromkeys(skipped)},
        "near": _nearest(looked, entries, run.length_ms),
    }


def _worth_at(c: Connection, run: LiveRun, at: datetime) -> Decimal:
    """What a run was worth at its last close up to a moment; its budget before the first."""
    times, worth = equity_of(c, run)
    count = int(np.searchsorted(times + run.length_ms, milliseconds(at), side="right"))
    return exact(float(worth[count - 1])) if count else run.strategy.budget


def _nearest(looked: list[decisions.Decision], entries: dict[str, Any], length_ms: int) -> dict[str, Any] | None:
    """The close at which a buy was nearest: one condition missing, by the smallest share."""
    best: tuple[float, dict[str, Any]] | None = None
    for row in looked:
        distance = row.distance
        if row.outcome != "false" or distance is None or len(missing(row.trace["readings"])) != 1:
            continue
        if best is None or distance < best[0]:
            lines = [each for each in trace_lines(entries[row.rule], row.trace["readings"]) if each.held is False]
            at = moment(row.candle_time + length_ms)
            best = (distance, {"at": at, "market": row.market, "line": lines[0]})
    return None if best is None else best[1]
