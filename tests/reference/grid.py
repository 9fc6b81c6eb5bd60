"""`grid from A to B in n steps of money`: each step below the price buys at its foot and sells at its top, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference import orders, sizes

if TYPE_CHECKING:
    from tests.reference.machine import Run

LABEL = "grid"


class GridOrders:
    """The resting orders of one market's grid."""

    def __init__(self, run: Run, market: str) -> None:
        self.run, self.market, self.grid = run, market, run.strategy.grid
        low, high, steps = float(self.grid.low), float(self.grid.high), self.grid.steps
        self.levels = [low + (high - low) * k / steps for k in range(steps + 1)]
        self.armed: set[int] | None = None

    def held(self) -> dict[int, object]:
        """The lots by their step."""
        position = self.run.account.positions.get(self.market)
        return {lot.step: lot for lot in position.lots if lot.step is not None} if position else {}

    def arm(self, price: float) -> None:
        """A buy rests at the foot of every empty step below the price, and stays there once placed."""
        held = self.held()
        below = {k for k in range(self.grid.steps) if self.levels[k] < price}
        self.armed = {k for k in (self.armed or set()) | below if k not in held}

    def inside_candle(self, at: int, time: int) -> None:
        """What rested and was held when the candle began; what it buys is sold on a later candle, and the other way."""
        run, view = self.run, self.run.world.view(self.market)
        opened, high, low = view.open[at], view.high[at], view.low[at]
        if self.armed is None:
            self.arm(opened)
        held = dict(self.held())
        resting = sorted(self.armed or set(), reverse=True)
        for step, lot in sorted(held.items()):
            top = self.levels[step + 1]
            position = run.account.positions.get(self.market)
            if position is not None and high >= top:
                run.account.leave(position, time, max(top, opened), "grid", LABEL, lot=lot)
        if run.gates.closed(time, self.market, run.last_row(self.market, before=at)):
            return
        for step in resting:
            if low <= self.levels[step]:
                self.buy(step, min(self.levels[step], opened), time, at)

    def buy(self, step: int, price: float, time: int, row: int) -> None:
        """One step's purchase."""
        run, market = self.run, self.market
        quantity = sizes.coins(run, sizes.fixed_size(run, market, self.grid.money), price)
        if quantity <= 0:
            run.skip(time, market, "not enough cash")
            return
        position = run.account.positions.get(market)
        if position is None:
            decided = run.last_row(market, before=row)
            plan = run.reader.plan(market, 1, -1 if decided is None else decided, price)
            if isinstance(plan, str):
                run.skip(time, market, plan)
                return
            waiting = orders.Waiting(market, 1, row, time, LABEL, None, "limit", plan=plan)
            position = orders.new_position(waiting, time, row, price, run)
            position.opened, position.late = price, True
            lot = run.account.enter(position, time, quantity, price, "grid", LABEL)
            orders.set_stop(run, position)
        else:
            lot = run.account.enter(position, time, quantity, price, "grid", LABEL)
        lot.step = step
        self.armed.discard(step)
