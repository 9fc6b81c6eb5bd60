"""At the open of a candle: time exits, scheduled exits, exits decided at the close; then everything that buys."""

from runtime.core.machine import world as of
from runtime.core.machine.account import last_moment, met_at_open
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import FILLED_IT, alert, sell, skip
from runtime.core.machine.expressions import value
from runtime.core.machine.gates import chosen, closed, cooling, full_day, no_slot
from runtime.core.machine.holdings import due, hold_at_open
from runtime.core.machine.inside import ended, enlarge
from runtime.core.machine.layout import (
    ALERTS,
    ALREADY_IN,
    BUYS,
    COVERS,
    EXITS,
    ORDER_MARKET,
    ORDER_WAITS,
    REVERSE,
    SELLS,
    SHORTS,
    TIME,
)
from runtime.core.machine.levels import share_of
from runtime.core.machine.waiting import drop, new_waiting, orders_at_open, prepare


@compiled
def at_open(run: int, point: int) -> None:
    """Everything that happens at the opens of a point of the time line."""
    time = of.time_at(run, point)
    count = of.markets(run)
    for m in range(count):
        if of.row_at(run, m, point) >= 0 and of.position(run, m).open and _time_is_up(run, m, time):
            _close(run, m, point, time, 1.0, TIME, of.position(run, m).rule)
    if of.schedules(run):
        _scheduled_exits(run, point, time)
    for m in range(count):
        if of.row_at(run, m, point) >= 0 and of.market(run, m).planned:
            _planned(run, m, point, time)
    if of.settings(run).hold:
        hold_at_open(run, time, point)
    if of.account(run).waiting:
        orders_at_open(run, time, -1, point)
    for m in range(count):
        if of.row_at(run, m, point) >= 0 and of.market(run, m).adding:
            _adds(run, m, point, time)
    if of.schedules(run):
        _scheduled_entries(run, point, time)
        _scheduled_alerts(run, point, time)
    for m in range(count):
        if of.row_at(run, m, point) >= 0:
            of.market(run, m).opened_before = time


@compiled
def _open_of(run: int, m: int, point: int) -> float:
    return met_at_open(run, m, of.row_at(run, m, point))


@compiled
def _time_is_up(run: int, m: int, time: int) -> bool:
    """`exit after` and `exit at`: the first to come wins."""
    p = of.position(run, m)
    for k in range(of.exit_bars(run)):
        if p.bars >= of.exit_bar(run, k):
            return True
    for k in range(of.exits_after(run)):
        if time - p.time >= of.exit_after(run, k):
            return True
    for k in range(of.exit_lists(run)):
        if last_moment(run, of.exit_list(run, k), p.time, time):
            return True
    return False


@compiled
def _close(run: int, m: int, point: int, time: int, share: float, kind: int, rule: int) -> int:
    """Leaves at a candle's open."""
    status = sell(run, m, of.row_at(run, m, point), time, share, -1, _open_of(run, m, point), kind, rule, 1)
    if not of.position(run, m).open:
        ended(run, m)
    return status


@compiled
def _planned(run: int, m: int, point: int, time: int) -> None:
    """Exits that a rule decided at the close."""
    market = of.market(run, m)
    count, market.planned = market.planned, 0
    for k in range(count):
        if of.position(run, m).open:
            exit_ = of.planned(run, m * of.planned_room(run) + k)
            _close(run, m, point, time, share_of(run, m, exit_.portion), exit_.kind, exit_.rule)


@compiled
def _adds(run: int, m: int, point: int, time: int) -> None:
    """Adds that a condition decided at the close."""
    of.market(run, m).adding = 0
    for a in range(of.adds(run)):
        if of.adding(run, m * of.adds(run) + a).due:
            of.adding(run, m * of.adds(run) + a).due = 0
            if of.position(run, m).open:
                enlarge(run, m, of.row_at(run, m, point), a, time, _open_of(run, m, point), 1)


@compiled
def _is_due(run: int, k: int, m: int, point: int, time: int) -> bool:
    """Whether a schedule fires on a market at this open: its moment has come and its condition is true."""
    each = of.schedule(run, k)
    if of.row_at(run, m, point) < 0 or (each.market >= 0 and each.market != m):
        return False
    if not due(run, each.interval, each.list, of.market(run, m).opened_before, time):
        return False
    row = of.row_at(run, m, point) - 1
    return each.expression < 0 or (row >= 0 and value(run, each.expression, m, row) == 1.0)


@compiled
def _scheduled_exits(run: int, point: int, time: int) -> None:
    """Scheduled sales, covers and exits: a part is of what is open then."""
    for k in range(of.schedules(run)):
        each = of.schedule(run, k)
        if each.action != SELLS and each.action != COVERS and each.action != EXITS:
            continue
        for m in range(of.markets(run)):
            p = of.position(run, m)
            if not _is_due(run, k, m, point, time) or not p.open:
                continue
            if (each.action == SELLS and p.side != 1) or (each.action == COVERS and p.side != -1):
                continue
            _close(run, m, point, time, each.portion, TIME, -2 - k)


@compiled
def _scheduled_entries(run: int, point: int, time: int) -> None:
    """Scheduled buys and shorts add to what is open on their side; the budget ends them."""
    for k in range(of.schedules(run)):
        each = of.schedule(run, k)
        if each.action != BUYS and each.action != SHORTS:
            continue
        for m in range(of.markets(run)):
            if each.market < 0 and not chosen(run, time, m):
                continue
            if _is_due(run, k, m, point, time):
                _enter(run, k, m, point, time)


@compiled
def _enter(run: int, k: int, m: int, point: int, time: int) -> None:
    """One scheduled entry."""
    each, p, settings = of.schedule(run, k), of.position(run, m), of.settings(run)
    side = 1 if each.action == BUYS else -1
    row = of.row_at(run, m, point) - 1
    if p.open and p.side != side:
        if not settings.reverse:
            skip(run, ALREADY_IN)
            return
        if _close(run, m, point, time, 1.0, REVERSE, -2 - k) != FILLED_IT or p.open:
            return
    reason = closed(run, time, m, row)
    if not reason:
        reason = full_day(run, time, 0)
    if not reason and not p.open:
        reason = cooling(run, time, m, side)
        if not reason:
            reason = no_slot(run, m, False)
    if reason:
        skip(run, reason)
        return
    w = new_waiting(run, m, side, time, time, -2 - k, -1, settings.order)
    if w < 0:
        skip(run, ORDER_WAITS)
        return
    order = of.waiting(run, w)
    order.scheduled, order.amount, order.amount_kind = 1, each.amount, each.kind
    price = _open_of(run, m, point) if row < 0 else of.close_at(run, m, row)
    if settings.order == ORDER_MARKET or not settings.order_at_open:
        reason = prepare(run, w, price, row)
        if reason:
            drop(run, w)
            skip(run, reason)
            return
    orders_at_open(run, time, m, point)


@compiled
def _scheduled_alerts(run: int, point: int, time: int) -> None:
    """Scheduled messages: for each market with a condition or a market of its own, else once."""
    for k in range(of.schedules(run)):
        each = of.schedule(run, k)
        if each.action != ALERTS:
            continue
        whole = each.market < 0 and each.expression < 0
        for m in range(of.markets(run)):
            if _is_due(run, k, m, point, time):
                alert(run, point, time, -1 if whole else m, -2 - k)
                if whole:
                    break
