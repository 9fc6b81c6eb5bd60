"""Problems between clauses: what is missing, doubled, contradictory or dangerous."""

from collections.abc import Callable, Iterator

from strategy_dsl import nodes
from strategy_dsl.checks.amounts import adds, grids, sizes, weights
from strategy_dsl.checks.levels import levels
from strategy_dsl.checks.markets import contracts, scheduled, traded
from strategy_dsl.checks.times import clocks, intervals, lengths_of_time, open_days
from strategy_dsl.checks.ways import alone, names, same_way, ways_in, ways_out
from strategy_dsl.diagnostics import Diagnostic

CHECKS: tuple[Callable[[nodes.Strategy], Iterator[Diagnostic]], ...] = (
    traded,
    contracts,
    ways_in,
    alone,
    ways_out,
    same_way,
    names,
    levels,
    sizes,
    adds,
    grids,
    weights,
    clocks,
    scheduled,
    lengths_of_time,
    open_days,
    intervals,
)
"""One row per check."""


def structure(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Every problem that shows only when clauses are seen together."""
    return [problem for check in CHECKS for problem in check(strategy)]
