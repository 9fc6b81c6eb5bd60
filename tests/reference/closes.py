"""At the close (Meaning 1 and 7): halts and pauses, alerts, exits, then entries; all of it fills at the next open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from strategy_dsl import nodes
from strategy_dsl.timeframes import duration_ms
from tests.reference import inside, orders, sizes
from tests.reference.account import Position
from tests.reference.results import AlertSent, Decision
from tests.reference.universe import chosen

if TYPE_CHECKING:
    from tests.reference.machine import Run

SIDES = {"buy": 1, "short": -1}
CLOSED_BY = {"sell": (1,), "cover": (-1,), "exit": (1, -1)}


class PlannedExit(NamedTuple):
    """An exit that waits for the next open; `portion` None is all."""

    portion: nodes.Percent | None
    kind: str
    label: str
    side: int


def decide(run: Run, now: int, present: dict[str, int]) -> None:
    """Everything that happens at one close."""
    run.snapshot(now, present)
    for market, row in present.items():
        orders.over(run, market, now)
        if market in run.grids:
            run.grids[market].arm(run.world.view(market).close[row])
        position = run.account.positions.get(market)
        if position is not None:
            follow(run, position, row)
    closing = [run.gates.read(now, market, row) for market, row in present.items()]
    if run.gates.halted or now < run.gates.paused_until:
        run.waiting.clear()
        run.adds.clear()
    if any(closing):
        for market, position in run.account.positions.items():
            plan_exit(run, market, PlannedExit(None, "halt", "halt", position.side))
    for market, row in present.items():
        alerts(run, market, row, now)
        exits(run, market, row, now)
    candidates = [found for market, row in present.items() if (found := candidate(run, market, row, now))]
    for market, rule, number in ranked(run, candidates):
        enter(run, market, rule, number, run.rows[market], now)
    for market, row in present.items():
        adds(run, market, row, now)
    if run.strategy.hold:
        run.holdings.at_close(now)


def label_of(rule: nodes.Rule, number: int) -> str:
    """A rule's name, or its number."""
    return rule.name or str(number)


def plan_exit(run: Run, market: str, exit_: PlannedExit) -> None:
    """Waits for the next open of this market."""
    run.exits.setdefault(market, []).append(exit_)


def follow(run: Run, position: Position, row: int) -> None:
    """`following` levels are read again, stops only ever tighter; `once` begins with the first close on which it is true."""
    strategy, plan, side = run.strategy, position.plan, position.side
    if strategy.stop and strategy.stop.following:
        spec = run.reader.level(strategy.stop.level, position.market, row, plan.risk)
        if spec is not None and position.stop is not None:
            level = spec.laid(inside.reference(position, strategy.stop.reference), -side)
            position.stop = max(level, position.stop) if side == 1 else min(level, position.stop)
    for number, target in enumerate(strategy.targets):
        if target.following:
            spec = run.reader.level(target.level, position.market, row, plan.risk)
            plan.targets[number] = spec or plan.targets[number]
    for clause, name in ((strategy.trailing, "trail_on"), (strategy.break_even, "even_on")):
        once = clause.after if clause else None
        if isinstance(once, nodes.Once) and run.world.at(once.condition, position.market, row) is True:
            setattr(position, name, True)


def alerts(run: Run, market: str, row: int, now: int) -> None:
    """A message once its condition is newly true."""
    for number, alert in enumerate(run.strategy.alerts):
        held = run.world.at(alert.condition, market, row)
        newly = run.gates.newly("alert", number, market, held)
        if newly:
            run.result.alerts.append(AlertSent(now, market, alert.text))
        note(run, now, market, len(run.strategy.rules) + number + 1, held, "alert" if newly else "none")


def note(run: Run, now: int, market: str, number: int, held: object, action: str) -> None:
    """One decision."""
    run.result.decisions.append(Decision(now, market, number, held, action))


def exits(run: Run, market: str, row: int, now: int) -> None:
    """Rules that close; a part fires once a position, on so much of the largest size."""
    position = run.account.positions.get(market)
    for number, rule in enumerate(run.strategy.rules, 1):
        if rule.opens:
            continue
        held, action = run.world.at(rule.condition, market, row), "none"
        if held is True:
            action = close_by(run, market, rule, number, position)
        note(run, now, market, number, held, action)


def close_by(run: Run, market: str, rule: nodes.Rule, number: int, position: Position | None) -> str:
    """What a true exit rule does."""
    if position is None or position.side not in CLOSED_BY[rule.action]:
        return "flat"
    if rule.name is not None and rule.name != position.name:
        return "another entry"
    if leaves(run, market):
        return "leaving already"
    part = rule.portion is not None and rule.portion.value < 100
    if part and number in position.parts:
        return "done before"
    if part:
        position.parts.add(number)
    plan_exit(run, market, PlannedExit(rule.portion if part else None, "signal", label_of(rule, number), position.side))
    return "part" if part else "exit"


