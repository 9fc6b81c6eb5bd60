"""Money and positions: every fill goes through `enter` and `leave` (Meaning 5, 8 and 10)."""

import math

from runtime.core.machine import world as of
from runtime.core.machine.compiled import compiled
from runtime.core.machine.layout import (
    DUST,
    MOST_LOSSES,
)


@compiled
def day_index(run: int, days: int, time: int) -> int:
    """Which day of a list of midnights a moment lies in."""
    low, high = of.list_at(run, days), of.list_at(run, days + 1)
    while low < high:
        middle = (low + high) // 2
        if of.moment_at(run, middle) <= time:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def last_moment(run: int, which: int, after: int, until: int) -> bool:
    """Whether a list has a moment later than `after` and not later than `until`."""
    at = day_index(run, which, until) - 1
    return at >= of.list_at(run, which) and of.moment_at(run, at) > after


@compiled
def equity(run: int) -> float:
    """Cash, margins and open results at the last known prices."""
    leverage = of.settings(run).leverage
    total = of.account(run).cash
    for m in range(of.markets(run)):
        p = of.position(run, m)
        if p.open:
            total += p.cost / leverage + p.side * (of.market(run, m).mark * p.quantity - p.cost)
    return total


@compiled
def covered(run: int) -> float:
    """The largest notional value that the cash pays together with its fee."""
    return max(0.0, of.account(run).cash) / (1.0 / of.settings(run).leverage + of.venue(run).fee)


@compiled
def covers(run: int, notional: float) -> bool:
    """Whether the cash pays margin and fee."""
    slack = DUST * max(1.0, of.account(run).budget)
    return notional / of.settings(run).leverage + notional * of.venue(run).fee <= of.account(run).cash + slack


@compiled
def paid_price(run: int, m: int, row: int, price: float, way: int, quantity: float) -> float:
    """A price made worse by half the spread, fixed slippage and the order's own size; `way` 1 is bought, -1 sold.

    The impact is `impact` times the root of the order's share of the candle's volume (the square-root law of
    Almgren et al., Direct Estimation of Equity Market Impact, 2005). Live the broker says what was paid.
    """
    venue = of.venue(run)
    worse = venue.slippage + venue.spread / 2.0
    if venue.impact > 0.0 and row >= 0 and quantity > 0.0:
        volume = of.volume_at(run, m, row)
        worse += venue.impact * math.sqrt(quantity / volume) if volume > 0.0 else venue.impact
    return price * (1.0 + way * worse)


@compiled
def met_at_open(run: int, m: int, row: int) -> float:
    """What a market order meets: the candle's open, or live the present price."""
    return of.market(run, m).present if of.control(run).live else of.open_at(run, m, row)


@compiled
def steps(run: int, m: int, quantity: float) -> float:
    """A quantity rounded down to the venue's step."""
    step = of.venue_rule(run, m).step
    if step <= 0.0:
        return quantity
    return math.floor(quantity / step + 1e-9) * step


@compiled
def begin_position(run: int, m: int, side: int, rule: int, name: int, decided: int, time: int) -> None:
    """A position without its first fill."""
    p = of.position(run, m)
    p.open, p.side, p.rule, p.name, p.decided, p.time = 0, side, rule, name, decided, time
    p.quantity = p.cost = p.fee = p.largest = p.bought = p.result = 0.0
    p.first_price = p.last_price = p.best = p.highs = p.lows = 0.0
    p.stop = p.opened = p.before_average = p.before_last = math.nan
    p.last_time = p.bars = p.late = p.trail_on = p.even_on = p.hit = p.parts = p.sold = p.adds = p.lots = p.guard = 0
    for a in range(of.adds(run)):
        of.adding(run, m * of.adds(run) + a).done = 0
        of.adding(run, m * of.adds(run) + a).rungs = 0


@compiled
def enter(run: int, m: int, time: int, quantity: float, price: float, fee: float, counted: bool) -> None:
    """Opens or enlarges a position by a fill."""
    p, market, account = of.position(run, m), of.market(run, m), of.account(run)
    account.cash -= quantity * price / of.settings(run).leverage + fee
    if p.open == 0:
        p.open = 1
        p.first_price = p.best = p.highs = p.lows = price
        if not market.seen:
            market.mark = price
    p.quantity += quantity
    p.cost += quantity * price
    p.fee += fee
    p.largest = max(p.largest, p.quantity)
    p.bought += quantity * price
    p.last_price, p.last_time = price, time
    if of.settings(run).lots:
        lot = of.lot(run, m * of.lot_room(run) + p.lots)
        lot.price, lot.quantity, lot.fee, lot.time = price, quantity, fee, time
        lot.hit, lot.step, lot.late = 0, -1, 0
        p.lots += 1
    market.last_entry_price, market.entered = price, 1
    if counted:
        _count_entry(run, time)


