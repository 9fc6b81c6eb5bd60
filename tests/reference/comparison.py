"""One strategy played by the reference and by the engine, told in the same words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from runtime.backtest import Backtest, Costs, run_backtest, with_markets
from runtime.candles import Candles
from runtime.core.machine.layout import ACTIONS
from strategy_dsl import nodes
from strategy_dsl.checks.check import check
from strategy_dsl.compiler import DEFAULT_BUDGET
from strategy_dsl.defaults import completed
from strategy_dsl.parser import parse
from strategy_dsl.program import Program, build_program
from strategy_dsl.timeframes import timeframe_ms
from tests.reference.gates import EVENTS
from tests.reference.machine import run
from tests.reference.results import Result
from tests.reference.values import Outside

REASONS = {
    "alert": "alert",
    "halted": "halted until you restart it",
    "paused": "paused by its own rule",
    "outside the window": "outside its hours",
    "a window is unknown": "outside its hours",
    "cooldown": "cooling down",
    "entries a day": "enough entries today",
    "no free place": "no free slot",
    "the stop is unknown": "a level is not known yet",
    "the trailing stop is unknown": "a level is not known yet",
    "a target is unknown": "a level is not known yet",
    "an activation is unknown": "a level is not known yet",
    "the stop is on the wrong side": "the stop is on the wrong side of the price",
    "the stop is too far": "a stop further away than the price",
    "the trailing stop is on the wrong side": "the trailing stop is on the wrong side of the price",
    "a target is on the wrong side": "a target is on the wrong side of the price",
    "the order's price is unknown": "the order's price is not known",
    "another entry goes first": "one fill a candle",
    "an order waits": "an order waits already",
    "an exit goes first": "an exit goes first",
    "not enough cash": "not enough cash",
    "another entry": "not this rule's position",
    "leaving already": "already leaving",
    "done before": "sold once already",
    "the risk is unknown": "the stop's distance is not known",
    "the volatility is unknown": "the market's volatility is not known",
    "none": "none",
}
"""What the reference says -> what the engine says, where the words differ."""
SAME = {"not enough cash at the open": "not enough cash"}
"""The engine's own distinctions."""
UNCOUNTED = frozenset({"none", "flat", "enter", "exit", "part", "alert"})
"""What came of rules that were acted on, or that had nothing to act on."""


