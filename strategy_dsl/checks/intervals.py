"""Kinds under arithmetic: units combine, bounds follow by interval arithmetic.

Moore 1966: the bounds of a result are the extremes of the bounds of its operands.
"""

from dataclasses import replace

from strategy_dsl.units import INFINITY, Kind, Unit

_LIKE_NUMBERS = {Unit.NUMBER, Unit.BARS, Unit.SCORE}
_SCALARS = {Unit.NUMBER, Unit.PERCENT}


def comparable(left: Kind, right: Kind) -> bool:
    """Whether two kinds can stand on both sides of a comparison or a sum."""
    if left.unit is right.unit:
        return same_market(left, right)
    pair = {left.unit, right.unit}
    if Unit.NUMBER not in pair:
        return pair <= _LIKE_NUMBERS or pair == {Unit.BARS, Unit.DURATION}
    other = left if right.unit is Unit.NUMBER else right
    number = right if right.unit is Unit.NUMBER else left
    if other.unit is Unit.PERCENT:
        # a written number would be a percent in the writer's head: `-1` for -1%
        return number.low != number.high
    return other.unit not in (Unit.CONDITION, Unit.WORD)


def same_market(left: Kind, right: Kind) -> bool:
    """False for the prices of two markets."""
    return left.market == right.market or not left.unit is right.unit is Unit.PRICE


def negative(kind: Kind) -> Kind:
    """`-x`."""
    return replace(kind, low=-kind.high, high=-kind.low)


def scaled(kind: Kind, factor: float) -> Kind:
    """`x` times a constant."""
    ends = sorted((_times(kind.low, factor), _times(kind.high, factor)))
    return replace(kind, low=ends[0], high=ends[1])


def added(left: Kind, right: Kind, sign: int) -> Kind:
    """`left + right`, or `left - right` for a sign of -1; the units must be comparable."""
    named = left if left.unit is not Unit.NUMBER else right
    low = left.low + (right.low if sign > 0 else -right.high)
    high = left.high + (right.high if sign > 0 else -right.low)
    return Kind(named.unit, low, high, named.market)


def multiplied(left: Kind, right: Kind) -> Kind:
    """`left * right`: the unit of the side that is no plain number or percent."""
    named = left if right.unit in _SCALARS else right
    ends = [_times(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Kind(named.unit, min(ends), max(ends), named.market)


def divided(left: Kind, right: Kind) -> Kind:
    """`left / right`: a plain number where the units are alike, unbounded where the divisor can be 0."""
    alike = left.unit is right.unit or right.unit not in _SCALARS
    unit, market = (Unit.NUMBER, None) if alike else (left.unit, left.market)
    if right.low <= 0 <= right.high:
        positive = left.low >= 0 and right.low >= 0
        return Kind(unit, 0 if positive else -INFINITY, INFINITY, market)
    ends = [_over(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Kind(unit, min(ends), max(ends), market)


def united(kinds: list[Kind]) -> Kind:
    """A value that is one of several."""
    first = kinds[0]
    return replace(first, low=min(each.low for each in kinds), high=max(each.high for each in kinds))


def _times(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def _over(left: float, right: float) -> float:
    if abs(right) == INFINITY:
        return 0.0
    return left / right
