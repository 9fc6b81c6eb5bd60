"""What rules mean on candles: the candles on which they enter and leave, beside gold expressions on the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns, any_of
from runtime.core.columns import all_of as both
from strategy_dsl import nodes
from strategy_dsl.nodes import walk
from strategy_dsl.program import beyond_candles, inline
from strategy_dsl.timeframes import duration_ms, timeframe_ms

Arrays = dict[str, Floats]


@dataclass(frozen=True)
class Particular:
    """What cannot be compared of one row, or only in part."""

    left_out: frozenset[str] = frozenset()
    """Rules by name that the gold has only in words."""
    gate_only: bool = False
    """Whether the gold's entry is a gate for entries of any kind."""
    level_where: str = ""
    """Where the gold level is binding; it stays as it was elsewhere."""


NOTHING_PARTICULAR = Particular()


@dataclass
class Meaning:
    """A strategy on the candles of one market: when it enters and leaves, and its settings.

    `planned` are the same arrays where the moment of a plan (a schedule, a rebalancing) is part of the condition.
    """

    strategy: nodes.Strategy
    candles: dict[str, Candles]
    market: str
    first: int
    """How many candles are left out at the beginning."""
    names: ModuleType
    """The evaluator of gold expressions."""
    lets: dict[str, nodes.Node] = field(init=False)
    columns: Columns = field(init=False)
    worlds: dict[float, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        raw = {each.name: each.value for each in self.strategy.lets}
        for _ in raw:
            raw = {name: inline(value, raw) for name, value in raw.items()}
        self.lets = raw
        self.columns = Columns(self.candles[self.market], self.candles)

    def markets(self) -> tuple[str, ...]:
        """The traded markets, those of a universe aside."""
        return self.strategy.trade.markets if self.strategy.trade else ()

    def gold(self, expression: str, noise: float = 0.0) -> np.ndarray:
        """A gold expression on the same candles, or on prices shaken by rounding."""
        if noise not in self.worlds:
            self.worlds[noise] = self.names.World(_for_gold(self.candles, noise))
        found: np.ndarray = (
            self.worlds[noise].bars(self.market, timeframe_ms(self.columns.candles.timeframe)).full(expression)
        )
        return found

    def of(self, node: nodes.Node) -> Floats:
        """The column of an expression, its `let`s put in."""
        return self.columns.of(inline(node, self.lets))

    def condition(self, node: nodes.Node) -> Floats | None:
        """A condition on candles; what depends on trades or on outside values counts as true beside the rest."""
        whole = inline(node, self.lets)
        parts = whole.conditions if isinstance(whole, nodes.AllOf) else (whole,)
        known = [each for each in parts if not beyond_candles(each)]
        return both([self.columns.of(each) for each in known]) if known else None

    def signals(self, particular: Particular = NOTHING_PARTICULAR) -> Iterator[Arrays]:
        """The arrays by name; twice where plans can be read in both ways."""
        gate = self._gate()
        for planned in (False, True) if self.strategy.schedules or self.strategy.hold else (False,):
            found = self._rules(particular.left_out)
            for side, columns in self._plans(planned):
                found.setdefault(side, []).extend(columns)
            arrays = {side: any_of(columns) for side, columns in found.items() if columns}
            if particular.gate_only:
                arrays = {"long_entry": gate}
            yield arrays

    def _gate(self) -> Floats:
        gates = [(each.gate, each.condition) for each in self.strategy.windows]
        found = [
            self.of(condition) if gate == "only" else 1 - self.of(condition) for gate, condition in gates if condition
        ]
        return both(found) if found else np.ones(len(self.columns.candles))

    def _rules(self, left_out: frozenset[str]) -> dict[str, list[Floats]]:
        found: dict[str, list[Floats]] = {}
        for rule in self.strategy.rules:
            whole = rule.portion is None or rule.portion.value >= 100
            column = self.condition(rule.condition)
            if column is None or not whole or rule.name in left_out:
                continue
            for side in _sides(rule.action):
                found.setdefault(side, []).append(column)
        if self.strategy.reverse:
            found["long_exit"] = [*found.get("long_exit", []), *found["short_entry"]]
            found["short_exit"] = [*found.get("short_exit", []), *found["long_entry"]]
        return found

    def _plans(self, planned: bool) -> Iterator[tuple[str, list[Floats]]]:
        for schedule in self.strategy.schedules:
            if schedule.action == "alert" or (schedule.market or self.market) != self.market:
                continue
            parts = [self._due(schedule.timing)] if planned else []
            if schedule.condition is not None:
                parts += [each for each in [self.condition(schedule.condition)] if each is not None]
            for side in _sides(schedule.action) if parts else ():
                yield side, [both(parts)]
        if self.strategy.hold:
            held = self._held(self.strategy.hold)
            timings = [each.timing for each in self.strategy.rebalances if each.timing]
            due = any_of([self._due(each) for each in timings]) if planned and timings else np.ones(len(held))
            yield "long_entry", [both([due, held])]
            if not self.strategy.closers():
                yield "long_exit", [both([due, 1 - held])]

    def _held(self, hold: nodes.Hold) -> Floats:
        column = None if hold.condition is None else self.condition(hold.condition)
        held = np.ones(len(self.columns.candles)) if column is None else column
        universe = self.strategy.trade is None or self.strategy.trade.universe is not None
        if hold.best is None or hold.rank is None or universe:
            # which markets a universe has is not known here: only the gate of each is compared
            return held
        mine = self.of(hold.rank)
        better = [
            Meaning(self.strategy, self.candles, each, self.first, self.names).of(hold.rank) > mine
            for each in hold.among or self.markets()
        ]
        return both([held, (np.sum(better, axis=0) < hold.best).astype(np.float64)])

    def _due(self, timing: nodes.Timing) -> Floats:
        """The candles at whose close a plan is due."""
        candles = self.columns.candles
        length = timeframe_ms(candles.timeframe)
        return np.array([float(_is_due(timing, int(each) + length)) for each in candles.time])


def _is_due(timing: nodes.Timing, time_ms: int) -> bool:
    if timing.interval:
        return time_ms % duration_ms(timing.interval) == 0
    local = datetime.fromtimestamp(time_ms / 1000, ZoneInfo(timing.zone))
    if f"{local:%H:%M}" != timing.clock:
        return False
    if timing.day_of_month is not None:
        last = (local + timedelta(days=1)).month != local.month
        return last if timing.day_of_month == 0 else local.day == timing.day_of_month
    return local.weekday() in timing.days


def _sides(action: str) -> tuple[str, ...]:
    sides = {"buy": "long_entry", "sell": "long_exit", "short": "short_entry", "cover": "short_exit"}
    return ("long_exit", "short_exit") if action == "exit" else (sides[action],)


def read_markets(strategy: nodes.Strategy) -> tuple[str, ...]:
    """The markets whose candles are read by `of`."""
    found = [each.market for each in walk(strategy) if isinstance(each, nodes.OfMarket)]
    return tuple(dict.fromkeys(found))


def _for_gold(candles: dict[str, Candles], noise: float) -> dict[str, dict[str, Any]]:
    names = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
    return {
        market: {short: _shaken(getattr(each, name), noise) for short, name in names.items()} | {"t": each.time}
        for market, each in candles.items()
    }


def _shaken(values: Floats, noise: float) -> Floats:
    """The values with every second one moved by a share of itself that only rounding can see."""
    return values * (1 + noise * (np.arange(len(values)) % 2)) if noise else values