@dataclass
class Told:
    """What happened, in plain rows."""

    trades: list[tuple[object, ...]] = field(default_factory=list)
    ends: list[tuple[object, ...]] = field(default_factory=list)
    decisions: list[tuple[object, ...]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    equity: list[float] = field(default_factory=list)
    alerts: int = 0


def strategy_in(text: str) -> nodes.Strategy | None:
    """The tree of a text that the checker takes, whatever the limits say."""
    parsed = parse(text)
    problems = [*parsed.problems, *check(parsed.strategy)]
    return None if any(each.severity == "error" for each in problems) else parsed.strategy


def engine_program(text: str) -> Program:
    """What the engine runs of a text, numbers written out."""
    return build_program(completed(parse(text).strategy, DEFAULT_BUDGET)[0])


def by_reference(
    strategy: nodes.Strategy, candles: Mapping[str, Candles], cash: float, costs: Costs, events: tuple[int, ...] = ()
) -> Told:
    """Played by the slow interpreter."""
    outside = {EVENTS: Outside(tuple((each, 1.0) for each in events), 0)}
    markets = sorted(candles) if not strategy.trade.markets else strategy.trade.markets
    found = run(strategy, {m: candles[m] for m in candles}, cash, costs.fee, costs.slippage, outside)
    rows = [
        (t.market, t.side, t.entry_time, t.exit_time, t.kind, rule_number(t.rule, strategy),
         t.entry_price, t.exit_price, t.quantity, t.pnl)
        for t in found.trades
    ]  # fmt: skip
    skipped = Counter(REASONS.get(reason, reason) for _, _, reason in found.skipped)
    for each in found.decisions:
        word = REASONS.get(each.action, each.action)
        if each.action in REASONS and word not in UNCOUNTED and each.action in QUIET:
            skipped[word] += 1
    length = timeframe_ms(strategy.trade.timeframe)
    decisions = [
        (d.time - length, d.market, d.number, d.held, REASONS.get(d.action, d.action)) for d in found.decisions
    ]
    order = {market: k for k, market in enumerate(markets)}
    return Told(
        [row for row in rows if row[4] != "end"],
        sorted((row for row in rows if row[4] == "end"), key=lambda row: order[row[0]]),
        sorted(decisions, key=lambda row: (row[0], order[row[1]], row[2])),
        skipped,
        [each for _, each in found.equity],
        len(found.alerts),
    )


QUIET = frozenset({"another entry goes first", "an order waits", "an exit goes first", "another entry", "leaving already",
                   "done before"})  # fmt: skip
"""What the reference notes as a decision and the engine counts as well."""


def rule_number(rule: str, strategy: nodes.Strategy) -> object:
    """The engine's number of a rule; a name stands for the first entry that has it."""
    if rule.isdigit():
        return int(rule)
    if rule.startswith("every "):
        return -1 - int(rule.split()[1])
    if rule in ("grid", "hold", "halt", ""):
        return -1
    return next(k for k, each in enumerate(strategy.rules, 1) if each.name == rule)


def by_engine(
    program: Program, candles: Mapping[str, Candles], cash: float, costs: Costs, events: tuple[int, ...] = ()
) -> tuple[Told, Backtest]:
    """Played by the compiled machine, keeping its decisions; without them the trades are the very same."""
    found = run_backtest(program, candles, cash, costs, events, decisions=True)
    again = run_backtest(program, candles, cash, costs, events)
    assert again.trades == found.trades
    assert (again.equity == found.equity).all() and (again.exposure == found.exposure).all()
    assert found.decisions is not None
    markets = with_markets(program, candles).markets
    entries = {rule.number: rule for rule in program.rules()}
    rows = [
        (t.market, t.side, t.entry_ms, t.exit_ms, t.kind, named(t.rule, entries),
         t.entry_price, t.exit_price, t.quantity, t.pnl)
        for t in found.trades
    ]  # fmt: skip
    words = {1.0: True, 0.0: False}
    judged = found.decisions.rows
    last = max(entries, default=0)
    decisions = [
        (int(found.time[row["t"]]), markets[row["market"]], int(row["number"]), words.get(float(row["held"])),
         ACTIONS[row["action"]] if row["held"] == 1.0 else "none")
        for row in judged if row["number"] <= last
    ]  # fmt: skip
    order = {market: k for k, market in enumerate(markets)}
    return Told(
        [row for row in rows if row[4] != "end"],
        [row for row in rows if row[4] == "end"],
        sorted(decisions, key=lambda row: (row[0], order[row[1]], row[2])),
        Counter(SAME.get(reason, reason) for reason, count in found.skipped for _ in range(count)),
        found.equity.tolist(),
        found.alerts,
    ), found


def named(number: int, rules: Mapping[int, object]) -> int:
    """A rule's number; a named one's is that of the first with its name."""
    name = getattr(rules.get(number), "name", None)
    if name is None:
        return number
    return min(k for k, each in rules.items() if getattr(each, "name", None) == name)


def numbers_agree(ours: list[tuple[object, ...]], theirs: list[tuple[object, ...]]) -> None:
    """Words and times are equal, numbers to 1e-9 of their size."""
    for mine, other in zip(ours, theirs, strict=False):
        assert mine[:6] == other[:6], (mine, other)
        for left, right in zip(mine[6:], other[6:], strict=True):
            assert left == pytest.approx(right, rel=1e-9, abs=1e-8), (mine, other)
    assert len(ours) == len(theirs), (ours[len(theirs) :], theirs[len(ours) :])


def agree(ours: Told, theirs: Told) -> None:
    """Everything that happened is the same."""
    numbers_agree(ours.trades, theirs.trades)
    numbers_agree([(*row[:5], 0, *row[6:]) for row in ours.ends], [(*row[:5], 0, *row[6:]) for row in theirs.ends])
    # at the end a backtest values what is open as if it were left
    assert ours.equity[:-1] == pytest.approx(theirs.equity[:-1], rel=1e-9)
    assert ours.alerts == theirs.alerts
    for mine, said in zip(ours.decisions, theirs.decisions, strict=False):
        assert mine == said, (mine, said)
    assert len(ours.decisions) == len(theirs.decisions)
    assert ours.skipped == theirs.skipped, (ours.skipped, theirs.skipped)


__all__ = ["Result", "Told", "agree", "by_engine", "by_reference", "engine_program", "strategy_in"]
