"""What keeps a strategy from entering: windows, pauses, halts, cooldowns, days, places (Meaning 1, 4 and 7)."""

from runtime.core.machine import world as of
from runtime.core.machine.account import day_index
from runtime.core.machine.compiled import compiled
from runtime.core.machine.expressions import value
from runtime.core.machine.layout import (
    AFTER_ANY,
    AFTER_LOSS,
    AFTER_OTHER,
    AFTER_STOP,
    COOLING,
    DAY_FULL,
    DAY_MS,
    DUST,
    HALTED,
    HELD_BACK,
    NO_SLOT,
    OUTSIDE_HOURS,
    PAUSED,
    STOP,
    TRAIL,
)
from runtime.core.machine.levels import share_of


@compiled
def closed(run: int, now: int, m: int, row: int) -> int:
    """Why entries and adds of every kind wait at this moment; 0 where they do not."""
    account = of.account(run)
    if account.held:
        return HELD_BACK
    if account.halted:
        return HALTED
    if now < account.paused_until:
        return PAUSED
    for k in range(of.windows(run)):
        window = of.window(run, k)
        if window.expression >= 0:
            held = value(run, window.expression, m, row)
            if held != float(window.only):
                return OUTSIDE_HOURS
        else:
            # moments at which the window opens and shuts in turn
            open_now = (day_index(run, window.list, now) - of.list_at(run, window.list)) % 2
            if open_now != window.only:
                return OUTSIDE_HOURS
    return 0


@compiled
def leaves(run: int, m: int) -> bool:
    """Whether all of a market's position goes at the next open: parts may be all that is left."""
    if not of.position(run, m).open or of.market(run, m).planned == 0:
        return False
    total = 0.0
    for k in range(of.market(run, m).planned):
        total += share_of(run, m, of.planned(run, m * of.planned_room(run) + k).portion)
    return total > 1.0 - 1e-9


@compiled
def cooling(run: int, now: int, m: int, side: int) -> int:
    """Whether a cooldown after the last exit forbids a new position; a planned exit counts as one of now."""
    market = of.market(run, m)
    leaving, same = False, False
    for k in range(market.planned):
        if of.planned(run, m * of.planned_room(run) + k).portion >= 1.0:
            leaving = True
            same = same or of.planned(run, m * of.planned_room(run) + k).side == side
    for k in range(of.cooldowns(run)):
        cooldown = of.cooldown(run, k)
        if leaving and (cooldown.after == AFTER_ANY or (cooldown.after == AFTER_OTHER and not same)):
            return COOLING
        if not market.exited or now >= market.exit_time + cooldown.length:
            continue
        if cooldown.after == AFTER_ANY:
            return COOLING
        if cooldown.after == AFTER_LOSS and market.exit_pnl < 0.0:
            return COOLING
        if cooldown.after == AFTER_STOP and (market.exit_kind == STOP or market.exit_kind == TRAIL):
            return COOLING
        if cooldown.after == AFTER_OTHER and market.exit_side != side:
            return COOLING
    return 0


@compiled
def full_day(run: int, now: int, pending: int) -> int:
    """Whether the day, in the clause's zone, has had all its entries."""
    settings, account = of.settings(run), of.account(run)
    if settings.most_entries < 0:
        return 0
    today = of.moment_at(run, day_index(run, settings.entry_days, now) - 1)
    entered = account.zone_entries if account.zone_day == today else 0
    return DAY_FULL if entered + pending >= settings.most_entries else 0


@compiled
def no_slot(run: int, m: int, with_leaving: bool) -> int:
    """Whether there is a place for one more position; a planned exit frees its own where `with_leaving`."""
    most = of.settings(run).slots
    if most < 0:
        return 0
    taken = 0
    for other in range(of.markets(run)):
        if other == m:
            continue
        holds = of.position(run, other).open and not (with_leaving and leaves(run, other))
        waits = False
        for w in range(of.account(run).waiting):
            waits = waits or of.waiting(run, w).market == other
        if holds or waits:
            taken += 1
    return NO_SLOT if taken >= most else 0


@compiled
def chosen(run: int, now: int, m: int) -> bool:
    """Whether a universe takes a market now; every named market is taken."""
    if not of.settings(run).universe:
        return True
    day = now // DAY_MS - of.first_day(run)
    return 0 <= day < of.chosen_days(run) and of.is_chosen(run, day, m) == 1


@compiled
def slack(run: int) -> float:
    """What rounding may take from the cash."""
    return DUST * of.account(run).budget
