"""`every …`: fires at the first candle open at or after the scheduled time; a condition is read on the last closed candle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_dsl import nodes
from tests.reference import orders
from tests.reference.clock import last_scheduled
from tests.reference.results import AlertSent
from tests.reference.universe import chosen

if TYPE_CHECKING:
    from tests.reference.machine import Run

EXITS = ("sell", "cover", "exit")
SIDES = {"buy": 1, "short": -1}


def due(
    run: Run, time: int, present: dict[str, int], actions: tuple[str, ...]
) -> list[tuple[nodes.Schedule, str, str]]:
    """The schedules of some actions that fire at this open: schedule, market and label."""
    found = []
    for number, schedule in enumerate(run.strategy.schedules, 1):
        if schedule.action not in actions:
            continue
        for market in run.markets if schedule.market is None else (schedule.market,):
            if market not in present:
                continue
            after = run.opened_before.get(market, run.start - 1)
            if last_scheduled(schedule.timing, after, time) is None:
                continue
            at = run.last_row(market, before=present[market])
            if schedule.condition is not None and (
                at is None or run.world.at(schedule.condition, market, at) is not True
            ):
                continue
            found.append((schedule, market, f"every {number}"))
    return found


def exits(run: Run, time: int, present: dict[str, int]) -> None:
    """Scheduled sales, covers and exits: a part is of what is open then."""
    for schedule, market, label in due(run, time, present, EXITS):
        position = run.account.positions.get(market)
        if position is None or position.side not in {"sell": (1,), "cover": (-1,), "exit": (1, -1)}[schedule.action]:
            continue
        share = 1.0 if schedule.portion is None else float(schedule.portion.value) / 100
        run.close_at_open(position, time, present[market], "time", label, share)


def entries(run: Run, time: int, present: dict[str, int]) -> None:
    """Scheduled buys and shorts add to what is open on their side; the budget ends them."""
    for schedule, market, label in due(run, time, present, ("buy", "short")):
        if schedule.market is None and market not in chosen(run, time):
            continue
        enter(run, schedule, market, label, time, present)


def enter(run: Run, schedule: nodes.Schedule, market: str, label: str, time: int, present: dict[str, int]) -> None:
    """One scheduled entry."""
    side, at = SIDES[schedule.action], run.last_row(market, before=present[market])
    position = run.account.positions.get(market)
    if position is not None and position.side != side:
        if not run.strategy.reverse:
            run.skip(time, market, "already in")
            return
        run.close_at_open(position, time, present[market], "reverse", label)
        position = None
    reason = run.gates.closed(time, market, at)
    if not reason:
        reason = run.gates.full_day(time, 0)
    if not reason and position is None:
        reason = run.gates.cooling(time, market, side) or run.no_slot(market)
    opened = run.world.view(market).open[present[market]]
    price = opened if at is None else run.world.view(market).close[at]
    kind = run.strategy.order.kind if run.strategy.order else "market"
    waiting = orders.Waiting(
        market, side, -1 if at is None else at, time, label, None, kind, scheduled=True, amount=schedule.amount
    )  # fmt: skip
    reason = reason or orders.place(run, waiting, price)
    if reason:
        run.skip(time, market, reason)
        return
    orders.at_open(run, time, {market: present[market]})


def alerts(run: Run, time: int, present: dict[str, int]) -> None:
    """Scheduled messages: for each market with a condition or a market of its own, else once."""
    sent = set()
    for schedule, market, label in due(run, time, present, ("alert",)):
        whole = schedule.market is None and schedule.condition is None
        if whole and label in sent:
            continue
        sent.add(label)
        run.result.alerts.append(AlertSent(time, "" if whole else market, schedule.text or ""))
