"""A run that is live: the same compiled machine, candle by candle, with fills that somebody else makes.

Each step (inside a candle, at a close, at an open) stops at the first order whose fate is not known. The order goes to
the caller, the state is put back to where the step began, and the step is played again with the answer: so that what
is decided live and in a backtest is decided by the very same code.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from runtime.candles import Candles, Times
from runtime.core.columns import SharedColumns
from runtime.core.machine import layout as at
from runtime.core.machine.account import equity
from runtime.core.machine.answers import buy_now, read_all, sell_now, take_waiting
from runtime.core.machine.calm import rests
from runtime.core.machine.closing import at_close
from runtime.core.machine.decisions import Decision, Reading, leaves_of
from runtime.core.machine.opening import at_open
from runtime.core.machine.orders import ASKED, REFUSED, Answer, Booked, Held, Order, Send, order_from
from runtime.core.machine.rules import Encoded, encoded
from runtime.core.machine.run import inside, lots_are_full, opened
from runtime.core.machine.shown import Shown
from runtime.core.machine.state import copied, empty_desk, new_state, restore, with_more_lots
from runtime.core.machine.table import World
from runtime.core.machine.tape import Costs, Reel, reel
from runtime.core.machine.waiting import drop
from strategy_dsl.program import Program, RulePlan

_STATUS = {"refused": 0, "filled": 1, "asked": 2}
PROTECTIVE = frozenset({"stop", "trail", "target", "close", "halt", "grid"})
"""Ways out that never wait for anybody."""


class Machine:
    """Runs one program on its markets' candles; `state` goes on from an earlier run of the same program."""

    def __init__(
        self,
        program: Program,
        candles: Mapping[str, Candles],
        costs: Costs,
        cash: float,
        first_ms: int,
        state: at.State | None = None,
        plan: Encoded | None = None,
        events: tuple[int, ...] = (),
        shared: SharedColumns | None = None,
    ) -> None:
        """`shared` are columns of these candles, for as many runs as like to; without them it has its own."""
        self.program = program
        self.plan = plan or encoded(program, traced=True)
        self.claims = {rule.number: rule.claim for rule in program.rules()}
        self._length = int(self.plan.rules.settings[0]["length"])
        self._shown = Shown(self.plan, self.claims)
        self._hold = self._by_hand = ""
        self._places, self._wanted = leaves_of(self.plan, list(self.claims))
        self.shared, self._costs, self.events = shared or SharedColumns(candles), costs, events
        self._columns = {m: [self.shared.of(m).column(node) for node in self.plan.columns] for m in program.markets}
        self.reel = self._wound()
        fresh = new_state(self.plan, cash, first_ms) if state is None else state
        self.world = World(self.plan.rules, fresh, self.reel.tape, _desk(self.plan.rules, len(program.markets), fresh))

    def grow(self) -> None:
        """Takes in the candles by which the shared columns have been extended."""
        self.reel = self._wound()
        self.world = World(self.plan.rules, self.state, self.reel.tape, self.world.desk)

    def _wound(self) -> Reel:
        columns = {market: [each.values() for each in found] for market, found in self._columns.items()}
        candles = {market: self.shared.of(market).candles for market in self.program.markets}
        return reel(self.plan, candles, columns, self._costs, self.events, coming=True)

    @property
    def state(self) -> at.State:
        """Everything the run remembers."""
        return self.world.state

    @property
    def times(self) -> Times:
        """The time line, one point more than there are candles: the opening that comes next."""
        return self.reel.tape.time

    def equity(self) -> float:
        """Cash and positions at their last known prices."""
        return equity(self.world.address)

    @property
    def cash(self) -> float:
        """Money that is not in a position."""
        return float(self.state.account[0]["cash"])

    def mark(self, market: str) -> float:
        """A market's last known price; 0 before there is one."""
        return float(self.state.markets[self._m(market)]["mark"])

    def set_mark(self, market: str, price: float, row: int) -> None:
        """The last candle before the run began, and its close."""
        self.state.markets["row"][self._m(market)] = row
        self.state.markets["mark"][self._m(market)] = price
        self.state.markets["seen"][self._m(market)] = 1

    def positions(self) -> dict[str, Held]:
        """What is open, by market."""
        held = np.flatnonzero(self.state.positions["open"])
        return {self.program.markets[m]: self._shown.held(self.world, int(m)) for m in held}

    def hold_entries(self, reason: str) -> None:
        """Nothing is entered or added to while there is a reason; empty lifts it."""
        self._hold = reason
        self.state.account["held"] = int(bool(reason))

    def lift_halt(self) -> None:
        """A person has restarted a strategy that halted by its own rule."""
        self.state.account["halted"] = 0

    # steps

    def inside(self, point: int, send: Send) -> list[Booked]:
        """What the range of every market's candle at a point causes."""
        return self._played(inside, (point,), int(self.times[point]), send)

    def close(self, point: int) -> list[Decision]:
        """Everything that is decided at the closes of a point."""
        control = self._begin(())
        control["keep"] = 1
        opened(self.world.address, point)
        at_close(self.world.address, point)
        rows = self.world.desk.decisions[: control["decisions"]].tolist()
        if not rows:
            return []
        readings = self._readings()
        return [self._decision(row, readings) for row in rows]

    def scheduled_alerts(self) -> list[tuple[str, int]]:
        """Market (empty for all) and number of the schedules whose message fell due in the last step."""
        count = int(self.world.desk.control[0]["alerts"])
        rows = self.world.desk.alerts[:count]
        return [
            ("" if row["market"] < 0 else self.program.markets[row["market"]], -2 - int(row["number"]))
            for row in rows
            if row["number"] <= -2
        ]

    def open(self, point: int, prices: Mapping[str, float], send: Send) -> list[Booked]:
        """What is done at the opens of a point, at the present prices of its markets."""
        self._present(prices)
        return self._played(at_open, (point,), int(self.times[point]), send)

    # answers of a person

    def take(self, order: Order, share: float, price: float, time_ms: int, send: Send) -> list[Booked]:
        """A person said yes to (a share of) an order that was asked about."""
        self._present({order.market: price})
        m = self._m(order.market)
        if order.slot >= 0:
            w = self._asked(order)
            return [] if w is None else self._played(take_waiting, (w, share, time_ms), order.decided_ms, send)
        kind = at.KINDS.index(order.kind)
        if order.opens:
            side = 1 if order.side == "buy" else -1
            arguments = (m, side, order.quantity * share, kind, order.rule, time_ms)
            return self._played(buy_now, arguments, order.decided_ms, send)
        held = float(self.state.positions[m]["quantity"])
        part = min(1.0, order.quantity * share / held) if held else 0.0
        whole = part if part < 1 - 1e-9 else 1.0
        return self._played(sell_now, (m, whole, kind, order.rule, time_ms), order.decided_ms, send)

    def forget(self, order: Order) -> None:
        """A person said no, or nothing in time."""
        w = self._asked(order) if order.slot >= 0 else None
        if w is not None:
            drop(self.world.address, w)

    def sell(self, market: str, reason: str, price: float, time_ms: int, send: Send) -> list[Booked]:
        """Leaves a whole position at the present price, by hand."""
        self._present({market: price})
        self._by_hand = reason
        try:
            return self._played(sell_now, (self._m(market), 1.0, at.CLOSE, 0, time_ms), time_ms, send)
        finally:
            self._by_hand = ""

    def move_stop(self, market: str, price: float) -> None:
        """Puts the working stop of an open position at a price; a stop that follows goes on from there."""
        self.state.positions["stop"][self._m(market)] = price

    def unasked(self) -> list[Order]:
        """Entries that wait for their price and that nobody was asked about."""
        count, found = int(self.state.account[0]["waiting"]), []
        for w, each in enumerate(self.state.waiting[:count]):
            if each["kind"] == at.ORDER_MARKET or not each["ready"] or each["asked"]:
                continue
            price, side, m = float(each["price"]), int(each["side"]), int(each["market"])
            quantity = each["notional"] / price if math.isnan(each["quantity"]) else each["quantity"]
            stop, targets = self._shown.levels(self.state, m, w, price, side)
            rule = int(each["rule"])
            found.append(
                Order(
                    self.program.markets[m],
                    "entry",
                    "buy" if side > 0 else "sell",
                    True,
                    float(quantity),
                    price,
                    self._shown.reason("entry", rule),
                    max(rule, 0),
                    int(each["decided"]),
                    f"entry-{max(rule, 0)}",
                    each["kind"] == at.ORDER_STOP,
                    w,
                    price,
                    stop,
                    targets,
                )
            )
        return found

    def asked(self, order: Order) -> None:
        """Somebody is asked about an entry that waits for its price."""
        self.state.waiting[order.slot]["asked"] = 1

    def waits(self, order: Order) -> bool:
        """Whether an entry still waits."""
        count = int(self.state.account[0]["waiting"])
        return any(
            self.program.markets[each["market"]] == order.market
            and each["decided"] == order.decided_ms
            and max(int(each["rule"]), 0) == order.rule
            for each in self.state.waiting[:count]
        )

    def waiting_entries(self) -> list[tuple[str, int]]:
        """Market and rule of every entry that waits."""
        count = int(self.state.account[0]["waiting"])
        return [(self.program.markets[each["market"]], int(each["rule"])) for each in self.state.waiting[:count]]

    def planned_exits(self) -> list[tuple[str, int]]:
        """Market and rule of every exit that a close decided."""
        found = []
        for m, market in enumerate(self.program.markets):
            count = int(self.state.markets[m]["planned"])
            found += [(market, int(each["rule"])) for each in self.state.planned[m, :count]]
        return found

    # traces

    def trace(self, rule: RulePlan, market: str) -> list[Reading]:
        """What settles a rule at the market's last close, leaf by leaf."""
        start, stop = self._places[rule.number]
        return self._readings()[self._m(market)][start:stop]

    def _readings(self) -> list[list[Reading]]:
        """By market the leaves of all rules, read in one call."""
        out = np.empty((len(self.program.markets), len(self._wanted) // 3, 3))
        read_all(self.world.address, self._wanted, out)
        unknown: Any = None
        found: list[list[Reading]] = np.where(np.isnan(out), unknown, out).tolist()
        return found

    # inside

    def _m(self, market: str) -> int:
        return self.program.markets.index(market)

    def _present(self, prices: Mapping[str, float]) -> None:
        for market, price in prices.items():
            self.state.markets["present"][self._m(market)] = price

    def _begin(self, answers: Sequence[Answer]) -> Any:
        control = self.world.desk.control[0]
        for name in ("asked", "stopped", "trades", "fills", "decisions", "alerts", "signals", "keep"):
            control[name] = 0
        control["live"], control["answers"] = 1, len(answers)
        for place, each in enumerate(answers):
            self.world.desk.answers[place] = (each.quantity, each.price, each.fee, _STATUS[each.status])
        return control

    def _make_room(self) -> None:
        """A run that holds many entries gets room for more of them before it needs it."""
        while lots_are_full(self.world.address):
            state = with_more_lots(self.state)
            self.world = World(
                self.plan.rules, state, self.reel.tape, _desk(self.plan.rules, len(state.markets), state)
            )

    def _played(
        self, step: Callable[..., None], arguments: tuple[Any, ...], decided_ms: int, send: Send
    ) -> list[Booked]:
        """Plays a step to its end, with an answer for each of its orders."""
        if step in (inside, at_open) and rests(self.world.address):
            self._begin(())
            step(self.world.address, *arguments)
            return []
        self._make_room()
        before = copied(self.state)
        orders: list[Order] = []
        answers: list[Answer] = []
        while True:
            control = self._begin(answers)
            step(self.world.address, *arguments)
            if not control["stopped"]:
                return self._booked(orders, answers)
            order = self._order(decided_ms, len(orders), step)
            orders.append(order)
            answers.append(send(order))
            restore(self.state, before)
            if len(answers) >= len(self.world.desk.answers):
                raise AssertionError("one candle asks for more orders than was reckoned with")

    def _order(self, decided_ms: int, place: int, step: Callable[..., None]) -> Order:
        row = self.world.desk.order[0]
        m, kind, rule = int(row["market"]), at.KINDS[row["kind"]], int(row["rule"])
        market, price = self.program.markets[m], float(row["price"])
        slot, opens = int(row["slot"]), bool(row["opens"])
        stop, targets = self._shown.levels(self.state, m, slot, price, int(row["way"])) if opens else (None, ())
        if slot >= 0:
            decided_ms = int(self.state.waiting[slot]["decided"])
        elif step is at_open and self.state.markets[m]["row"] >= 0:
            # where the market has missed candles, it was decided on the last that it had
            decided_ms = int(self.shared.of(market).candles.time[self.state.markets[m]["row"]]) + self._length
        return Order(
            market=market,
            kind=kind,
            side="buy" if row["way"] > 0 else "sell",
            opens=opens,
            quantity=float(row["quantity"]),
            price=price,
            reason=self._by_hand or self._shown.reason(kind, rule),
            rule=max(rule, 0),
            decided_ms=decided_ms,
            leg=f"{kind}-{max(rule, 0)}" + (f"-{place}" if place and slot < 0 else ""),
            slips=bool(row["slips"]),
            slot=slot,
            reference=price if step is inside else self.mark(market) or price,
            stop=stop,
            targets=targets,
        )

    def _booked(self, orders: Sequence[Order], answers: Sequence[Answer]) -> list[Booked]:
        desk = self.world.desk
        filled = [order for order, answer in zip(orders, answers, strict=True) if answer.status == "filled"]
        found = []
        for order, row in zip(filled, desk.fills[: desk.control[0]["fills"]], strict=True):
            trade = desk.trades[row["trade"]] if row["trade"] >= 0 else None
            found.append(
                Booked(
                    order,
                    float(row["quantity"]),
                    float(row["price"]),
                    float(row["fee"]),
                    float(row["left"]),
                    None if trade is None else float(trade["pnl"]),
                    None if trade is None else float(trade["entry_price"]),
                )
            )
        return found

    def _asked(self, order: Order) -> int | None:
        count = int(self.state.account[0]["waiting"])
        for w, each in enumerate(self.state.waiting[:count]):
            same = each["asked"] == 1 and self.program.markets[each["market"]] == order.market
            if same and each["decided"] == order.decided_ms and max(int(each["rule"]), 0) == order.rule:
                return w
        return None

    def _decision(self, row: Any, readings: list[list[Reading]]) -> Decision:
        held, first, second, _, m, number, action = row
        market = self.program.markets[m]
        words = self._hold if action == at.HELD_BACK else at.ACTIONS[action]
        if action == at.NO_CASH:
            words = f"not enough cash: {first:.2f} needed, {max(0.0, second):.2f} free"
        start, stop = self._places.get(number, (0, 0))
        return Decision(market, number, held, words, readings[m][start:stop])


def _desk(rules: at.Rules, markets: int, state: at.State) -> at.Desk:
    room = markets * (16 + state.lots.shape[1] + 2 * len(rules.targets) + 2 * len(rules.schedules) + 64)
    judged = sum(len(each) for each in (rules.entries, rules.closers, rules.alerts, rules.pauses, rules.halts))
    return empty_desk(room, markets * judged + 1)


__all__ = [
    "ASKED", "PROTECTIVE", "REFUSED", "Answer", "Booked", "Decision", "Held", "Machine", "Order", "Reading", "Send",
    "order_from",
]  # fmt: skip
