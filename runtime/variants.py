"""Variants of a strategy on the same candles: its neighbours, and what choosing among them would have brought."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from runtime.backtest import Backtest, Costs, run_backtest
from runtime.candles import Candles
from runtime.core.columns import SharedColumns
from runtime.core.evidence.neighbours import Neighbour, Neighbourhood, neighbourhood
from runtime.core.evidence.sample import sample_of
from runtime.core.evidence.walk import Walk, walk_forward
from runtime.core.outside import OutsideValues
from strategy_dsl import nodes
from strategy_dsl.checks.check import check
from strategy_dsl.parameters import parameters, with_value
from strategy_dsl.program import build_program

MOST_NEIGHBOURS = 40


@dataclass(frozen=True, eq=False)
class History:
    """What a strategy is tested on: candles by market, opening cash, costs; events and values from outside."""

    candles: Mapping[str, Candles]
    cash: float
    costs: Costs
    events: tuple[int, ...] = ()
    outside: OutsideValues = field(default_factory=dict)
    finer: Mapping[str, Candles] = field(default_factory=dict)

    def run(self, strategy: nodes.Strategy) -> Backtest:
        """The backtest of a checked strategy, on columns that all runs share; raises as `run_backtest`."""
        program, shared = build_program(strategy), self.columns
        return run_backtest(
            program, self.candles, self.cash, self.costs, self.events, self.outside, self.finer, shared=shared
        )

    @cached_property
    def columns(self) -> SharedColumns:
        """Columns of these candles, each computed once for all runs."""
        return SharedColumns(self.candles, outside=self.outside)

    def __getstate__(self) -> dict[str, object]:
        """For another process: without the columns, which it computes by itself."""
        return {name: each for name, each in self.__dict__.items() if name != "columns"}


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The neighbours of a strategy, each run once and only if somebody asks."""

    strategy: nodes.Strategy
    history: History
    written: Backtest

    @cached_property
    def runs(self) -> tuple[tuple[str, Backtest], ...]:
        """What was changed (`stop loss: 3% -> 2.7%`), and the run that came of it; at most `MOST_NEIGHBOURS`."""
        changed = list(neighbours(self.strategy))[:MOST_NEIGHBOURS]
        return tuple((change, self.history.run(strategy)) for change, strategy in changed)

    @cached_property
    def near(self) -> Neighbourhood | None:
        """All neighbours together; None where there is no number to change."""
        return neighbourhood([_neighbour(change, found) for change, found in self.runs])

    @cached_property
    def walk(self) -> Walk | None:
        """Walk-forward over the strategy as written and its neighbours."""
        return walk_forward([self.written.equity, *(found.equity for _, found in self.runs)])


def neighbours(strategy: nodes.Strategy) -> Iterator[tuple[str, nodes.Strategy]]:
    """The strategy with one number one step away, for each number and direction; those that check as sound."""
    for parameter in parameters(strategy):
        for value in parameter.steps():
            changed = with_value(strategy, parameter, value)
            if not any(each.severity == "error" for each in check(changed)):
                yield f"{parameter.label}: {parameter.text(parameter.value)} → {parameter.text(value)}", changed


def _neighbour(change: str, found: Backtest) -> Neighbour:
    returns = sample_of(found.trades).returns
    mean = float(returns.mean()) if len(returns) else None
    return Neighbour(change, float(found.equity[-1] / found.equity[0] - 1), mean, len(returns))
