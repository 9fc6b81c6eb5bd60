"""From a machine's order to a fill: intent first, then the gate, then the broker, all written down."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from runtime.brokers.paper import STEP, PaperBroker, PaperFill, whole_steps
from runtime.core.calendar import DAY_MS, moment
from runtime.core.gate import Approved, Exposure, Proposal, Refused, judge
from runtime.core.money import exact
from runtime.core.orders import Fill, Order
from runtime.core.saved import order_data
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
        if _is_gone(run, order):
            return "sold already"
        proposal = self._proposal(c, run, order, price, 1.0)
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
        slips: bool = True,
        share: float = 1.0,
        planned: bool = False,
    ) -> bool:
        """Plans (unless it was), judges and fills an order at the present price; whether it was filled."""
        if _is_gone(run, order):
            return False
        proposal = self._proposal(c, run, order, price, share)
        if not planned and not intents.plan(c, self._intent(run, order, proposal, at_ms)):
            return False
        verdict = judge(proposal, self._exposure(c, run, order, at_ms), self.limits)
        if isinstance(verdict, Refused):
            self._refuse(c, run, order, proposal, verdict, at_ms)
            return False
        if not intents.set_state(c, proposal.intent_id, "SENDING", _verdict(verdict), moment(at_ms)):
            return False
        fill = self.broker.submit(verdict, slips=slips)
        self._book(c, run, order, proposal, fill, at_ms)
        return True

    def _book(self, c: Connection, run: LiveRun, order: Order, proposal: Proposal, fill: PaperFill, at_ms: int) -> None:
        quote = order.market.split("/")[1]
        at = moment(at_ms)
        booked = fills.Fill(
            self.broker.venue, fill.trade_id, proposal.intent_id, run.id, order.market, order.side,
            fill.quantity, fill.price, fill.fee, quote, at,
        )  # fmt: skip
        if not fills.record(c, booked):
            return
        intents.set_state(c, proposal.intent_id, "FILLED", None, at)
        done = Fill(order.market, order.side, float(fill.quantity), float(fill.price), float(fill.fee), at_ms)
        closed = run.machine.apply(order, done)
        if order.side == "buy":
            run.minute_entries = [*(each for each in run.minute_entries if each > at_ms - MINUTE_MS), at_ms]
        position = run.machine.state.positions.get(order.market)
        if position is not None:
            position.quantity = float(fills.position(c, run.id, order.market).quantity)
        data: dict[str, object] = {
            "intent": proposal.intent_id, "side": order.side, "kind": order.kind, "market": order.market,
            "quantity": str(fill.quantity), "price": str(fill.price), "fee": str(fill.fee), "reason": order.reason,
            "rule": order.rule, "pnl": None if closed is None else closed.pnl,
            "entry_price": None if closed is None else closed.entry_price,
            "left": 0.0 if position is None else position.quantity,
            "stop": None if position is None else position.stop,
            "targets": [] if position is None else [price for price, _ in position.targets],
        }  # fmt: skip
        self.tell(c, run, "filled", f"filled-{proposal.intent_id}", at, data)

    def _refuse(
        self, c: Connection, run: LiveRun, order: Order, proposal: Proposal, verdict: Refused, at_ms: int
    ) -> None:
        intents.set_state(c, proposal.intent_id, "REJECTED", _verdict(verdict), moment(at_ms))
        data: dict[str, object] = {"market": order.market, "side": order.side, "reason": verdict.reason}
        self.tell(c, run, "refused", f"refused-{proposal.intent_id}", moment(at_ms), data)

    def _proposal(self, c: Connection, run: LiveRun, order: Order, price: float, share: float) -> Proposal:
        market_price = exact(price)
        if order.side == "sell":
            held = fills.position(c, run.id, order.market).quantity
            wanted = whole_steps(exact(order.quantity * share))
            quantity = held if held - wanted <= CRUMBS else wanted
        else:
            paid = market_price * (1 + self.broker.slippage)
            coins = exact(order.quantity) if order.quantity else exact(order.notional) / paid
            quantity = whole_steps(coins * exact(share))
        return Proposal(
            intent_id(run, order), order.market, order.side, quantity, market_price, exact(order.reference or price)
        )

    def _intent(self, run: LiveRun, order: Order, proposal: Proposal, at_ms: int) -> intents.Intent:
        price = None if order.price is None else exact(order.price)
        return intents.Intent(
            proposal.intent_id, run.id, run.version.id, order.market, order.decided_ms, order.leg, order.side,
            proposal.quantity, price, order_data(order), moment(at_ms),
        )  # fmt: skip

    def _exposure(self, c: Connection, run: LiveRun, order: Order, at_ms: int) -> Exposure:
        """The strategy's own money on paper: strategies never share a budget."""
        state = run.machine.state
        worth = {each.market: exact(each.quantity * state.marks[each.market]) for each in state.positions.values()}
        mine = intent_id(run, order)
        for each in intents.open_for(c, run.id):
            if each.id != mine and each.side == "buy":
                coming = each.quantity * exact(state.marks.get(each.market, 0.0))
                worth[each.market] = worth.get(each.market, Decimal(0)) + coming
        loss, fall = self.losses([run])
        today = moment(at_ms // DAY_MS * DAY_MS)
        return Exposure(
            account_state=_account_state(c, run),
            equity=run.equity(),
            in_market=worth.get(order.market, Decimal(0)),
            gross=sum(worth.values(), Decimal(0)),
            held=fills.position(c, run.id, order.market).quantity if order.side == "sell" else None,
            day_loss_percent=loss,
            drawdown_percent=fall,
            candle_age=(Decimal(at_ms) - order.decided_ms) / run.length_ms,
            entries_last_minute=sum(each > at_ms - MINUTE_MS for each in run.minute_entries),
            entries_today=fills.bought_since(c, runs.get(c, run.id).replay_id, today),
        )

    def losses(self, live: Iterable[LiveRun]) -> tuple[Decimal, Decimal]:
        """Loss of the day and fall from the highest equity, both in percent, over several runs."""
        each = list(live)
        now = sum(run.machine.state.equity() for run in each)
        day, peak = sum(run.day_equity for run in each), sum(run.peak for run in each)
        return (
            max(Decimal(0), exact((1 - now / day) * 100)) if day > 0 else HUNDRED,
            max(Decimal(0), exact((1 - now / peak) * 100)) if peak > 0 else HUNDRED,
        )


def _is_gone(run: LiveRun, order: Order) -> bool:
    """Whether what is to be sold was sold in the meantime."""
    return order.side == "sell" and order.market not in run.machine.state.positions


def _account_state(c: Connection, run: LiveRun) -> AccountState:
    return accounts.get(c, replays.get(c, runs.get(c, run.id).replay_id).account_id).state


def _verdict(verdict: Approved | Refused) -> dict[str, object]:
    checks = [[check.limit, check.asked, check.allowed, check.held] for check in verdict.checks]
    return {"approved": isinstance(verdict, Approved), "checks": checks}
