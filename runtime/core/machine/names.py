"""What the names of position, past and strategy are at a close."""

import math

from runtime.core.machine import world as of
from runtime.core.machine.account import day_index, equity, losses_after
from runtime.core.machine.compiled import compiled
from runtime.core.machine.layout import (
    ADDS_MADE,
    CLOSE,
    DAY_LOSS,
    DAY_MS,
    DRAWDOWN,
    ENTRIES_TODAY,
    ENTRY_PRICE,
    HALT,
    HELD,
    LAST_ENTRY_PRICE,
    LAST_EXIT_PRICE,
    LAST_EXIT_REASON,
    LAST_PROFIT,
    LOSSES_IN_A_ROW,
    NAMES,
    PARTS_SOLD,
    POSITION_HIGH,
    POSITION_LOW,
    PROFIT,
    SIGNAL,
    STOP,
    TARGET,
    TARGETS_HIT,
    TIME,
    TRAIL,
)

COUNTED = len(NAMES)


@compiled
def snapshot(run: int, point: int, now: int) -> None:
    """Marks, and what the names of position, past and strategy are at this close."""
    account, opened = of.account(run), of.time_at(run, point)
    for m in range(of.markets(run)):
        row = of.row_at(run, m, point)
        if row >= 0:
            of.market(run, m).mark = of.close_at(run, m, row)
            of.market(run, m).seen = 1
    worth = equity(run)
    day = opened // DAY_MS
    if account.day != day:
        account.day, account.day_equity = day, account.last_equity
    account.last_equity = worth
    account.peak = max(account.peak, worth)
    if not of.settings(run).named:
        return
    today = of.moment_at(run, day_index(run, of.settings(run).utc_days, opened) - 1)
    for m in range(of.markets(run)):
        if of.row_at(run, m, point) < 0:
            continue
        of.put_name(run, m, LOSSES_IN_A_ROW, float(account.losses_in_a_row))
        of.put_name(run, m, ENTRIES_TODAY, float(account.utc_entries) if account.utc_day == today else 0.0)
        of.put_name(run, m, DRAWDOWN, 1.0 - worth / account.peak)
        of.put_name(run, m, DAY_LOSS, max(0.0, 1.0 - worth / account.day_equity))
        for k in range(of.spans(run)):
            of.put_name(run, m, COUNTED + k, float(losses_after(run, now - of.span(run, k))))
        _market_names(run, m)


@compiled
def _reason_word(kind: int) -> int:
    """The place of a kind of exit among the words of `last_exit_reason`; -1 for one without a word."""
    if kind == STOP:
        return 0
    if kind == TARGET:
        return 1
    if kind == TRAIL:
        return 2
    if kind == SIGNAL:
        return 3
    if kind == TIME:
        return 4
    if kind == HALT:
        return 5
    return 6 if kind == CLOSE else -1


@compiled
def _market_names(run: int, m: int) -> None:
    p, market = of.position(run, m), of.market(run, m)
    for k in range(TARGETS_HIT + 1):
        of.put_name(run, m, k, math.nan)
    if p.open:
        average = p.cost / p.quantity
        gained = p.side * (market.mark - average) - of.venue(run).fee * (market.mark + average)
        of.put_name(run, m, PROFIT, gained / average)
        of.put_name(run, m, ENTRY_PRICE, average)
        of.put_name(run, m, POSITION_HIGH, p.highs)
        of.put_name(run, m, POSITION_LOW, p.lows)
        of.put_name(run, m, HELD, float(p.bars))
        of.put_name(run, m, ADDS_MADE, float(p.adds))
        of.put_name(run, m, PARTS_SOLD, float(p.sold))
        hit, count = p.hit, 0
        while hit:
            count += hit & 1
            hit >>= 1
        of.put_name(run, m, TARGETS_HIT, float(count))
    if market.exited:
        of.put_name(run, m, LAST_EXIT_PRICE, market.exit_price)
        of.put_name(run, m, LAST_PROFIT, market.exit_profit)
        of.put_name(run, m, LAST_EXIT_REASON, float(_reason_word(market.exit_kind)))
    if market.entered:
        of.put_name(run, m, LAST_ENTRY_PRICE, market.last_entry_price)
