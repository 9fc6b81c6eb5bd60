"""What a run that is live does beside its candles: answers of a person, sales by hand, traces of what was judged."""

import math

from runtime.core.machine import world as of
from runtime.core.machine.account import begin_position, met_at_open
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import FILLED_IT, buy, sell
from runtime.core.machine.expressions import value
from runtime.core.machine.inside import ended
from runtime.core.machine.layout import ORDER_MARKET, Floats, Ints
from runtime.core.machine.levels import read_plan, set_stop, tighten
from runtime.core.machine.waiting import drop, fill, leave_at_once


@compiled
def take_waiting(run: int, w: int, share: float, time: int) -> None:
    """A person said yes to (a share of) an order that waits: it is filled now, or waits for its price."""
    order = of.waiting(run, w)
    m = order.market
    order.asked = 2
    if share < 1.0:
        order.notional, order.quantity, order.all_in = order.notional * share, order.quantity * share, 0
    if order.kind != ORDER_MARKET:
        return
    price = met_at_open(run, m, of.market(run, m).row)
    done = fill(run, w, price, 1, time, of.market(run, m).row)
    drop(run, w)
    if done == 1:
        leave_at_once(run, m, of.market(run, m).row, price, time)


@compiled
def buy_now(run: int, m: int, side: int, quantity: float, kind: int, rule: int, time: int) -> None:
    """A person said yes to an add, a step of a grid or a purchase of a holding."""
    p, row = of.position(run, m), of.market(run, m).row
    price = met_at_open(run, m, row)
    paid = price * (1.0 + side * of.venue(run).slippage)
    was_open = p.open
    if was_open and p.side != side:
        return
    if not was_open:
        if read_plan(run, of.plan(run, m), m, row, side, price):
            return
        begin_position(run, m, side, rule, -1, time, time)
        for k in range(of.entry_expressions(run)):
            of.put_entry_value(run, m, k, value(run, of.entry_expression(run, k), m, row))
    if buy(run, m, time, quantity, paid, price, kind, rule, not was_open, 1, -1) != FILLED_IT:
        return
    if was_open:
        p.adds += 1
        tighten(run, m)
    else:
        set_stop(run, m)


@compiled
def sell_now(run: int, m: int, share: float, kind: int, rule: int, time: int) -> None:
    """Leaves (a share of) a position at the present price."""
    if of.position(run, m).open:
        row = of.market(run, m).row
        sell(run, m, row, time, share, -1, met_at_open(run, m, row), kind, rule, 1)
        if not of.position(run, m).open:
            ended(run, m)


@compiled
def read_all(run: int, expressions: Ints, out: Floats) -> None:
    """The values of some expressions (-1 is none) at the last close of each market; `out` (markets x thirds x 3)."""
    for m in range(out.shape[0]):
        row = of.market(run, m).row
        for k in range(expressions.shape[0]):
            out[m, k // 3, k % 3] = value(run, expressions[k], m, row) if expressions[k] >= 0 else math.nan


@compiled
def read_rows(run: int, m: int, expression: int, out: Floats) -> None:
    """An expression on each candle of a market."""
    for row in range(out.shape[0]):
        out[row] = value(run, expression, m, row)
