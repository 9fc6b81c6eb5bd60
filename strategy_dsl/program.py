"""Tree -> Program: rules with their `let`s put in, and the leaves that a trace records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, VALUES
from strategy_dsl.nodes import walk
from strategy_dsl.words import claim

OPENS = ("buy", "short")
PLAIN = (nodes.Number, nodes.Percent, nodes.Duration)
"""What a `let` may be to stand where only a written number may, as in `rsi(length)`."""


@dataclass(frozen=True)
class Leaf:
    """One comparison of a rule: its claim in the readback's words and the two sides it compares."""

    claim: str
    condition: nodes.Node
    left: nodes.Node | None
    right: nodes.Node | None
    way: int = 0
    """Of a crossing 1 for above, -1 for below."""
    is_turned: bool = False
    """Whether it stands behind a `not`: what is recorded is the comparison, the claim is its opposite."""

    def truth(self, held: float | None) -> float | None:
        """Whether the claim held, given whether the comparison did; None where that is unknown."""
        return 1.0 - held if self.is_turned and held is not None else held

    def has_passed(self, left: float | None, right: float | None) -> bool:
        """Whether a crossing is over: the left side is where it would arrive, and has to come back first."""
        return left is not None and right is not None and (left - right) * self.way > 0


@dataclass(frozen=True)
class RulePlan:
    """A rule ready to run; `number` counts rules from 1 in the order written."""

    number: int
    action: str
    name: str | None
    portion: float
    condition: nodes.Node

    # put into words only where somebody asks: a sweep plays hundreds of rules that nobody reads
    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The comparisons that decide it."""
        return tuple(leaves(self.condition))

    @cached_property
    def claim(self) -> str:
        """Its condition in the readback's words."""
        return claim(self.condition)


@dataclass(frozen=True)
class Program:
    """What a runtime needs of a checked strategy; `reads` are all markets whose candles it needs, traded ones first."""

    strategy: nodes.Strategy
    markets: tuple[str, ...]
    reads: tuple[str, ...]
    timeframe: str
    entries: tuple[RulePlan, ...]
    closers: tuple[RulePlan, ...]
    alerts: tuple[RulePlan, ...]
    gates: tuple[tuple[bool, nodes.Node], ...]

    def rules(self) -> tuple[RulePlan, ...]:
        """Entries, closers and alerts, in that order."""
        return (*self.entries, *self.closers, *self.alerts)


def build_program(strategy: nodes.Strategy) -> Program:
    """The program of a completed, checked strategy."""
    if strategy.trade is None:
        raise ValueError("a program needs a market; compile the rules first")
    lets = resolved_lets(strategy)
    plans = [
        _plan(number, rule.action, rule.name, rule.portion, inline(rule.condition, lets))
        for number, rule in enumerate(strategy.rules, 1)
    ]
    first = len(plans) + 1
    alerts = [
        _plan(number, "alert", alert.text, None, inline(alert.condition, lets))
        for number, alert in enumerate(strategy.alerts, first)
    ]
    gates = [(w.gate == "only", inline(w.condition, lets)) for w in strategy.windows if w.condition is not None]
    return Program(
        inline(strategy, lets),
        strategy.trade.markets,
        markets_read(strategy),
        strategy.trade.timeframe,
        tuple(plan for plan in plans if plan.action in OPENS),
        tuple(plan for plan in plans if plan.action not in OPENS),
        tuple(alerts),
        tuple(gates),
    )


def markets_read(strategy: nodes.Strategy) -> tuple[str, ...]:
    """The markets traded and those only read, each once."""
    traded = strategy.trade.markets if strategy.trade else ()
    read = (each.market for each in walk(strategy) if isinstance(each, nodes.OfMarket))
    return tuple(dict.fromkeys((*traded, *read)))


def _plan(number: int, action: str, name: str | None, portion: nodes.Percent | None, condition: nodes.Node) -> RulePlan:
    share = 1.0 if portion is None else float(portion.value) / 100
    return RulePlan(number, action, name, share, condition)


def resolved_lets(strategy: nodes.Strategy) -> dict[str, nodes.Node]:
    """Every `let` with those it names put in; they must not go round in a circle."""
    raw = {each.name: each.value for each in strategy.lets}
    found: dict[str, nodes.Node] = {}
    for _ in range(len(raw) + 1):
        found = {name: inline(value, found or raw) for name, value in raw.items()}
    return found


def with_numbers(strategy: nodes.Strategy) -> nodes.Strategy:
    """The same strategy with each `let` that is a plain number, percent or length of time put in where it is named."""
    plain = {name: value for name, value in resolved_lets(strategy).items() if isinstance(value, PLAIN)}
    found: nodes.Strategy = inline(strategy, plain)
    return found


def inline(node: Any, lets: Mapping[str, nodes.Node]) -> Any:
    """The same tree with every `let` name replaced by what it stands for."""
    if not lets:
        return node
    if isinstance(node, nodes.Name):
        return lets.get(node.name, node)
    changes = {}
    for each in fields(node):
        old = getattr(node, each.name)
        new = _inline_field(old, lets)
        if new is not old:
            changes[each.name] = new
    return replace(node, **changes) if changes else node


def _inline_field(value: Any, lets: Mapping[str, nodes.Node]) -> Any:
    if isinstance(value, nodes.Node):
        return inline(value, lets)
    if isinstance(value, tuple) and any(isinstance(each, nodes.Node) for each in value):
        new = tuple(inline(each, lets) for each in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value


def leaves(condition: nodes.Node) -> Iterator[Leaf]:
    """The comparisons that decide a condition, from left to right."""
    match condition:
        case nodes.AllOf(parts) | nodes.AnyOf(parts) | nodes.AtLeast(_, parts):
            for part in parts:
                yield from leaves(part)
        case nodes.Not(inner):
            for leaf in leaves(inner):
                turned = claim(leaf.condition if leaf.is_turned else nodes.Not(leaf.condition))
                yield replace(leaf, claim=turned, way=0, is_turned=not leaf.is_turned)
        case nodes.Compare((left, right), _) | nodes.Crosses(left, _, right) | nodes.Near(left, _, right):
            yield Leaf(claim(condition), condition, left, right, _way(condition))
        case nodes.OnTimeframe(nodes.Compare((left, right), _) | nodes.Crosses(left, _, right) as inner, timeframe):
            far, near = nodes.OnTimeframe(left, timeframe), nodes.OnTimeframe(right, timeframe)
            yield Leaf(claim(condition), condition, far, near, _way(inner))
        case nodes.Moves(operand, _, _) | nodes.Between(operand, _, _) | nodes.OneOf(operand, _):
            yield Leaf(claim(condition), condition, operand, None)
        case _:
            yield Leaf(claim(condition), condition, None, None)


def _way(condition: nodes.Node) -> int:
    return (1 if condition.direction == "above" else -1) if isinstance(condition, nodes.Crosses) else 0


def needs_state(node: nodes.Node) -> bool:
    """Whether the value depends on the run (its position, its trades, its equity), not on what comes from outside."""
    return any(_needs_position(each) or _scope(each) not in ("candles", "outside") for each in walk(node))


def beyond_candles(node: nodes.Node) -> bool:
    """Whether candles alone do not give the value: it depends on the run or comes from outside."""
    return any(_needs_position(each) or _scope(each) != "candles" for each in walk(node))


def _needs_position(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and node.function in FUNCTIONS and FUNCTIONS[node.function].needs_position()


def _scope(node: nodes.Node) -> str:
    return VALUES[node.name].scope if isinstance(node, nodes.Name) and node.name in VALUES else "candles"
