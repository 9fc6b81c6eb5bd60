"""Entries from the decision to the fill: market, limit and stop orders (Meaning 5, 8, 9; `order` and `size`)."""

import math

from runtime.core.machine import world as of
from runtime.core.machine.account import begin_position, covered, covers, equity, met_at_open, paid_price
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import ASKED_IT, FILLED_IT, allowed_quantity, buy, sell, skip
from runtime.core.machine.expressions import value
from runtime.core.machine.gates import cooling, slack
from runtime.core.machine.layout import (
    ADDED,
    ALREADY_IN,
    ENTRY,
    FROM_EACH,
    NEXT_OPEN,
    NO_CASH_NOW,
    NOT_FILLED,
    ORDER_LIMIT,
    ORDER_MARKET,
    PRICE_UNKNOWN,
    RISK_UNKNOWN,
    SIZE_COINS,
    SIZE_MONEY,
    SIZE_RISK,
    STOP,
    SWING_UNKNOWN,
    TARGET,
    TOO_SMALL,
)
from runtime.core.machine.levels import (
    ABSENT,
    copy_plan,
    crossed,
    filled_at,
    laid,
    plan_kind,
    read_plan,
    set_stop,
    share_of,
    tighten,
)


@compiled
def fixed_size(run: int, w: int, kind: int, amount: float) -> None:
    """Money, coins or a share of equity."""
    order = of.waiting(run, w)
    order.notional, order.quantity, order.all_in = math.nan, math.nan, 0
    if kind == SIZE_COINS:
        order.quantity = amount
    elif kind == SIZE_MONEY:
        order.notional = amount
    else:
        order.notional = equity(run) * amount
        order.all_in = 1 if amount >= 1.0 else 0


@compiled
def _entry_size(run: int, w: int, m: int, row: int, price: float) -> int:
    """The size that the strategy says, read at the deciding close; 0, or why it is unknown."""
    settings, order = of.settings(run), of.waiting(run, w)
    if settings.size_kind == SIZE_RISK:
        plan = of.waiting_plan(run, w)
        if plan_kind(plan, of.guard(run, 0).risk) == ABSENT:
            return RISK_UNKNOWN
        distance = abs(laid(plan, of.guard(run, 0).risk, price, 1) - price)
        if not distance > 0.0:
            return RISK_UNKNOWN
        order.notional, order.quantity, order.all_in = equity(run) * settings.size / distance * price, math.nan, 0
        return 0
    if settings.size_kind > SIZE_RISK:
        swing = value(run, settings.size_expression, m, row)
        if math.isnan(swing):
            return SWING_UNKNOWN
        worth = equity(run)
        notional = worth * settings.size / swing if swing > 0.0 else math.inf
        order.notional, order.quantity = min(notional, worth), math.nan
        order.all_in = 1 if notional >= worth else 0
        return 0
    fixed_size(run, w, settings.size_kind, settings.size)
    return 0


@compiled
def prepare(run: int, w: int, price: float, row: int) -> int:
    """Price, levels and size, read on the deciding candle `row`; 0, or why there is no order."""
    order = of.waiting(run, w)
    m = order.market
    if order.kind != ORDER_MARKET and math.isnan(order.price):
        found = value(run, of.settings(run).order_price, m, row)
        if math.isnan(found):
            return PRICE_UNKNOWN
        order.price = found
    at = price if math.isnan(order.price) else order.price
    reason = read_plan(run, of.waiting_plan(run, w), m, row, order.side, at)
    if reason:
        return reason
    for k in range(of.entry_expressions(run)):
        of.put_waiting_value(run, w, k, value(run, of.entry_expression(run, k), m, row))
    order.ready = 1
    if order.amount_kind >= 0:
        fixed_size(run, w, order.amount_kind, order.amount)
        return 0
    return _entry_size(run, w, m, row, at)


@compiled
def new_waiting(run: int, m: int, side: int, decided: int, time: int, rule: int, name: int, kind: int) -> int:
    """A new order that waits; its place, -1 where too many wait."""
    w = of.account(run).waiting
    if w >= of.most_waiting(run):
        return -1
    of.account(run).waiting += 1
    order = of.waiting(run, w)
    order.market, order.side, order.decided, order.time, order.rule, order.name, order.kind = (
        m, side, decided, time, rule, name, kind,
    )  # fmt: skip
    order.price = order.notional = order.quantity = order.amount = math.nan
    order.amount_kind = -1
    order.scheduled = order.all_in = order.opens = order.asked = order.ready = 0
    return w


