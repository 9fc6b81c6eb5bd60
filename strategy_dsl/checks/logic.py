"""Conditions that can never or must always be true, and contradictions between conditions."""

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from strategy_dsl import nodes
from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.checks.places import Place
from strategy_dsl.checks.wording import short
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import expression
from strategy_dsl.nodes import walk
from strategy_dsl.units import INFINITY

_ORDER = {"low": 0, "open": 1, "close": 1, "hl2": 1, "hlc3": 1, "ohlc4": 1, "high": 2}


def impossible(condition: nodes.Node, kinds: Kinds) -> list[Diagnostic]:
    """Problems of one condition without `let`s: what is settled in advance, and contradictions inside an `and`."""
    found: list[Diagnostic] = []
    for node in walk(condition):
        match node:
            case nodes.Compare(operands, operators):
                if len(operators) == 1:
                    found += _settled(node, kinds)
                    continue
                pairs = [
                    nodes.Compare((a, b), (operator,), span=node.span)
                    for a, operator, b in zip(operands, operators, operands[1:], strict=False)
                ]
                found += [problem for pair in pairs for problem in _settled(pair, kinds)]
                found += contradiction(nodes.AllOf(tuple(pairs), span=node.span))
            case nodes.Between(operand, low, high):
                ends = (nodes.Compare((operand, low), (">=",)), nodes.Compare((operand, high), ("<=",)))
                found += [p for end in ends for p in _settled(replace(end, span=node.span), kinds) if p.code == "E502"]
                found += contradiction(nodes.AllOf(ends, span=node.span))
            case nodes.Crosses():
                found += _never_crosses(node, kinds)
            case nodes.AllOf():
                found += contradiction(node)
    return found


def lingering(found: list[Place]) -> list[Diagnostic]:
    """Crossings on longer candles, which stay true until the next of them closes."""
    return [
        Diagnostic(
            "W705",
            f"a crossing on {node.timeframe} candles stays true until the next of them closes",
            node.span,
            "true for long",
            f"for the first candle only: newly({short(expression(node), 40)})",
            "warning",
        )
        for place in found
        if place.expected == "condition"
        for node in _outside_newly(place.node)
        if isinstance(node, nodes.OnTimeframe) and any(isinstance(each, nodes.Crosses) for each in walk(node))
    ]


def _outside_newly(node: nodes.Node) -> Iterator[nodes.Node]:
    """The node and what is below it, but for what `newly` is asked of."""
    if isinstance(node, nodes.Call) and node.function == "newly":
        return
    yield node
    for name in nodes.PARTS[type(node)]:
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, nodes.Node):
                yield from _outside_newly(each)


def _settled(node: nodes.Compare, kinds: Kinds) -> list[Diagnostic]:
    left, right = node.operands
    operator: str = node.operators[0]
    a, b = kinds.of(left), kinds.of(right)
    if operator in ("<", "<="):
        left, right, a, b, operator = right, left, b, a, {"<": ">", "<=": ">="}[operator]
    if operator == "==" and (a.high < b.low or b.high < a.low):
        text = short(expression(node), 50)
        return [Diagnostic("E502", f"`{text}` can never be true", node.span, "never", _range_hint(a.low, a.high))]
    if operator not in (">", ">="):
        return []
    strict = operator == ">"
    never = a.high < b.low or (strict and a.high <= b.low) or (strict and always_at_most(left, right))
    always = a.low > b.high or (not strict and a.low >= b.high) or (not strict and always_at_most(right, left))
    if not never and not always:
        return []
    text = short(expression(node), 50)
    if never:
        hint = (
            "the window has this candle in it; `[1]` leaves it out"
            if always_at_most(left, right)
            else _range_hint(a.low, a.high)
        )
        return [Diagnostic("E502", f"`{text}` can never be true", node.span, "never", hint)]
    return [Diagnostic("E503", f"`{text}` is always true", node.span, "always", _range_hint(a.low, a.high))]


def _range_hint(low: float, high: float) -> str:
    return f"the value lies between {low:g} and {high:g}" if INFINITY not in (-low, high) else ""


def always_at_most(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether `left <= right` on every candle by definition."""
    match left, right:
        case _ if left == right:
            return True
        case nodes.Name(a), nodes.Name(b) if a in _ORDER and b in _ORDER:
            return _ORDER[a] < _ORDER[b]
        case nodes.Shifted(inner, 0), _:
            return always_at_most(inner, right)
        case _, nodes.Shifted(inner, 0):
            return always_at_most(left, inner)
        case _, nodes.Share(_, "above", inner):
            return always_at_most(left, inner)
        case nodes.Share(_, "below", inner), _:
            return always_at_most(inner, right)
        case _, nodes.Call("highest", (series, _)):
            return always_at_most(left, series)
        case nodes.Call("lowest", (series, _)), _:
            return always_at_most(series, right)
    return False


def _never_crosses(node: nodes.Crosses, kinds: Kinds) -> list[Diagnostic]:
    left, right = kinds.of(node.left), kinds.of(node.right)
    apart = left.high <= right.low or right.high <= left.low
    first, second = (node.left, node.right) if node.direction == "above" else (node.right, node.left)
    apart = apart or always_at_most(first, second)
    if not apart:
        return []
    text = short(expression(node), 50)
    return [Diagnostic("E502", f"`{text}` can never be true", node.span, "never", _range_hint(left.low, left.high))]


def contradiction(node: nodes.AllOf) -> list[Diagnostic]:
    """Whether the parts of an `and` leave nothing of a value that several of them compare with numbers."""
    spans: dict[nodes.Node, tuple[float, float]] = {}
    for each in node.conditions:
        bound = _bound(each)
        if bound is None:
            continue
        subject, low, high = bound
        was = spans.get(subject, (-INFINITY, INFINITY))
        spans[subject] = (max(was[0], low), min(was[1], high))
        if spans[subject][0] > spans[subject][1]:
            subject_text = short(expression(subject))
            message = f"`{subject_text}` cannot be above {spans[subject][0]:g} and below {spans[subject][1]:g} at once"
            return [Diagnostic("E504", message, node.span, "contradiction", "did you mean `or`?")]
    return []


def _bound(node: nodes.Node) -> tuple[nodes.Node, float, float] | None:
    """What a comparison with a written number says of its other side: at least this, at most that."""
    match node:
        case nodes.Compare((nodes.Number() | nodes.Percent() as number, subject), (operator,)) if (
            operator in _MIRRORED and not _is_written(subject)
        ):
            return _bound(nodes.Compare((subject, number), (_MIRRORED[operator],)))
        case nodes.Compare((subject, nodes.Number(value) | nodes.Percent(value)), (operator,)):
            ends = {">": (_above(value), INFINITY), ">=": (float(value), INFINITY)}
            ends |= {"<": (-INFINITY, _below(value)), "<=": (-INFINITY, float(value)), "==": (float(value),) * 2}
            return (subject, *ends[operator]) if operator in ends else None
        case nodes.Crosses(subject, side, nodes.Number(value)):
            return (subject, _above(value), INFINITY) if side == "above" else (subject, -INFINITY, _below(value))
    return None


def _is_written(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Number | nodes.Percent)


_MIRRORED: dict[str, Literal["<", "<=", ">", ">="]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _above(value: Decimal) -> float:
    return math.nextafter(float(value), INFINITY)


def _below(value: Decimal) -> float:
    return math.nextafter(float(value), -INFINITY)
