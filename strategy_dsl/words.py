"""Expressions as English, exact and grouped; traces and readback use the same words."""

import re

from strategy_dsl import nodes
from strategy_dsl.catalogue import BARE, FUNCTIONS, VALUES
from strategy_dsl.formatter import bars_text, decimal_text
from strategy_dsl.timeframes import DAYS, candle_words, duration_words

_COMPARED = {
    "<": "is below",
    "<=": "is at or below",
    ">": "is above",
    ">=": "is at or above",
    "==": "equals",
    "!=": "differs from",
}
_CANDLES = {"heikin_ashi": "Heikin-Ashi"}
_DENIED = {
    "<": "is not below",
    "<=": "is not at or below",
    ">": "is not above",
    ">=": "is not at or above",
    "==": "does not equal",
    "!=": "does not differ from",
}
_OPERATIONS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def words(node: nodes.Node) -> str:
    """Any expression in English."""
    match node:
        case nodes.Number(value):
            return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"
        case nodes.Percent(value):
            return f"{decimal_text(value)}%"
        case nodes.Duration(text):
            return duration_words(text)
        case nodes.Clock(text) | nodes.Zone(text):
            return text
        case nodes.Name(name):
            row = VALUES.get(name) or BARE.get(name)
            return row.phrase if row else quoted(name)
        case nodes.Call(function, arguments):
            return _call(function, arguments, "")
        case nodes.Component(call, component):
            return _call(call.function, call.arguments, component)
        case nodes.Shifted(operand, bars):
            return f"{_grouped(operand)} {bars_text(bars)} earlier"
        case nodes.OnTimeframe(operand, timeframe):
            return f"{_grouped(operand)} on {candle_words(timeframe)} candles"
        case nodes.OfMarket(operand, market):
            return f"{_grouped(operand)} of {market}"
        case nodes.OfCandles(operand, candles):
            return f"{_grouped(operand)} of the {_CANDLES.get(candles, candles)} candles"
        case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
            return _arithmetic(node)
        case _:
            return _condition(node)


def _call(function: str, arguments: tuple[nodes.Node, ...], component: str) -> str:
    row = FUNCTIONS.get(function)
    if row and row.special == "since" and len(arguments) == 2:
        return _since(*arguments)
    if row is None:
        return f"{function}({', '.join(words(each) for each in arguments)})"
    texts = [_argument(parameter.kind, each) for parameter, each in zip(row.parameters, arguments, strict=False)]
    return re.sub(r"\b1 bars\b", "1 bar", row.words(component, texts))


def _argument(kind: str, node: nodes.Node) -> str:
    if kind == "word" and isinstance(node, nodes.Name):
        return node.name.replace("_", " ")
    if kind == "condition":
        bare = isinstance(node, nodes.Name | nodes.Call | nodes.Component)
        return claim(node) if bare else f"({claim(node)})"
    own = isinstance(node, nodes.Number | nodes.Percent | nodes.Duration | nodes.Name | nodes.Call | nodes.Component)
    return words(node) if own or kind not in ("series", "condition") else f"({words(node)})"


def _since(condition: nodes.Node, inner: nodes.Node) -> str:
    row = FUNCTIONS.get(inner.function) if isinstance(inner, nodes.Call) else None
    if not isinstance(inner, nodes.Call) or row is None or not row.since_phrase or len(inner.arguments) != 1:
        return f"{words(inner)} since {claim(condition)}"
    text = words(inner.arguments[0])
    return f"{row.since_phrase.format(text, bare0=text.removeprefix('the '))} since {claim(condition)}"


def _grouped(node: nodes.Node) -> str:
    simple = (
        nodes.Number,
        nodes.Percent,
        nodes.Name,
        nodes.Call,
        nodes.Component,
        nodes.Duration,
        nodes.Shifted,
        nodes.OnTimeframe,
        nodes.OfMarket,
        nodes.OfCandles,
    )
    below_zero = isinstance(node, nodes.Negative) and isinstance(node.operand, nodes.Number | nodes.Percent)
    return words(node) if below_zero or isinstance(node, simple) else f"({words(node)})"


