"""The one place where the machine asks for a fill, and where it writes down what happened."""

from runtime.core.machine import world as of
from runtime.core.machine.account import enter, leave, paid_price, steps
from runtime.core.machine.compiled import compiled
from runtime.core.machine.layout import (
    DUST,
    TOO_SMALL,
)

REFUSED_IT, FILLED_IT, ASKED_IT = range(3)
"""What became of an order; an asked one waits for a person."""


@compiled
def ask(
    run: int, m: int, way: int, quantity: float, price: float, kind: int, rule: int, opens: int, slips: int, slot: int
) -> int:
    """Hands an order to the caller; the place of its answer, -1 while there is none."""
    control = of.control(run)
    if control.asked < control.answers:
        control.asked += 1
        return control.asked - 1
    if control.stopped == 0:
        control.stopped = 1
        order = of.order(run)
        order.market, order.way, order.quantity, order.price = m, way, quantity, price
        order.kind, order.rule, order.opens, order.slips, order.slot = kind, rule, opens, slips, slot
    return -1


@compiled
def _log_fill(
    run: int,
    m: int,
    way: int,
    quantity: float,
    price: float,
    fee: float,
    kind: int,
    rule: int,
    time: int,
    opens: int,
) -> None:
    control = of.control(run)
    if control.fills >= of.fill_room(run):
        control.full = 1
        return
    row = of.fill(run, control.fills)
    row.quantity, row.price, row.fee, row.cash = quantity, price, fee, of.account(run).cash
    row.market, row.way, row.kind, row.rule, row.time, row.opens = m, way, kind, rule, time, opens
    row.left = of.position(run, m).quantity if of.position(run, m).open else 0.0
    row.trade = -1 if opens else control.trades - 1
    control.fills += 1


@compiled
def skip(run: int, reason: int) -> None:
    """Counts what was not done."""
    of.skipped(run, reason).count += 1


@compiled
def allowed_quantity(run: int, m: int, quantity: float, price: float) -> float:
    """A quantity in the venue's steps; 0 where the venue would not take it."""
    amount = steps(run, m, quantity)
    venue = of.venue_rule(run, m)
    if amount < venue.least_quantity or amount * price < venue.least_money:
        return 0.0
    return amount


@compiled
def buy(
    run: int,
    m: int,
    time: int,
    quantity: float,
    price: float,
    market_price: float,
    kind: int,
    rule: int,
    counted: bool,
    slips: int,
    slot: int,
) -> int:
    """Opens or adds to a position (of either side) at a price; what became of the order.

    `price` is what is paid, slippage included; `market_price` the market's before it.
    """
    p = of.position(run, m)
    if of.settings(run).lots and p.open and p.lots >= of.lot_room(run):
        return REFUSED_IT
    fee = quantity * price * of.venue(run).fee
    status, filled, paid = FILLED_IT, quantity, price
    if of.control(run).live:
        place = ask(run, m, p.side, quantity, market_price, kind, rule, 1, slips, slot)
        if place < 0:
            return REFUSED_IT
        status, filled, paid, fee = (
            of.answer(run, place).status,
            of.answer(run, place).quantity,
            of.answer(run, place).price,
            of.answer(run, place).fee,
        )
    if status != FILLED_IT or filled <= 0.0:
        return status if status != FILLED_IT else REFUSED_IT
    enter(run, m, time, filled, paid, fee, counted)
    _log_fill(run, m, p.side, filled, paid, fee, kind, rule, time, 1)
    return FILLED_IT


@compiled
def sell(
    run: int,
    m: int,
    row: int,
    time: int,
    share: float,
    lot: int,
    price: float,
    kind: int,
    rule: int,
    slips: int,
) -> int:
    """Closes a share of a position, or of one of its lots, at the market's price; what became of the order."""
    p = of.position(run, m)
    base = of.lot(run, m * of.lot_room(run) + lot).quantity if lot >= 0 else p.quantity
    quantity = base * share
    whole = share >= 1.0
    if quantity <= DUST * p.largest:
        # crumbs of rounding are no part of a position
        return REFUSED_IT
    if not whole:
        quantity = steps(run, m, quantity)
    if quantity <= DUST * p.largest or (not whole and allowed_quantity(run, m, quantity, price) <= 0.0):
        # a part that the venue does not take; what is left of a position is always sold whole
        skip(run, TOO_SMALL)
        return REFUSED_IT
    side = p.side
    paid = paid_price(run, m, row, price, -side, quantity) if slips else price
    fee = quantity * paid * of.venue(run).fee
    if of.control(run).live:
        place = ask(run, m, -side, quantity, price, kind, rule, 0, slips, -1)
        if place < 0:
            return REFUSED_IT
        status = of.answer(run, place).status
        if status != FILLED_IT:
            return status
        quantity, paid, fee = of.answer(run, place).quantity, of.answer(run, place).price, of.answer(run, place).fee
        whole = abs(quantity - base) <= DUST * p.largest
    part = 1.0 if whole else share if quantity == base * share else quantity / base
    leave(run, m, time, part, lot, quantity, paid, fee, kind, rule)
    _log_fill(run, m, -side, quantity, paid, fee, kind, rule, time, 0)
    return FILLED_IT


@compiled
def note(run: int, t: int, m: int, number: int, held: float, action: int, first: float, second: float) -> None:
    """One decision: a rule on a market at a close, and what came of it."""
    control = of.control(run)
    if not control.keep:
        return
    if control.decisions >= of.decision_room(run):
        control.full = 1
        return
    row = of.decision(run, control.decisions)
    row.t, row.market, row.number, row.held, row.action, row.first, row.second = (
        t,
        m,
        number,
        held,
        action,
        first,
        second,
    )
    control.decisions += 1


@compiled
def alert(run: int, t: int, time: int, m: int, number: int) -> None:
    """One message; `m` -1 is of no market."""
    control = of.control(run)
    if control.alerts >= of.alert_room(run):
        control.full = 1
        return
    row = of.alert(run, control.alerts)
    row.t, row.time, row.market, row.number = t, time, m, number
    control.alerts += 1
