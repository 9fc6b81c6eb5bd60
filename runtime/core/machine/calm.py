"""Candles on which nothing can happen are passed over: flat until an entry rule is true, or open until a level is met.

Passing over leaves behind exactly what playing those candles one by one would: `tests/runtime/core/test_calm.py` plays
both. What a flat market saw last is set anew by the next candle that is played.
"""

import math

from runtime.core.machine import world as of
from runtime.core.machine.compiled import compiled, number_at
from runtime.core.machine.expressions import COLUMN, value
from runtime.core.machine.layout import DAY_MS, FROM_EACH, NEVER, Floats
from runtime.core.machine.levels import base_of, laid


@compiled
def can_sleep(run: int) -> bool:
    """Whether nothing can happen to a run that is flat until an entry rule is true."""
    if of.pauses(run) or of.halts(run) or of.alert_rules(run) or of.schedules(run) or of.control(run).keep:
        return False
    if of.settings(run).hold or of.settings(run).grid_steps or of.settings(run).named:
        return False
    for k in range(of.entries(run)):
        if of.expression(run, of.entry(run, k).expression).kind != COLUMN:
            return False
    return True


@compiled
def can_hold(run: int) -> bool:
    """Whether an open position of a run that can sleep goes by fixed levels and columns alone."""
    if of.markets(run) != 1 or of.adds(run) or of.settings(run).lots or of.funding_count(run):
        return False
    if of.exits_after(run) or of.exit_bars(run) or of.exit_lists(run):
        return False
    for k in range(of.closers(run)):
        if of.expression(run, of.closer(run, k).expression).kind != COLUMN:
            return False
    guard = of.guard(run, 0)
    if guard.trail >= 0 or guard.even_begin != NEVER or guard.stop_following or guard.stop_reference == FROM_EACH:
        return False
    for k in range(guard.targets):
        target = of.target(run, guard.first_target + k)
        if target.following or target.reference == FROM_EACH:
            return False
    return True


@compiled
def is_idle(run: int) -> bool:
    """Whether nothing is open, planned or waiting."""
    if of.account(run).waiting:
        return False
    for m in range(of.markets(run)):
        if of.position(run, m).open or of.market(run, m).planned:
            return False
    return True


@compiled
def rests(run: int) -> bool:
    """Whether the inside and the open of a candle cannot cause an order: nothing is open, waiting or planned."""
    if of.schedules(run) or of.settings(run).hold or of.settings(run).grid_steps:
        return False
    return is_idle(run)


@compiled
def next_awake(run: int, start: int) -> int:
    """The next point at which an entry rule is true; only for rules that are columns."""
    size, count = of.points(run), of.markets(run)
    if count == 1 and of.entries(run) == 1 and of.row_at(run, 0, start) == start:
        # one rule on one market: nothing but one column to look at
        column = of.column(run, 0, of.expression(run, of.entry(run, 0).expression).place)
        for point in range(start, size):
            if number_at(column + 8 * point) == 1.0:
                return point
        return size
    for point in range(start, size):
        if any_entry(run, point):
            return point
    return size


@compiled
def any_entry(run: int, point: int) -> bool:
    """Whether an entry rule is true at a point on any market: at most candles none is."""
    for m in range(of.markets(run)):
        row = of.row_at(run, m, point)
        if row < 0:
            continue
        for k in range(of.entries(run)):
            if value(run, of.entry(run, k).expression, m, row) == 1.0:
                return True
    return False


@compiled
def _nearest_target(run: int, side: int) -> float:
    """The first target that a move meets; beyond all prices where there is none."""
    p, found = of.position(run, 0), math.inf * side
    guard = of.guard(run, p.guard)
    for k in range(guard.targets):
        if not p.hit & (1 << k):
            target = of.target(run, guard.first_target + k)
            at = laid(of.plan(run, 0), target.level, base_of(run, 0, target.reference), side)
            found = min(found, at) if side == 1 else max(found, at)
    return found


@compiled
def held_through(run: int, start: int, worth: Floats, exposure: Floats) -> int:
    """Passes over the candles on which an open position stays as it is; the point at which something may happen."""
    p, market, account = of.position(run, 0), of.market(run, 0), of.account(run)
    if account.waiting or market.planned or p.late or p.guard or not math.isnan(p.opened):
        return start
    side, quantity, cost, margin = p.side, p.quantity, p.cost, p.cost / of.settings(run).leverage
    target, cash = _nearest_target(run, side), account.cash
    stop = -math.inf * side if math.isnan(p.stop) else p.stop
    highs, lows, last, peak, day, day_equity = (
        p.highs, p.lows, account.last_equity, account.peak, account.day, account.day_equity,
    )  # fmt: skip
    mark, point, size, candles = market.mark, start, of.points(run), 0
    while point < size:
        row = of.row_at(run, 0, point)
        if row < 0 or _judged(run, row):
            break
        high, low = of.high_at(run, 0, row), of.low_at(run, 0, row)
        if side == 1 and (low <= stop or high >= target):
            break
        if side == -1 and (high >= stop or low <= target):
            break
        highs, lows, mark = max(highs, high), min(lows, low), of.close_at(run, 0, row)
        if of.time_at(run, point) // DAY_MS != day:
            day, day_equity = of.time_at(run, point) // DAY_MS, last
        last = cash + (margin + side * (mark * quantity - cost))
        worth[point], exposure[point] = last, side * quantity * mark
        peak, point, candles = max(peak, last), point + 1, candles + 1
    if candles:
        p.highs, p.lows, p.bars = highs, lows, p.bars + candles
        p.best = highs if side == 1 else lows
        p.before_average, p.before_last = cost / quantity, p.last_price
        account.last_equity, account.peak, account.day, account.day_equity = last, peak, day, day_equity
        market.mark, market.seen, market.row = mark, 1, of.row_at(run, 0, point - 1)
        market.opened_before = of.time_at(run, point - 1)
    return point


@compiled
def _judged(run: int, row: int) -> bool:
    """Whether a rule is true on a candle."""
    for k in range(of.closers(run)):
        if of.column_at(run, 0, of.expression(run, of.closer(run, k).expression).place, row) == 1.0:
            return True
    for k in range(of.entries(run)):
        if of.column_at(run, 0, of.expression(run, of.entry(run, k).expression).place, row) == 1.0:
            return True
    return False
