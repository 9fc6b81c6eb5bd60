"""Expression trees -> columns to read, numbers, or code for the stack machine."""

from dataclasses import dataclass, field

import numpy as np

from runtime.core.machine import expressions as op
from runtime.core.machine.layout import NAMES, Floats, Ints
from strategy_dsl import nodes
from strategy_dsl.catalogue import VALUES
from strategy_dsl.program import needs_state
from strategy_dsl.timeframes import duration_ms

_OPERATORS = {
    "+": op.PLUS, "-": op.MINUS, "*": op.TIMES, "/": op.DIVIDE, "<": op.BELOW, "<=": op.AT_MOST, ">": op.ABOVE,
    ">=": op.AT_LEAST_AS, "==": op.EQUAL, "!=": op.UNEQUAL,
}  # fmt: skip
_FUNCTIONS = {
    "abs": op.ABSOLUTE, "min": op.SMALLER, "max": op.LARGER, "choose": op.CHOOSE, "known": op.KNOWN, "sqrt": op.ROOT,
    "log": op.LOGARITHM, "sign": op.SIGN, "exp": op.EXPONENTIAL, "round": op.ROUND, "floor": op.FLOOR, "ceil": op.CEIL,
}  # fmt: skip


@dataclass
class Coder:
    """Collects the expressions of one strategy; each is known by its number from then on."""

    columns: dict[nodes.Node, int] = field(default_factory=dict)
    numbers: list[float] = field(default_factory=list)
    spans: dict[str, int] = field(default_factory=dict)
    at_entry: dict[nodes.Node, int] = field(default_factory=dict)
    named: bool = False
    _known: dict[nodes.Node, int] = field(default_factory=dict)
    _expressions: list[tuple[int, int, int]] = field(default_factory=list)
    _code: list[tuple[int, int]] = field(default_factory=list)
    _deepest: int = 1

    def number(self, node: nodes.Node | None) -> int:
        """The number of an expression; -1 for none."""
        if node is None:
            return -1
        found = self._known.get(node)
        if found is None:
            entry = self._entry(node)
            found = self._known[node] = len(self._expressions)
            self._expressions.append(entry)
        return found

    def _entry(self, node: nodes.Node) -> tuple[int, int, int]:
        match node:
            case nodes.Number(value):
                return op.CONSTANT, self._constant(float(value)), 0
            case nodes.Percent(value):
                return op.CONSTANT, self._constant(float(value) / 100), 0
        if not needs_state(node):
            return op.COLUMN, self._column(node), 0
        mine = _Piece(self)
        mine.put(node)
        start = len(self._code)
        self._code += mine.code
        self._deepest = max(self._deepest, mine.deepest)
        return op.CODE, start, len(self._code)

    def arrays(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Expressions (number, 3), code (steps, 2), numbers, and an empty stack that is deep enough."""
        return (
            np.array(self._expressions or [(0, 0, 0)], np.int64),
            np.array(self._code or [(0, 0)], np.int64),
            np.array(self.numbers or [0.0]),
            np.zeros(self._deepest + 1),
        )

    def _column(self, node: nodes.Node) -> int:
        return self.columns.setdefault(node, len(self.columns))

    def _constant(self, value: float) -> int:
        self.numbers.append(value)
        return len(self.numbers) - 1


class _Piece:
    """Code of one expression."""

    def __init__(self, coder: Coder) -> None:
        self.coder = coder
        self.code: list[tuple[int, int]] = []
        self.deepest = self._depth = 0

    def put(self, node: nodes.Node) -> None:
        """Code that leaves the value of a node on the stack."""
        if not needs_state(node):
            if isinstance(node, nodes.Number | nodes.Percent):
                self._push(float(node.value) / (100 if isinstance(node, nodes.Percent) else 1))
            else:
                self._step(op.READ, self.coder._column(node), 1)
            return
        match node:
            case nodes.Name(name):
                self.coder.named = True
                self._step(op.NAMED, NAMES.index(name), 1) if name in NAMES else self._push(float("nan"))
            case nodes.Negative(operand):
                self.put(operand)
                self._step(op.NEGATE, 0, 0)
            case nodes.Share(percent, relation, operand):
                share = float(percent.value) / 100
                self.put(operand)
                self._push({"above": 1 + share, "below": 1 - share, "of": share}[relation])
                self._step(op.TIMES, 0, -1)
            case nodes.Arithmetic(left, operator, right):
                self._two(left, right, _OPERATORS[operator])
            case nodes.Call():
                self._call(node)
            case _:
                self._condition(node)

    def _condition(self, node: nodes.Node) -> None:
        match node:
            case nodes.Compare(operands, operators):
                for place, operator in enumerate(operators):
                    self._two(operands[place], operands[place + 1], _OPERATORS[operator])
                    if place:
                        self._step(op.AND, 0, -1)
            case nodes.Near(left, tolerance, right):
                self.put(left)
                self.put(right)
                self._step(op.NEAR, self.coder._constant(float(tolerance.value) / 100), -1)
            case nodes.Between(operand, low, high):
                self._two(operand, low, op.AT_LEAST_AS)
                self._two(operand, high, op.AT_MOST)
                self._step(op.AND, 0, -1)
            case nodes.OneOf(operand, words):
                self._one_of(operand, words)
            case nodes.Not(condition):
                self.put(condition)
                self._step(op.NOT, 0, 0)
            case nodes.AllOf(conditions):
                self._joined(conditions, op.AND)
            case nodes.AnyOf(conditions):
                self._joined(conditions, op.OR)
            case nodes.AtLeast(count, conditions):
                for each in conditions:
                    self.put(each)
                self._step(op.ENOUGH, 1000 * len(conditions) + count, 1 - len(conditions))
            case _:
                raise AssertionError(f"{type(node).__name__} cannot depend on a position; the checker refuses it")

    def _one_of(self, operand: nodes.Node, words: tuple[str, ...]) -> None:
        known = VALUES[operand.name].words if isinstance(operand, nodes.Name) else ()
        for place, word in enumerate(words):
            self.put(operand)
            self._push(float(known.index(word)) if word in known else -2.0)
            self._step(op.EQUAL, 0, -1)
            if place:
                self._step(op.OR, 0, -1)

    def _call(self, call: nodes.Call) -> None:
        match call:
            case nodes.Call("losses_since", (nodes.Duration(span),)):
                self.coder.named = True
                place = self.coder.spans.setdefault(span, len(self.coder.spans))
                self._step(op.LOSSES, len(NAMES) + place, 1)
            case nodes.Call("at_entry", (inner,)):
                place = self.coder.at_entry.setdefault(inner, len(self.coder.at_entry))
                self._step(op.AT_ENTRY, place, 1)
            case nodes.Call(name, arguments):
                for each in arguments:
                    self.put(each)
                self._step(_FUNCTIONS[name], 0, 1 - len(arguments))

    def _joined(self, parts: tuple[nodes.Node, ...], operator: int) -> None:
        for place, each in enumerate(parts):
            self.put(each)
            if place:
                self._step(operator, 0, -1)

    def _two(self, left: nodes.Node, right: nodes.Node, operator: int) -> None:
        self.put(left)
        self.put(right)
        self._step(operator, 0, -1)

    def _push(self, value: float) -> None:
        self._step(op.PUSH, self.coder._constant(value), 1)

    def _step(self, operator: int, argument: int, grows: int) -> None:
        self.code.append((operator, argument))
        self._depth += grows
        self.deepest = max(self.deepest, self._depth)


def span_lengths(coder: Coder) -> Ints:
    """The lengths of `losses_since` in ms."""
    return np.array([duration_ms(each) for each in coder.spans], np.int64)
