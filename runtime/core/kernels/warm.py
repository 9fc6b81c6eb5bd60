"""Compiles every kernel once, at installation, so that no first backtest waits for it."""

import numpy as np

from runtime.core.kernels import arithmetic, comparisons, logic, recursions, smoothing, still
from runtime.core.kernels.compiled import STATE, Kernel

KERNELS: dict[int, tuple[Kernel, ...]] = {
    1: (
        arithmetic.known,
        arithmetic.negative,
        arithmetic.number_operate,
        arithmetic.operate_number,
        arithmetic.shift,
        comparisons.compare_number,
        comparisons.crosses_number,
        comparisons.moves,
        comparisons.one_of,
        logic.opposite,
        logic.within,
        recursions.bars_since,
        recursions.count,
        recursions.kalman,
        recursions.steps_in_a_row,
        recursions.streak,
        recursions.swing,
        recursions.weighted,
        smoothing.smoothed,
        smoothing.strength,
        still.nothing,
        still.pattern,
        still.repeats,
        still.scaled,
    ),
    2: (
        arithmetic.operate,
        comparisons.compare,
        comparisons.crosses,
        comparisons.near,
        logic.both,
        logic.either,
        logic.enough,
        logic.first_since,
        logic.tally,
        recursions.latch,
        recursions.on_balance,
        recursions.since,
        recursions.value_when,
        still.kept,
    ),
    3: (
        arithmetic.averaged_open,
        arithmetic.last_closed,
        arithmetic.same_time,
        recursions.parabolic,
        still.no_true_range,
    ),
    4: (still.no_money, still.no_range),
}
"""By how many arrays they take; all kernels have to be here."""


def compile_kernels() -> int:
    """Compiles what is not on disk yet and returns how many kernels there are; some 20 s the first time."""
    array, state = np.zeros(1), np.zeros(STATE)
    for arrays, kernels in KERNELS.items():
        for kernel in kernels:
            kernel((array,) * arrays, state, state, array, 0, 0)
    return sum(len(kernels) for kernels in KERNELS.values())
