"""The value of any expression at (market, candle): a number, a word, true or false, or None for unknown.

A slow evaluator from the text of LANGUAGE.md. Names of the position, of past trades and of the strategy are recorded at
each close (`record`), so that they are series like any other: `profit[1]` is what `profit` was one candle ago.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.candles import Candles
from runtime.core.columns import Columns
from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, OUTSIDE, PAST, POSITION, SERIES, STRATEGY
from strategy_dsl.nodes import walk
from strategy_dsl.timeframes import duration_ms
from strategy_dsl.units import Unit
from tests.reference import calls
from tests.reference.kleene import all_of, any_of, at_least, not_
from tests.reference.views import View, base_view, calendar, heikin_ashi_view, length_ms, longer_view

Value = float | bool | str | None
STATEFUL_NAMES = {*POSITION, *PAST, *STRATEGY, "next_open"}
STATEFUL_CALLS = {"at_entry", "losses_since"}


@dataclass(frozen=True)
class Outside:
    """A series from outside the candles: (time in ms, value) in order of time; older than `age` ms is unknown."""

    points: tuple[tuple[int, float | str], ...]
    age: int

    def at(self, now: int) -> float | str | None:
        """The last value known at a moment."""
        found = [(time, value) for time, value in self.points if time <= now]
        return found[-1][1] if found and now - found[-1][0] <= self.age else None


@dataclass
class World:
    """All candles, the `let`s, what was recorded at closes, and the values from outside."""

    candles: Mapping[str, Candles]
    lets: Mapping[str, nodes.Node] = field(default_factory=dict)
    outside: Mapping[str, Outside] = field(default_factory=dict)
    recorded: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    next_open: float | None = None

    def __post_init__(self) -> None:
        self.timeframe = next(iter(self.candles.values())).timeframe
        self._views: dict[tuple[str, str, str], View] = {}
        self._columns: dict[tuple[tuple[str, str, str], int], list[Value]] = {}
        self._stateful: dict[int, bool] = {}
        self._kept: list[nodes.Node] = []

    def view(self, market: str, timeframe: str | None = None, kind: str = "plain") -> View:
        """Candles of a market; made when first asked for."""
        key = (market, timeframe or self.timeframe, kind)
        if key not in self._views:
            if kind == "heikin_ashi":
                self._views[key] = heikin_ashi_view(self.view(market, timeframe))
            elif key[1] == self.timeframe:
                self._views[key] = base_view(self.candles[market])
            else:
                self._views[key] = longer_view(self.view(market), key[1])
        return self._views[key]

    def record(self, market: str, index: int, names: dict[str, Any]) -> None:
        """What the names of position, past and strategy are at this close."""
        self.recorded[market, index] = names

    def at(self, node: nodes.Node, market: str, index: int) -> Value:
        """The value at the close of a market's candle."""
        return self.value(node, self.view(market), index)

    # inside

    def stateful(self, node: nodes.Node) -> bool:
        """Whether a value depends on what was traded."""
        if id(node) not in self._stateful:
            self._kept.append(node)
            self._stateful[id(node)] = any(
                (isinstance(each, nodes.Name) and each.name in STATEFUL_NAMES)
                or (isinstance(each, nodes.Call) and each.function in STATEFUL_CALLS)
                or (isinstance(each, nodes.Name) and each.name in self.lets and self.stateful(self.lets[each.name]))
                for each in walk(node)
            )
        return self._stateful[id(node)]

    def written(self, node: nodes.Node) -> nodes.Node:
        """What a `let` that stands for a number says; anything else as it is."""
        stands_for = self.lets.get(node.name) if isinstance(node, nodes.Name) else None
        return node if not isinstance(stands_for, nodes.Number | nodes.Percent | nodes.Duration) else stands_for

    def value(self, node: nodes.Node, view: View, i: int) -> Value:
        """The value at the close of a candle of a view; before the first candle everything is unknown."""
        if isinstance(node, nodes.Number | nodes.Percent):
            return float(node.value) / (100 if isinstance(node, nodes.Percent) else 1)
        if not 0 <= i < len(view):
            return None
        if self.stateful(node):
            return self.compute(node, view, i)
        return self.column(node, view)[i]

    def column(self, node: nodes.Node, view: View) -> list[Value]:
        """All values of an expression that needs candles alone."""
        key = ((view.market, view.timeframe, view.kind), id(node))
        if key not in self._columns:
            if isinstance(node, nodes.Call | nodes.Component):
                self._columns[key] = calls.column(self, node, view, len(view))
            else:
                self._columns[key] = [self.compute(node, view, i) for i in range(len(view))]
        return self._columns[key]

    def past(self, node: nodes.Node, view: View, i: int, bars: int) -> list[Value]:
        """The values on the last `bars` candles, oldest first, this one included."""
        return [self.value(node, view, j) for j in range(i - bars + 1, i + 1)]

    def compute(self, node: nodes.Node, view: View, i: int) -> Value:
        """One expression node."""
        match node:
            case nodes.Group(inner):
                return self.value(inner, view, i)
            case nodes.Duration(text):
                return duration_ms(text) / length_ms(view.timeframe)
            case nodes.Name(name):
                return self.named(name, view, i)
            case nodes.Call() | nodes.Component():
                return calls.column(self, node, view, i + 1)[i]
            case nodes.Shifted(operand, bars):
                return self.value(operand, view, i - bars)
            case nodes.OnTimeframe(operand, timeframe):
                longer = self.view(view.market, timeframe, view.kind)
                at = longer.closed_by(view.end[i])
                return None if at is None else self.value(operand, longer, at)
            case nodes.OfMarket(operand, market):
                other = self.view(market, view.timeframe, view.kind)
                at = other.at_opening(view.time[i])
                return None if at is None else self.value(operand, other, at)
            case nodes.OfCandles(operand, kind):
                return self.value(operand, self.view(view.market, view.timeframe, kind), i)
            case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
                return self.arithmetic(node, view, i)
            case _:
                return self.condition(node, view, i)

    def named(self, name: str, view: View, i: int) -> Value:
        """A series, a `let`, a value of the calendar, or what was recorded."""
        if name in self.lets:
            return self.value(self.lets[name], view, i)
        if name in ("open", "high", "low", "close", "volume"):
            return getattr(view, name)[i]
        opened, high, low, close = view.open[i], view.high[i], view.low[i], view.close[i]
        means = {"hl2": (high + low) / 2, "hlc3": (high + low + close) / 3, "ohlc4": (opened + high + low + close) / 4}
        if name in means:
            return means[name]
        if name in ("hour", "day_of_month", "month", "weekday"):
            return calendar(name, view.time[i], "UTC")
        if name == "next_open":
            return self.next_open
        if name in OUTSIDE:
            series = self.outside.get(f"{name} of {view.market}") or self.outside.get(name)
            return None if series is None else series.at(view.end[i])
        if name in SERIES or name in FUNCTIONS:
            return self.fallback(nodes.Name(name), view)[i]
        return self.recorded.get((view.market, view.last[i]), {}).get(name)

    def arithmetic(self, node: nodes.Node, view: View, i: int) -> Value:
        """Unknown where an operand is, or where something is divided by zero."""
        match node:
            case nodes.Negative(operand):
                value = self.value(operand, view, i)
                return None if value is None else -value
            case nodes.Share(percent, relation, operand):
                value, ratio = self.value(operand, view, i), float(percent.value) / 100
                factor = {"above": 1 + ratio, "below": 1 - ratio, "of": ratio}[relation]
                return None if value is None else value * factor
            case nodes.Arithmetic(left, operator, right):
                a, b = self.value(left, view, i), self.value(right, view, i)
                if a is None or b is None or (operator == "/" and b == 0):
                    return None
                return a + b if operator == "+" else a - b if operator == "-" else a * b if operator == "*" else a / b
        raise AssertionError(node)

    def condition(self, node: nodes.Node, view: View, i: int) -> bool | None:
        """Conditions, in three-valued logic."""
        match node:
            case nodes.Not(inner):
                return not_(self.value(inner, view, i))
            case nodes.AllOf(parts):
                return all_of(self.value(part, view, i) for part in parts)
            case nodes.AnyOf(parts):
                return any_of(self.value(part, view, i) for part in parts)
            case nodes.AtLeast(count, parts):
                return at_least(count, [self.value(part, view, i) for part in parts])
            case nodes.Compare(operands, operators):
                values = [self.value(each, view, i) for each in operands]
                return all_of(
                    compared(a, operator, b) for a, operator, b in zip(values, operators, values[1:], strict=False)
                )
            case nodes.Crosses(left, direction, right):
                before = (self.value(left, view, i - 1), self.value(right, view, i - 1))
                now = (self.value(left, view, i), self.value(right, view, i))
                signs = ("<=", ">") if direction == "above" else (">=", "<")
                return all_of([compared(before[0], signs[0], before[1]), compared(now[0], signs[1], now[1])])
            case nodes.Moves(operand, direction, bars):
                values = self.past(operand, view, i, bars + 1)
                sign = ">" if direction == "rising" else "<"
                return all_of(compared(b, sign, a) for a, b in itertools.pairwise(values))
            case nodes.Near(left, tolerance, right):
                a, b = self.value(left, view, i), self.value(right, view, i)
                return None if a is None or b is None else abs(a - b) <= float(tolerance.value) / 100 * abs(b)
            case nodes.Between(operand, low, high):
                value = self.value(operand, view, i)
                ends = self.value(low, view, i), self.value(high, view, i)
                return all_of([compared(ends[0], "<=", value), compared(value, "<=", ends[1])])
            case nodes.OneOf(operand, words):
                value = self.value(operand, view, i)
                return None if value is None else value in words
            case nodes.Throughout(inner, bars):
                return all_of(self.past(inner, view, i, bars))
            case nodes.Recently(inner, bars):
                return any_of(self.past(inner, view, i, bars))
            case nodes.Sequence(first, bars, second):
                return all_of([any_of(self.past(first, view, i - 1, bars)), self.value(second, view, i)])
            case nodes.FirstSince(event, since):
                return self.first_since(event, since, view, i)
        raise NotImplementedError(type(node).__name__)

    def first_since(self, event: nodes.Node, since: nodes.Node, view: View, i: int) -> bool | None:
        """The first candle with the event after the last candle with the other: not that candle itself."""
        earlier: list[bool | None] = []
        since_now = self.value(since, view, i)
        if since_now is True:
            return False
        for j in range(i - 1, -1, -1):
            begun = self.value(since, view, j)
            if begun is True:
                return all_of([not_(since_now), self.value(event, view, i), not_(any_of(earlier))])
            if begun is None:
                return False if self.value(event, view, i) is False else None
            earlier.append(self.value(event, view, j))
        return False

    def fallback(self, node: nodes.Node, view: View) -> list[Value]:
        """FALLBACK, not independent: what this package does not define itself, from the engine's columns of these candles."""
        names = ("open", "high", "low", "close", "volume")
        columns = [np.array(getattr(view, name), dtype=np.float64) for name in names]
        candles = Candles(view.market, view.timeframe, np.array(view.time, dtype=np.int64), *columns)
        column = Columns(candles, self.candles).of(node)
        name = getattr(node, "function", getattr(node, "name", ""))
        kind = bool if name in FUNCTIONS and FUNCTIONS[name].unit is Unit.CONDITION else float
        return [None if each != each else kind(each) for each in column.tolist()]


def compared(a: Value, operator: str, b: Value) -> bool | None:
    """A comparison with unknown is unknown."""
    if a is None or b is None:
        return None
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[operator]
