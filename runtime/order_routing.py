"""Where an order of the machine goes: to a person who is asked, or to the desk; and what their answers do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from runtime.core.calendar import moment
from runtime.core.machine.machine import ASKED, PROTECTIVE, REFUSED, Answer, Order, order_from
from runtime.ledger import approvals, intents, replays
from runtime.live_run import LiveRun
from runtime.orders_desk import intent_id
from runtime.presence import is_old_price
from strategy_dsl.nodes import Ask
from strategy_dsl.timeframes import duration_ms

if TYPE_CHECKING:
    from runtime.engine import Engine

DATA_ENDS = "the market's data ends here"


@dataclass
class Route:
    """The way of one step's orders: when each was met (by market and leg), and why refused (by market and rule)."""

    routing: "Routing"
    c: Connection
    run: LiveRun
    now_ms: Mapping[str, int]
    time_ms: int | None = None
    orders: int = 0
    refused: dict[tuple[str, int], str] = field(default_factory=dict)
    times: dict[tuple[str, str], int] = field(default_factory=dict)

    def send(self, order: Order) -> Answer:
        """What becomes of one order."""
        self.orders += 1
        routing, c, run = self.routing, self.c, self.run
        desk, presence = routing.engine.desk, routing.engine.presence
        if self.time_ms is not None:
            if order.opens and presence.is_stale(run, self.time_ms + run.length_ms):
                return self._refused(order, "its candle was missed")
            price, at_ms = presence.stop_price(run, order.market, order.price, self.time_ms)
        else:
            price, at_ms = order.price, self.now_ms[order.market]
        self.times[order.market, order.leg] = at_ms
        if routing.must_ask(run, order) and not (self.time_ms is not None and order.slot >= 0):
            if order.opens and routing.is_asked(c, run, order.market):
                return self._refused(order, "a question about it is open")
            refused = desk.plan(c, run, order, price, at_ms)
            if refused is not None:
                return self._refused(order, refused)
            routing.ask(c, run, order, price)
            return ASKED
        if not order.opens and order.kind not in ("signal", "reverse", "rebalance"):
            routing.engine.withdraw(c, run.id, "its time was up", order.market, opens=False)
        answer = desk.send(c, run, order, price, at_ms)
        return answer if answer.status == "filled" else self._refused(order, "refused by the risk gate")

    def _refused(self, order: Order, reason: str) -> Answer:
        self.refused[order.market, order.rule] = reason
        return REFUSED


