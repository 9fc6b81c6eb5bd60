"""The whole line of candles in one compiled call, and single steps of it for a run that is live."""

from runtime.core.machine import world as of
from runtime.core.machine.account import equity, leave, paid_price
from runtime.core.machine.calm import can_hold, can_sleep, held_through, is_idle, next_awake
from runtime.core.machine.closing import at_close
from runtime.core.machine.compiled import compiled
from runtime.core.machine.funding import fund
from runtime.core.machine.grid import grid_inside
from runtime.core.machine.inside import play_inside
from runtime.core.machine.layout import END, Floats
from runtime.core.machine.opening import at_open
from runtime.core.machine.waiting import orders_inside

DONE = -1
"""Every point was played."""


@compiled
def inside(run: int, point: int) -> None:
    """What the range of every market's candle causes: waiting entries, then the grid, then levels."""
    time = of.time_at(run, point)
    for m in range(of.markets(run)):
        row = of.row_at(run, m, point)
        if row < 0:
            continue
        if of.account(run).waiting:
            orders_inside(run, m, row, time)
        if of.settings(run).grid_steps:
            grid_inside(run, m, row, time)
        if of.position(run, m).open:
            play_inside(run, m, row, time)


@compiled
def opened(run: int, point: int) -> None:
    """Remembers which candles of a point have been seen whole."""
    for m in range(of.markets(run)):
        if of.row_at(run, m, point) >= 0:
            of.market(run, m).row = of.row_at(run, m, point)


@compiled
def play(run: int, start: int, burst: int, worth: Floats, exposure: Floats) -> int:
    """Plays the points from `start` on; -1 at the end, or the point at which the desk has too little room.

    `burst` bounds what one candle can write; `worth` and `exposure` (points) receive the equity and the worth of open
    positions at each close, shorts below zero.
    """
    size, sleeps = of.points(run), can_sleep(run)
    holds, control = sleeps and can_hold(run), of.control(run)
    point = start
    while point < size:
        if sleeps and is_idle(run):
            awake, cash = next_awake(run, point), of.account(run).cash
            worth[point:awake] = cash
            point = awake
            if point >= size:
                break
            for m in range(of.markets(run)):
                of.market(run, m).row = _row_before(run, m, point)
        elif holds and of.position(run, 0).open:
            point = held_through(run, point, worth, exposure)
            if point >= size:
                break
        if control.trades + burst > of.trade_room(run) or control.fills + burst > of.fill_room(run):
            return point
        if control.decisions + burst > of.decision_room(run) or control.alerts + burst > of.alert_room(run):
            return point
        if lots_are_full(run):
            return point
        if of.funding_count(run):
            _play_funded(run, point)
        else:
            at_open(run, point)
            inside(run, point)
            opened(run, point)
            at_close(run, point)
        worth[point] = equity(run)
        open_worth = 0.0
        for m in range(of.markets(run)):
            p = of.position(run, m)
            if p.open:
                open_worth += p.side * p.quantity * of.market(run, m).mark
        exposure[point] = open_worth
        point += 1
    return DONE


@compiled
def _play_funded(run: int, point: int) -> None:
    """A point with funding: before the orders of its opening, before its range, and up to the next opening."""
    time = of.time_at(run, point)
    over = time + of.settings(run).length
    fund(run, point, time, time + 1, 1)
    at_open(run, point)
    fund(run, point, time + 1, over, 1)
    inside(run, point)
    opened(run, point)
    at_close(run, point)
    if point + 1 < of.points(run):
        fund(run, point, over, of.time_at(run, point + 1), 0)


@compiled
def _row_before(run: int, m: int, point: int) -> int:
    """A market's last candle before a point; -1 for none."""
    for each in range(point - 1, -1, -1):
        if of.row_at(run, m, each) >= 0:
            return of.row_at(run, m, each)
    return -1


@compiled
def lots_are_full(run: int) -> bool:
    """Whether one more candle could need more lots than there is room for."""
    if not of.settings(run).lots:
        return False
    room = 2 + of.schedules(run) + of.settings(run).grid_steps
    for a in range(of.adds(run)):
        room += max(of.add(run, a).count, of.add(run, a).times if of.add(run, a).times > 0 else 1)
    for m in range(of.markets(run)):
        if of.position(run, m).lots + room > of.lot_room(run):
            return True
    return False


@compiled
def value_at_end(run: int) -> None:
    """Values what is still open at its last close, with the fee of leaving, as trades of kind `end`."""
    last = of.time_at(run, of.points(run) - 1)
    for m in range(of.markets(run)):
        p = of.position(run, m)
        if p.open:
            price = paid_price(run, m, -1, of.market(run, m).mark, -p.side, p.quantity)
            leave(run, m, last, 1.0, -1, p.quantity, price, p.quantity * price * of.venue(run).fee, END, p.rule)


__all__ = ["DONE", "at_close", "at_open", "inside", "lots_are_full", "opened", "play", "value_at_end"]
