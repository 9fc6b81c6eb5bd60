"""A sweep: the same strategy with every combination of some of its numbers, on all cores."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from multiprocessing import get_context

import numpy as np

from runtime.cells import Cell, Cells, program_on
from runtime.combinations import Combinations, Places
from runtime.core.evidence.deflated import deflated, effective_trials
from runtime.core.evidence.sample import effective_count, sample_of
from runtime.core.evidence.walk import Walk, walk_forward
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.parameters import Parameter
from strategy_dsl.ranges import Choice

__all__ = ["Cell", "Sweep", "SweepError", "combinations_of", "sweep"]

MOST_COMBINATIONS = 10_000
ALONE = 30_000_000
"""Fewer candles than this, over all combinations, are done before another process has started."""

Progress = Callable[[int, int], None]
"""Told after each run: how many are done, of how many."""


class SweepError(Exception):
    """Why there is nothing to sweep, in one sentence with the next step."""


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


def combinations_of(
    strategy: nodes.Strategy, chosen: Sequence[Choice], history: History, most: int = MOST_COMBINATIONS
) -> Combinations:
    """Every combination, checked; raises SweepError for none, too many, or one that is unsound."""
    if not chosen:
        raise SweepError("name the numbers to try, for example: length=10..20")
    count = math.prod(len(values) for _, values in chosen)
    if count > most:
        raise SweepError(f"that is {count:,} combinations, more than {most:,}: try fewer values, or larger steps")
    found = Combinations(strategy, chosen, partial(program_on, history=history))
    if found.problem is not None:
        raise SweepError(found.problem)
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
    every = combinations_of(strategy, chosen, history, most)
    count, cells = math.prod(len(values) for _, values in chosen), []
    for found in _runs(every, history, cores, count):
        cells.append(found)
        progress(len(cells), count)
    grid = tuple(values for _, values in chosen)
    return _judged(every, Sweep(tuple(each for each, _ in chosen), grid, tuple(cells), 1.0, None, None), history)


def _judged(every: Combinations, found: Sweep, history: History) -> Sweep:
    """The sweep with what its best cell is worth once the number of tries is taken into account."""
    independent = effective_trials([np.diff(np.log(np.maximum(each.curve, 1e-12))) for each in found.cells])
    at = next(each for each in every.all() if every.values(each) == found.best.values)
    best = sample_of(history.run(every.of(at)).trades)
    ratios = [each.ratio for each in found.cells if each.ratio is not None]
    variance = float(np.var(ratios, ddof=1)) if len(ratios) > 1 else None
    real = deflated(best.returns, effective_count(best), independent, variance) if len(best) else None
    walk = walk_forward([each.curve for each in found.cells])
    return Sweep(found.parameters, found.grid, found.cells, independent, real, walk)


def _runs(every: Combinations, history: History, cores: int, count: int) -> Iterator[Cell]:
    size = sum(map(len, history.candles.values())) * count
    if cores < 2 or size < ALONE:
        yield from map(Cells(every, history).cell, every.all())
        return
    # spawned, not forked: threads of numerical libraries do not survive a fork
    with ProcessPoolExecutor(cores, get_context("spawn"), _start, (every, history)) as pool:
        yield from pool.map(_there, every.all(), chunksize=max(1, count // (cores * 8)))


_HERE: list[Cells] = []
"""The cells of a worker process: candles and combinations are handed over once instead of with each run."""


def _start(every: Combinations, history: History) -> None:
    _HERE[:] = [Cells(every, history)]


def _there(at: Places) -> Cell:
    return _HERE[0].cell(at)
