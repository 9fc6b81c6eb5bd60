"""Conditions as columns: compiled kernels chosen by the shape of the node; a fixed number needs no array."""

from collections.abc import Callable, Sequence
from functools import reduce

from runtime.core.builder import Builder
from runtime.core.column import Column, Fixed
from runtime.core.kernels import comparisons, logic
from strategy_dsl import nodes
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.timeframes import DAYS

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
Of = Callable[[nodes.Node], Column]
"""The column of a part."""


def condition(build: Builder, of: Of, node: nodes.Node) -> Column:
    """The column of a condition: 1.0, 0.0, and NaN where unknown."""
    match node:
        case nodes.Compare(operands, operators):
            columns = [of(each) for each in operands]
            pairs = zip(columns, operators, columns[1:], strict=False)
            return all_of(build, [compared(build, left, operator, right) for left, operator, right in pairs])
        case nodes.Crosses(left, direction, right):
            return crossed(build, of(left), 1 if direction == "above" else -1, of(right))
        case nodes.Moves(operand, direction, bars):
            return build.stepped(comparisons.moves, [of(operand)], 1 if direction == "rising" else -1, bars)
        case nodes.Near(left, tolerance, right):
            return build.stepped(comparisons.near, [of(left), of(right)], float(tolerance.value) / 100)
        case nodes.Between(operand, low, high):
            sides = ((">=", low), ("<=", high))
            return all_of(build, [compared(build, of(operand), operator, of(each)) for operator, each in sides])
        case nodes.OneOf(operand, words):
            return build.stepped(comparisons.one_of, [of(operand)], *(_place(each) for each in words))
        case _:
            return _joined(build, of, node)


def _place(word: str) -> int:
    """The number that stands for a word: weekdays from Monday on, else its place among the words of its value."""
    if word in DAYS:
        return DAYS.index(word)
    return next((row.words.index(word) for row in OUTSIDE.values() if word in row.words), -1)


def _joined(build: Builder, of: Of, node: nodes.Node) -> Column:
    match node:
        case nodes.Not(inner):
            return build.stepped(logic.opposite, [of(inner)])
        case nodes.AllOf(parts):
            return all_of(build, [of(each) for each in parts])
        case nodes.AnyOf(parts):
            return any_of(build, [of(each) for each in parts])
        case nodes.AtLeast(count, parts):
            return _at_least(build, count, [of(each) for each in parts])
        case nodes.Throughout(inner, bars):
            return build.stepped(logic.within, [of(inner)], 0, bars, 0)
        case nodes.Recently(inner, bars):
            return build.stepped(logic.within, [of(inner)], 1, bars, 0)
        case nodes.Sequence(first, bars, second):
            before = build.stepped(logic.within, [of(first)], 1, bars, 1)
            return build.stepped(logic.both, [before, of(second)])
        case nodes.FirstSince(event, since):
            return build.stepped(logic.first_since, [of(event), of(since)])
    raise AssertionError(f"no column for {type(node).__name__}")


def all_of(build: Builder, parts: Sequence[Column]) -> Column:
    """Kleene's and: false wins over unknown."""
    return reduce(lambda left, right: build.stepped(logic.both, [left, right]), parts)


def any_of(build: Builder, parts: Sequence[Column]) -> Column:
    """Kleene's or: true wins over unknown."""
    return reduce(lambda left, right: build.stepped(logic.either, [left, right]), parts)


def compared(build: Builder, left: Column, operator: str, right: Column) -> Column:
    """One comparison."""
    if isinstance(left, Fixed) and not isinstance(right, Fixed):
        left, operator, right = right, _MIRRORED[operator], left
    worth = comparisons.OPERATORS[operator]
    if isinstance(right, Fixed):
        return build.stepped(comparisons.compare_number, [left], *worth, right.number)
    return build.stepped(comparisons.compare, [left, right], *worth)


def crossed(build: Builder, left: Column, sign: int, right: Column) -> Column:
    """`left` moves to the other side of `right`: above with `sign` 1, below with -1."""
    if isinstance(right, Fixed):
        return build.stepped(comparisons.crosses_number, [left], sign, right.number)
    if isinstance(left, Fixed):
        # 30 crosses above x where x crosses below 30
        return build.stepped(comparisons.crosses_number, [right], -sign, left.number)
    return build.stepped(comparisons.crosses, [left, right], sign)


def _at_least(build: Builder, count: int, parts: Sequence[Column]) -> Column:
    def held(generous: int) -> Column:
        return reduce(lambda total, each: build.stepped(logic.tally, [total, each], generous), parts, _nothing(build))

    return build.stepped(logic.enough, [held(0), held(1)], count)


def _nothing(build: Builder) -> Column:
    return build.fixed(0.0)
