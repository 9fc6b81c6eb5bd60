"""Why, and why not: read from the traces that were written when the decision was taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.asked_about import About
from bot.desk import Desk
from bot.pages import figure, page, words
from bot.replies import Reply, say
from bot.trades import Sale, Trade, numbered_trades
from runtime.core.machine.machine import Order
from runtime.ledger import decisions, runs, strategies
from runtime.ledger.people import Person
from runtime.live_run import LiveRun, program_of
from strategy_dsl.program import Leaf, Program, RulePlan
from strategy_dsl.timeframes import timeframe_ms


@dataclass(frozen=True)
class Line:
    """One condition as it was: the claim, whether it held (None unknown), the values, how far off."""

    claim: str
    held: bool | None
    values: str
    missing: str


def trace_lines(rule: RulePlan, readings: list[list[float | None]]) -> list[Line]:
    """The recorded values of a rule beside the readback's own words."""
    return [_line(leaf, *reading) for leaf, reading in zip(rule.leaves, readings, strict=False)]


def _line(leaf: Leaf, recorded: float | None, left: float | None, right: float | None) -> Line:
    held = leaf.truth(recorded)
    if held is None:
        return Line(leaf.claim, None, "not known yet", "")
    values = "" if left is None else figure(left) if right is None else f"{figure(left)} against {figure(right)}"
    missing = ""
    if held == 0 and left is not None and right is not None:
        gap = abs(left - right)
        share = f" ({gap / abs(right) * 100:.1f}%)" if right else ""
        missing = f"{figure(gap)} away{share}"
        if leaf.has_passed(left, right):
            there, back = ("above", "below") if leaf.way > 0 else ("below", "above")
            missing = f"{there} it already: it has to come back {back} first"
    return Line(leaf.claim, held == 1, values, missing)


def unread(asked: About) -> Reply | None:
    """What to say where the time that was named is not understood or has not come; another would be a wrong answer."""
    if asked.span is not None and asked.span.start == asked.span.end:
        return Reply("That time has not come yet. Say it like: since Tuesday, yesterday, 3 days ago, on 3 November.")
    if not asked.unread:
        return None
    text = "I did not understand the day “{said}”. Say it like: since Tuesday, yesterday, 3 days ago, on 3 November."
    return Reply(words(text, said=asked.unread))


def why_traded(c: Connection, desk: Desk, person: Person, asked: About) -> Reply:
    """The reason of the newest trade that a question is about, with the values that settled it."""
    every = numbered_trades(c, person.id)
    if not every:
        return Reply("There has been no trade yet. Ask <b>why not</b> to see what is missing.", say("Why not"))
    found = [(_last_at(trade, asked), place) for place, (_, _, trade) in enumerate(every) if _is_meant(trade, asked)]
    if not found:
        return Reply(page("no_such_trade", asked=asked, count=len(every)), say("Trades", "Why not"))
    name, ran, trade = every[max(found)[1]]
    run = _past(c, ran)
    sale = trade.sales[-1] if trade.sales else None
    bought = _entry_lines(c, run, trade)
    sold = _exit_lines(c, run, trade, sale) if sale else []
    body = page("why", name=name, trade=trade, sale=sale, bought=bought, sold=sold, meaning=KINDS)
    return Reply(body, say("Why not", "Trades"))


class Ran(Protocol):
    """What reasons are looked up by: a run that is at work, or one that has ended."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def version(self) -> strategies.Version:
        """The rules that it ended with, or has now."""

    @property
    def program(self) -> Program:
        """The same, ready to run."""

    @property
    def length_ms(self) -> int:
        """The length of its candles."""


@dataclass(frozen=True)
class Past:
    """A run as the ledger has it, without its candles."""

    id: int
    version: strategies.Version
    program: Program
    length_ms: int


def _past(c: Connection, run: runs.Run) -> Past:
    version = strategies.version(c, run.version_id)
    program = program_of(version.text)
    return Past(run.id, version, program, timeframe_ms(program.timeframe))


def _moments(trade: Trade) -> list[datetime]:
    return [trade.opened_at, *(each.at for each in trade.sales)]


def _is_meant(trade: Trade, asked: About) -> bool:
    """Whether a question may be about a trade: its number, its coin, a time in which it was opened or sold."""
    span = asked.span
    in_time = span is None or any(span.start <= at < span.end for at in _moments(trade))
    return in_time and asked.takes(trade.market) and asked.number in (None, trade.number)


def _last_at(trade: Trade, asked: About) -> datetime:
    span = asked.span
    return max(at for at in _moments(trade) if span is None or span.start <= at < span.end)


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


def _entry_lines(c: Connection, run: Ran, trade: Trade) -> list[Line]:
    return _recorded(c, run, trade.market, trade.rule, trade.decided_ms - run.length_ms)


def _exit_lines(c: Connection, run: Ran, trade: Trade, sale: Sale) -> list[Line]:
    if sale.kind != "signal":
        return []
    return _recorded(c, run, trade.market, sale.rule, sale.decided_ms - run.length_ms)


def _recorded(c: Connection, run: Ran, market: str, rule: int, candle_ms: int) -> list[Line]:
    row = _row(c, run, market, rule, candle_ms)
    return [] if row is None else trace_lines(rule_of(c, run, row), row.trace["readings"])


def _row(c: Connection, run: Ran, market: str, rule: int, candle_ms: int) -> decisions.Decision | None:
    rows = decisions.between(c, run.id, candle_ms, candle_ms + run.length_ms)
    return next((each for each in rows if each.market == market and each.rule == str(rule)), None)


def rule_of(c: Connection, run: Ran, row: decisions.Decision) -> RulePlan:
    """The rule as it was in the version that decided."""
    program = run.program
    if row.version_id != run.version.id:
        program = program_of(strategies.version(c, row.version_id).text)
    return next(each for each in program.rules() if str(each.number) == row.rule)


def order_lines(run: LiveRun, order: Order) -> list[Line]:
    """The values behind an order that is about to be asked about, before they are written down."""
    rule = next((each for each in run.program.rules() if each.number == order.rule), None)
    if rule is None or not run.next_index:
        return []
    return trace_lines(rule, run.machine.trace(rule, order.market))
