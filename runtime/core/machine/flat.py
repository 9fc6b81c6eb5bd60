"""Conditions on every candle of a market, as they read before anything was traded."""

from collections.abc import Mapping

import numpy as np

from runtime.candles import Floats
from runtime.core.columns import SharedColumns
from runtime.core.machine.answers import read_rows
from runtime.core.machine.rules import encoded
from runtime.core.machine.state import empty_desk, new_state
from runtime.core.machine.table import World
from runtime.core.machine.tape import Costs, reel
from strategy_dsl.program import Program


def judged_flat(program: Program, shared: SharedColumns) -> dict[str, Mapping[int, Floats]]:
    """By market and rule the condition (1, 0, NaN for unknown) on each candle; what depends on trades is unknown."""
    plan = encoded(program)
    columns = {market: [shared.of(market).of(node) for node in plan.columns] for market in program.markets}
    film = reel(plan, shared.candles, columns, Costs())
    world = World(plan.rules, new_state(plan, 1.0, 0), film.tape, empty_desk(1))
    found: dict[str, Mapping[int, Floats]] = {}
    for m, market in enumerate(program.markets):
        outs = {}
        for row in (*plan.rules.entries, *plan.rules.closers, *plan.rules.alerts):
            out = np.empty(len(shared.candles[market]))
            read_rows(world.address, m, int(row["expression"]), out)
            outs[int(row["number"])] = out
        found[market] = outs
    return found
