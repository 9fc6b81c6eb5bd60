"""`grid from A to B in n steps of money`: each step below the price buys at its foot and sells at its top, again."""

import math

import numpy as np

from runtime.core.machine import world as of
from runtime.core.machine.account import begin_position
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import FILLED_IT, allowed_quantity, buy, sell, skip
from runtime.core.machine.gates import closed
from runtime.core.machine.layout import GRID, NO_CASH_NOW, TOO_SMALL
from runtime.core.machine.levels import read_plan, set_stop
from runtime.core.machine.waiting import coins


@compiled
def _foot(run: int, step: int) -> float:
    settings = of.settings(run)
    return settings.grid_low + (settings.grid_high - settings.grid_low) * step / settings.grid_steps


@compiled
def _held(run: int, m: int, step: int) -> bool:
    p = of.position(run, m)
    if not p.open:
        return False
    for k in range(p.lots):
        if of.lot(run, m * of.lot_room(run) + k).step == step:
            return True
    return False


@compiled
def arm(run: int, m: int, price: float) -> None:
    """A buy rests at the foot of every empty step below the price, and stays there once placed."""
    of.market(run, m).armed = 1
    for step in range(of.settings(run).grid_steps):
        rests = of.resting(run, m, step) == 1 or _foot(run, step) < price
        of.put_resting(run, m, step, 1 if rests and not _held(run, m, step) else 0)


@compiled
def grid_inside(run: int, m: int, row: int, time: int) -> None:
    """What rested and was held when the candle began; what it buys is sold on a later candle, and the other way."""
    opened = of.open_at(run, m, row)
    high = of.high_at(run, m, row)
    low = of.low_at(run, m, row)
    count = of.settings(run).grid_steps
    if not of.market(run, m).armed:
        arm(run, m, opened)
    resting = np.empty(count, np.int64)
    for step in range(count):
        resting[step] = of.resting(run, m, step)
    for step in range(count):
        if not _held(run, m, step):
            continue
        top = _foot(run, step + 1)
        if high >= top:
            for k in range(of.position(run, m).lots):
                if of.lot(run, m * of.lot_room(run) + k).step == step:
                    sell(run, m, row, time, 1.0, k, max(top, opened), GRID, -1, 0)
                    break
    if closed(run, time, m, row - 1):
        return
    for step in range(count - 1, -1, -1):
        foot = _foot(run, step)
        if resting[step] and low <= foot:
            _buy(run, m, row, time, step, min(foot, opened))


@compiled
def _buy(run: int, m: int, row: int, time: int, step: int, price: float) -> None:
    """One step's purchase."""
    p = of.position(run, m)
    amount = coins(run, of.settings(run).grid_money, math.nan, 0, price)
    if amount <= 0.0:
        skip(run, NO_CASH_NOW)
        return
    amount = allowed_quantity(run, m, amount, price)
    if amount <= 0.0:
        skip(run, TOO_SMALL)
        return
    was_open = p.open
    if not was_open:
        reason = read_plan(run, of.plan(run, m), m, row - 1, 1, price)
        if reason:
            skip(run, reason)
            return
        begin_position(run, m, 1, -1, -1, time, time)
    if buy(run, m, time, amount, price, price, GRID, -1, True, 0, -1) != FILLED_IT:
        return
    if not was_open:
        p.opened, p.late = price, 1
        set_stop(run, m)
    of.lot(run, m * of.lot_room(run) + p.lots - 1).step = step
    of.put_resting(run, m, step, 0)
