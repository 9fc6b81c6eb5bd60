"""At the close (Meaning 1 and 7): halts and pauses, alerts, exits, then entries; all of it fills at the next open."""

import math

import numpy as np

from runtime.core.machine import world as of
from runtime.core.machine.account import day_index
from runtime.core.machine.calm import any_entry
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import alert, note, skip
from runtime.core.machine.expressions import value
from runtime.core.machine.gates import chosen, closed, cooling, full_day, leaves, no_slot
from runtime.core.machine.grid import arm
from runtime.core.machine.holdings import hold_at_close
from runtime.core.machine.layout import (
    ALERTED,
    ALREADY_IN,
    ENTERS,
    EXIT_FIRST,
    EXITS_ALL,
    EXITS_PART,
    FLAT,
    HALT,
    HALTS,
    HALTS_AND_CLOSES,
    LEAVING_ALREADY,
    NO_CASH,
    NONE,
    NOT_CHOSEN,
    ONCE,
    ONE_FILL,
    ORDER_MARKET,
    ORDER_WAITS,
    OTHER_ENTRY,
    PAUSES,
    QUESTION_OPEN,
    REVERSE,
    SIGNAL,
    SOLD_ONCE,
)
from runtime.core.machine.levels import (
    base_of,
    laid,
    plan_kind,
    plan_value,
    put_level,
    read_level,
)
from runtime.core.machine.names import snapshot
from runtime.core.machine.waiting import (
    drop,
    free_cash,
    needed,
    new_waiting,
    orders_over,
    prepare,
    unaffordable,
)


@compiled
def at_close(run: int, point: int) -> None:
    """Everything that is decided at the closes of a point of the time line."""
    settings = of.settings(run)
    now = of.time_at(run, point) + settings.length
    count = of.markets(run)
    snapshot(run, point, now)
    for m in range(count):
        if of.row_at(run, m, point) < 0:
            continue
        if of.account(run).waiting and settings.order != ORDER_MARKET:
            orders_over(run, m, now)
        if settings.grid_steps:
            arm(run, m, of.market(run, m).mark)
        if of.position(run, m).open:
            _follow(run, m, of.market(run, m).row)
    _breakers(run, point, now)
    for m in range(count):
        if of.row_at(run, m, point) >= 0:
            _alerts(run, m, point, now)
            _exits(run, m, point)
    if of.entries(run):
        _entries(run, point, now)
    if of.adds(run):
        for m in range(count):
            if of.row_at(run, m, point) >= 0 and of.position(run, m).open:
                _adds(run, m, of.row_at(run, m, point), now)
    if settings.hold:
        hold_at_close(run, now)


