"""What an entry is judged by: its levels, the market's volatility, and which conditions need what the run remembers."""

import math
from decimal import Decimal

from runtime.core.calendar import DAY_MS
from runtime.core.orders import Plan
from strategy_dsl import nodes
from strategy_dsl.program import Program

YEAR_MS = 365 * DAY_MS
RETURNS_DEVIATION = nodes.Call(
    "stdev",
    (nodes.Call("change", (nodes.Name("close"), nodes.Number(Decimal(1)))), nodes.Number(Decimal(100))),
)


def judged_at_closes(program: Program) -> list[nodes.Node]:
    """Everything that is judged at a close with what the run remembers."""
    strategy = program.strategy
    found = [rule.condition for rule in program.rules()] + [gate for _, gate in program.gates]
    breakers: tuple[nodes.Pause | nodes.Halt, ...] = (*strategy.pauses, *strategy.halts)
    found += [each.condition for each in breakers]
    waits = [each.after for each in (strategy.trailing, strategy.break_even) if each is not None]
    found += [each.condition for each in waits if isinstance(each, nodes.Once)]
    rank = strategy.open_positions.rank if strategy.open_positions else None
    return found if rank is None else [*found, rank]


def wrong_side(plan: Plan, close: float) -> str:
    """Why levels read on the deciding candle forbid the entry; empty if they do not."""
    read = (plan.stop, plan.trail, plan.trail_after, plan.even_after, *(each for each, _ in plan.targets))
    if any(math.isnan(level.value) for level in read if level is not None):
        return "a level is not known yet"
    if plan.stop is not None and plan.stop.below(close) >= close:
        return "the stop is not below the price"
    if plan.trail is not None and plan.trail.below(close) >= close:
        return "the trailing stop is not below the price"
    risk = plan.risk(close, close)
    if any(level.above(close, risk) <= close for level, _ in plan.targets):
        return "a target is not above the price"
    return ""
