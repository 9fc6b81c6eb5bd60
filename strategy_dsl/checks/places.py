"""Where expressions stand in a strategy, what each must be there, and which values it may use."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from strategy_dsl import nodes
from strategy_dsl.catalogue import Scope

Expected = Literal["condition", "price", "share", "quantity"]
FLAT: frozenset[Scope] = frozenset({"candles", "past", "strategy", "outside"})
"""What can be known while there is no position."""
HELD: frozenset[Scope] = FLAT | {"position"}
ORDERED: frozenset[Scope] = FLAT | {"order"}


class Place(NamedTuple):
    """One expression: what it must be, which scopes of values it may use, what it belongs to."""

    node: nodes.Node
    expected: Expected
    scopes: frozenset[Scope]
    clause: nodes.Node


def places(strategy: nodes.Strategy) -> Iterator[Place]:
    """Every expression of a strategy, `let`s aside."""
    for rule in strategy.rules:
        yield Place(rule.condition, "condition", FLAT if rule.opens else HELD, rule)
    for schedule in strategy.schedules:
        if schedule.condition is not None:
            scopes = FLAT if schedule.action in ("buy", "short") else HELD
            yield Place(schedule.condition, "condition", scopes, schedule)
    yield from _weights(strategy)
    for alert in strategy.alerts:
        yield Place(alert.condition, "condition", HELD, alert)
    breakers: tuple[nodes.Pause | nodes.Halt, ...] = (*strategy.pauses, *strategy.halts)
    for breaker in breakers:
        yield Place(breaker.condition, "condition", HELD, breaker)
    for window in strategy.windows:
        if window.condition is not None:
            yield Place(window.condition, "condition", FLAT, window)
    if strategy.order and strategy.order.price is not None:
        yield Place(strategy.order.price, "price", ORDERED, strategy.order)
    if strategy.open_positions and strategy.open_positions.rank is not None:
        yield Place(strategy.open_positions.rank, "quantity", FLAT, strategy.open_positions)
    yield from _adds(strategy)
    yield from _levels(strategy)


def _weights(strategy: nodes.Strategy) -> Iterator[Place]:
    hold = strategy.hold
    if hold is None:
        return
    for weight in (*hold.weights, *hold.otherwise):
        yield Place(weight.value, "share", FLAT, weight)
    if hold.each is not None:
        yield Place(hold.each, "share", FLAT, hold)
    if hold.rank is not None:
        yield Place(hold.rank, "quantity", FLAT, hold)
    if hold.condition is not None:
        yield Place(hold.condition, "condition", FLAT, hold)


def _adds(strategy: nodes.Strategy) -> Iterator[Place]:
    for add in strategy.adds:
        if add.condition is not None:
            yield Place(add.condition, "condition", HELD, add)
        for distance in (*add.distances, *([] if add.every is None else [add.every])):
            yield Place(distance, "price", FLAT, add)


def _levels(strategy: nodes.Strategy) -> Iterator[Place]:
    levels: list[tuple[nodes.Node | None, nodes.Node]] = [(each.level, each) for each in strategy.targets]
    if strategy.stop:
        levels.append((strategy.stop.level, strategy.stop))
    if strategy.trailing:
        levels.append((nodes.Distance(strategy.trailing.distance), strategy.trailing))
        levels.append((strategy.trailing.after, strategy.trailing))
    if strategy.break_even:
        levels.append((strategy.break_even.after, strategy.break_even))
    for level, clause in levels:
        match level:
            case nodes.Once(condition):
                yield Place(condition, "condition", HELD, clause)
            case nodes.Distance(value) | nodes.AtPrice(value):
                yield Place(value, "price", FLAT, clause)
