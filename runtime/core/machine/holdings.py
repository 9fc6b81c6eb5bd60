"""`hold` and `rebalance`: weights of the equity, restored by the clock or once one has drifted."""

import math

import numpy as np

from runtime.core.machine import world as of
from runtime.core.machine.account import begin_position, covered, equity, last_moment, met_at_open, paid_price
from runtime.core.machine.compiled import compiled
from runtime.core.machine.desk import FILLED_IT, allowed_quantity, buy, sell, skip
from runtime.core.machine.expressions import value
from runtime.core.machine.gates import chosen, closed
from runtime.core.machine.layout import DAY_MS, DUST, NO_CASH_NOW, REBALANCE, TOO_SMALL, Floats
from runtime.core.machine.levels import read_plan, set_stop


@compiled
def weights(run: int, now: int) -> Floats:
    """What each market should weigh now, read on the last closed candles ; 0 for cash."""
    settings = of.settings(run)
    count = of.markets(run)
    found = np.zeros(count)
    if settings.hold_best > 0:
        _best(run, now, found)
    else:
        for k in range(of.weights(run)):
            each = of.weight(run, k)
            for m in range(count):
                if each.market >= 0 and each.market != m:
                    continue
                if each.market < 0 and not chosen(run, now, m):
                    continue
                if _true(run, m, of.market(run, m).row):
                    found[m] = _known(value(run, each.expression, m, of.market(run, m).row))
    total = 0.0
    for m in range(count):
        found[m] = max(0.0, found[m])
        total += found[m]
    if total == 0.0:
        for k in range(of.otherwises(run)):
            each = of.otherwise(run, k)
            if each.market >= 0:
                found[each.market] = _known(value(run, each.expression, each.market, of.market(run, each.market).row))
    return found


@compiled
def _best(run: int, now: int, found: Floats) -> None:
    """The best few by rank, each the same; a place whose market fails its condition stays in cash."""
    settings = of.settings(run)
    count = of.markets(run)
    ranks = np.full(count, math.nan)
    for m in range(count):
        among = of.weights(run) == 0
        for k in range(of.weights(run)):
            among = among or of.weight(run, k).market == m
        if among and chosen(run, now, m):
            ranks[m] = value(run, settings.hold_rank, m, of.market(run, m).row)
    for _ in range(settings.hold_best):
        best = -1
        for m in range(count):
            if not math.isnan(ranks[m]) and (best < 0 or ranks[m] > ranks[best]):
                best = m
        if best < 0:
            return
        ranks[best] = math.nan
        if _true(run, best, of.market(run, best).row):
            found[best] = 1.0 / settings.hold_best


@compiled
def _known(number: float) -> float:
    return 0.0 if math.isnan(number) else number


@compiled
def _true(run: int, m: int, row: int) -> bool:
    condition = of.settings(run).hold_condition
    return condition < 0 or (row >= 0 and value(run, condition, m, row) == 1.0)


@compiled
def _change(run: int, m: int) -> float:
    """How much money of a market is to be bought, or sold where negative, by the last close."""
    p = of.position(run, m)
    return of.market(run, m).wanted - (p.quantity * of.market(run, m).mark if p.open else 0.0)


@compiled
def hold_at_open(run: int, time: int, point: int) -> None:
    """Rebalances where it is time, and finishes on markets whose candle was missing."""
    account, count = of.account(run), of.markets(run)
    after = account.hold_open
    account.hold_open = time
    for k in range(of.rebalances(run)):
        if due(run, of.rebalance(run, k).interval, of.rebalance(run, k).list, after, time):
            account.hold_due = 1
    priced = False
    for m in range(count):
        priced = priced or of.market(run, m).seen
    if account.hold_due and priced:
        account.hold_due, account.hold_begun = 0, 1
        share, worth = weights(run, time), equity(run)
        for m in range(count):
            of.market(run, m).stopped = 0
            of.market(run, m).wanted = share[m] * worth
    _sell(run, time, point)
    _buy(run, time, point)


