"""Values and conditions of what a run remembers, judged by a small stack machine; columns are read as they are.

Conditions are 1 (true), 0 (false) and NaN (unknown), joined by Kleene's logic.
"""

import math

import numpy as np

from runtime.core.machine import world as of
from runtime.core.machine.compiled import compiled

COLUMN, CODE, CONSTANT = range(3)
"""What an expression is: a column, a piece of code, or a number."""

(
    PUSH, READ, NAMED, AT_ENTRY, LOSSES, NEGATE, PLUS, MINUS, TIMES, DIVIDE, BELOW, AT_MOST, ABOVE, AT_LEAST_AS, EQUAL,
    UNEQUAL, NOT, AND, OR, ENOUGH, NEAR, KNOWN, ABSOLUTE, SMALLER, LARGER, CHOOSE, ROOT, LOGARITHM, SIGN, EXPONENTIAL,
    ROUND, FLOOR, CEIL,
) = range(33)  # fmt: skip


@compiled
def both(left: float, right: float) -> float:
    """Kleene's and."""
    if left == 0.0 or right == 0.0:
        return 0.0
    return left * right


@compiled
def truth(held: bool, left: float, right: float) -> float:
    """A comparison, unknown where one of its sides is."""
    if math.isnan(left) or math.isnan(right):
        return math.nan
    return 1.0 if held else 0.0


@compiled
def _compared(operator: int, left: float, right: float) -> float:
    if operator == BELOW:
        return truth(left < right, left, right)
    if operator == AT_MOST:
        return truth(left <= right, left, right)
    if operator == ABOVE:
        return truth(left > right, left, right)
    if operator == AT_LEAST_AS:
        return truth(left >= right, left, right)
    if operator == EQUAL:
        return truth(left == right, left, right)
    return truth(left != right, left, right)


@compiled
def _pair(operator: int, left: float, right: float) -> float:
    if operator == PLUS:
        return left + right
    if operator == MINUS:
        return left - right
    if operator == TIMES:
        return left * right
    if operator == DIVIDE:
        return math.nan if right == 0.0 else left / right
    if operator == AND:
        return both(left, right)
    if operator == OR:
        return 1.0 - both(1.0 - left, 1.0 - right)
    if operator == SMALLER:
        return math.nan if math.isnan(left) or math.isnan(right) else min(left, right)
    if operator == LARGER:
        return math.nan if math.isnan(left) or math.isnan(right) else max(left, right)
    return _compared(operator, left, right)


@compiled
def _changed(operator: int, number: float) -> float:
    """A function of one number, unknown where it is not finite."""
    if operator == ROOT:
        return math.sqrt(number) if number >= 0.0 else math.nan
    if operator == LOGARITHM:
        return math.log(number) if number > 0.0 else math.nan
    if operator == SIGN:
        return float(np.sign(number))
    if operator == EXPONENTIAL:
        return math.exp(number) if number < 709.0 else math.nan
    if operator == ROUND:
        return math.copysign(math.floor(abs(number) + 0.5), number)
    return math.floor(number) if operator == FLOOR else math.ceil(number)


@compiled
def _enough(run: int, top: int, parts: int, count: int) -> float:
    true, possible = 0, 0
    for each in range(top - parts, top):
        if of.cell(run, each).value == 1.0:
            true += 1
        if of.cell(run, each).value != 0.0:
            possible += 1
    if true >= count:
        return 1.0
    return 0.0 if possible < count else math.nan


@compiled
def _run(run: int, start: int, stop: int, m: int, row: int) -> float:
    top = 0
    for step in range(start, stop):
        operator, argument = of.code(run, step).operator, of.code(run, step).argument
        if operator == PUSH:
            of.cell(run, top).value = of.constant(run, argument)
            top += 1
        elif operator == READ:
            of.cell(run, top).value = of.column_at(run, m, argument, row) if row >= 0 else math.nan
            top += 1
        elif operator == NAMED or operator == LOSSES:
            of.cell(run, top).value = of.name_at(run, m, argument)
            top += 1
        elif operator == AT_ENTRY:
            of.cell(run, top).value = of.entry_value(run, m, argument) if of.position(run, m).open else math.nan
            top += 1
        elif operator == NEGATE:
            of.cell(run, top - 1).value = -of.cell(run, top - 1).value
        elif operator == NOT:
            of.cell(run, top - 1).value = 1.0 - of.cell(run, top - 1).value
        elif operator == ABSOLUTE:
            of.cell(run, top - 1).value = abs(of.cell(run, top - 1).value)
        elif operator == ROOT or operator == LOGARITHM or operator >= SIGN:
            of.cell(run, top - 1).value = _changed(operator, of.cell(run, top - 1).value)
        elif operator == KNOWN:
            of.cell(run, top - 1).value = 0.0 if math.isnan(of.cell(run, top - 1).value) else 1.0
        elif operator == ENOUGH:
            parts, count = argument // 1000, argument % 1000
            held = _enough(run, top, parts, count)
            top -= parts - 1
            of.cell(run, top - 1).value = held
        elif operator == NEAR:
            left, right = of.cell(run, top - 2).value, of.cell(run, top - 1).value
            top -= 1
            of.cell(run, top - 1).value = truth(
                abs(left - right) <= of.constant(run, argument) * abs(right), left, right
            )
        elif operator == CHOOSE:
            asked, first, second = of.cell(run, top - 3).value, of.cell(run, top - 2).value, of.cell(run, top - 1).value
            top -= 2
            of.cell(run, top - 1).value = math.nan if math.isnan(asked) else first if asked == 1.0 else second
        else:
            top -= 1
            of.cell(run, top - 1).value = _pair(operator, of.cell(run, top - 1).value, of.cell(run, top).value)
    return of.cell(run, 0).value


@compiled
def value(run: int, expression: int, m: int, row: int) -> float:
    """An expression at the close of a market's candle `row`; before the first candle only numbers are known."""
    kind, place = of.expression(run, expression).kind, of.expression(run, expression).place
    if kind == CONSTANT:
        return of.constant(run, place)
    if row < 0:
        return math.nan
    if kind == COLUMN:
        return of.column_at(run, m, place, row)
    return _run(run, place, of.expression(run, expression).stop, m, row)