class Routing:
    """Asks people about orders, and takes their answers."""

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine

    def at_open(self, c: Connection, run: LiveRun, now_ms: Mapping[str, int]) -> Route:
        """The way of orders that meet the present prices of some markets, at these times."""
        return Route(self, c, run, now_ms)

    def inside(self, c: Connection, run: LiveRun, time_ms: int) -> Route:
        """The way of orders that a candle's range causes."""
        return Route(self, c, run, {}, time_ms)

    def must_ask(self, run: LiveRun, order: Order) -> bool:
        """Whether a person is asked first; a way out that protects never waits."""
        if not order.opens and order.kind in PROTECTIVE:
            return False
        asked = (run.program.strategy.ask or Ask("buying")).orders
        return asked == "every order" or asked == ("buying" if order.opens else "selling")

    def is_asked(self, c: Connection, run: LiveRun, market: str) -> bool:
        """Whether a question about an entry of a market is open."""
        asked = (each.payload for each in self.engine.waiting(c) if each.payload["run_id"] == run.id)
        return any(each["order"]["market"] == market and each["order"]["opens"] for each in asked)

    def ask(self, c: Connection, run: LiveRun, order: Order, price: float) -> None:
        """Opens a question about an order."""
        engine = self.engine
        ask = run.program.strategy.ask or Ask("buying")
        opened, token = moment(engine.markets.now_ms() or run.cursor + run.length_ms), engine.new_token()
        expires = opened + timedelta(milliseconds=duration_ms(ask.duration))
        identity = intent_id(run, order)
        payload = {"run_id": run.id, "price": price, "order": order.data(), "otherwise": ask.otherwise}
        person, version = engine.person_id, run.version.hash
        approvals.open_(
            c, approvals.Approval(token, person, identity, "order", version, None, payload, opened, expires)
        )
        data = {**payload, "token": token, "expires": expires.isoformat(), "duration": ask.duration}
        engine.say(c, run, "ask", f"ask-{identity}", opened, data)

    def ask_waiting(self, c: Connection, run: LiveRun) -> None:
        """Asks about entries that wait for their price, and takes back what was written about those that are gone."""
        if run.program.strategy.order is None or run.program.strategy.order.kind == "market":
            return
        for each in intents.open_for(c, run.id):
            if (
                each.state == "WAITING"
                and each.details["slot"] >= 0
                and not run.machine.waits(order_from(each.details))
            ):
                self.engine.withdraw(c, run.id, "it was not filled in time", each.market)
                intents.set_state(c, each.id, "SKIPPED")
        for order in run.machine.unasked():
            if self.must_ask(run, order):
                refused = self.engine.desk.plan(c, run, order, order.price, run.cursor + run.length_ms)
                if refused is None:
                    run.machine.asked(order)
                    self.ask(c, run, order, order.price)
                else:
                    run.machine.asked(order)
                    run.machine.forget(order)

    # answers

    def told(self, c: Connection, approval: approvals.Approval) -> None:
        """Tells that a question is over, so that nobody goes on answering it."""
        engine = self.engine
        run = next((each for each in engine.runs(c) if each.id == approval.payload["run_id"]), None)
        if run is not None:
            at = approval.settled_at or engine.clock(c)
            data = {"intent": approval.intent_id, "state": approval.state, "by": approval.settled_by}
            engine.say(c, run, "answered", f"answered-{approval.token}", at, data)

    def take(self, c: Connection, approval: approvals.Approval, share: float) -> str:
        """Does what a person or the clock said to a question: `done`, `refused`, `rejected`, `late`, `no price`."""
        identity, engine = approval.intent_id or "", self.engine
        run = next((each for each in engine.runs(c) if each.id == approval.payload["run_id"]), None)
        order = order_from(approval.payload["order"])
        if run is None:
            intents.set_state(c, identity, "SKIPPED")
            return "late"
        if share == 0:
            intents.set_state(c, identity, "SKIPPED")
            run.machine.forget(order)
            data = {"state": approval.state, **approval.payload}
            engine.say(c, run, "skipped", f"skipped-{identity}", engine.clock(c), data)
            engine.save(c)
            return "rejected"
        coming = run.next_open(order.market)
        gone = not order.opens and order.market not in run.machine.positions()
        if approval.plan_hash != run.version.hash or coming is None or gone:
            intents.set_state(c, identity, "SKIPPED")
            run.machine.forget(order)
            return "late"
        if order.opens and is_old_price(run, order.market):
            intents.set_state(c, identity, "SKIPPED")
            run.machine.forget(order)
            return "no price"
        done = self._fill(c, run, order, share, *coming)
        engine.save(c)
        return done

    def _fill(self, c: Connection, run: LiveRun, order: Order, share: float, price: float, at_ms: int) -> str:
        sent: list[Answer] = []

        def send(asked: Order) -> Answer:
            # the person answered about this order; what follows from its fill is an order of its own
            first = not sent
            answer = self.engine.desk.send(
                c, run, order if first else asked, price, at_ms, quantity=asked.quantity, planned=first
            )
            sent.append(answer)
            return answer

        booked = run.machine.take(order, share, price, at_ms, send)
        for each in booked:
            self.engine.desk.told(c, run, each, at_ms)
        waits = not sent and run.machine.waits(order)
        if not sent and not waits:
            intents.set_state(c, intent_id(run, order), "SKIPPED")
            return "late"
        return "done" if booked or waits else "refused"

    def expire(self, c: Connection) -> int:
        """Lets questions run out, as their strategies said: all in a replay, live those whose time is up; how many."""
        engine = self.engine
        waiting, end = engine.waiting(c), engine.clock(c)
        if waiting and not engine.markets.is_live:
            end = max(end, *(each.expires_at for each in waiting))
            replays.move(c, engine.replay_id, end, replays.get(c, engine.replay_id).cursor)
        over = approvals.expire_due(c, end, engine.person_id) if waiting else []
        for each in over:
            self.told(c, each)
            self.take(c, each, {"take": 1.0, "take half": 0.5}.get(each.payload["otherwise"], 0.0))
        return len(over)

    def withdraw(
        self, c: Connection, run_id: int | None, reason: str, market: str | None = None, opens: bool | None = None
    ) -> None:
        """Takes questions back, of one run or market or of all: the rules or the mode changed under them."""
        loaded = {each.id: each for each in self.engine.runs(c)}
        for each in self.engine.waiting(c):
            order = order_from(each.payload["order"])
            mine = run_id is None or each.payload["run_id"] == run_id
            if mine and market in (None, order.market) and opens in (None, order.opens):
                taken_back = approvals.settle(c, each.token, "withdrawn", reason, self.engine.clock(c))
                if taken_back is not None:
                    self.told(c, taken_back)
                intents.set_state(c, each.intent_id or "", "SKIPPED")
                if each.payload["run_id"] in loaded:
                    loaded[each.payload["run_id"]].machine.forget(order)
