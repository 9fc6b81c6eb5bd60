"""What was decided about a rule, and what settled it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.core.machine import layout as at
from runtime.core.machine.answers import read_all
from runtime.core.machine.rules import Encoded
from runtime.core.machine.table import World

Reading = list[float | None]
"""One leaf of a trace: held (1, 0, None unknown), the left value, the right value."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One rule on one market at one candle: what it said, what was done about it, and why."""

    market: str
    rule: int
    held: float
    action: str
    readings: list[Reading]


def trace_of(plan: Encoded, world: World, m: int, rule: int) -> list[Reading]:
    """What settles a rule at a market's last close, leaf by leaf; `plan` was made with traces."""
    wanted = plan.traces.get(rule)
    if wanted is None:
        return []
    out = np.empty((len(world.state.markets), len(wanted) // 3, 3))
    read_all(world.address, wanted, out)
    return [[None if math.isnan(each) else each for each in leaf] for leaf in out[m].tolist()]


def decision_of(plan: Encoded, world: World, row: Any, held_back: str = "") -> Decision:
    """A record of `layout.DECISION` in words; `held_back` is why nothing may be entered."""
    held, first, second, _, m, number, action = row
    words = held_back if action == at.HELD_BACK else at.ACTIONS[action]
    if action == at.NO_CASH:
        words = f"not enough cash: {first:.2f} needed, {max(0.0, second):.2f} free"
    return Decision(plan.program.markets[m], number, held, words, trace_of(plan, world, m, number))


def leaves_of(plan: Encoded, numbers: Sequence[int]) -> tuple[dict[int, tuple[int, int]], at.Ints]:
    """The expressions of all leaves in a row, and from where to where the leaves of each rule lie."""
    places, wanted, leaves = {}, [np.zeros(0, np.int64)], 0
    for number in numbers:
        found = plan.traces[number]
        places[number] = (leaves, leaves + len(found) // 3)
        leaves += len(found) // 3
        wanted.append(found)
    return places, np.concatenate(wanted)
