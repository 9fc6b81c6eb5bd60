"""What rules mean on candles, and where that differs from a gold reading of the corpus."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns, any_of
from runtime.core.columns import all_of as both
from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, VALUES
from strategy_dsl.gist import gist
from strategy_dsl.nodes import walk
from strategy_dsl.program import inline
from strategy_dsl.timeframes import duration_ms, timeframe_ms
from tests.strategy_dsl.corpus import gold_api

SIDES = ("long_entry", "long_exit", "short_entry", "short_exit")
Arrays = dict[str, Floats]

MOST_ROUNDED = 3
"""How many candles may differ by rounding alone."""
LEFT_OUT = {"s042": {"second_try"}}
"""Rules by name that the gold names only in words, since they depend on how another trade ended."""
GATED = {"s089"}
"""Rows whose gold entry is a gate for entries of any kind."""
LEVEL_WHERE = {"s154": "h > shift(h,1)"}
"""Where the gold level is binding; it stays as it was elsewhere."""
ASKED = {
    "long_exit": {"exit"},
    "short_entry": {"side", "entry"},
    "short_exit": {"side", "exit"},
    "stop": {"stop"},
    "targets": {"target", "exit"},
    "trail": {"stop", "exit", "target"},
    "time_exit": {"exit", "target"},
    "schedule": {"timeframe", "entry"},
    "window": {"timezone"},
}
"""What may be assumed where the text leaves one of these topics open."""


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
            self.worlds[noise] = gold_api().World(_for_gold(self.candles, noise))
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
        known = [each for each in parts if not _beyond_candles(each)]
        return both([self.columns.of(each) for each in known]) if known else None

    def signals(self, row: str) -> Iterator[Arrays]:
        """The arrays by name; twice where plans can be read in both ways."""
        gate = self._gate()
        for planned in (False, True) if self.strategy.schedules or self.strategy.hold else (False,):
            found = self._rules(LEFT_OUT.get(row, set()))
            for side, columns in self._plans(planned):
                found.setdefault(side, []).extend(columns)
            arrays = {side: any_of(columns) for side, columns in found.items() if columns}
            if row in GATED:
                arrays = {"long_entry": gate}
            yield arrays

    def _gate(self) -> Floats:
        gates = [each for each in self.strategy.windows if each.condition is not None]
        found = [self.of(each.condition) if each.gate == "only" else 1 - self.of(each.condition) for each in gates]
        return both(found) if found else np.ones(len(self.columns.candles))

    def _rules(self, left_out: set[str]) -> dict[str, list[Floats]]:
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
            Meaning(self.strategy, self.candles, each, self.first).of(hold.rank) > mine
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


def _beyond_candles(node: nodes.Node) -> bool:
    for each in walk(node):
        if isinstance(each, nodes.Name) and each.name in VALUES and VALUES[each.name].scope != "candles":
            return True
        if isinstance(each, nodes.Call) and FUNCTIONS[each.function].needs_position():
            return True
    return False


@dataclass
class Comparison:
    """Rules beside one gold reading; `differences` says in words what does not fit."""

    row: dict[str, Any]
    reading: dict[str, Any]
    meaning: Meaning
    silent: list[str] = field(default_factory=list)
    """What was equal without ever being true."""

    def differences(self) -> list[str]:
        """Everything in which the rules differ from the reading."""
        found = [*self._settings(), *self._levels()]
        return found + min((self._signals(arrays, index) for index, arrays in self._arrays()), key=len)

    def _arrays(self) -> Iterator[tuple[int, Arrays]]:
        return iter(enumerate(self.meaning.signals(self.row["id"])))

    def _signals(self, arrays: Arrays, planned: int) -> list[str]:
        found = []
        for side in SIDES:
            ours, gold = arrays.get(side), self.reading.get(side)
            if gold is None:
                if ours is not None and not self._free(side):
                    found.append(f"{side}: the reading has none")
            elif ours is None:
                found.append(f"{side}: the rules have none")
            else:
                found += self._same(side, ours, gold)
        wanted = self.reading.get("schedule")
        if wanted is None and planned == 0 and (self._plan() is not None) and not self._free("schedule"):
            found.append("schedule: the reading has none")
        return found

    def _plan(self) -> dict[str, Any] | None:
        plan: dict[str, Any] | None = gist(self.meaning.strategy)["schedule"]
        return plan

    def _same(self, side: str, ours: Floats, expression: str) -> list[str]:
        mine, theirs = (ours == 1)[self.meaning.first :], self._gold(expression)[self.meaning.first :]
        unlike = np.flatnonzero(mine != theirs)
        if len(unlike) and not self._rounded(expression, unlike):
            return [f"{side}: {len(unlike)} of {len(mine)} candles differ, {mine.sum()} true against {theirs.sum()}"]
        if not mine.any():
            self.silent.append(side)
        return []

    def _gold(self, expression: str, noise: float = 0.0) -> np.ndarray:
        found = self.meaning.gold(expression, noise)
        assert found.dtype == bool, expression
        return found

    def _rounded(self, expression: str, unlike: np.ndarray) -> bool:
        """Whether the few candles that differ are settled by the last digits of a float, in the gold itself."""
        if len(unlike) > MOST_ROUNDED:
            return False
        answers = [
            self._gold(expression, noise)[self.meaning.first :][unlike] for noise in (0.0, 1e-12, -1e-12, 3e-13, -3e-13)
        ]
        return bool(np.all(np.any([each != answers[0] for each in answers[1:]], axis=0)))

    def _free(self, what: str) -> bool:
        """Whether rules may say something here although the reading does not: where no reading of the row does."""
        if any(reading.get(what) for reading in self.row["readings"]):
            return False
        return bool(self.reading.get("partial")) or bool(ASKED.get(what, set()) & set(self.row.get("ask") or ()))

    def _settings(self) -> Iterator[str]:
        mine = gist(self.meaning.strategy)
        for what in ("markets", "timeframe", "stop", "targets", "trail", "size", "time_exit", "window", "schedule"):
            wanted = self.reading.get(what)
            if wanted in (None, []):
                settled = what in ("stop", "targets", "trail", "time_exit", "window")
                if settled and mine[what] and not self._free(what):
                    yield f"{what}: {mine[what]}, the reading has none"
            elif (what == "markets" and not self._names(wanted)) or (
                what != "markets" and not _fits(what, mine[what], wanted)
            ):
                yield f"{what}: {mine[what]} instead of {wanted}"
        limits = mine["limits"] | {"leverage": mine["limits"].get("leverage", 1)}
        for name, value in (self.reading.get("limits") or {}).items():
            same = limits.get(name) == value
            if name == "cooldown_bars" and value is None:
                same = "pause_hours" in limits or "cooldown_hours" in limits
            if not same:
                yield f"{name}: {limits.get(name)} instead of {value}"
        for name in ("max_trades_per_day", "cooldown_hours", "daily_loss_percent", "max_drawdown_percent"):
            if name in limits and name not in (self.reading.get("limits") or {}) and not self.reading.get("partial"):
                yield f"{name}: {limits[name]}, the reading has none"

    def _names(self, wanted: list[str]) -> bool:
        """Whether the rules trade the reading's markets; one that they only read counts as named too."""
        traded = {_market(each) for each in self.meaning.markets()}
        read = {_market(each) for each in read_markets(self.meaning.strategy)}
        named = {_market(each) for each in wanted}
        return named <= traded | read if self.reading.get("partial") else named == traded

    def _levels(self) -> Iterator[str]:
        strategy = self.meaning.strategy
        stop = strategy.stop.level if strategy.stop else None
        pairs = [("stop", stop, self.reading.get("stop"))]
        targets = zip(strategy.targets, self.reading.get("targets") or [], strict=False)
        pairs += [("target", ours.level, gold) for ours, gold in targets]
        for what, ours, gold in pairs:
            if gold and gold["kind"] == "level":
                if not isinstance(ours, nodes.AtPrice):
                    yield f"{what}: not a price of its own"
                else:
                    yield from self._same_level(what, self.meaning.of(ours.price), gold["expr"])

    def _same_level(self, what: str, ours: Floats, expression: str) -> Iterator[str]:
        gold = self.meaning.gold(expression).astype(np.float64)
        settled = np.ones(len(ours), dtype=bool)
        if where := LEVEL_WHERE.get(self.row["id"]):
            settled = self._gold(where).copy()
        settled[: self.meaning.first] = False
        known = settled & ~np.isnan(gold)
        if not known.any() or not np.allclose(ours[known], gold[known], rtol=1e-9, atol=0):
            yield f"{what}: another price than {expression}"


