"""Inside a candle (Meaning 6).

Targets gapped over, adds on the losing side, stops, adds on the gaining side, stops again, then targets.
"""

import math

from runtime.core.machine import world as of
from runtime.core.machine.account import equity, paid_price
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import ASKED_IT, REFUSED_IT, allowed_quantity, buy, sell, skip
from runtime.core.machine.gates import closed
from runtime.core.machine.layout import (
    ADDED,
    AFTER,
    DUST,
    FROM_EACH,
    FROM_ENTRY,
    NO_CASH_NOW,
    RISK_UNKNOWN,
    SIZE_COINS,
    SIZE_EQUITY,
    SIZE_RISK,
    STOP,
    TARGET,
    TOO_SMALL,
)
from runtime.core.machine.levels import (
    ABSENT,
    base_of,
    crossed,
    filled_at,
    laid,
    plan_kind,
    plan_value,
    protection,
    share_of,
    tighten,
)
from runtime.core.machine.waiting import coins


@compiled
def play_inside(run: int, m: int, row: int, time: int) -> None:
    """Everything that can happen to an open position inside one candle."""
    p = of.position(run, m)
    opened = of.open_at(run, m, row)
    high = of.high_at(run, m, row)
    low = of.low_at(run, m, row)
    first, last = of.fine_begin(run, m, row), of.fine_end(run, m, row)
    if last > first and math.isnan(p.opened) and not p.late:
        of.control(run).settled += _both_touched(run, m, opened, high, low)
        k = first
        while p.open and k < last:
            _play_range(run, m, row, time, of.fine_open(run, m, k), of.fine_high(run, m, k), of.fine_low(run, m, k))
            k += 1
    else:
        _play_range(run, m, row, time, opened, high, low)
    if p.open:
        _candle_over(run, m, high, low, of.close_at(run, m, row), opened)
    else:
        ended(run, m)


@compiled
def _both_touched(run: int, m: int, opened: float, high: float, low: float) -> int:
    """1 where a range reaches the stop and a target and opened between them: which came first it does not say."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    if p.late or not guard.targets:
        return 0
    side = p.side
    at, _ = protection(run, m)
    if math.isnan(at) or not crossed(at, -side, low, high) or (opened - at) * side <= 0.0:
        return 0
    for k in range(guard.targets):
        target = of.target(run, guard.first_target + k)
        if p.hit & (1 << k):
            continue
        reference = FROM_ENTRY if target.reference == FROM_EACH else target.reference
        goal = laid(of.plan(run, m), target.level, base_of(run, m, reference), side)
        if crossed(goal, side, low, high) and (goal - opened) * side > 0.0:
            return 1
    return 0


@compiled
def _play_range(run: int, m: int, row: int, time: int, opened: float, high: float, low: float) -> None:
    """What a range of prices causes: a candle's, or a finer candle's inside it."""
    p = of.position(run, m)
    targets = of.guard(run, p.guard).targets
    of.control(run).ambiguous += _both_touched(run, m, opened, high, low)
    met = opened if math.isnan(p.opened) else p.opened
    p.before_average, p.before_last = p.cost / p.quantity, p.last_price
    if targets:
        _targets(run, m, row, time, met, met, met)
    if p.open and of.adds(run):
        _adds(run, m, row, time, low, high, met, -p.side)
    if p.open:
        _stops(run, m, row, time, low, high, opened)
    if p.open and of.adds(run) and not p.late:
        _adds(run, m, row, time, low, high, met, p.side)
        if p.open:
            _stops(run, m, row, time, low, high, opened)
    if p.open and targets:
        _targets(run, m, row, time, low, high, met)


@compiled
def ended(run: int, m: int) -> None:
    """A position ended: its holding waits for the next rebalance, its grid for the next close."""
    of.market(run, m).stopped = 1
    of.market(run, m).wanted = math.nan
    for step in range(of.settings(run).grid_steps):
        of.put_resting(run, m, step, 0)


@compiled
def _candle_over(run: int, m: int, high: float, low: float, close: float, opened: float) -> None:
    """Trailing levels move by this candle from now on; a limit filled inside it counts its close only."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    if p.late:
        met = opened if math.isnan(p.opened) else p.opened
        high, low = max(close, met), min(close, met)
    p.highs, p.lows = max(p.highs, high), min(p.lows, low)
    p.best = p.highs if p.side == 1 else p.lows
    p.opened, p.late = math.nan, 0
    p.bars += 1
    for k in range(p.lots):
        of.lot(run, m * of.lot_room(run) + k).late = 0
    if guard.trail_begin == AFTER and guard.trail >= 0:
        if (p.best - laid(of.plan(run, m), guard.trail_after, p.first_price, p.side)) * p.side >= 0:
            p.trail_on = 1
    if guard.even_begin == AFTER:
        if (p.best - laid(of.plan(run, m), guard.even_after, p.first_price, p.side)) * p.side >= 0:
            p.even_on = 1


