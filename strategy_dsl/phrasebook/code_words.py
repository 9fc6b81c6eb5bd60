"""Readers of pseudo-code: `crossover(sma(14), sma(28))`, `crossunder(rsi, 70)`."""

from strategy_dsl.phrasebook.compared_values import comparable
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import number
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.statements import Condition, Memory, crossed

CALLS = {
    "crossover": "above", "crossup": "above", "crossesabove": "above", "crossunder": "below", "crossdown": "below",
    "crossesbelow": "below", "crossed_above": "above", "crossed_below": "below", "cross_over": "above",
    "cross_under": "below",
}  # fmt: skip


@reader
def cross_call(c: Cursor, memory: Memory) -> Condition | None:
    """`crossover(A, B)`: A crosses above B; `crossunder` below."""
    way = CALLS.get(c.peek().text)
    c.at += 1
    if way is None or not c.sign("("):
        return None
    left = operand(c)
    if left is None or not c.sign(","):
        return None
    right = operand(c) or number(c)
    if right is None or not comparable(left, right) or not c.sign(")"):
        return None
    return crossed(left, way, right)
