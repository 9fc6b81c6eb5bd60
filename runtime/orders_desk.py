"""From a machine's order to a fill: intent first, then the gate, then the broker, all written down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from runtime.brokers.paper import STEP, PaperBroker, PaperFill, in_steps
from runtime.core.calendar import DAY_MS, moment
from runtime.core.gate import Approved, Exposure, Proposal, Refused, judge
from runtime.core.machine.machine import REFUSED, Answer, Booked, Order
from runtime.core.money import exact
from runtime.ledger import accounts, fills, intents, replays, runs
from runtime.ledger.states import AccountState
from runtime.live_run import LiveRun
from strategy_dsl.limits import Profile

TellOf = Callable[[Connection, LiveRun, str, str, datetime, Mapping[str, object]], None]
MINUTE_MS = 60_000
CRUMBS = STEP * 10
"""Rounding parts down can leave this much of a position, which then goes with the last part."""
HUNDRED = Decimal(100)


def intent_id(run: LiveRun, order: Order) -> str:
    """The order's own id, the same for the same decision however often it is planned."""
    return f"S{run.id}-{order.decided_ms}-{order.market.replace('/', '')}-{order.leg}"


class OrdersDesk:
    """The one road from the machine to the broker."""

    def __init__(self, broker: PaperBroker, limits: Profile, tell: TellOf) -> None:
        self.broker = broker
        self.limits = limits
        self.tell = tell

    def plan(self, c: Connection, run: LiveRun, order: Order, price: float, at_ms: int) -> str | None:
        """Writes the intent of an order that waits for a person; why it is refused, or None."""
        proposal = self._proposal(c, run, order, price, order.quantity)
        if not intents.plan(c, self._intent(run, order, proposal, at_ms)):
            return "planned before"
        verdict = judge(proposal, self._exposure(c, run, order, at_ms), self.limits)
        if isinstance(verdict, Refused):
            self._refuse(c, run, order, proposal, verdict, at_ms)
            return verdict.reason
        intents.set_state(c, proposal.intent_id, "WAITING", _verdict(verdict), moment(at_ms))
        return None

    def send(
        self,
        c: Connection,
        run: LiveRun,
        order: Order,
        price: float,
        at_ms: int,
        *,
        quantity: float | None = None,
        planned: bool = False,
    ) -> Answer:
        """Plans (unless it was), judges and fills an order at the present price; what became of it."""
        proposal = self._proposal(c, run, order, price, order.quantity if quantity is None else quantity)
        # an entry that waited for its price was planned when a person was asked
        planned = planned or (order.slot >= 0 and intents.state_of(c, proposal.intent_id) == "WAITING")
        if not planned and not intents.plan(c, self._intent(run, order, proposal, at_ms)):
            return REFUSED
        verdict = judge(proposal, self._exposure(c, run, order, at_ms), self.limits)
        if isinstance(verdict, Refused):
            self._refuse(c, run, order, proposal, verdict, at_ms)
            return REFUSED
        if not intents.set_state(c, proposal.intent_id, "SENDING", _verdict(verdict), moment(at_ms)):
            return REFUSED
        fill = self.broker.submit(verdict, slips=order.slips)
        return self._book(c, run, order, proposal, fill, at_ms)

    def _book(
        self, c: Connection, run: LiveRun, order: Order, proposal: Proposal, fill: PaperFill, at_ms: int
    ) -> Answer:
        quote = order.market.split("/")[1]
        at = moment(at_ms)
        booked = fills.Fill(
            self.broker.venue, fill.trade_id, proposal.intent_id, run.id, order.market, order.side,
            fill.quantity, fill.price, fill.fee, quote, at,
        )  # fmt: skip
        if not fills.record(c, booked):
            return REFUSED
        intents.set_state(c, proposal.intent_id, "FILLED", None, at)
        if order.opens:
            run.minute_entries = [*(each for each in run.minute_entries if each > at_ms - MINUTE_MS), at_ms]
        return Answer("filled", float(fill.quantity), float(fill.price), float(fill.fee))

    def told(self, c: Connection, run: LiveRun, booked: Booked, at_ms: int) -> None:
        """Tells a fill, with what it closed and where the position would end now."""
        order = booked.order
        held = run.machine.positions().get(order.market) if order.opens else None
        data: dict[str, object] = {
            "intent": intent_id(run, order), "side": order.side, "opens": order.opens, "is_long": order.is_long,
            "kind": order.kind, "market": order.market, "quantity": str(exact(booked.quantity)),
            "price": str(exact(booked.price)), "fee": str(exact(booked.fee)), "reason": order.reason,
            "rule": order.rule, "pnl": booked.pnl, "entry_price": booked.entry_price, "left": booked.left,
            "thread": None if order.opens else intents.last_entry(c, run.id, order.market),
            "stop": None if held is None else held.stop, "targets": [] if held is None else list(held.targets),
        }  # fmt: skip
        self.tell(c, run, "filled", f"filled-{intent_id(run, order)}", moment(at_ms), data)

    def _refuse(
        self, c: Connection, run: LiveRun, order: Order, proposal: Proposal, verdict: Refused, at_ms: int
    ) -> None:
        intents.set_state(c, proposal.intent_id, "REJECTED", _verdict(verdict), moment(at_ms))
        data: dict[str, object] = {"market": order.market, "side": order.side, "reason": verdict.reason}
        self.tell(c, run, "refused", f"refused-{proposal.intent_id}", moment(at_ms), data)

    def _proposal(self, c: Connection, run: LiveRun, order: Order, price: float, coins: float) -> Proposal:
        quantity = in_steps(exact(coins))
        if not order.opens:
            held = abs(fills.position(c, run.id, order.market).quantity)
            quantity = held if held - quantity <= CRUMBS else quantity
        leverage = run.program.strategy.leverage
        return Proposal(
            intent_id(run, order), order.market, order.side, quantity, exact(price), exact(order.reference or price),
            leverage.times if leverage else Decimal(1), order.opens,
        )  # fmt: skip

    def _intent(self, run: LiveRun, order: Order, proposal: Proposal, at_ms: int) -> intents.Intent:
        return intents.Intent(
            proposal.intent_id, run.id, run.version.id, order.market, order.decided_ms, order.leg, order.side,
            proposal.quantity, None if order.slips else exact(order.price), order.data(), moment(at_ms),
        )  # fmt: skip

    def _exposure(self, c: Connection, run: LiveRun, order: Order, at_ms: int) -> Exposure:
        """The strategy's own money on paper: strategies never share a budget."""
        worth = {name: exact(each.worth) for name, each in run.machine.positions().items()}
        mine = intent_id(run, order)
        for each in intents.open_for(c, run.id):
            if each.id != mine and each.details["opens"]:
                coming = each.quantity * exact(run.machine.mark(each.market))
                worth[each.market] = worth.get(each.market, Decimal(0)) + coming
        loss, fall = losses([run], [run.machine.equity()])
        today = moment(at_ms // DAY_MS * DAY_MS)
        newest = run.cursor + run.length_ms
        return Exposure(
            account_state=_account_state(c, run),
            equity=run.equity(),
            in_market=worth.get(order.market, Decimal(0)),
            gross=sum(worth.values(), Decimal(0)),
            held=None if order.opens else abs(fills.position(c, run.id, order.market).quantity),
            day_loss_percent=loss,
            drawdown_percent=fall,
            candle_age=Decimal(max(0, at_ms - newest)) / run.length_ms,
            entries_last_minute=sum(each > at_ms - MINUTE_MS for each in run.minute_entries),
            entries_today=fills.entered_since(c, runs.get(c, run.id).replay_id, today),
        )


def losses(live: Sequence[LiveRun], worth: Sequence[float]) -> tuple[Decimal, Decimal]:
    """Loss of the day and fall from the highest equity of several runs, in percent, from what each is worth."""
    now, day, peak = sum(worth), sum(run.day_equity for run in live), sum(run.peak for run in live)
    return (
        max(Decimal(0), exact((1 - now / day) * 100)) if day > 0 else HUNDRED,
        max(Decimal(0), exact((1 - now / peak) * 100)) if peak > 0 else HUNDRED,
    )


def _account_state(c: Connection, run: LiveRun) -> AccountState:
    return accounts.get(c, replays.get(c, runs.get(c, run.id).replay_id).account_id).state


def _verdict(verdict: Approved | Refused) -> dict[str, object]:
    checks = [[check.limit, check.asked, check.allowed, check.held] for check in verdict.checks]
    return {"approved": isinstance(verdict, Approved), "checks": checks}
