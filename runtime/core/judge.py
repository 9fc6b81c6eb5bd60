"""Values of a program on one market at one candle, with or without a position, and their traces."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from runtime.candles import Candles
from runtime.core.columns import Columns, compare, operate
from runtime.core.indicators import compute
from runtime.core.levels import Level
from runtime.core.memory import losses_key
from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, VALUES
from strategy_dsl.program import Program, RulePlan, needs_state
from strategy_dsl.timeframes import timeframe_ms

UNKNOWN = math.nan
ENTRY_CLOSE = "the close that decided the entry"
"""The name under which `at_entry` is told where to look, ms UTC."""
Reading = list[float | None]
"""One leaf of a trace: held (1, 0, None unknown), the left value, the right value."""


class Judge:
    """Judges one program on one market's candles."""

    def __init__(self, program: Program, candles: Candles, others: Mapping[str, Candles]) -> None:
        self.program = program
        self.columns = Columns(candles, others)
        self._lists: dict[nodes.Node, list[float]] = {}
        self._scalar = {node for rule in program.rules() for node in _parts(rule) if needs_state(node)}

    def at(self, node: nodes.Node, index: int, values: Mapping[str, float]) -> float:
        """A value or condition (1, 0, NaN) at a candle; `values` are the position's names."""
        if node in self._scalar or (node not in self._lists and needs_state(node)):
            self._scalar.add(node)
            return self._scalar_at(node, index, values)
        column = self._lists.get(node)
        if column is None:
            column = self._lists[node] = self.columns.of(node).tolist()
        return column[index]

    def trace(self, rule: RulePlan, index: int, values: Mapping[str, float]) -> list[Reading]:
        """What settled a rule on this candle, leaf by leaf."""
        return [
            [
                _known(self.at(leaf.condition, index, values)),
                None if leaf.left is None else _known(self.at(leaf.left, index, values)),
                None if leaf.right is None else _known(self.at(leaf.right, index, values)),
            ]
            for leaf in rule.leaves
        ]

    def level(self, level: nodes.Distance | nodes.AtPrice | nodes.Multiple, index: int) -> Level:
        """A level as it reads on this candle; its value is NaN while unknown."""
        match level:
            case nodes.Multiple(value):
                return Level("risk", float(value))
            case nodes.AtPrice(price):
                return Level("price", self.at(price, index, {}))
            case nodes.Distance(value):
                return self.distance(value, index)

    def distance(self, value: nodes.Node, index: int) -> Level:
        """A distance from the entry as it reads on this candle."""
        if isinstance(value, nodes.Percent):
            return Level("share", float(value.value) / 100)
        return Level("distance", self.at(value, index, {}))

    def _scalar_at(self, node: nodes.Node, index: int, values: Mapping[str, float]) -> float:
        match node:
            case nodes.Name(name):
                return values.get(name, UNKNOWN)
            case nodes.Negative(operand):
                return -self.at(operand, index, values)
            case nodes.Share(percent, relation, operand):
                share = float(percent.value) / 100
                factor = {"above": 1 + share, "below": 1 - share, "of": share}[relation]
                return self.at(operand, index, values) * factor
            case nodes.Arithmetic(left, operator, right):
                pair = self.at(left, index, values), self.at(right, index, values)
                return UNKNOWN if operator == "/" and pair[1] == 0 else float(operate(operator, *pair))  # type: ignore[arg-type]
            case nodes.Compare(operands, operators):
                found = [self.at(each, index, values) for each in operands]
                links = zip(found, operators, found[1:], strict=False)
                return kleene_and([_compared(operator, a, b) for a, operator, b in links])
            case nodes.Near(left, tolerance, right):
                a, b = self.at(left, index, values), self.at(right, index, values)
                return _true(abs(a - b) <= float(tolerance.value) / 100 * abs(b), a, b)
            case nodes.Between(operand, low, high):
                a, b, c = (self.at(each, index, values) for each in (operand, low, high))
                return kleene_and([_true(a >= b, a, b), _true(a <= c, a, c)])
            case nodes.OneOf(operand, words):
                return self._one_of(operand, words, index, values)
            case nodes.Call():
                return self._call_at(node, index, values)
            case _:
                return self._joined_at(node, index, values)

    def _one_of(self, operand: nodes.Node, words: tuple[str, ...], index: int, values: Mapping[str, float]) -> float:
        known = VALUES[operand.name].words if isinstance(operand, nodes.Name) else ()
        value = self.at(operand, index, values)
        return _true(any(value == known.index(word) for word in words if word in known), value)

    def _call_at(self, call: nodes.Call, index: int, values: Mapping[str, float]) -> float:
        match call:
            case nodes.Call("losses_since", (nodes.Duration(span),)):
                return values.get(losses_key(span), UNKNOWN)
            case nodes.Call("at_entry", (inner,)):
                return self._at_entry(inner, values)
            case nodes.Call("known", (inner,)):
                return float(not math.isnan(self.at(inner, index, values)))
        # what is left works on each candle by itself
        inputs = [np.array([self.at(each, index, values)]) for each in call.arguments]
        return float(compute(FUNCTIONS[call.function], inputs, {}, "", {})[0])

    def _at_entry(self, inner: nodes.Node, values: Mapping[str, float]) -> float:
        decided = values.get(ENTRY_CLOSE)
        if decided is None:
            return UNKNOWN
        candles = self.columns.candles
        opened = decided - timeframe_ms(candles.timeframe)
        index = int(np.searchsorted(candles.time, opened))
        found = index < len(candles) and candles.time[index] == opened
        return self.at(inner, index, {}) if found else UNKNOWN

    def _joined_at(self, node: nodes.Node, index: int, values: Mapping[str, float]) -> float:
        match node:
            case nodes.Not(condition):
                return 1.0 - self.at(condition, index, values)
            case nodes.AllOf(conditions):
                return kleene_and([self.at(each, index, values) for each in conditions])
            case nodes.AnyOf(conditions):
                return 1.0 - kleene_and([1.0 - self.at(each, index, values) for each in conditions])
            case nodes.AtLeast(count, conditions):
                found = [self.at(each, index, values) for each in conditions]
                true, unknown = found.count(1.0), sum(math.isnan(each) for each in found)
                return 1.0 if true >= count else 0.0 if true + unknown < count else UNKNOWN
        raise AssertionError(f"{type(node).__name__} cannot depend on a position; the checker refuses it")


def _parts(rule: RulePlan) -> list[nodes.Node]:
    sides = [side for leaf in rule.leaves for side in (leaf.left, leaf.right) if side is not None]
    return [rule.condition, *(leaf.condition for leaf in rule.leaves), *sides]


def kleene_and(values: Sequence[float]) -> float:
    """False if any is false, else unknown if any is, else true."""
    if 0.0 in values:
        return 0.0
    return UNKNOWN if any(math.isnan(each) for each in values) else 1.0


def _compared(operator: str, left: float, right: float) -> float:
    return _true(bool(compare(operator, left, right)), left, right)  # type: ignore[arg-type]


def _true(held: bool, *inputs: float) -> float:
    return UNKNOWN if any(math.isnan(each) for each in inputs) else float(held)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
