"""Stops, targets, trailing and break even: read on the deciding candle, laid from fills (Meaning 6 and 8)."""

import math

from runtime.core.machine import world as of
from runtime.core.machine.compiled import (
    compiled,
    integer_at,
    number_at,
    put_integer,
    put_number,
)
from runtime.core.machine.expressions import value
from runtime.core.machine.layout import (
    AFTER,
    AMOUNT,
    AT_ONCE,
    FROM_AVERAGE,
    FROM_EACH,
    FROM_ENTRY,
    FROM_LAST,
    LEVEL_UNKNOWN,
    MULTIPLE,
    PRICE,
    RATIO,
    STOP,
    STOP_SIDE,
    STOP_TOO_FAR,
    TARGET_SIDE,
    TRAIL,
    TRAIL_SIDE,
)

ABSENT = -1
"""The kind of a level that is not known."""


@compiled
def plan_kind(plan: int, level: int) -> int:
    """What a level's value is; a plan is the address of (value, kind) for each level."""
    return integer_at(plan + 16 * level + 8)


@compiled
def plan_value(plan: int, level: int) -> float:
    """A level's share, amount or price."""
    return number_at(plan + 16 * level)


@compiled
def put_level(plan: int, level: int, kind: int, number: float) -> None:
    """Writes a level into a plan."""
    put_number(plan + 16 * level, number)
    put_integer(plan + 16 * level + 8, kind)


@compiled
def copy_plan(source: int, target: int, levels: int) -> None:
    """Copies every level."""
    for level in range(levels):
        put_level(target, level, plan_kind(source, level), plan_value(source, level))


@compiled
def laid(plan: int, level: int, base: float, way: int) -> float:
    """The price of a level: `way` 1 is above the base, -1 below."""
    kind, number = plan_kind(plan, level), plan_value(plan, level)
    if kind == PRICE:
        return number
    if kind == RATIO:
        return base + way * (number * base)
    return base + way * number


@compiled
def read_level(run: int, plan: int, level: int, m: int, row: int) -> bool:
    """Reads a level as it is on a candle; whether it is known. Multiples go by the risk in the plan."""
    spec = of.level(run, level)
    if spec.kind == MULTIPLE:
        risk = spec.expression
        if plan_kind(plan, risk) == ABSENT:
            return False
        put_level(plan, level, plan_kind(plan, risk), plan_value(plan, risk) * spec.value)
        return True
    number = value(run, spec.expression, m, row)
    put_level(plan, level, spec.kind, number)
    return not math.isnan(number)


@compiled
def _read_risk(run: int, plan: int, price: float) -> None:
    """The stop's distance; a trailing stop from the start counts as one, and of both the nearer."""
    guard = of.guard(run, 0)
    risk, found = guard.risk, math.inf
    put_level(plan, risk, ABSENT, 0.0)
    if guard.stop >= 0:
        if plan_kind(plan, guard.stop) == PRICE:
            put_level(plan, risk, AMOUNT, abs(price - plan_value(plan, guard.stop)))
        else:
            put_level(plan, risk, plan_kind(plan, guard.stop), plan_value(plan, guard.stop))
        found = abs(laid(plan, risk, price, 1) - price)
    if guard.trail >= 0 and guard.trail_begin == AT_ONCE:
        if abs(laid(plan, guard.trail, price, 1) - price) < found:
            put_level(plan, risk, plan_kind(plan, guard.trail), plan_value(plan, guard.trail))


@compiled
def read_plan(run: int, plan: int, m: int, row: int, side: int, price: float) -> int:
    """Every level of an entry at about a price; 0, or why there can be no entry."""
    guard = of.guard(run, 0)
    if guard.stop >= 0:
        if not read_level(run, plan, guard.stop, m, row):
            return LEVEL_UNKNOWN
        at = laid(plan, guard.stop, price, -side)
        if (at - price) * side >= 0:
            return STOP_SIDE
        if side < 0 and at >= 2.0 * price:
            # the loss would be more than the position is worth
            return STOP_TOO_FAR
    if guard.trail >= 0:
        if not read_level(run, plan, guard.trail, m, row):
            return LEVEL_UNKNOWN
        if (laid(plan, guard.trail, price, -side) - price) * side >= 0:
            return TRAIL_SIDE
    _read_risk(run, plan, price)
    for k in range(guard.targets):
        level = of.target(run, guard.first_target + k).level
        if not read_level(run, plan, level, m, row):
            return LEVEL_UNKNOWN
        if (laid(plan, level, price, side) - price) * side <= 0:
            return TARGET_SIDE
    if guard.trail >= 0 and guard.trail_begin == AFTER:
        if not read_level(run, plan, guard.trail_after, m, row):
            return LEVEL_UNKNOWN
    if guard.even_begin == AFTER:
        if not read_level(run, plan, guard.even_after, m, row):
            return LEVEL_UNKNOWN
    for a in range(of.adds(run)):
        for k in range(of.add(run, a).count):
            level = of.add(run, a).first + k
            if not read_level(run, plan, level, m, row):
                put_level(plan, level, ABSENT, 0.0)
    return 0


@compiled
def base_of(run: int, m: int, reference: int) -> float:
    """The price from which a distance is laid."""
    p = of.position(run, m)
    if reference == FROM_AVERAGE:
        return p.cost / p.quantity
    if reference == FROM_LAST:
        return p.last_price
    return p.first_price


@compiled
def set_stop(run: int, m: int) -> None:
    """The one stop, laid from the first fill."""
    guard = of.guard(run, of.position(run, m).guard)
    if guard.stop >= 0 and guard.stop_reference != FROM_EACH:
        of.position(run, m).stop = laid(
            of.plan(run, m), guard.stop, of.position(run, m).first_price, -of.position(run, m).side
        )


@compiled
def tighten(run: int, m: int) -> None:
    """An add lays the stop anew where it goes by the average or last entry, and never further away."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    if guard.stop < 0 or guard.stop_reference == FROM_ENTRY or guard.stop_reference == FROM_EACH:
        return
    at = laid(of.plan(run, m), guard.stop, base_of(run, m, guard.stop_reference), -p.side)
    if math.isnan(p.stop) or (at - p.stop) * p.side > 0:
        p.stop = at


@compiled
def protection(run: int, m: int) -> tuple[float, int]:
    """The tightest of stop, break even and trailing stop with its kind; NaN where there is none."""
    p = of.position(run, m)
    guard = of.guard(run, p.guard)
    found, kind = p.stop, STOP
    if p.even_on and (math.isnan(found) or (p.first_price - found) * p.side > 0):
        found, kind = p.first_price, STOP
    if guard.trail >= 0 and (guard.trail_begin == AT_ONCE or p.trail_on):
        at = laid(of.plan(run, m), guard.trail, p.best, -p.side)
        if math.isnan(found) or (at - found) * p.side > 0:
            found, kind = at, TRAIL
    return found, kind


@compiled
def crossed(level: float, way: int, low: float, high: float) -> bool:
    """Whether a candle reaches a level that lies above (1) or below (-1) the price."""
    return high >= level if way == 1 else low <= level


@compiled
def filled_at(level: float, way: int, opened: float) -> float:
    """At the level, or at the open of a candle that opens beyond it."""
    return max(level, opened) if way == 1 else min(level, opened)


@compiled
def share_of(run: int, m: int, portion: float) -> float:
    """A part of the largest size as a share of what is left."""
    p = of.position(run, m)
    if portion >= 1.0:
        return 1.0
    share = portion * p.largest / p.quantity
    return 1.0 if share > 1.0 - 1e-9 else share
