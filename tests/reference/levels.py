"""Stops, targets, trailing and break even: read on the deciding candle, laid from fills, watched inside candles (Meaning 6, 8)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from strategy_dsl import nodes
from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.units import Unit
from tests.reference.values import World

ALL_SCOPES = frozenset({"candles", "position", "past", "strategy", "outside", "order"})


class Spec(NamedTuple):
    """A level before it is laid: a ratio of price, an amount of price, or a price of its own."""

    kind: str
    value: float

    def times(self, factor: float) -> "Spec":
        """A multiple of a distance."""
        return Spec(self.kind, self.value * factor)

    def laid(self, reference: float, way: int) -> float:
        """The price: `way` 1 is above the reference, -1 below."""
        if self.kind == "price":
            return self.value
        step = self.value * reference if self.kind == "ratio" else self.value
        return reference + way * step


@dataclass
class Plan:
    """What was read on the deciding candle."""

    stop: Spec | None = None
    risk: Spec | None = None
    targets: list[Spec] = field(default_factory=list)
    trail: Spec | None = None
    trail_after: Spec | None = None
    even_after: Spec | None = None
    rungs: list[list[Spec | None]] = field(default_factory=list)


class Reader:
    """Reads levels of one strategy at a market's candle."""

    def __init__(self, strategy: nodes.Strategy, world: World) -> None:
        self.strategy, self.world = strategy, world

    def distance(self, node: nodes.Node, market: str, at: int) -> Spec | None:
        """A ratio or an amount of price; None while unknown."""
        value = self.world.at(node, market, at)
        if value is None:
            return None
        kinds = Kinds(self.world.lets, self.world.timeframe, scopes=ALL_SCOPES)
        return Spec("ratio" if kinds.of(node).unit is Unit.PERCENT else "amount", float(value))

    def level(self, level: object, market: str, at: int, risk: Spec | None) -> Spec | None:
        """Any level of a clause."""
        match level:
            case nodes.Distance(value):
                return self.distance(value, market, at)
            case nodes.AtPrice(price):
                found = self.world.at(price, market, at)
                return None if found is None else Spec("price", float(found))
            case nodes.Multiple(value):
                return None if risk is None else risk.times(float(value))
        raise AssertionError(level)

    def plan(self, market: str, side: int, at: int, price: float) -> Plan | str:
        """Every level of an entry at about `price`; a text says why there can be no entry."""
        plan, strategy = Plan(), self.strategy
        if strategy.stop and strategy.stop.level:
            plan.stop = self.level(strategy.stop.level, market, at, None)
            if plan.stop is None:
                return "the stop is unknown"
            if (plan.stop.laid(price, -side) - price) * side >= 0:
                return "the stop is on the wrong side"
            if side < 0 and plan.stop.laid(price, -side) >= 2 * price:
                return "the stop is too far"
        if strategy.trailing:
            plan.trail = self.distance(strategy.trailing.distance, market, at)
            if plan.trail is None:
                return "the trailing stop is unknown"
            if (plan.trail.laid(price, -side) - price) * side >= 0:
                return "the trailing stop is on the wrong side"
        plan.risk = self.risk(plan, price)
        for target in strategy.targets:
            spec = self.level(target.level, market, at, plan.risk)
            if spec is None:
                return "a target is unknown"
            if (spec.laid(price, side) - price) * side <= 0:
                return "a target is on the wrong side"
            plan.targets.append(spec)
        for clause, name in ((strategy.trailing, "trail_after"), (strategy.break_even, "even_after")):
            if clause and isinstance(clause.after, nodes.Distance | nodes.Multiple):
                spec = self.level(clause.after, market, at, plan.risk)
                if spec is None:
                    return "an activation is unknown"
                setattr(plan, name, spec)
        for add in strategy.adds:
            steps = add.distances if add.distances else (add.every,) if add.every else ()
            plan.rungs.append([self.distance(each, market, at) for each in steps])
        return plan

    def risk(self, plan: Plan, price: float) -> Spec | None:
        """The stop's distance; a trailing stop from the start counts as one, and of both the nearer."""
        found = []
        if plan.stop is not None:
            near = plan.stop.kind == "price"
            found.append(Spec("amount", abs(price - plan.stop.value)) if near else plan.stop)
        if plan.trail is not None and self.strategy.trailing.after is None:
            found.append(plan.trail)
        return min(found, key=lambda spec: abs(spec.laid(price, 1) - price)) if found else None


def crossed(level: float, way: int, low: float, high: float) -> bool:
    """Whether a candle reaches a level that lies above (1) or below (-1) the price."""
    return high >= level if way == 1 else low <= level


def filled_at(level: float, way: int, opened: float) -> float:
    """At the level, or at the open of a candle that opens beyond it."""
    return max(level, opened) if way == 1 else min(level, opened)
