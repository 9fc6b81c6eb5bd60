"""Judges any expression as the compiled machine does, with the values of a position given by hand."""

from collections.abc import Mapping

import numpy as np

from runtime.candles import Candles
from runtime.core.columns import Columns
from runtime.core.machine.answers import read_all
from runtime.core.machine.expression_code import Coder
from runtime.core.machine.layout import NAMES
from runtime.core.machine.rules import encoded
from runtime.core.machine.state import empty_desk, new_state
from runtime.core.machine.table import World
from runtime.core.machine.tape import Costs, reel
from strategy_dsl import nodes
from strategy_dsl.program import Program


class Judge:
    """Values of one program's market, candle by candle."""

    def __init__(self, program: Program, candles: Candles, others: Mapping[str, Candles]) -> None:
        self.program, self.candles = program, {**others, candles.market: candles}
        self.columns = Columns(candles, others)

    def at(self, node: nodes.Node, index: int, values: Mapping[str, float]) -> float:
        """A value or condition (1, 0, NaN) at a candle."""
        coder = Coder()
        number = coder.number(node)
        expressions, code, numbers, stack = coder.arrays()
        plan = encoded(self.program)
        rules = plan.rules._replace(expressions=expressions, code=code, numbers=numbers, stack=stack)
        market = self.program.markets[0]
        columns = {
            each: [Columns(self.candles[each], self.candles).of(key) for key in coder.columns]
            for each in self.program.markets
        }
        state = new_state(plan, 1.0, 0)
        for name, value in values.items():
            state.names[0, NAMES.index(name)] = value
        film = reel(plan, self.candles, columns, Costs())
        assert film.tape.columns.shape[1] >= 1 and market
        tape = film.tape._replace(
            columns=np.array(
                [
                    [each.__array_interface__["data"][0] for each in columns[name]] or [0]
                    for name in self.program.markets
                ],
                np.int64,
            )
        )
        world = World(rules, state, tape, empty_desk(1))
        state.markets["row"] = index
        out = np.empty((len(self.program.markets), 1, 3))
        read_all(world.address, np.array([number, -1, -1]), out)
        return float(out[0, 0, 0])
