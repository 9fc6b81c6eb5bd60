"""Everything that depends on candles alone: computed once as columns, shared, and extended as candles come.

Conditions are arrays of 1.0 (true), 0.0 (false) and NaN (unknown), joined by Kleene's logic.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from weakref import ReferenceType, ref

import numpy as np

from runtime.candles import Candles, Floats, Times
from runtime.core.arguments import Arguments
from runtime.core.builder import Builder
from runtime.core.column import Column, Given, Linked
from runtime.core.conditions import condition
from runtime.core.heikin_ashi import averaged
from runtime.core.indicators import indicator
from runtime.core.kernels import arithmetic, recursions
from runtime.core.outside import OutsideValues, given_for
from runtime.core.resample import closing_times, closings_as_numbers, last_close, resampled
from runtime.core.span import Span
from runtime.core.together import fill_together
from runtime.core.truth import all_of, any_of, compare, operate
from strategy_dsl import nodes
from strategy_dsl.catalogue import BARE, FUNCTIONS, OUTSIDE
from strategy_dsl.timeframes import duration_ms, timeframe_ms

__all__ = ["Columns", "SharedColumns", "all_of", "any_of", "compare", "operate"]

DAY_MS = 86_400_000
PRICES = ("open", "high", "low", "close", "volume")


class SharedColumns:
    """Columns of several markets on one timeframe, for as many strategies, sweeps and backtests as like to.

    It owns its columns: keep it for as long as they are used. Nothing here refers in circles, so that memory is free
    the moment it is not needed.

    Each column is computed once per market and expression. While no more than `limit_bytes` are in use all are kept;
    beyond it those asked for the longest time ago are forgotten, and computed anew when they are asked for again.
    """

    def __init__(
        self, candles: Mapping[str, Candles], limit_bytes: int = 200_000_000, outside: OutsideValues | None = None
    ) -> None:
        self.candles = dict(candles)
        self.outside: OutsideValues = outside or {}
        """Values as they are known now; give newer ones before candles are added."""
        self.limit_bytes = limit_bytes
        self.now_ms = max((last_close(each) for each in candles.values() if len(each)), default=0)
        self.asked = 0
        self._columns: dict[str, Columns] = {}
        self._owner: Callable[[], Columns | None] = lambda: None

    def owned_by(self, columns: "Columns") -> None:
        """Serves one set of columns that was made by itself, and lives as long as it."""
        self._owner = ref(columns)

    def roots(self) -> list["Columns"]:
        """The columns of every market asked for so far."""
        owner = self._owner()
        return [*self._columns.values(), *([owner] if owner is not None else [])]

    def of(self, market: str) -> "Columns":
        """The columns of a market; KeyError for one without candles."""
        owner = self._owner()
        if owner is not None and owner.market == market:
            return owner
        found = self._columns.get(market)
        if found is None:
            found = self._columns[market] = Columns(self.candles[market], shared=self)
        return found

    def extend(self, newer: Mapping[str, Candles]) -> None:
        """Adds candles that follow the last ones of their markets, and brings all columns up to them.

        Give all markets whose candles have closed in one call: what is read `of` another market must be there first.
        """
        for market, candles in newer.items():
            self.of(market).extend(candles)
        for root in self.roots():
            root.span.advance()

    def prepare(self) -> None:
        """Gets all columns ready for their next candle; call it before a start and while there is time afterwards."""
        for root in self.roots():
            root.span.prepare()

    def used_bytes(self) -> int:
        """How much the columns hold, candles not counted."""
        spans = {id(each.span): each.span for root in self.roots() for each in root.family()}
        return sum(span.used_bytes() for span in spans.values())

    def trim(self) -> None:
        """Forgets the columns that were not asked for the longest, until the limit is kept."""
        if sum(each.span.most_bytes() for root in self.roots() for each in root.family()) <= self.limit_bytes:
            return
        while self.used_bytes() > self.limit_bytes:
            families = [each for root in self.roots() for each in root.family()]
            first = min((asked for each in families if (asked := each.oldest()) is not None), default=None)
            if first is None:
                return
            for each in families:
                each.forget(first)
                each.span.forget_plan()


@dataclass
class Kept:
    """A column that was asked for, and when, counted in questions."""

    column: Column
    asked: int = 0


class Columns:
    """Columns of one set of candles, each computed once; all arrays have the candles' length.

    `anchor_ms` is the opening of the first candle: every value is what it is because the candles begin there.
    """

    def __init__(
        self,
        candles: Candles,
        others: Mapping[str, Candles] | None = None,
        shared: SharedColumns | None = None,
        outside: OutsideValues | None = None,
    ) -> None:
        self.market, self.timeframe = candles.market, candles.timeframe
        self._own = None if shared else SharedColumns({**(others or {}), candles.market: candles}, outside=outside)
        self._shared = ref(shared or self._own)
        if self._own is not None:
            self._own.owned_by(self)
        self.span = Span(len(candles))
        self.build = Builder(self.span)
        self.series: dict[str, Column] = {name: Given(self.span, getattr(candles, name)) for name in PRICES}
        self._time: Times = candles.time
        self._candles: Candles | None = candles
        self._cache: dict[nodes.Node, Kept] = {}
        self._frames: dict[str, Frame] = {}
        self._averaged: Columns | None = None
        self._plain: Callable[[], Columns | None] = lambda: None

    @property
    def shared(self) -> SharedColumns:
        """The columns of all markets, among which these are."""
        found = self._shared()
        if found is None:
            raise RuntimeError("the SharedColumns that these columns belong to are gone: keep them while they are used")
        return found

    @property
    def candles(self) -> Candles:
        """The candles so far."""
        if self._candles is None:
            prices = [self.series[name].values() for name in PRICES]
            self._candles = Candles(self.market, self.timeframe, self._time[: self.span.size], *prices)
        return self._candles

    @property
    def anchor_ms(self) -> int | None:
        """When the first candle opened, ms UTC; None while there is none."""
        return int(self._time[0]) if self.span.size else None

    def of(self, node: nodes.Node) -> Floats:
        """The values of an expression that needs no position, one a candle."""
        found = self.column(node).values()
        self.shared.trim()
        return found

    def several(self, wanted: Sequence[nodes.Node]) -> list[Floats]:
        """The values of several expressions, as `of` gives them one by one, in less time."""
        found = [self.column(each) for each in wanted]
        fill_together(found, self.span.size)
        values = [each.values() for each in found]
        self.shared.trim()
        return values

    def column(self, node: nodes.Node) -> Column:
        """The column of an expression; it grows with the candles and stays the same object."""
        found = self._cache.get(node)
        if found is None:
            found = self._cache[node] = Kept(self._column(node))
        self.shared.asked += 1
        found.asked = self.shared.asked
        return found.column

    def oldest(self) -> int | None:
        """When the column was asked for that was not asked for the longest."""
        return min((each.asked for each in self._cache.values()), default=None)

    def forget(self, asked: int) -> None:
        """Lets go of the column asked for then; it lives on where something else needs it."""
        self._cache = {node: each for node, each in self._cache.items() if each.asked != asked}

    def drop(self, node: nodes.Node) -> None:
        """Lets go of the column of an expression that nobody will ask for again."""
        self._cache.pop(node, None)

    def extend(self, newer: Candles) -> None:
        """Adds candles that follow the last one; columns that were asked for grow when they are read next.

        Raises ValueError for candles of another market or timeframe, or that do not open after the last one.
        """
        if (newer.market, newer.timeframe) != (self.market, self.timeframe):
            raise ValueError(f"{newer.market} on {newer.timeframe} does not continue {self.market} on {self.timeframe}")
        if len(newer) and self.span.size and newer.time[0] <= self._time[self.span.size - 1]:
            raise ValueError("new candles must open after the last one")
        size, stop = self.span.size, self.span.size + len(newer)
        self.span.reserve(stop)
        if len(self._time) < stop:
            larger = np.empty(self.span.room, dtype=np.int64)
            larger[:size] = self._time[:size]
            self._time = larger
        self._time[size:stop] = newer.time
        for name in PRICES:
            series = self.series[name]
            if isinstance(series, Given):
                series.append(getattr(newer, name))
        if "time" in self.series and isinstance(self.series["time"], Given):
            self.series["time"].append(newer.time.astype(np.float64))
        self.span.size, self._candles = stop, None
        if len(newer):
            self.shared.now_ms = max(self.shared.now_ms, last_close(newer))
        if self._averaged is not None:
            self._averaged._candles, self._averaged._time = None, self._time

    def family(self) -> Iterator["Columns"]:
        """These columns and those of the same market on other timeframes and candles made of them."""
        yield self
        for each in (*(frame.columns for frame in self._frames.values()), self._averaged):
            if each is not None:
                yield from each.family()

    # what a node means

    def _column(self, node: nodes.Node) -> Column:
        build = self.build
        match node:
            case nodes.Number(value):
                return build.fixed(float(value))
            case nodes.Percent(value):
                return build.fixed(float(value) / 100)
            case nodes.Duration(text):
                return build.fixed(duration_ms(text) / timeframe_ms(self.timeframe))
            case nodes.Name(name):
                return self._series(name)
            case nodes.Call(function, arguments):
                return self._call(function, arguments, "")
            case nodes.Component(call, component):
                return self._call(call.function, call.arguments, component)
            case nodes.Shifted(operand, bars):
                return build.shifted(self.column(operand), bars)
            case nodes.OnTimeframe(operand, timeframe):
                return self._on(operand, timeframe)
            case nodes.OfMarket(operand, market):
                return self._of_market(operand, market)
            case nodes.OfCandles(operand, _):
                return self.averaged().column(operand)
            case nodes.Negative(operand):
                return build.stepped(arithmetic.negative, [self.column(operand)])
            case nodes.Share(percent, relation, operand):
                share = float(percent.value) / 100
                factor = {"above": 1 + share, "below": 1 - share, "of": share}[relation]
                return build.operated(self.column(operand), "*", factor)
            case nodes.Arithmetic(left, operator, right):
                return build.operated(self.column(left), operator, self.column(right))
            case _:
                return condition(build, self.column, node)

    def _series(self, name: str) -> Column:
        if name in BARE:
            return self._call(name, (), "")
        if name in self.series:
            return self.series[name]
        found = self.series[name] = self._derived(name)
        return found

    def _derived(self, name: str) -> Column:
        build, time = self.build, self.series.get("time")
        match name:
            case "time":
                # whole milliseconds up to the year 285,000 are exact in a float64
                return Given(self.span, self._time[: self.span.size].astype(np.float64))
            case "closing":
                return build.windowed(partial(closings_as_numbers, self.timeframe), 0, self._series("time"))
            case "hl2" | "hlc3" | "ohlc4":
                parts = {"hl2": ("high", "low"), "hlc3": ("high", "low", "close"), "ohlc4": PRICES[:4]}[name]
                total = self.series[parts[0]]
                for part in parts[1:]:
                    total = build.operated(total, "+", self.series[part])
                return build.operated(total, "/", len(parts))
        if name in OUTSIDE:
            if given_for(self.shared.outside, name, self.market) is None:
                return build.fixed(np.nan)
            return build.windowed(partial(_known, ref(self.shared), name, self.market), 0, self._series("closing"))
        row = FUNCTIONS[name]
        time = self._series("time")
        return indicator(build, row, [time], {}, "", {"zone": "UTC"})

    def _call(self, function: str, arguments: tuple[nodes.Node, ...], component: str) -> Column:
        row = FUNCTIONS[function]
        if row.special == "since":
            return self._since(*arguments)
        given = Arguments.of(row, arguments)
        series = [*map(self._series, row.inputs), *map(self.column, given.series)]
        return indicator(self.build, row, series, given.numbers, component, given.texts)

    def _since(self, held: nodes.Node, inner: nodes.Node) -> Column:
        if not isinstance(inner, nodes.Call):
            raise AssertionError("the checker lets only a call into `since`")
        code = recursions.FOLDS.index(inner.function)
        return self.build.stepped(recursions.since, [self.column(held), self.column(inner.arguments[0])], code)

    # other candles

    def _on(self, operand: nodes.Node, timeframe: str) -> Column:
        if timeframe == self.timeframe:
            return self.column(operand)
        plain = self._plain()
        frame = (plain or self).frame(timeframe)
        longer = frame.columns.averaged() if plain else frame.columns
        inputs = (self._series("closing"), longer._series("closing"), longer.column(operand))
        return Linked(self.span, arithmetic.last_closed, inputs, frame.follow)

    def frame(self, timeframe: str) -> "Frame":
        """The same market on a longer timeframe."""
        if timeframe not in self._frames:
            self._frames[timeframe] = Frame(self, timeframe)
        return self._frames[timeframe]

    def averaged(self) -> "Columns":
        """The same market and timeframe as Heikin-Ashi candles."""
        if self._averaged is None:
            found = self._averaged = Columns(self.candles, shared=self.shared)
            found.span, found.build, found._plain = self.span, Builder(self.span), ref(self)
            found.series = averaged(self.build, self.series)
            found.series["time"] = self._series("time")
            found._candles, found._time = None, self._time
        return self._averaged

    def _of_market(self, operand: nodes.Node, market: str) -> Column:
        if market == self.market:
            return self.column(operand)
        if market not in self.shared.candles:
            return self.build.fixed(np.nan)
        other, before = self.shared.of(market), _nothing
        if self.timeframe != other.timeframe:
            frame = other.frame(self.timeframe)
            other, before = frame.columns, frame.follow
        if self._plain() is not None:
            other = other.averaged()
        inputs = (self._series("time"), other._series("time"), other.column(operand))
        return Linked(self.span, arithmetic.same_time, inputs, before)


class Frame:
    """Longer candles of the same market and their columns."""

    def __init__(self, base: Columns, timeframe: str) -> None:
        self._base = ref(base)
        longer = resampled(base.candles, timeframe, now_ms=base.shared.now_ms)
        self.columns = Columns(longer, shared=base.shared)
        self._seen = (base.span.size, base.shared.now_ms)
        self._used = self._after(base, longer)

    def follow(self) -> None:
        """Takes in what has closed since."""
        base, timeframe = self._base(), self.columns.timeframe
        if base is None:
            raise RuntimeError("the shorter candles are gone")
        seen = (base.span.size, base.shared.now_ms)
        if self._seen == seen:
            return
        self._seen = seen
        rest = base.candles.part(self._used, base.span.size)
        longer = resampled(rest, timeframe, self._used > 0, base.shared.now_ms)
        if len(longer):
            self._used += self._after(base, longer, self._used)
            self.columns.extend(longer)

    def _after(self, base: Columns, longer: Candles, start: int = 0) -> int:
        if not len(longer):
            return 0
        end = closing_times(longer.time[-1:], longer.timeframe)[0]
        return int(np.searchsorted(base.candles.time[start:], end))


def _nothing() -> None:
    pass


def _known(shared: "ReferenceType[SharedColumns]", name: str, market: str, moments: Floats) -> Floats:
    """A value from outside at each moment, by what is known of it now."""
    owner = shared()
    found = None if owner is None else given_for(owner.outside, name, market)
    return np.full(len(moments), np.nan) if found is None else found.at(moments)