@compiled
def _stops(run: int, m: int, row: int, time: int, low: float, high: float, opened: float) -> None:
    """The stop comes first, for everything that is left."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    side = p.side
    met = opened if math.isnan(p.opened) else p.opened
    at, kind = protection(run, m)
    if not math.isnan(at) and crossed(at, -side, low, high):
        sell(run, m, row, time, 1.0, -1, filled_at(at, -side, met), kind, p.rule, 1)
        return
    if guard.stop >= 0 and guard.stop_reference == FROM_EACH:
        k = 0
        while p.open and k < p.lots:
            lot = of.lot(run, m * of.lot_room(run) + k)
            at = laid(of.plan(run, m), guard.stop, lot.price, -side)
            count = p.lots
            if crossed(at, -side, low, high):
                price = filled_at(at, -side, _lot_met(run, m, k, time, met))
                sell(run, m, row, time, 1.0, k, price, STOP, p.rule, 1)
            if p.lots == count:
                k += 1


@compiled
def _lot_met(run: int, m: int, k: int, time: int, met: float) -> float:
    """Where an entry of this very candle met it, else where the position does."""
    lot = of.lot(run, m * of.lot_room(run) + k)
    return lot.price if lot.time == time and k > 0 else met


@compiled
def _targets(
    run: int,
    m: int,
    row: int,
    time: int,
    low: float,
    high: float,
    met: float,
) -> None:
    """Targets in the order written; what a limit bought inside this candle waits for the next.

    Where an add inside this candle moved a target, the further of its two places counts.
    """
    p = of.position(run, m)
    side = p.side
    if p.late:
        return
    guard = of.guard(run, p.guard)
    for k in range(guard.targets):
        target = of.target(run, guard.first_target + k)
        if not p.open:
            return
        if p.hit & (1 << k):
            continue
        if target.reference == FROM_EACH:
            _lot_targets(run, m, row, time, low, high, met, k)
            continue
        at = laid(of.plan(run, m), target.level, base_of(run, m, target.reference), side)
        if target.reference != FROM_ENTRY:
            before = p.before_average if target.reference == 1 else p.before_last
            other = laid(of.plan(run, m), target.level, before, side)
            at = max(at, other) if side == 1 else min(at, other)
        if crossed(at, side, low, high):
            p.hit |= 1 << k
            sell(run, m, row, time, share_of(run, m, target.portion), -1, filled_at(at, side, met), TARGET, p.rule, 0)


@compiled
def _lot_targets(run: int, m: int, row: int, time: int, low: float, high: float, met: float, k: int) -> None:
    """A target of each entry by itself."""
    p = of.position(run, m)
    target = of.target(run, of.guard(run, p.guard).first_target + k)
    side = p.side
    i = 0
    while p.open and i < p.lots:
        lot = of.lot(run, m * of.lot_room(run) + i)
        at = laid(of.plan(run, m), target.level, lot.price, side)
        count = p.lots
        if not (lot.hit & (1 << k)) and not lot.late and crossed(at, side, low, high):
            lot.hit |= 1 << k
            price = filled_at(at, side, _lot_met(run, m, i, time, met))
            sell(run, m, row, time, min(1.0, target.portion), i, price, TARGET, p.rule, 0)
        if p.lots == count:
            i += 1


# adds


@compiled
def _adds(run: int, m: int, row: int, time: int, low: float, high: float, met: float, way: int) -> None:
    """All rungs on one side of the entry that this candle reaches, nearest first.

    On the losing side only those nearer than the stop: they are passed before it.
    """
    p = of.position(run, m)
    if closed(run, time, m, row - 1):
        return
    guard = math.nan
    if way != p.side:
        guard, _ = protection(run, m)
    for a in range(of.adds(run)):
        add = of.add(run, a)
        if add.expression >= 0 or add.side != way:
            continue
        while p.open:
            at = _next_rung(run, m, a, way)
            if math.isnan(at):
                break
            soon = add.apart >= 0 and time - p.last_time < add.apart
            guarded = not math.isnan(guard)
            beyond = guarded and (at - guard) * p.side <= DUST * guard
            gapped = guarded and (met - guard) * p.side <= 0
            if soon or beyond or gapped or not crossed(at, way, low, high):
                break
            price = filled_at(at, way, met)
            if not enlarge(run, m, row, a, time, price, 1 if way == p.side else 0):
                break
            if of.settings(run).lots:
                of.lot(run, m * of.lot_room(run) + p.lots - 1).late = 1 if way != p.side else 0


@compiled
def _rung(run: int, m: int, a: int, way: int) -> int:
    """The nearest rung of a ladder that is not done; -1 for none."""
    add, found, best = of.add(run, a), -1, 0.0
    base = base_of(run, m, add.reference)
    for k in range(add.count):
        if plan_kind(of.plan(run, m), add.first + k) == ABSENT or of.adding(run, m * of.adds(run) + a).rungs & (1 << k):
            continue
        at = laid(of.plan(run, m), add.first + k, base, way) * way
        if found < 0 or at < best:
            found, best = k, at
    return found


@compiled
def _next_rung(run: int, m: int, a: int, way: int) -> float:
    """The price of the nearest rung that is not done; NaN for none."""
    add, done = of.add(run, a), of.adding(run, m * of.adds(run) + a).done
    if add.times >= 0 and done >= add.times:
        return math.nan
    base = base_of(run, m, add.reference)
    if add.every:
        kind, step = plan_kind(of.plan(run, m), add.first), plan_value(of.plan(run, m), add.first)
        if kind == ABSENT or step <= 0.0:
            return math.nan
        if add.reference == FROM_ENTRY:
            step *= done + 1
        return base + way * (step * base if kind == 0.0 else step)
    k = _rung(run, m, a, way)
    return math.nan if k < 0 else laid(of.plan(run, m), add.first + k, base, way)


@compiled
def _risked(run: int, m: int, price: float) -> float:
    """How far the stop that works now is from an add's price; NaN without one."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    at, _ = protection(run, m)
    found = (price - at) * p.side
    if guard.stop >= 0 and guard.stop_reference == FROM_EACH:
        own = (price - laid(of.plan(run, m), guard.stop, price, -p.side)) * p.side
        if math.isnan(found) or own < found:
            found = own
    return found