@compiled
def _follow(run: int, m: int, row: int) -> None:
    """`following` levels are read again, stops only ever tighter; `once` begins with the first close that is true."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    if guard.stop >= 0 and guard.stop_following and not math.isnan(p.stop):
        plan = of.plan(run, m)
        before = plan_value(plan, guard.stop)
        if read_level(run, plan, guard.stop, m, row):
            at = laid(plan, guard.stop, base_of(run, m, guard.stop_reference), -p.side)
            p.stop = max(at, p.stop) if p.side == 1 else min(at, p.stop)
        put_level(plan, guard.stop, plan_kind(plan, guard.stop), before)
    for k in range(guard.targets):
        if of.target(run, guard.first_target + k).following:
            level = of.target(run, guard.first_target + k).level
            kind, before = plan_kind(of.plan(run, m), level), plan_value(of.plan(run, m), level)
            if not read_level(run, of.plan(run, m), level, m, row):
                put_level(of.plan(run, m), level, kind, before)
    if guard.trail >= 0 and guard.trail_begin == ONCE:
        if value(run, guard.trail_after, m, row) == 1.0:
            p.trail_on = 1
    if guard.even_begin == ONCE and value(run, guard.even_after, m, row) == 1.0:
        p.even_on = 1


@compiled
def _newly(run: int, which: int, m: int, held: float) -> bool:
    """Whether a condition is true now and was not at the close before."""
    before = of.was(run, which, m)
    of.put_was(run, which, m, 1 if held == 1.0 else 0)
    return held == 1.0 and not before


@compiled
def _breakers(run: int, point: int, now: int) -> None:
    """Pauses and halts come first; a halt that closes leaves every position."""
    account, closing = of.account(run), False
    pauses, halts = of.pauses(run), of.halts(run)
    if pauses + halts == 0:
        return
    for m in range(of.markets(run)):
        row = of.row_at(run, m, point)
        if row < 0:
            continue
        for k in range(pauses):
            pause = of.pause(run, k)
            held = value(run, pause.expression, m, row)
            begins = _newly(run, k, m, held)
            if begins:
                end = now + pause.length if pause.length >= 0 else of.moment_at(run, day_index(run, pause.days, now))
                account.paused_until = max(account.paused_until, end)
            note(run, point, m, pause.number, held, PAUSES if begins else NONE, 0.0, 0.0)
        for k in range(halts):
            halt = of.halt(run, k)
            held = value(run, halt.expression, m, row)
            # newly true: a person who restarts it has seen why it halted
            begins = _newly(run, pauses + k, m, held) and not account.halted
            if begins:
                account.halted = 1
                closing = closing or halt.close == 1
            action = NONE if not begins else HALTS_AND_CLOSES if halt.close else HALTS
            note(run, point, m, halt.number, held, action, 0.0, 0.0)
    if account.halted or now < account.paused_until:
        account.waiting = 0
        for m in range(of.markets(run)):
            of.market(run, m).adding = 0
            for a in range(of.adds(run)):
                of.adding(run, m * of.adds(run) + a).due = 0
    if closing:
        for m in range(of.markets(run)):
            if of.position(run, m).open:
                _plan_exit(run, m, 1.0, HALT, -1)


@compiled
def _plan_exit(run: int, m: int, portion: float, kind: int, rule: int) -> None:
    """Waits for the next open of this market."""
    market = of.market(run, m)
    if market.planned < of.planned_room(run):
        exit_ = of.planned(run, m * of.planned_room(run) + market.planned)
        exit_.portion, exit_.kind, exit_.rule, exit_.side = portion, kind, rule, of.position(run, m).side
        market.planned += 1


@compiled
def _alerts(run: int, m: int, point: int, now: int) -> None:
    """A message once its condition is newly true."""
    first = of.pauses(run) + of.halts(run)
    for k in range(of.alert_rules(run)):
        held = value(run, of.alert_rule(run, k).expression, m, of.row_at(run, m, point))
        newly = _newly(run, first + k, m, held)
        if newly:
            alert(run, point, now, m, of.alert_rule(run, k).number)
        note(run, point, m, of.alert_rule(run, k).number, held, ALERTED if newly else NONE, 0.0, 0.0)


@compiled
def _exits(run: int, m: int, point: int) -> None:
    """Rules that close; a part fires once a position, on so much of the largest size."""
    keep = of.control(run).keep
    p = of.position(run, m)
    if not p.open and not keep:
        return
    for k in range(of.closers(run)):
        rule = of.closer(run, k)
        held = value(run, rule.expression, m, of.row_at(run, m, point))
        action = NONE if p.open else FLAT
        if held == 1.0 and p.open:
            action = _close_by(run, m, k, rule.side, rule.name, rule.portion, rule.number)
        if held == 1.0 and action != FLAT:
            of.control(run).signals += 1
            if action != EXITS_ALL and action != EXITS_PART:
                skip(run, action)
        note(run, point, m, rule.number, held, action, 0.0, 0.0)


@compiled
def _close_by(run: int, m: int, k: int, side: int, name: int, portion: float, number: int) -> int:
    """What a true exit rule does."""
    p = of.position(run, m)
    if side != 0 and side != p.side:
        return FLAT
    if name >= 0 and name != p.name:
        return OTHER_ENTRY
    if leaves(run, m):
        return LEAVING_ALREADY
    if portion < 1.0:
        if p.parts & (1 << k):
            return SOLD_ONCE
        p.parts |= 1 << k
        _plan_exit(run, m, portion, SIGNAL, number)
        return EXITS_PART
    _plan_exit(run, m, 1.0, SIGNAL, number)
    return EXITS_ALL


@compiled
def _entries(run: int, point: int, now: int) -> None:
    """The entry that each market asks for, in the order in which they get free places."""
    count = of.markets(run)
    if not of.control(run).keep and not any_entry(run, point):
        return
    picked = np.full(count, -1)
    some = 0
    for m in range(count):
        if of.row_at(run, m, point) >= 0:
            picked[m] = _candidate(run, m, point)
            if picked[m] >= 0:
                some += 1
    if some == 0:
        return
    for m in range(count):
        if picked[m] >= 0:
            _reverses(run, m, picked[m])
    ranks = np.zeros(count)
    rank = of.settings(run).rank
    if rank >= 0:
        for m in range(count):
            if picked[m] >= 0:
                ranks[m] = of.settings(run).rank_sign * value(run, rank, m, of.row_at(run, m, point))
    for _ in range(some):
        best = -1
        for m in range(count):
            if picked[m] < 0:
                continue
            if best < 0 or ranks[m] < ranks[best] or (math.isnan(ranks[best]) and not math.isnan(ranks[m])):
                best = m
        k = picked[best]
        picked[best] = -1
        _enter(run, best, k, point, now)


@compiled
def _reverses(run: int, m: int, k: int) -> None:
    """An entry of the other side plans the way out first."""
    if of.position(run, m).open and not leaves(run, m):
        _plan_exit(run, m, 1.0, REVERSE, of.entry(run, k).number)


@compiled
def _candidate(run: int, m: int, point: int) -> int:
    """The first true rule of a market that may act; -1 for none."""
    p, found = of.position(run, m), -1
    stays = p.open and not leaves(run, m)
    for k in range(of.entries(run)):
        rule = of.entry(run, k)
        held = value(run, rule.expression, m, of.row_at(run, m, point))
        action = NONE
        if held == 1.0:
            if stays and not (of.settings(run).reverse and rule.side != p.side):
                action = ALREADY_IN
            elif _exit_on(run, m, rule.side):
                action = EXIT_FIRST
            elif found >= 0:
                action = ONE_FILL
            elif _waits(run, m):
                action = QUESTION_OPEN if _is_asked(run, m) else ORDER_WAITS
            else:
                found = k
                continue
            if action != ALREADY_IN:
                of.control(run).signals += 1
                skip(run, action)
        note(run, point, m, rule.number, held, action, 0.0, 0.0)
    return found


@compiled
def _exit_on(run: int, m: int, side: int) -> bool:
    for k in range(of.market(run, m).planned):
        if of.planned(run, m * of.planned_room(run) + k).side == side:
            return True
    return False


@compiled
def _waits(run: int, m: int) -> bool:
    for w in range(of.account(run).waiting):
        if of.waiting(run, w).market == m:
            return True
    return False


@compiled
def _is_asked(run: int, m: int) -> bool:
    for w in range(of.account(run).waiting):
        if of.waiting(run, w).market == m and of.waiting(run, w).asked == 1:
            return True
    return False


@compiled
def _enter(run: int, m: int, k: int, point: int, now: int) -> None:
    """Sends an entry unless something forbids it."""
    rule, settings, row = of.entry(run, k), of.settings(run), of.row_at(run, m, point)
    first, second = 0.0, 0.0
    reason = closed(run, now, m, row)
    if not reason:
        reason = cooling(run, now, m, rule.side)
    if not reason:
        reason = full_day(run, now, of.account(run).waiting)
    if not reason and not chosen(run, now, m):
        reason = NOT_CHOSEN
    if not reason:
        reason = no_slot(run, m, True)
    if not reason:
        w = new_waiting(run, m, rule.side, now, now, rule.number, rule.name, settings.order)
        if w < 0:
            reason = ORDER_WAITS
        elif settings.order == ORDER_MARKET or not settings.order_at_open:
            reason = prepare(run, w, of.market(run, m).mark, row)
            if not reason and unaffordable(run, w):
                order = of.waiting(run, w)
                at = of.market(run, m).mark if math.isnan(order.price) else order.price
                reason = NO_CASH
                first, second = needed(run, order.notional, order.quantity, 0, at), free_cash(run, w)
            if reason:
                drop(run, w)
    of.control(run).signals += 1
    if reason:
        skip(run, reason)
    note(run, point, m, rule.number, 1.0, reason if reason else ENTERS, first, second)


@compiled
def _adds(run: int, m: int, row: int, now: int) -> None:
    """`add … when C`: more at the next open."""
    p = of.position(run, m)
    if leaves(run, m):
        return
    for a in range(of.adds(run)):
        add = of.add(run, a)
        if add.expression < 0 or of.adding(run, m * of.adds(run) + a).due or value(run, add.expression, m, row) != 1.0:
            continue
        full = add.times >= 0 and of.adding(run, m * of.adds(run) + a).done >= add.times
        soon = add.apart >= 0 and now - p.last_time < add.apart
        if not full and not soon and not closed(run, now, m, row):
            of.adding(run, m * of.adds(run) + a).due = 1
            of.market(run, m).adding = 1