@compiled
def due(run: int, interval: int, moments: int, after: int, until: int) -> bool:
    """Whether a scheduled moment lies later than `after` and not later than `until`.

    An interval below a day counts from each midnight UTC; longer ones are lists.
    """
    if interval > 0:
        midnight = until // DAY_MS * DAY_MS
        return midnight + (until - midnight) // interval * interval > after
    return last_moment(run, moments, after, until)


@compiled
def _sell(run: int, time: int, point: int) -> None:
    """Sales come first: they bring the cash."""
    for m in range(of.markets(run)):
        row, p = of.row_at(run, m, point), of.position(run, m)
        if math.isnan(of.market(run, m).wanted) or row < 0 or not of.market(run, m).seen or not p.open:
            continue
        change = _change(run, m)
        if change >= 0:
            continue
        share = 1.0 if of.market(run, m).wanted == 0.0 else -change / (p.quantity * of.market(run, m).mark)
        of.market(run, m).wanted = math.nan
        sell(run, m, row, time, share, -1, met_at_open(run, m, row), REBALANCE, -1, 1)


@compiled
def _buy(run: int, time: int, point: int) -> None:
    """Purchases share what the cash covers after fees; they wait for sales whose market has no candle now."""
    count, account = of.markets(run), of.account(run)
    for m in range(count):
        if not math.isnan(of.market(run, m).wanted) and of.position(run, m).open and _change(run, m) < 0:
            return
    money = np.zeros(count)
    total = 0.0
    for m in range(count):
        if math.isnan(of.market(run, m).wanted) or of.row_at(run, m, point) < 0 or not of.market(run, m).seen:
            continue
        change = _change(run, m)
        of.market(run, m).wanted = math.nan
        if change <= DUST * account.budget:
            continue
        reason = closed(run, time, m, of.market(run, m).row)
        if reason:
            skip(run, reason)
        else:
            money[m] = change
            total += change
    scale = min(1.0, covered(run) / total) if total > 0.0 else 1.0
    for m in range(count):
        if money[m] == 0.0:
            continue
        if money[m] * scale <= DUST * account.budget:
            skip(run, NO_CASH_NOW)
        else:
            _enlarge(run, m, money[m] * scale, time, of.row_at(run, m, point), of.market(run, m).row)


@compiled
def _enlarge(run: int, m: int, money: float, time: int, row: int, last: int) -> None:
    """One purchase."""
    p = of.position(run, m)
    opened = met_at_open(run, m, row)
    paid = paid_price(run, m, row, opened, 1, money / opened)
    quantity = allowed_quantity(run, m, money / paid, paid)
    if quantity <= 0.0:
        skip(run, TOO_SMALL)
        return
    was_open = p.open
    if not was_open:
        reason = read_plan(run, of.plan(run, m), m, last, 1, of.market(run, m).mark)
        if reason:
            skip(run, reason)
            return
        for k in range(of.entry_expressions(run)):
            of.put_entry_value(run, m, k, value(run, of.entry_expression(run, k), m, last))
        begin_position(run, m, 1, -1, -1, time, time)
    if buy(run, m, time, quantity, paid, opened, REBALANCE, -1, not was_open, 1, -1) == FILLED_IT and not was_open:
        set_stop(run, m)


@compiled
def hold_at_close(run: int, now: int) -> None:
    """Whether a weight has drifted far enough; a market stopped out waits for the others."""
    settings, account = of.settings(run), of.account(run)
    if not settings.has_drift or not account.hold_begun:
        return
    share, worth = weights(run, now), equity(run)
    for m in range(of.markets(run)):
        p = of.position(run, m)
        weight = p.quantity * of.market(run, m).mark / worth if p.open else 0.0
        if not of.market(run, m).stopped and abs(weight - share[m]) >= settings.drift - 1e-12:
            account.hold_due = 1
