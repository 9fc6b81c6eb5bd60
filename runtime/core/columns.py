"""Everything that depends on candles alone, computed once as arrays and shared.

Conditions are arrays of 1.0 (true), 0.0 (false) and NaN (unknown), joined by Kleene's logic.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.heikin_ashi import heikin_ashi
from runtime.core.indicators import compute, shifted, since
from runtime.core.resample import closings, last_closed, resampled
from strategy_dsl import nodes
from strategy_dsl.catalogue import BARE, FUNCTIONS, Parameter
from strategy_dsl.timeframes import DAYS, duration_ms, timeframe_ms

DAY_MS = 86_400_000


def known(condition: Floats | np.ndarray, *inputs: Floats) -> Floats:
    """A comparison's result, unknown where one of its inputs is."""
    unknown = reduce(np.logical_or, (np.isnan(each) for each in inputs))
    return np.where(unknown, np.nan, np.asarray(condition, dtype=np.float64))


def all_of(parts: Sequence[Floats]) -> Floats:
    """Kleene's and: false wins over unknown."""
    lowest = reduce(np.fmin, parts)
    unknown = reduce(np.logical_or, (np.isnan(each) for each in parts))
    return np.where(lowest == 0, 0.0, np.where(unknown, np.nan, 1.0))


def any_of(parts: Sequence[Floats]) -> Floats:
    """Kleene's or: true wins over unknown."""
    return 1.0 - all_of([1.0 - each for each in parts])