@compiled
def _move(run: int, source: int, target: int) -> None:
    """Copies one waiting order to another place."""
    a, b = of.waiting(run, source), of.waiting(run, target)
    b.price, b.notional, b.quantity, b.amount = a.price, a.notional, a.quantity, a.amount
    b.market, b.side, b.decided, b.time, b.rule, b.name, b.kind = (
        a.market, a.side, a.decided, a.time, a.rule, a.name, a.kind,
    )  # fmt: skip
    b.scheduled, b.all_in, b.opens, b.asked, b.ready = a.scheduled, a.all_in, a.opens, a.asked, a.ready
    b.amount_kind = a.amount_kind
    copy_plan(of.waiting_plan(run, source), of.waiting_plan(run, target), of.levels(run))
    for k in range(of.entry_expressions(run)):
        of.put_waiting_value(run, target, k, of.waiting_value(run, source, k))


@compiled
def drop(run: int, w: int) -> None:
    """Takes an order out; those behind it move up."""
    last = of.account(run).waiting - 1
    for k in range(w, last):
        _move(run, k + 1, k)
    of.account(run).waiting = last


@compiled
def needed(run: int, notional: float, quantity: float, all_in: int, price: float) -> float:
    """What an entry takes from the cash, margin and fee; nothing beyond it where it takes all there is."""
    if all_in:
        return 0.0
    worth = notional if math.isnan(quantity) else quantity * price
    return worth * (1.0 / of.settings(run).leverage + of.venue(run).fee)


@compiled
def _price_of(run: int, w: int) -> float:
    order = of.waiting(run, w)
    return of.market(run, order.market).mark if math.isnan(order.price) else order.price


@compiled
def free_cash(run: int, w: int) -> float:
    """The cash with what planned exits free and without what the other waiting orders need."""
    free = of.account(run).cash
    for m in range(of.markets(run)):
        p = of.position(run, m)
        if not p.open or of.market(run, m).planned == 0:
            continue
        share = 0.0
        for k in range(of.market(run, m).planned):
            share += share_of(run, m, of.planned(run, m * of.planned_room(run) + k).portion)
        share = min(1.0, share)
        worth = p.quantity * of.market(run, m).mark
        gained = p.side * (worth - p.cost)
        free += share * (p.cost / of.settings(run).leverage + gained - worth * of.venue(run).fee)
    for other in range(of.account(run).waiting):
        order = of.waiting(run, other)
        if other != w and order.ready:
            free -= needed(run, order.notional, order.quantity, order.all_in, _price_of(run, other))
    return free


@compiled
def unaffordable(run: int, w: int) -> bool:
    """Whether the cash does not pay for an entry at its decision."""
    order = of.waiting(run, w)
    if not order.ready:
        return False
    free = free_cash(run, w)
    if order.all_in and free <= slack(run):
        return True
    return needed(run, order.notional, order.quantity, order.all_in, _price_of(run, w)) > free + slack(run)


@compiled
def coins(run: int, notional: float, quantity: float, all_in: int, price: float) -> float:
    """The quantity at a price; 0 where the cash does not pay for it."""
    amount = notional / price if math.isnan(quantity) else quantity
    if all_in:
        amount = min(amount, covered(run) / price)
        return amount if amount * price > slack(run) else 0.0
    return amount if covers(run, amount * price) else 0.0


@compiled
def fill(run: int, w: int, price: float, slips: int, time: int, row: int) -> int:
    """Opens the position, or enlarges one by a schedule; 1 where a new position stands, 2 where a person is asked."""
    order = of.waiting(run, w)
    m, side = order.market, order.side
    p = of.position(run, m)
    was_open = p.open
    if was_open and not (order.scheduled and p.side == side):
        skip(run, ALREADY_IN)
        return 0
    if not was_open:
        reason = cooling(run, time, m, side)
        if reason:
            skip(run, reason)
            return 0
    paid = paid_price(run, m, row, price, side, 0.0) if slips else price
    quantity = coins(run, order.notional, order.quantity, order.all_in, paid)
    if slips and of.venue(run).impact > 0.0 and quantity > 0.0:
        paid = paid_price(run, m, row, price, side, quantity)
        quantity = coins(run, order.notional, order.quantity, order.all_in, paid)
    if quantity <= 0.0:
        skip(run, NO_CASH_NOW)
        return 0
    quantity = allowed_quantity(run, m, quantity, paid)
    if quantity <= 0.0:
        skip(run, TOO_SMALL)
        return 0
    if was_open:
        status = buy(run, m, time, quantity, paid, price, ADDED, order.rule, True, slips, w)
        if status == FILLED_IT:
            p.adds += 1
            tighten(run, m)
        return 2 if status == ASKED_IT else 0
    begin_position(run, m, side, order.rule, order.name, order.decided, time)
    copy_plan(of.waiting_plan(run, w), of.plan(run, m), of.levels(run))
    for k in range(of.entry_expressions(run)):
        of.put_entry_value(run, m, k, of.waiting_value(run, w, k))
    status = buy(run, m, time, quantity, paid, price, ENTRY, order.rule, True, slips, w)
    if status == FILLED_IT:
        set_stop(run, m)
        return 1
    return 2 if status == ASKED_IT else 0


