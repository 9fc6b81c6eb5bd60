"""Why, and why not: read from the traces that were written when the decision was taken."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.desk import Desk
from bot.pages import figure, page
from bot.replies import Reply, say
from bot.trades import Sale, Trade, trades_of
from runtime.core.calendar import moment
from runtime.core.machine.machine import Order
from runtime.ledger import decisions, strategies
from runtime.ledger.people import Person
from runtime.live_run import LiveRun, program_of
from strategy_dsl.program import RulePlan


@dataclass(frozen=True)
class Line:
    """One condition as it was: the claim, whether it held (None unknown), the values, how far off."""

    claim: str
    held: bool | None
    values: str
    missing: str


def trace_lines(rule: RulePlan, readings: list[list[float | None]]) -> list[Line]:
    """The recorded values of a rule beside the readback's own words."""
    return [_line(leaf.claim, *reading) for leaf, reading in zip(rule.leaves, readings, strict=False)]


def _line(claim: str, held: float | None, left: float | None, right: float | None) -> Line:
    if held is None:
        return Line(claim, None, "not known yet", "")
    values = "" if left is None else figure(left) if right is None else f"{figure(left)} against {figure(right)}"
    missing = ""
    if held == 0 and left is not None and right is not None:
        gap = abs(left - right)
        share = f" ({gap / abs(right) * 100:.1f}%)" if right else ""
        missing = f"{figure(gap)} away{share}"
    return Line(claim, held == 1, values, missing)


def why_last(c: Connection, desk: Desk, person: Person) -> Reply:
    """The last fill's reason, with the values that settled it."""
    found = [(trade.sales[-1].at if trade.sales else trade.opened_at, run, trade)
             for run in desk.engine(c, person).runs(c) for trade in trades_of(c, run.id)]  # fmt: skip
    if not found:
        return Reply("There has been no trade yet. Ask <b>why not</b> to see what is missing.", say("Why not"))
    _, run, trade = max(found, key=lambda each: each[0])
    sale = trade.sales[-1] if trade.sales else None
    bought = _entry_lines(c, run, trade)
    sold = _exit_lines(c, run, trade, sale) if sale else []
    body = page("why", name=run.strategy.name, trade=trade, sale=sale, bought=bought, sold=sold, meaning=KINDS)
    return Reply(body, say("Why not", "Trades"))


KINDS = {
    "stop": "the price reached the stop loss",
    "trail": "the price came back to the trailing stop",
    "target": "the price reached the target",
    "time": "its time was up",
    "close": "it was closed by hand",
    "halt": "the strategy halted by its own rule",
    "signal": "the rule to leave came true",
    "reverse": "the rule for the other side came true",
    "rebalance": "the weights were restored",
    "grid": "the price reached the top of its step",
}
"""What each way out means."""


def _entry_lines(c: Connection, run: LiveRun, trade: Trade) -> list[Line]:
    return _recorded(c, run, trade.market, trade.rule, trade.decided_ms - run.length_ms)


def _exit_lines(c: Connection, run: LiveRun, trade: Trade, sale: Sale) -> list[Line]:
    if sale.kind != "signal":
        return []
    return _recorded(c, run, trade.market, sale.rule, sale.decided_ms - run.length_ms)


def _recorded(c: Connection, run: LiveRun, market: str, rule: int, candle_ms: int) -> list[Line]:
    row = _row(c, run, market, rule, candle_ms)
    return [] if row is None else trace_lines(_rule(c, run, row), row.trace["readings"])


def _row(c: Connection, run: LiveRun, market: str, rule: int, candle_ms: int) -> decisions.Decision | None:
    rows = decisions.between(c, run.id, candle_ms, candle_ms + run.length_ms)
    return next((each for each in rows if each.market == market and each.rule == str(rule)), None)


def _rule(c: Connection, run: LiveRun, row: decisions.Decision) -> RulePlan:
    """The rule as it was in the version that decided."""
    program = run.program
    if row.version_id != run.version.id:
        program = program_of(strategies.version(c, row.version_id).text)
    return next(each for each in program.rules() if str(each.number) == row.rule)


def why_not(c: Connection, desk: Desk, person: Person) -> Reply:
    """What the last candle lacked for a buy, market by market."""
    live = desk.engine(c, person).runs(c)
    if not live:
        return Reply("Nothing is running, so nothing can be bought. Say <b>paper</b> to start.", say("Paper"))
    blocks = [block for run in live for market in run.program.markets for block in _blocks(c, run, market)]
    if not blocks:
        if desk.markets().is_live:
            return Reply("No candle has closed since the start.", say("Status"))
        return Reply("No candle has closed since the start. Say <b>skip</b> to jump ahead.", say("Skip"))
    return Reply(page("whynot", blocks=blocks), say("Status", *(() if desk.markets().is_live else ("Skip",))))


def _blocks(c: Connection, run: LiveRun, market: str) -> list[dict[str, Any]]:
    entries = {str(rule.number) for rule in run.program.entries}
    rows = [row for row in decisions.latest(c, run.id, market) if row.rule in entries]
    found = []
    for row in rows:
        rule = _rule(c, run, row)
        next_close = run.next_look_ms()
        found.append(
            {
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


def order_lines(run: LiveRun, order: Order) -> list[Line]:
    """The values behind an order that is about to be asked about, before they are written down."""
    rule = next((each for each in run.program.rules() if each.number == order.rule), None)
    if rule is None or not run.next_index:
        return []
    return trace_lines(rule, run.machine.trace(rule, order.market))