def _fits(what: str, ours: Any, wanted: Any) -> bool:
    if ours in (None, []):
        return False
    match what:
        case "targets":
            return len(ours) == len(wanted) and all(map(_alike, ours, wanted))
        case "stop" | "trail" | "size":
            return _alike(ours, wanted)
        case "time_exit":
            return {key: _clock(value) for key, value in wanted.items()} == {
                key: _clock(value) for key, value in ours.items()
            }
        case "window":
            days = wanted.get("weekdays") or list(range(7))
            hours = all(_clock(ours.get(key)) == _clock(wanted[key]) for key in ("from", "to") if wanted.get(key))
            zone = not wanted.get("from") or ours.get("tz") == wanted.get("tz")
            return ours["weekdays"] == days and hours and zone
        case "schedule":
            every = ours["every"] == wanted["every"] or (wanted["every"] == "week" and ours["every"].endswith("day"))
            return every and ours["every"] != "" and wanted.get("at") in (None, ours["at"])
    return bool(ours == wanted)


def _for_gold(candles: dict[str, Candles], noise: float) -> dict[str, dict[str, Any]]:
    names = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
    return {
        market: {short: _shaken(getattr(each, name), noise) for short, name in names.items()} | {"t": each.time}
        for market, each in candles.items()
    }


def _shaken(values: Floats, noise: float) -> Floats:
    """The values with every second one moved by a share of itself that only rounding can see."""
    return values * (1 + noise * (np.arange(len(values)) % 2)) if noise else values


def _market(market: str) -> str:
    return market.replace("/USDT", "/USD")


def _clock(value: Any) -> Any:
    return "00:00" if value == "24:00" else value


def _alike(ours: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """A number that the text leaves open is any; a level is compared on candles."""
    if ours["kind"] != wanted["kind"]:
        return False
    open_keys = {key for key, value in wanted.items() if value is None and key in ("mult", "length", "value")}
    compared = set(wanted) - {"kind", "expr", "short_expr"} - open_keys
    return all(ours.get(key) == wanted[key] for key in compared)


def nearest(row: dict[str, Any], reading: dict[str, Any], meanings: list[Meaning]) -> list[str]:
    """What differs from a reading on the first candles on which anything does, or what was never true on any."""
    silent: set[str] | None = None
    for meaning in meanings:
        tried = Comparison(row, reading, meaning)
        if found := tried.differences():
            return [f"{meaning.market}: {each}" for each in found]
        silent = set(tried.silent) if silent is None else silent & set(tried.silent)
    return [f"{each}: equal, but never true" for each in sorted(silent or ())]