def _arithmetic(node: nodes.Negative | nodes.Arithmetic | nodes.Share) -> str:
    match node:
        case nodes.Negative(operand):
            sign = "-" if isinstance(operand, nodes.Number | nodes.Percent) else "minus "
            return f"{sign}{_grouped(operand)}"
        case nodes.Share(percent, relation, operand):
            return f"{words(percent)} {relation} {_grouped(operand)}"
        case nodes.Arithmetic(left, operator, right):
            return f"{_grouped(left)} {_OPERATIONS[operator]} {_grouped(right)}"


def _condition(node: nodes.Node) -> str:
    match node:
        case nodes.Compare(operands, operators):
            pairs = zip(operands, operators, operands[1:], strict=False)
            return " and ".join(f"{_grouped(a)} {_COMPARED[op]} {_grouped(b)}" for a, op, b in pairs)
        case nodes.Crosses(left, direction, right):
            return f"{_grouped(left)} crosses {direction} {_grouped(right)}"
        case nodes.Moves(operand, direction, bars):
            steps = "on this candle" if bars == 1 else f"on each of the last {bars} candles"
            return f"{_grouped(operand)} is {direction} {steps}"
        case nodes.Near(left, tolerance, right):
            return f"{_grouped(left)} is within {words(tolerance)} of {_grouped(right)}"
        case nodes.Between(operand, low, high):
            return f"{_grouped(operand)} is between {_grouped(low)} and {_grouped(high)}"
        case nodes.OneOf(operand, chosen):
            names = [each.capitalize() if each in DAYS else each for each in chosen]
            return f"{_grouped(operand)} is {listed(names, 'or')}"
        case nodes.AtLeast(count, conditions):
            members = listed([f"({words(each)})" for each in conditions])
            return f"at least {count} of these hold: {members}"
        case _:
            return _joined(node)


def _joined(node: nodes.Node) -> str:
    match node:
        case nodes.Not(condition):
            return _denied(condition)
        case nodes.AllOf(conditions):
            return " and ".join(_member(each) for each in conditions)
        case nodes.AnyOf(conditions):
            return " or ".join(_member(each) for each in conditions)
        case nodes.Throughout(condition, bars):
            return f"{_member(condition)} on each of the last {bars_text(bars)}"
        case nodes.Recently(condition, bars):
            return f"{_member(condition)} on any of the last {bars_text(bars)}"
        case nodes.Sequence(first, bars, second):
            return f"{_member(first)} on one of the {bars} candles before and now {_member(second)}"
        case nodes.FirstSince(event, since):
            return f"{_member(event)} for the first time since {_member(since)}"
    raise AssertionError(f"no words for {type(node).__name__}")


def _denied(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name) if is_let(name):
            return f"{quoted(name)} does not hold"
        case nodes.Compare((left, right), (operator,)):
            return f"{_grouped(left)} {_DENIED[operator]} {_grouped(right)}"
        case nodes.Crosses(left, direction, right):
            return f"{_grouped(left)} does not cross {direction} {_grouped(right)}"
        case nodes.Call("known", (nodes.Name() as value,)):
            return f"{words(value)} is not known"
    return f"it is not so that ({words(node)})"


def is_let(name: str) -> bool:
    """Whether a name is the strategy's own."""
    return name not in VALUES and name not in BARE


def quoted(name: str) -> str:
    """The name of a `let`, as it is defined."""
    return f"“{name.replace('_', ' ')}”"


def claim(node: nodes.Node) -> str:
    """A condition as a clause of its own: a bare name holds."""
    return f"{quoted(node.name)} holds" if isinstance(node, nodes.Name) and is_let(node.name) else words(node)


def _member(node: nodes.Node) -> str:
    chained = isinstance(node, nodes.Compare) and len(node.operands) > 2
    joined = isinstance(
        node,
        nodes.AllOf | nodes.AnyOf | nodes.Sequence | nodes.FirstSince | nodes.Throughout | nodes.Recently,
    )
    return f"({words(node)})" if joined or chained else claim(node)


def listed(items: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def days_words(days: tuple[int, ...]) -> str:
    """`Monday to Friday` or the days one by one."""
    names = [DAYS[each].capitalize() for each in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} to {names[-1]}"
    return listed(names)
