"""`hold` and `rebalance`: weights of the equity, restored by the clock or once one has drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_dsl import nodes
from tests.reference import orders
from tests.reference.clock import last_scheduled
from tests.reference.universe import chosen

if TYPE_CHECKING:
    from tests.reference.machine import Run

LABEL = "hold"


class Holdings:
    """The holdings of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.hold = run.strategy.hold
        self.due = self.hold is not None
        self.started = False
        self.stopped: set[str] = set()
        self.waiting: dict[str, float] = {}
        self.last_open: int | None = None

    def weights(self, now: int) -> dict[str, float]:
        """What each market should weigh now, read on the last closed candles."""
        run, hold = self.run, self.hold
        markets = chosen(run, now)
        found: dict[str, float] = {}
        if hold.best is not None:
            among = [market for market in markets if not hold.among or market in hold.among]
            ranked = [(self.number(hold.rank, market), market) for market in among]
            ranked = sorted((each for each in ranked if each[0] is not None), key=lambda each: -each[0])
            best = [market for _, market in ranked[: hold.best]]
            found = {market: 1 / hold.best for market in best if self.true(market)}
        elif hold.each is not None:
            found = {market: self.number(hold.each, market) or 0.0 for market in markets if self.true(market)}
        else:
            found = {
                each.market: self.number(each.value, each.market) or 0.0
                for each in hold.weights
                if each.market != nodes.CASH and self.true(each.market)
            }
        found = {market: weight for market, weight in found.items() if weight > 0}
        if not found:
            found = {
                each.market: self.number(each.value, each.market) or 0.0
                for each in hold.otherwise
                if each.market != nodes.CASH
            }
        return found

    def number(self, node: nodes.Node, market: str) -> float | None:
        """A value on a market's last closed candle."""
        at = self.run.last_row(market)
        value = self.run.world.at(node, market, -1 if at is None else at)
        return None if value is None else float(value)

    def true(self, market: str) -> bool:
        """Whether a market's condition holds on its last closed candle."""
        at = self.run.last_row(market)
        if self.hold.condition is None:
            return True
        return at is not None and self.run.world.at(self.hold.condition, market, at) is True

    def share(self, market: str) -> float:
        """What a market weighs now."""
        position = self.run.account.positions.get(market)
        price = self.run.account.prices.get(market)
        return 0.0 if position is None or price is None else position.quantity * price / self.run.account.equity()

    def at_open(self, time: int, present: dict[str, int]) -> None:
        """Rebalances where it is time, and finishes on markets whose candle was missing."""
        after = self.run.start - 1 if self.last_open is None else self.last_open
        self.last_open = time
        for rebalance in self.run.strategy.rebalances:
            if rebalance.timing and last_scheduled(rebalance.timing, after, time) is not None:
                self.due = True
        if self.due and self.run.account.prices:
            self.due, self.started = False, True
            self.stopped.clear()
            weights = self.weights(time)
            equity = self.run.account.equity()
            self.waiting = {market: weights.get(market, 0.0) * equity for market in self.run.markets}
        self.sell(time, present)
        self.buy(time, present)

    def change(self, market: str) -> float:
        """How much money of a market is to be bought, or sold where negative, by the last close."""
        position = self.run.account.positions.get(market)
        held = position.quantity * self.run.account.prices[market] if position else 0.0
        return self.waiting[market] - held

    def sell(self, time: int, present: dict[str, int]) -> None:
        """Sales come first: they bring the cash."""
        for market in [each for each in self.waiting if each in present and each in self.run.account.prices]:
            position = self.run.account.positions.get(market)
            if position is None or self.change(market) >= 0:
                continue
            held = position.quantity * self.run.account.prices[market]
            share = 1.0 if self.waiting[market] == 0 else -self.change(market) / held
            del self.waiting[market]
            self.run.close_at_open(position, time, present[market], "rebalance", LABEL, share)

    def buy(self, time: int, present: dict[str, int]) -> None:
        """Purchases share what the cash covers after fees; they wait for sales whose market has no candle now."""
        account = self.run.account
        if any(market in account.positions and self.change(market) < 0 for market in self.waiting):
            return
        wanted = {m: self.change(m) for m in self.waiting if m in present and m in account.prices}
        for market in wanted:
            del self.waiting[market]
        wanted = {market: money for market, money in wanted.items() if money > 1e-9 * account.budget}
        allowed = {}
        for market, money in wanted.items():
            reason = self.run.gates.closed(time, market, self.run.last_row(market))
            if reason:
                self.run.skip(time, market, reason)
            else:
                allowed[market] = money
        total = sum(allowed.values())
        scale = min(1.0, account.all_that_is_covered() / total) if total else 1.0
        for market, money in allowed.items():
            if money * scale <= 1e-9 * account.budget:
                self.run.skip(time, market, "not enough cash")
                continue
            self.enlarge(market, money * scale, time, present[market])

    def enlarge(self, market: str, money: float, time: int, row: int) -> None:
        """One purchase."""
        run, at = self.run, self.run.last_row(market)
        price = run.account.slipped(run.world.view(market).open[row], 1)
        position = run.account.positions.get(market)
        if position is None:
            plan = run.reader.plan(market, 1, at, run.account.prices[market])
            if isinstance(plan, str):
                run.skip(time, market, plan)
                return
            waiting = orders.Waiting(market, 1, at, time, LABEL, None, "market", plan=plan)
            position = orders.new_position(waiting, time, row, price, run)
            run.account.enter(position, time, money / price, price, "rebalance", LABEL)
            orders.set_stop(run, position)
        else:
            run.account.enter(position, time, money / price, price, "rebalance", LABEL, counted=False)

    def at_close(self, now: int) -> None:
        """Whether a weight has drifted far enough; a market stopped out waits for the others."""
        for rebalance in self.run.strategy.rebalances:
            if rebalance.drift is None or not self.started:
                continue
            weights, most = self.weights(now), float(rebalance.drift.value) / 100
            for market in self.run.markets:
                drift = abs(self.share(market) - weights.get(market, 0.0))
                if market not in self.stopped and drift >= most - 1e-12:
                    self.due = True
