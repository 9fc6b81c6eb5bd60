"""Values and conditions -> canonical text."""

from strategy_dsl import nodes
from strategy_dsl.formatter.numbers import bars_text, decimal_text, percent_text

ANY, ALL, SEQUENCE, NOT, TIMED, TEST, SUM, PRODUCT, FACTOR, SUFFIXED = range(1, 11)


def expression(node: nodes.Node, level: int = ANY) -> str:
    """An expression as text, in parentheses where its place needs them."""
    text, own = _expression(node)
    return text if own >= level else f"({text})"


def _expression(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Number(value):
            return decimal_text(value), FACTOR
        case nodes.Percent():
            return percent_text(node), FACTOR
        case nodes.Duration(text) | nodes.Clock(text) | nodes.Zone(text):
            return text, FACTOR
        case nodes.Name(name):
            return name, SUFFIXED
        case nodes.Call(function, arguments):
            return f"{function}({_listing(arguments)})", SUFFIXED
        case nodes.Component(call, component):
            return f"{expression(call)}.{component}", SUFFIXED
        case nodes.Shifted(operand, bars):
            return f"{expression(operand, SUFFIXED)}[{bars}]", SUFFIXED
        case nodes.OnTimeframe(operand, timeframe):
            return f"{expression(operand, SUFFIXED)} on {timeframe}", SUFFIXED
        case nodes.OfMarket(operand, market):
            return f"{expression(operand, SUFFIXED)} of {market}", SUFFIXED
        case nodes.OfCandles(operand, candles):
            return f"{expression(operand, SUFFIXED)} of {candles}", SUFFIXED
        case nodes.AtLeast(count, conditions):
            return f"at least {count} of ({_listing(conditions)})", SUFFIXED
        case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
            return _arithmetic(node)
        case _:
            return _condition(node)


def _listing(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(expression(each) for each in items)


def _arithmetic(node: nodes.Negative | nodes.Arithmetic | nodes.Share) -> tuple[str, int]:
    match node:
        case nodes.Negative(operand):
            return f"-{expression(operand, FACTOR)}", FACTOR
        case nodes.Share(percent, relation, operand):
            return f"{percent_text(percent)} {relation} {expression(operand, FACTOR)}", FACTOR
        case nodes.Arithmetic(left, operator, right):
            own = SUM if operator in "+-" else PRODUCT
            return f"{expression(left, own)} {operator} {expression(right, own + 1)}", own


def _condition(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Compare(operands, operators):
            first, *rest = (expression(each, SUM) for each in operands)
            return first + "".join(f" {op} {each}" for op, each in zip(operators, rest, strict=True)), TEST
        case nodes.Crosses(left, direction, right):
            return f"{expression(left, SUM)} crosses {direction} {expression(right, SUM)}", TEST
        case nodes.Moves(operand, direction, bars):
            steps = "" if bars == 1 else f" {bars_text(bars)}"
            return f"{expression(operand, SUM)} is {direction}{steps}", TEST
        case nodes.Near(left, tolerance, right):
            return (
                f"{expression(left, SUM)} is within {percent_text(tolerance)} of {expression(right, SUM)}",
                TEST,
            )
        case nodes.Between(operand, low, high):
            ends = f"{expression(low, SUM)} and {expression(high, SUM)}"
            return f"{expression(operand, SUM)} is between {ends}", TEST
        case nodes.OneOf(operand, (word,)):
            return f"{expression(operand, SUM)} is {word}", TEST
        case nodes.OneOf(operand, words):
            return f"{expression(operand, SUM)} in ({', '.join(words)})", TEST
        case _:
            return _joined(node)


def _joined(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Not(condition):
            return f"not {expression(condition, NOT)}", NOT
        case nodes.AllOf(conditions):
            return " and ".join(expression(each, SEQUENCE) for each in conditions), ALL
        case nodes.AnyOf(conditions):
            return " or ".join(expression(each, SEQUENCE) for each in conditions), ANY
        case nodes.Throughout(condition, bars):
            return f"{expression(condition, TEST)} for {bars_text(bars)}", TIMED
        case nodes.Recently(condition, bars):
            return f"{expression(condition, TEST)} in last {bars_text(bars)}", TIMED
        case nodes.Sequence(first, bars, second):
            parts = expression(first, SEQUENCE), bars_text(bars), expression(second, NOT)
            return "{} then within {} {}".format(*parts), SEQUENCE
        case nodes.FirstSince(event, since):
            return f"first {expression(event, NOT)} since {expression(since, NOT)}", SEQUENCE
    raise AssertionError(f"no spelling for {type(node).__name__}")
