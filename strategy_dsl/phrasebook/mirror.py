"""A condition for the other side of the market: above for below, highest for lowest, 70 for 30."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from strategy_dsl import nodes
from strategy_dsl.formatter import expression
from strategy_dsl.parser import parse

Sign = Literal["<", "<=", ">", ">=", "==", "!="]
SIGNS: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
OTHER: dict[str, Literal["above", "below"]] = {"above": "below", "below": "above"}
RELATIONS: dict[str, Literal["above", "below", "of"]] = {"above": "below", "below": "above", "of": "of"}
SWAPPED = {"highest": "lowest", "lowest": "highest", "swing_high": "swing_low", "swing_low": "swing_high"}
SWAPPED |= {"consecutive_up": "consecutive_down", "consecutive_down": "consecutive_up"}
PARTS = {"upper": "lower", "lower": "upper", "high": "low", "low": "high", "cloud_top": "cloud_bottom"}
PARTS |= {"cloud_bottom": "cloud_top"}
NAMES = {"high": "low", "low": "high"}
SHAPES = {
    "bullish_engulfing": "bearish_engulfing",
    "piercing_line": "dark_cloud_cover",
    "morning_star": "evening_star",
    "hammer": "shooting_star",
    "bullish_harami": "bearish_harami",
}
SHAPES |= {bearish: bullish for bullish, bearish in SHAPES.items()}
HUNDRED = ("rsi", "mfi", "stochastic", "stochastic_rsi")
"""Scores between 0 and 100: the other side of 30 is 70."""
ABOUT_ZERO = (
    "cci",
    "zscore",
    "macd",
    "supertrend",
    "roc",
    "change",
    "momentum",
    "inverse_fisher",
    "awesome",
    "williams_r",
)
"""Values around zero: the other side of -2 is 2."""
NO_SIDE = ("adx", "atr", "volume", "atr_percent", "width", "percentrank", "weekday", "hour", "bollinger_width")
"""Values that know no up or down: their comparisons hold for both sides."""


TURNED = {"buy": "short", "sell": "cover", "short": "buy", "cover": "sell"}


class NoMirror(Exception):
    """The condition has no plain counterpart on the other side."""


def mirrored(text: str) -> str | None:
    """The condition of the other side, or None where there is no plain one."""
    parsed = parse(f"buy when {text}")
    if parsed.problems:
        return None
    try:
        return expression(_mirror(parsed.strategy.rules[0].condition))
    except NoMirror:
        return None


def short_half(lines: list[str]) -> list[str] | None:
    """The lines of the other side for these lines of buying and selling; None where one has no counterpart."""
    found = []
    for line in lines:
        head = re.match(r"(buy|sell|short|cover)( \S+%)? when ", line)
        if head is None:
            continue
        other = mirrored(line[head.end() :])
        if other is None:
            return None
        found.append(f"{TURNED[head.group(1)]}{head.group(2) or ''} when {other}")
    return found


def _mirror(node: nodes.Node) -> nodes.Node:
    match node:
        case nodes.AllOf(conditions) | nodes.AnyOf(conditions):
            return replace(node, conditions=tuple(_mirror(one) for one in conditions))
        case nodes.Group(inner):
            return replace(node, inner=_mirror(inner))
        case nodes.Not(condition) | nodes.Throughout(condition) | nodes.Recently(condition):
            return replace(node, condition=_mirror(condition))
        case nodes.Sequence(first, _, second):
            return replace(node, first=_mirror(first), second=_mirror(second))
        case nodes.Shifted(operand) | nodes.OnTimeframe(operand) if not _is_value(operand):
            return replace(node, operand=_mirror(operand))
        case nodes.Crosses(left, direction, right):
            return nodes.Crosses(_value(left, left), OTHER[direction], _value(right, left))
        case nodes.Compare(operands, operators):
            return _comparison(node, operands, operators)
        case nodes.Moves(operand, direction):
            if _sideless(operand):
                return node
            return replace(
                node, operand=_value(operand, operand), direction="falling" if direction == "rising" else "rising"
            )
        case nodes.Between(operand, low, high) if _score(operand):
            return nodes.Between(operand, _value(high, operand), _value(low, operand))
        case nodes.Near() | nodes.OneOf():
            return node
        case nodes.Name(name) if name in SHAPES:
            return nodes.Name(SHAPES[name])
        case nodes.Name(name) if name == "inside_bar":
            return node
    raise NoMirror


def _comparison(node: nodes.Compare, operands: tuple[nodes.Node, ...], operators: tuple[Sign, ...]) -> nodes.Node:
    if any(_sideless(one) for one in operands):
        return node
    if any(one not in SIGNS for one in operators):
        raise NoMirror
    values = tuple(_value(one, operands[0]) for one in operands)
    return replace(node, operands=values, operators=tuple(SIGNS[one] for one in operators))


def _is_value(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name | nodes.Call | nodes.Component | nodes.Arithmetic | nodes.Shifted)


def _root(node: nodes.Node) -> str:
    """The name of the function or series that a value is made with."""
    match node:
        case nodes.Name(name) | nodes.Call(name):
            return name
        case nodes.Component(call, part):
            return "width" if part in ("width", "percent_b") else call.function
        case nodes.Shifted(operand) | nodes.OnTimeframe(operand) | nodes.OfCandles(operand) | nodes.OfMarket(operand):
            return _root(operand)
    return ""


def _sideless(node: nodes.Node) -> bool:
    match node:
        case nodes.Call("abs", _):
            return True
        case nodes.Call(_, (series, *_)) if _root(node) in ("sma", "ema", "mean"):
            return _sideless(series)
        case nodes.Arithmetic(left, _, right):
            return _sideless(left) or _sideless(right)
    return _root(node) in NO_SIDE


def _score(node: nodes.Node) -> bool:
    return _root(node) in HUNDRED


def _value(node: nodes.Node, subject: nodes.Node) -> nodes.Node:
    """A value of the other side; numbers turn about the middle of what they are compared with."""
    turn: Callable[[nodes.Node], nodes.Node] = lambda one: _value(one, subject)  # noqa: E731
    match node:
        case nodes.Number(value):
            return _number(value, subject)
        case nodes.Percent(value):
            return nodes.Negative(node) if value else node
        case nodes.Negative(nodes.Number(value)):
            return _number(-value, subject)
        case nodes.Negative(nodes.Percent() as percent):
            return percent
        case nodes.Name(name):
            return nodes.Name(NAMES.get(name, name))
        case nodes.Call(name, arguments):
            kept = tuple(
                nodes.Name(NAMES.get(one.name, one.name)) if isinstance(one, nodes.Name) else one for one in arguments
            )
            return nodes.Call(SWAPPED.get(name, name), kept)
        case nodes.Component(_, part):
            return replace(node, component=PARTS.get(part, part))
        case nodes.Shifted(operand) | nodes.OnTimeframe(operand) | nodes.OfCandles(operand) | nodes.OfMarket(operand):
            return replace(node, operand=turn(operand))
        case nodes.Group(inner):
            return replace(node, inner=turn(inner))
        case nodes.Share(percent, relation, operand):
            return replace(node, relation=RELATIONS[relation], operand=turn(operand))
    raise NoMirror


def _number(value: Decimal, subject: nodes.Node) -> nodes.Node:
    if _score(subject):
        turned = 100 - value
    elif _root(subject) in ABOUT_ZERO:
        turned = (-100 - value) if _root(subject) == "williams_r" else -value
    else:
        raise NoMirror
    return nodes.Number(turned) if turned >= 0 else nodes.Negative(nodes.Number(-turned))
