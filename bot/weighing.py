"""What changes to choose from would have done: each option beside the rules in force, on the same history."""

from collections.abc import Sequence

from bot.desk import Desk
from bot.research import history_of
from bot.working import apart
from runtime.core.metrics import Metrics
from runtime.markets import MarketError
from runtime.report import measured
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.difference import difference
from strategy_dsl.phrasebook.reading import Question


async def weighed(desk: Desk, question: Question, current: str | None) -> tuple[str, ...]:
    """For each option its difference and its figures before and after; empty where options carry no rules."""
    if current is None or not question.options or any(each.rules is None for each in question.options):
        return ()
    texts = [each.rules or "" for each in question.options]
    return await apart(_weighed, desk, current, texts)


def _weighed(desk: Desk, current: str, texts: Sequence[str]) -> tuple[str, ...]:
    old = desk.compiled(current)
    before = _figures(desk, old)
    return tuple(_line(desk, old, before, each) for each in texts)


def _line(desk: Desk, old: Compiled, before: Metrics | None, rules: str) -> str:
    """`stop loss 3% → stop loss 2%; trades 111 → 129, return -2.0% → -1.5%, deepest fall -4.1% → -3.0%`."""
    try:
        new = desk.compiled(rules)
    except StrategyError as error:
        return f"{error.diagnostics[0].message}"
    lines = "; ".join(difference(old.strategy, new.strategy))
    after = _figures(desk, new)
    if before is None or after is None:
        return lines
    pairs = (
        ("trades", f"{before.trades.count}", f"{after.trades.count}"),
        ("return", f"{before.total_return * 100:+.1f}%", f"{after.total_return * 100:+.1f}%"),
        ("deepest fall", _fall(before), _fall(after)),
    )
    return f"{lines}\n" + ", ".join(f"{name} {was} → {now}" for name, was, now in pairs)


def _fall(metrics: Metrics) -> str:
    return f"{-metrics.max_drawdown.fraction * 100:.1f}%"


def _figures(desk: Desk, compiled: Compiled) -> Metrics | None:
    """The backtest's figures on the history before the replay; None where there is none."""
    if not compiled.strategy.opens():
        return None
    try:
        return measured(history_of(compiled, desk.markets(), desk.limits.paper).run(compiled.strategy))
    except (MarketError, KeyError, ValueError):
        return None