@compiled
def leave_at_once(run: int, m: int, row: int, price: float, time: int) -> None:
    """A level that turns out to be on the wrong side of the fill ends the trade at once."""
    p = of.position(run, m)
    side = p.side
    if not math.isnan(p.stop) and (p.stop - price) * side >= 0:
        sell(run, m, row, time, 1.0, -1, price, STOP, p.rule, 1)
        return
    guard = of.guard(run, p.guard)
    for k in range(guard.targets):
        target = of.target(run, guard.first_target + k)
        wrong = (laid(of.plan(run, m), target.level, p.first_price, side) - price) * side <= 0
        if wrong and p.open and target.reference != FROM_EACH:
            p.hit |= 1 << k
            sell(run, m, row, time, share_of(run, m, target.portion), -1, price, TARGET, p.rule, 0)


@compiled
def _try(run: int, w: int, price: float, slips: int, time: int, row: int, within: bool, limit: bool) -> bool:
    """Fills an order that has met its price; whether it is gone from the list."""
    m = of.waiting(run, w).market
    done = fill(run, w, price, slips, time, row)
    if done == 2:
        of.waiting(run, w).asked = 1
        return False
    drop(run, w)
    if done == 1:
        p = of.position(run, m)
        if within:
            p.opened, p.late = price, 1 if limit else 0
        leave_at_once(run, m, row, price, time)
    return True


@compiled
def orders_at_open(run: int, time: int, only: int, point: int) -> None:
    """Fills market orders, prepares what needed this open, cancels what has waited long enough."""
    w = 0
    while w < of.account(run).waiting:
        order = of.waiting(run, w)
        m = order.market
        row = of.row_at(run, m, point)
        if row < 0 or order.asked == 1 or (only >= 0 and m != only):
            w += 1
            continue
        opened = met_at_open(run, m, row)
        if order.kind == ORDER_MARKET:
            if not _try(run, w, opened, 1, time, row, False, False):
                w += 1
            continue
        order.opens += 1
        if not order.ready:
            of.put_name(run, m, NEXT_OPEN, opened)
            reason = prepare(run, w, opened, row - 1)
            of.put_name(run, m, NEXT_OPEN, math.nan)
            if reason:
                drop(run, w)
                skip(run, reason)
                continue
        if _expired(run, w, time):
            drop(run, w)
            skip(run, NOT_FILLED)
            continue
        w += 1


@compiled
def _expired(run: int, w: int, time: int) -> bool:
    """`for` begins at the decision: so many candles after it, or so long."""
    settings, order = of.settings(run), of.waiting(run, w)
    if settings.order_for >= 0:
        return time >= order.time + settings.order_for
    return settings.order_bars >= 0 and order.opens > settings.order_bars


@compiled
def orders_over(run: int, m: int, close_ms: int) -> None:
    """Cancels at the close what can wait no longer."""
    settings = of.settings(run)
    w = 0
    while w < of.account(run).waiting:
        order = of.waiting(run, w)
        if order.market == m and order.kind != ORDER_MARKET and order.opens:
            late = settings.order_for >= 0 and close_ms >= order.time + settings.order_for
            if late or (settings.order_bars >= 0 and order.opens >= settings.order_bars):
                drop(run, w)
                skip(run, NOT_FILLED)
                continue
        w += 1


@compiled
def orders_inside(run: int, m: int, row: int, time: int) -> None:
    """Limit and stop orders met by a candle."""
    opened = of.open_at(run, m, row)
    high = of.high_at(run, m, row)
    low = of.low_at(run, m, row)
    w = 0
    while w < of.account(run).waiting:
        order = of.waiting(run, w)
        if order.market != m or order.kind == ORDER_MARKET or math.isnan(order.price) or order.asked == 1:
            w += 1
            continue
        limit = order.kind == ORDER_LIMIT
        way = -order.side if limit else order.side
        if not crossed(order.price, way, low, high):
            w += 1
            continue
        price = filled_at(order.price, way, opened)
        if not _try(run, w, price, 0 if limit else 1, time, row, price != opened, limit):
            w += 1