def leaves(run: Run, market: str) -> bool:
    """Whether all of a market's position goes at the next open: a part of the largest size may be all that is left."""
    position = run.account.positions.get(market)
    planned = run.exits.get(market, [])
    return position is not None and sum(inside.share_of(position, each.portion) for each in planned) > 1 - 1e-9


def candidate(run: Run, market: str, row: int, now: int) -> tuple[str, nodes.Rule, int] | None:
    """The entry that a market asks for: the first true rule that may act."""
    position = run.account.positions.get(market)
    rules = [(number, rule) for number, rule in enumerate(run.strategy.rules, 1) if rule.opens]
    held = {number: run.world.at(rule.condition, market, row) for number, rule in rules}
    found = None
    blocked = {each.side for each in run.exits.get(market, [])}
    stays = position is not None and not leaves(run, market)
    for number, rule in rules:
        side, action = SIDES[rule.action], "none"
        if held[number] is True:
            if stays and not (run.strategy.reverse and side != position.side):
                action = "already in"
            elif side in blocked:
                action = "an exit goes first"
            elif found is not None:
                action = "another entry goes first"
            elif any(each.market == market for each in run.waiting):
                action = "an order waits"
            else:
                found = (market, rule, number)
                continue
        note(run, now, market, number, held[number], action)
    if found and stays:
        plan_exit(run, market, PlannedExit(None, "reverse", label_of(found[1], found[2]), position.side))
    return found


def ranked(run: Run, candidates: list[tuple[str, nodes.Rule, int]]) -> list[tuple[str, nodes.Rule, int]]:
    """In the order of `trade`, or by the value that `at most … first` names; unknown values come last."""
    places = run.strategy.open_positions
    ordered = sorted(candidates, key=lambda each: run.markets.index(each[0]))
    if places is None or places.rank is None:
        return ordered
    sign = -1 if places.best == "highest" else 1
    values = {each[0]: run.world.at(places.rank, each[0], run.rows[each[0]]) for each in ordered}
    known = sorted((each for each in ordered if values[each[0]] is not None), key=lambda each: sign * values[each[0]])
    return known + [each for each in ordered if values[each[0]] is None]


def unaffordable(run: Run, waiting: orders.Waiting) -> str:
    """Whether the cash, with what planned exits free and without what waiting orders need, does not pay for an entry."""
    account, free = run.account, run.account.cash
    for market, planned in run.exits.items():
        position = account.positions.get(market)
        share = min(1.0, sum(inside.share_of(position, each.portion) for each in planned)) if position else 0.0
        if position:
            worth = position.quantity * account.prices[market]
            gained = position.side * (worth - position.cost)
            free += share * (position.cost / account.leverage + gained - worth * account.fee_rate)
    price = waiting.price or account.prices[waiting.market]
    for other in run.waiting:
        if other is not waiting and other.size is not None:
            free -= sizes.needed(run, other.size, other.price or account.prices[other.market])
    if waiting.size is None:
        return ""
    slack = 1e-9 * account.budget
    if waiting.size.all_in and free <= slack:
        return "not enough cash"
    return "not enough cash" if sizes.needed(run, waiting.size, price) > free + slack else ""


def enter(run: Run, market: str, rule: nodes.Rule, number: int, row: int, now: int) -> None:
    """Sends an entry unless something forbids it."""
    side = SIDES[rule.action]
    freed = frozenset(each for each in run.exits if leaves(run, each))
    reason = run.gates.closed(now, market, row)
    reason = reason or run.gates.cooling(now, market, side) or run.gates.full_day(now, len(run.waiting))
    reason = reason or ("" if market in chosen(run, now) else "not among the chosen markets")
    reason = reason or run.no_slot(market, freed)
    if not reason:
        kind = run.strategy.order.kind if run.strategy.order else "market"
        waiting = orders.Waiting(market, side, row, now, label_of(rule, number), rule.name, kind)
        reason = orders.place(run, waiting, run.world.view(market).close[row])
        if not reason and (reason := unaffordable(run, waiting)):
            run.waiting.remove(waiting)
    if reason:
        run.skip(now, market, reason)
    note(run, now, market, number, True, reason or "enter")


def adds(run: Run, market: str, row: int, now: int) -> None:
    """`add … when C`: more at the next open."""
    position = run.account.positions.get(market)
    for number, add in enumerate(run.strategy.adds):
        if add.condition is None or position is None or leaves(run, market):
            continue
        if run.world.at(add.condition, market, row) is not True or (market, number) in run.adds:
            continue
        full = add.times is not None and position.added.get(number, 0) >= add.times
        soon = add.apart is not None and now - position.last_time < duration_ms(add.apart)
        if not full and not soon and not run.gates.closed(now, market, row):
            run.adds.append((market, number))
