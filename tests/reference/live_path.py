"""Plays a strategy the way a live run does: candle by candle, with fills that somebody else makes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import numpy as np

from runtime.backtest import Costs
from runtime.candles import Candles
from runtime.core.machine.decisions import Decision
from runtime.core.machine.machine import Answer, Booked, Machine, Order
from runtime.core.machine.rules import encoded
from runtime.core.machine.state import new_state, state_data, state_from
from strategy_dsl.program import Program


@dataclass
class Live:
    """A live run; `restarts` is how often a step is followed by a restart, `random` shuffles and chooses."""

    program: Program
    candles: Mapping[str, Candles]
    cash: float
    costs: Costs
    events: tuple[int, ...] = ()
    restarts: float = 0.0
    random: Random = field(default_factory=lambda: Random(0))
    decisions: list[list[Decision]] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    equity: list[float] = field(default_factory=list)
    lots: int = 0

    def __post_init__(self) -> None:
        self.first_ms = min(int(self.candles[market].time[0]) for market in self.program.markets)
        self.machine = Machine(self.program, self.candles, self.costs, self.cash, self.first_ms, events=self.events)

    def send(self, order: Order) -> Answer:
        """Fills as a backtest does."""
        way = 1 if order.side == "buy" else -1
        paid = (
            order.price * (1.0 + way * (self.costs.slippage + self.costs.spread / 2.0)) if order.slips else order.price
        )
        return Answer("filled", order.quantity, paid, order.quantity * paid * self.costs.fee)

    def play(self) -> None:
        """Every candle: what happens at its open, inside it, at its close."""
        for point in range(len(self.machine.times) - 1):
            self.open(point)
            self.maybe_restart()
            self.booked += self.machine.inside(point, self.send)
            self.maybe_restart()
            self.decisions.append(self.machine.close(point))
            self.equity.append(self.machine.equity())
            self.maybe_restart()

    def open(self, point: int) -> None:
        """The opens of a point, told in any order."""
        opened = int(self.machine.times[point])
        rows = {market: np.flatnonzero(self.candles[market].time == opened) for market in self.program.markets}
        here = [(market, int(found[0])) for market, found in rows.items() if len(found)]
        self.random.shuffle(here)
        prices = {market: float(self.candles[market].open[row]) for market, row in here}
        self.booked += self.machine.open(point, prices, self.send)

    def maybe_restart(self) -> None:
        """Perhaps written down and read back into a new machine, its markets in another order."""
        self.lots = max(self.lots, self.machine.state.lots.shape[1])
        if self.random.random() >= self.restarts:
            return
        text = json.dumps(state_data(self.machine.state), allow_nan=False)
        fresh = new_state(encoded(self.program, traced=True), self.cash, self.first_ms)
        markets = self.random.sample(list(self.candles), len(self.candles))
        candles = {market: self.candles[market] for market in markets}
        state = state_from(json.loads(text), fresh)
        self.machine = Machine(self.program, candles, self.costs, self.cash, self.first_ms, state, events=self.events)


class Grown(Live):
    """A live run whose candles come one by one: it never knows more than what has closed."""

    def play(self) -> None:
        """Every candle after the first."""
        times = sorted({int(t) for market in self.program.markets for t in self.candles[market].time})
        whole, self.times = self.candles, times
        for point, _ in enumerate(times):
            if point:
                self.open_next(whole, point)
            else:
                self.open(0)
            known = {name: each.part(0, int((each.time <= times[point]).sum())) for name, each in whole.items()}
            self.machine = Machine(
                self.program, known, self.costs, self.cash, self.first_ms, self.machine.state, events=self.events
            )
            self.booked += self.machine.inside(point, self.send)
            self.decisions.append(self.machine.close(point))
            self.equity.append(self.machine.equity())

    def open_next(self, whole: Mapping[str, Candles], point: int) -> None:
        """The opens that follow the last known candles."""
        prices = {market: float(whole[market].open[point]) for market in self.program.markets}
        self.booked += self.machine.open(point, prices, self.send)