class Columns:
    """Columns of one set of candles, cached by expression; all arrays have the candles' length."""

    def __init__(self, candles: Candles, others: Mapping[str, Candles] | None = None) -> None:
        self.candles = candles
        self.others = others or {}
        self._cache: dict[nodes.Node, Floats] = {}
        self._frames: dict[str, Columns] = {}
        self._markets: dict[str, Columns] = {}
        self._averaged: Columns | None = None

    def of(self, node: nodes.Node) -> Floats:
        """The column of an expression that needs no position."""
        found = self._cache.get(node)
        if found is None:
            found = self._cache[node] = self._compute(node)
        return found

    def _compute(self, node: nodes.Node) -> Floats:
        match node:
            case nodes.Number(value):
                return np.full(len(self.candles), float(value))
            case nodes.Percent(value):
                return np.full(len(self.candles), float(value) / 100)
            case nodes.Duration(text):
                return np.full(len(self.candles), duration_ms(text) / timeframe_ms(self.candles.timeframe))
            case nodes.Name(name):
                return self._series(name)
            case nodes.Call(function, arguments):
                return self._call(function, arguments, "")
            case nodes.Component(call, component):
                return self._call(call.function, call.arguments, component)
            case nodes.Shifted(operand, bars):
                return shifted(self.of(operand), bars)
            case nodes.OnTimeframe(operand, timeframe):
                return self._on(operand, timeframe)
            case nodes.OfMarket(operand, market):
                return self._of_market(operand, market)
            case nodes.OfCandles(operand, _):
                return self._heikin_ashi().of(operand)
            case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
                return self._arithmetic(node)
            case _:
                return self._condition(node)

    def _series(self, name: str) -> Floats:
        if name in BARE:
            return self._call(name, (), "")
        candles = self.candles
        if name in ("open", "high", "low", "close", "volume"):
            found: Floats = getattr(candles, name)
            return found
        time = candles.time
        derived: dict[str, Callable[[], Floats]] = {
            "hl2": lambda: (candles.high + candles.low) / 2,
            "hlc3": lambda: (candles.high + candles.low + candles.close) / 3,
            "ohlc4": lambda: (candles.open + candles.high + candles.low + candles.close) / 4,
            "hour": lambda: (time // 3_600_000 % 24).astype(np.float64),
            "weekday": lambda: ((time // DAY_MS + 3) % 7).astype(np.float64),
            "day_of_month": lambda: _day_of_month(time),
            "month": lambda: time.astype("datetime64[ms]").astype("datetime64[M]").astype(int) % 12 + 1.0,
        }
        return derived[name]()

    def _call(self, function: str, arguments: tuple[nodes.Node, ...], component: str) -> Floats:
        row = FUNCTIONS[function]
        match row.special:
            case "known":
                return 1.0 - np.isnan(self.of(arguments[0]))
            case "since":
                return self._since(*arguments)
        series = [self._input(name) for name in row.inputs]
        numbers: dict[str, float] = {}
        texts: dict[str, str] = {}
        for parameter, value in zip(row.parameters, arguments, strict=True):
            match value:
                case _ if parameter.kind in ("series", "condition"):
                    series.append(self.of(value))
                case nodes.Number(amount):
                    numbers |= _by_keyword(parameter, float(amount))
                case nodes.Percent(percent):
                    numbers |= _by_keyword(parameter, float(percent) / 100)
                case nodes.Clock(text) | nodes.Zone(text) | nodes.Name(text) | nodes.Duration(text):
                    texts[parameter.name] = text
        return compute(row, series, numbers, component, texts)

    def _input(self, name: str) -> Floats:
        """A series of the candles, or when they open (`time`) and close (`closing`), ms UTC."""
        if name not in ("time", "closing"):
            return self._series(name)
        times = closings(self.candles) if name == "closing" else self.candles.time
        return times.astype(np.float64)

    def _since(self, condition: nodes.Node, inner: nodes.Node) -> Floats:
        if not isinstance(inner, nodes.Call):
            raise AssertionError("the checker lets only a call into `since`")
        return since(self.of(condition), self.of(inner.arguments[0]), inner.function)

    def _on(self, operand: nodes.Node, timeframe: str) -> Floats:
        if timeframe == self.candles.timeframe:
            return self.of(operand)
        if timeframe not in self._frames:
            others = {name: resampled(each, timeframe) for name, each in self.others.items()}
            self._frames[timeframe] = Columns(resampled(self.candles, timeframe), others)
        frame = self._frames[timeframe]
        return last_closed(self.candles, frame.candles, frame.of(operand))

    def _heikin_ashi(self) -> "Columns":
        if self._averaged is None:
            self._averaged = Columns(heikin_ashi(self.candles), self.others)
        return self._averaged

    def _of_market(self, operand: nodes.Node, market: str) -> Floats:
        if market == self.candles.market:
            return self.of(operand)
        if market not in self.others:
            return np.full(len(self.candles), np.nan)
        if market not in self._markets:
            self._markets[market] = Columns(self.others[market], self.others)
        other = self._markets[market]
        return _same_time(self.candles, other.candles, other.of(operand))

    def _arithmetic(self, node: nodes.Negative | nodes.Arithmetic | nodes.Share) -> Floats:
        match node:
            case nodes.Negative(operand):
                return -self.of(operand)
            case nodes.Share(percent, relation, operand):
                share = float(percent.value) / 100
                factor = {"above": 1 + share, "below": 1 - share, "of": share}[relation]
                return self.of(operand) * factor
            case nodes.Arithmetic(left, operator, right):
                return operate(operator, self.of(left), self.of(right))

    def _condition(self, node: nodes.Node) -> Floats:
        match node:
            case nodes.Compare(operands, operators):
                columns = [self.of(each) for each in operands]
                pairs = zip(columns, operators, columns[1:], strict=False)
                return all_of([known(compare(op, a, b), a, b) for a, op, b in pairs])
            case nodes.Crosses(left, direction, right):
                return _crosses(self.of(left), direction, self.of(right))
            case nodes.Moves(operand, direction, bars):
                return _moves(self.of(operand), direction, bars)
            case nodes.Near(left, tolerance, right):
                a, b = self.of(left), self.of(right)
                return known(np.abs(a - b) <= float(tolerance.value) / 100 * np.abs(b), a, b)
            case nodes.Between(operand, low, high):
                a, b, c = (self.of(each) for each in (operand, low, high))
                return all_of([known(a >= b, a, b), known(a <= c, a, c)])
            case nodes.OneOf(operand, words):
                value = self.of(operand)
                return known(np.isin(value, [DAYS.index(each) for each in words]), value)
            case _:
                return self._joined(node)

    def _joined(self, node: nodes.Node) -> Floats:
        match node:
            case nodes.Not(condition):
                return 1.0 - self.of(condition)
            case nodes.AllOf(conditions):
                return all_of([self.of(each) for each in conditions])
            case nodes.AnyOf(conditions):
                return any_of([self.of(each) for each in conditions])
            case nodes.AtLeast(count, conditions):
                return _at_least(count, [self.of(each) for each in conditions])
            case nodes.Throughout(condition, bars):
                column = self.of(condition)
                return all_of([shifted(column, back) for back in range(bars)])
            case nodes.Recently(condition, bars):
                column = self.of(condition)
                return any_of([shifted(column, back) for back in range(bars)])
            case nodes.Sequence(first, bars, second):
                column = self.of(first)
                before = any_of([shifted(column, back) for back in range(1, bars + 1)])
                return all_of([before, self.of(second)])
            case nodes.FirstSince(event, since):
                return _first_since(self.of(event), self.of(since))
        raise AssertionError(f"no column for {type(node).__name__}")


def _by_keyword(parameter: Parameter, value: float) -> dict[str, float]:
    return dict.fromkeys([key for key in parameter.keywords if key] or [parameter.name], value)


def operate(operator: str, left: Floats, right: Floats) -> Floats:
    """Arithmetic in which a division by nothing is unknown."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(right == 0, np.nan, left / right)


def compare(operator: str, left: Floats, right: Floats) -> np.ndarray:
    """One comparison, element by element."""
    table = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "==": np.equal,
        "!=": np.not_equal,
    }
    found: np.ndarray = table[operator](left, right)
    return found


def _crosses(left: Floats, direction: str, right: Floats) -> Floats:
    was_left, was_right = shifted(left, 1), shifted(right, 1)
    before, now = ("<=", ">") if direction == "above" else (">=", "<")
    sides = (
        known(compare(before, was_left, was_right), was_left, was_right),
        known(compare(now, left, right), left, right),
    )
    return all_of(sides)


def _moves(values: Floats, direction: str, bars: int) -> Floats:
    sign = 1 if direction == "rising" else -1
    before = shifted(values, 1)
    step = known(sign * (values - before) > 0, values, before)
    return all_of([shifted(step, back) for back in range(bars)])


def _at_least(count: int, parts: Sequence[Floats]) -> Floats:
    true = np.sum([each == 1 for each in parts], axis=0)
    possible = np.sum([(each == 1) | np.isnan(each) for each in parts], axis=0)
    return np.where(true >= count, 1.0, np.where(possible < count, 0.0, np.nan))


def _first_since(event: Floats, since: Floats) -> Floats:
    """The first `event` after the last candle with `since`; a candle with both is not after it."""
    armed, out = 0.0, np.empty(len(event))
    for index, (happened, began) in enumerate(zip(event.tolist(), since.tolist(), strict=True)):
        out[index] = _both(_both(armed, happened), 1.0 - began)
        armed = 1.0 - _both(1.0 - _both(armed, 1.0 - happened), 1.0 - began)
    return out


def _both(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def _same_time(candles: Candles, other: Candles, values: Floats) -> Floats:
    if not len(other):
        return np.full(len(candles), np.nan)
    index = np.searchsorted(other.time, candles.time)
    inside = np.minimum(index, len(other) - 1)
    matches = (index < len(other)) & (other.time[inside] == candles.time)
    return np.where(matches, values[inside], np.nan)


def _day_of_month(time: np.ndarray) -> Floats:
    days = time.astype("datetime64[ms]").astype("datetime64[D]")
    found: Floats = (days - days.astype("datetime64[M]")).astype(int) + 1.0
    return found