@compiled
def enlarge(run: int, m: int, row: int, a: int, time: int, price: float, slips: int) -> bool:
    """Adds once at the market's price; false where the cash does not pay for it or it was refused."""
    add, p = of.add(run, a), of.position(run, m)
    done = of.adding(run, m * of.adds(run) + a).done
    notional, quantity, all_in = math.nan, math.nan, 0
    factor = add.factor**done
    if add.kind == SIZE_COINS:
        quantity = add.amount * factor
    elif add.kind == SIZE_RISK:
        distance = _risked(run, m, price)
        if not distance > 0.0:
            skip(run, RISK_UNKNOWN)
            return False
        notional = equity(run) * add.amount / distance * price * factor
    elif add.kind == SIZE_EQUITY:
        notional = equity(run) * add.amount * factor
        all_in = 1 if add.amount >= 1.0 else 0
    else:
        notional = add.amount * factor
    paid = paid_price(run, m, row, price, p.side, 0.0) if slips else price
    amount = coins(run, notional, quantity, all_in, paid)
    if slips and of.venue(run).impact > 0.0 and amount > 0.0:
        paid = paid_price(run, m, row, price, p.side, amount)
        amount = coins(run, notional, quantity, all_in, paid)
    if amount <= 0.0:
        skip(run, NO_CASH_NOW)
        return False
    amount = allowed_quantity(run, m, amount, paid)
    if amount <= 0.0:
        skip(run, TOO_SMALL)
        return False
    rung = _rung(run, m, a, add.side) if add.count and not add.every else -1
    status = buy(run, m, time, amount, paid, price, ADDED, p.rule, False, slips, -1)
    if status == REFUSED_IT:
        return False
    if rung >= 0:
        of.adding(run, m * of.adds(run) + a).rungs |= 1 << rung
    of.adding(run, m * of.adds(run) + a).done = done + 1
    if status == ASKED_IT:
        # asked about once: a person's answer is about this rung, not about each candle that touches it
        return False
    p.adds += 1
    tighten(run, m)
    return True
