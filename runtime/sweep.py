"""A sweep: the same strategy with every combination of some of its numbers, on all cores."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from multiprocessing import get_context

import numpy as np

from runtime.candles import Floats
from runtime.core.evidence.deflated import deflated, effective_trials, sharpe_of
from runtime.core.evidence.sample import effective_count, sample_of
from runtime.core.evidence.walk import Walk, walk_forward
from runtime.core.metrics import drawdowns
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.checks.check import check
from strategy_dsl.parameters import Parameter, with_value
from strategy_dsl.ranges import Choice

MOST_COMBINATIONS = 10_000
ALONE = 30_000_000
"""Fewer candles than this, over all combinations, are done before another process has started."""

MOMENTS = 500
"""Points of each equity curve that are kept to compare combinations with each other."""

Progress = Callable[[int, int], None]
"""Told after each run: how many are done, of how many."""


class SweepError(Exception):
    """Why there is nothing to sweep, in one sentence with the next step."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One combination: its values, return and largest drawdown (fractions), trades, and the ratio of one trade.

    `mean` is the average trade return after fees, `ratio` that over its standard deviation; None without trades.
    """

    values: tuple[Decimal, ...]
    total: float
    drawdown: float
    trades: int
    mean: float | None
    ratio: float | None
    curve: Floats


@dataclass(frozen=True, eq=False)
class Sweep:
    """All cells in the order of the grid: the last parameter runs fastest.

    `real` is the confidence that the best cell is more than the luck of `independent` tries (deflated Sharpe ratio).
    """

    parameters: tuple[Parameter, ...]
    grid: tuple[tuple[Decimal, ...], ...]
    cells: tuple[Cell, ...]
    independent: float
    real: float | None
    walk: Walk | None

    def ranked(self) -> list[Cell]:
        """The cells from the highest return to the lowest."""
        return sorted(self.cells, key=lambda each: -each.total)

    @property
    def best(self) -> Cell:
        """The cell with the highest return; by luck, most of it."""
        return self.ranked()[0]

    @property
    def median(self) -> Cell:
        """The cell in the middle: nearer to what can be expected."""
        return self.ranked()[len(self.cells) // 2]

    @property
    def worst(self) -> Cell:
        """The cell with the lowest return."""
        return self.ranked()[-1]

    @property
    def positive(self) -> int:
        """How many cells made money."""
        return sum(each.total > 0 for each in self.cells)


def combinations(strategy: nodes.Strategy, chosen: Sequence[Choice], most: int) -> list[nodes.Strategy]:
    """The strategy of each combination, checked; raises SweepError for none, too many, or one that is unsound."""
    if not chosen:
        raise SweepError("name the numbers to try, for example: length=10..20")
    count = int(np.prod([len(values) for _, values in chosen]))
    if count > most:
        raise SweepError(f"that is {count:,} combinations, more than {most:,}: try fewer values, or larger steps")
    found = []
    for values in product(*(values for _, values in chosen)):
        each = strategy
        for (parameter, _), value in zip(chosen, values, strict=True):
            each = with_value(each, parameter, value)
        for problem in check(each):
            if problem.severity == "error":
                named = ", ".join(f"{p.name}={p.text(v)}" for (p, _), v in zip(chosen, values, strict=True))
                raise SweepError(f"with {named}, {problem.message}")
        found.append(each)
    return found


def sweep(
    strategy: nodes.Strategy,
    chosen: Sequence[Choice],
    history: History,
    cores: int = 1,
    progress: Progress = lambda done, of: None,
    most: int = MOST_COMBINATIONS,
) -> Sweep:
    """Runs every combination of the chosen values; raises SweepError, and as `run_backtest`."""
    strategies = combinations(strategy, chosen, most)
    values = list(product(*(values for _, values in chosen)))
    cells = []
    for found in _runs(strategies, values, history, cores):
        cells.append(found)
        progress(len(cells), len(strategies))
    grid = tuple(values for _, values in chosen)
    return _judged(strategies, Sweep(tuple(each for each, _ in chosen), grid, tuple(cells), 1.0, None, None), history)


def _judged(strategies: Sequence[nodes.Strategy], found: Sweep, history: History) -> Sweep:
    """The sweep with what its best cell is worth once the number of tries is taken into account."""
    independent = effective_trials([np.diff(np.log(np.maximum(each.curve, 1e-12))) for each in found.cells])
    best = sample_of(history.run(strategies[found.cells.index(found.best)]).trades)
    ratios = [each.ratio for each in found.cells if each.ratio is not None]
    variance = float(np.var(ratios, ddof=1)) if len(ratios) > 1 else None
    real = deflated(best.returns, effective_count(best), independent, variance) if len(best) else None
    walk = walk_forward([each.curve for each in found.cells])
    return Sweep(found.parameters, found.grid, found.cells, independent, real, walk)


def _runs(
    strategies: Sequence[nodes.Strategy], values: Sequence[tuple[Decimal, ...]], history: History, cores: int
) -> Iterator[Cell]:
    pairs = list(zip(strategies, values, strict=True))
    size = sum(map(len, history.candles.values())) * len(pairs)
    if cores < 2 or size < ALONE:
        yield from (_cell(history, *each) for each in pairs)
        return
    # spawned, not forked: threads of numerical libraries do not survive a fork
    with ProcessPoolExecutor(cores, get_context("spawn"), _start, (history,)) as pool:
        yield from pool.map(_there, pairs, chunksize=max(1, len(pairs) // (cores * 8)))


_HERE: list[History] = []
"""The candles of a worker process, handed over once instead of with each run."""


def _start(history: History) -> None:
    _HERE[:] = [history]


def _there(pair: tuple[nodes.Strategy, tuple[Decimal, ...]]) -> Cell:
    return _cell(_HERE[0], *pair)


def _cell(history: History, strategy: nodes.Strategy, values: tuple[Decimal, ...]) -> Cell:
    found = history.run(strategy)
    returns = sample_of(found.trades).returns
    at = np.linspace(0, len(found.equity) - 1, min(MOMENTS, len(found.equity))).astype(np.intp)
    return Cell(
        values,
        float(found.equity[-1] / found.equity[0] - 1),
        float(drawdowns(found.equity).max()),
        len(returns),
        float(returns.mean()) if len(returns) else None,
        sharpe_of(returns),
        found.equity[at],
    )