@compiled
def _count_entry(run: int, time: int) -> None:
    account, settings = of.account(run), of.settings(run)
    day = day_index(run, settings.utc_days, time)
    first = of.moment_at(run, day - 1)
    if account.utc_day != first:
        account.utc_day, account.utc_entries = first, 0
    account.utc_entries += 1
    if settings.entry_days >= 0:
        first = of.moment_at(run, day_index(run, settings.entry_days, time) - 1)
        if account.zone_day != first:
            account.zone_day, account.zone_entries = first, 0
        account.zone_entries += 1


@compiled
def leave(
    run: int,
    m: int,
    time: int,
    share: float,
    lot: int,
    quantity: float,
    price: float,
    fee: float,
    kind: int,
    rule: int,
) -> None:
    """Closes a share of a position, or of one of its lots, by a fill."""
    p, account, market, settings = of.position(run, m), of.account(run), of.market(run, m), of.settings(run)
    if lot >= 0:
        each = of.lot(run, m * of.lot_room(run) + lot)
        cost, paid = each.quantity * each.price * share, each.fee * share
    else:
        cost, paid = p.cost * share, p.fee * share
    gained = p.side * (quantity * price - cost)
    account.cash += cost / settings.leverage + gained - fee
    pnl = gained - fee - paid
    p.result += pnl
    began = p.time
    if lot >= 0:
        began = of.lot(run, m * of.lot_room(run) + lot).time
    _log_trade(run, m, began, time, cost, quantity, price, pnl, paid, fee, kind, rule)
    whole = lot < 0 and share >= 1.0
    p.quantity = 0.0 if whole else p.quantity - quantity
    p.cost = 0.0 if whole else p.cost - cost
    p.fee = 0.0 if whole else p.fee - paid
    if settings.lots:
        _shrink_lots(run, m, share, lot)
    if p.quantity > DUST * p.largest:
        p.sold += 1
        return
    p.open = 0
    market.exited = 1
    market.exit_time, market.exit_kind, market.exit_side = time, kind, p.side
    market.exit_price, market.exit_pnl, market.exit_profit = price, p.result, p.result / p.bought
    if p.result < 0.0:
        account.losses_in_a_row += 1
        of.put_loss(run, account.losses % MOST_LOSSES, time)
        account.losses += 1
    elif p.result > 0.0:
        account.losses_in_a_row = 0


@compiled
def _shrink_lots(run: int, m: int, share: float, lot: int) -> None:
    """Takes a share from one lot, or from all, and drops what is empty."""
    p = of.position(run, m)
    kept = 0
    quantity, cost, fee = 0.0, 0.0, 0.0
    for k in range(p.lots):
        each = of.lot(run, m * of.lot_room(run) + k)
        if lot < 0 or k == lot:
            each.quantity *= 1.0 - share
            each.fee *= 1.0 - share
        if each.quantity > DUST * p.largest:
            quantity += each.quantity
            cost += each.quantity * each.price
            fee += each.fee
            if kept != k:
                to = of.lot(run, m * of.lot_room(run) + kept)
                to.price, to.quantity, to.fee, to.time = each.price, each.quantity, each.fee, each.time
                to.hit, to.step, to.late = each.hit, each.step, each.late
            kept += 1
    p.lots = kept
    p.quantity, p.cost, p.fee = quantity, cost, fee


@compiled
def _log_trade(
    run: int,
    m: int,
    began: int,
    time: int,
    cost: float,
    quantity: float,
    price: float,
    pnl: float,
    entry_fee: float,
    fee: float,
    kind: int,
    rule: int,
) -> None:
    p = of.position(run, m)
    control = of.control(run)
    if control.trades >= of.trade_room(run):
        control.full = 1
        return
    row = of.trade(run, control.trades)
    row.entry_price, row.exit_price, row.quantity, row.pnl = cost / quantity, price, quantity, pnl
    row.entry_fee, row.exit_fee = entry_fee, fee
    row.market, row.side, row.entry_time, row.exit_time = m, p.side, began, time
    row.kind, row.rule, row.entry_rule = kind, rule, p.rule
    control.trades += 1


@compiled
def losses_after(run: int, begin: int) -> int:
    """How many trades were lost later than a moment, of the last 1,000."""
    count = 0
    for k in range(min(of.account(run).losses, MOST_LOSSES)):
        if of.loss_at(run, k) > begin:
            count += 1
    return count
