"""Why nothing was bought: the newest candle condition by condition, or a stretch of time in counts and near misses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.asked_about import About
from bot.desk import Desk
from bot.explain import Line, rule_of, trace_lines
from bot.pages import page
from bot.replies import Reply, say
from bot.spoken_dates import Span
from bot.trades import trades_of
from runtime.core.calendar import milliseconds, moment
from runtime.ledger import decisions, intents, runs
from runtime.ledger.people import Person
from runtime.live_run import LiveRun

NOT_TAKEN = {"SKIPPED": "you did not approve it", "REJECTED": "the risk gate refused it"}
"""Orders that were proposed and not sent, by their intent's state."""
NEAREST = 3
"""So many near misses are told."""
TAKEN = ("enter", "asked")
"""Actions of a true rule that became an order or a question; how that one ended is in its intent."""


@dataclass(frozen=True)
class Held:
    """How often one condition of a rule held."""

    claim: str
    count: int
    known: int


@dataclass(frozen=True)
class Miss:
    """A candle on which a rule was nearly true, and the conditions that were missing."""

    at: datetime
    lines: tuple[Line, ...]


def why_not(c: Connection, desk: Desk, person: Person, asked: About) -> Reply:
    """What the last candle lacked for a buy, or what a stretch of time did, market by market."""
    live = desk.engine(c, person).runs(c)
    if not live:
        return Reply("Nothing is running, so nothing can be bought. Say <b>paper</b> to start.", say("Paper"))
    chosen = [(run, market) for run in live for market in run.program.markets if asked.takes(market)]
    if not chosen:
        return Reply(page("not_traded", coin=asked.coin), say("Strategies"))
    if asked.sells and asked.span is None:
        return _not_sold(c, chosen)
    if asked.span is not None:
        told = [each for run, market in chosen for each in _looked_back(c, run, market, asked.span)]
        kept = _kept(c, desk, person, [run for run, _ in chosen], asked.span)
        return Reply(page("whynot_since", span=asked.span, blocks=told, kept=kept), BACK)
    blocks = [block for run, market in chosen for block in _newest(c, run, market)]
    if not blocks:
        if desk.markets().is_live:
            return Reply("No candle has closed since the start.", say("Status"))
        return Reply("No candle has closed since the start. Say <b>skip</b> to jump ahead.", say("Skip"))
    return Reply(page("whynot", blocks=blocks), say("Status", *(() if desk.markets().is_live else ("Skip",))))


def _not_sold(c: Connection, chosen: Sequence[tuple[LiveRun, str]]) -> Reply:
    """What the last candle lacked for a sale of what is held."""
    held = [(run, market) for run, market in chosen if market in run.machine.positions()]
    if not held:
        return Reply("Nothing is held there, so there is nothing to sell.", say("Status"))
    blocks = [{**each, "sells": True} for run, market in held for each in _newest(c, run, market, sells=True)]
    if not blocks:
        text = "No rule sells it: it is sold by its stop, its target, its time or by hand. <b>positions</b> shows them."
        return Reply(text, say("Positions"))
    return Reply(page("whynot", blocks=blocks), say("Positions", "Status"))


BACK = say("Why not", "Status")


def _newest(c: Connection, run: LiveRun, market: str, *, sells: bool = False) -> list[dict[str, Any]]:
    """The newest decision of each rule that could buy, or sell."""
    entries = {str(rule.number) for rule in (run.program.closers if sells else run.program.entries)}
    next_close = run.next_look_ms()
    found = []
    for row in decisions.latest(c, run.id, market):
        if row.rule not in entries:
            continue
        rule = rule_of(c, run, row)
        found.append(
            {
                "sells": False,
                "name": run.strategy.name,
                "market": market,
                "at": moment(row.candle_time + run.length_ms),
                "claim": rule.claim,
                "outcome": row.outcome,
                "action": row.trace["action"],
                "lines": trace_lines(rule, row.trace["readings"]),
                "next": None if next_close is None else moment(next_close),
            }
        )
    return found


def _looked_back(c: Connection, run: LiveRun, market: str, span: Span) -> list[dict[str, Any]]:
    """Of each entry rule what its decisions in a stretch of time came to; a decision belongs to its candle's close."""
    start, end = milliseconds(span.start) - run.length_ms, milliseconds(span.end) - run.length_ms
    rows = decisions.between(c, run.id, start + 1, end + 1, market)
    bought = [
        each for each in trades_of(c, run.id) if each.market == market and span.start < each.opened_at <= span.end
    ]
    next_close = run.next_look_ms()
    found = []
    for entry in run.program.entries:
        own = [each for each in rows if each.rule == str(entry.number) and each.version_id == run.version.id]
        if not own:
            continue
        held = [row for row in own if row.outcome == "true"]
        found.append(
            {
                "name": run.strategy.name,
                "market": market,
                "claim": entry.claim,
                "candles": len(own),
                "bought": len([each for each in bought if each.rule == entry.number]),
                "true": len(held),
                "held": _held(entry.leaves, own),
                "not_taken": _not_taken(c, run, market, held, span),
                "misses": _misses(c, run, own),
                "next": None if next_close is None else moment(next_close),
            }
        )
    return found


def _held(leaves: Sequence[Any], rows: Sequence[decisions.Decision]) -> list[Held]:
    """How often each condition held, of the candles on which it was known."""
    counts = [[row.trace["readings"][place][0] for row in rows if len(row.trace["readings"]) > place]
              for place in range(len(leaves))]  # fmt: skip
    return [
        Held(leaf.claim, sum(leaf.truth(each) == 1 for each in known), sum(each is not None for each in known))
        for leaf, known in zip(leaves, counts, strict=True)
    ]


def _not_taken(
    c: Connection, run: LiveRun, market: str, held: Sequence[decisions.Decision], span: Span
) -> dict[str, int]:
    """Why true rules became no trade, and how often."""
    counts = Counter(row.trace["action"] for row in held if row.trace["action"] not in TAKEN)
    for each in intents.listing(c, run.id):
        if each.market == market and span.start < each.planned_at <= span.end and each.state in NOT_TAKEN:
            counts[NOT_TAKEN[each.state]] += 1
    return dict(counts.most_common())


def _misses(c: Connection, run: LiveRun, rows: Sequence[decisions.Decision]) -> list[Miss]:
    """The nearest misses, at most one a day, the nearest first."""
    measured = [row for row in rows if row.outcome == "false" and row.distance is not None]
    days: set[date] = set()
    found: list[Miss] = []
    for row in sorted(measured, key=lambda each: (each.distance or 0.0, each.candle_time)):
        at = moment(row.candle_time + run.length_ms)
        if at.date() not in days and len(found) < NEAREST:
            days.add(at.date())
            lines = trace_lines(rule_of(c, run, row), row.trace["readings"])
            found.append(Miss(at, tuple(line for line in lines if line.held is False)))
    return found


def _kept(c: Connection, desk: Desk, person: Person, chosen: Sequence[LiveRun], span: Span) -> int | None:
    """For how many days every decision is kept, where a question reaches further back than that."""
    oldest = desk.engine(c, person).clock(c) - timedelta(days=decisions.KEPT_DAYS)
    began = min(runs.get(c, run.id).started_at for run in chosen)
    return decisions.KEPT_DAYS if max(span.start, began) < oldest else None
