"""Program -> the numbers that the compiled machine works by."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from runtime.core.machine import layout as at
from runtime.core.machine.expression_code import Coder, span_lengths
from runtime.core.machine.moments import Events, Listed, Midnights, pause_days, short_interval
from strategy_dsl import nodes
from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.program import Program, RulePlan
from strategy_dsl.timeframes import duration_ms, timeframe_ms
from strategy_dsl.units import Unit

YEAR_MS = 365 * at.DAY_MS
SWING_CANDLES = 100
"""Candles whose changes tell a market's volatility."""
ALL_SCOPES = frozenset({"candles", "position", "past", "strategy", "outside", "order"})
SIDES = {"buy": 1, "short": -1, "sell": 1, "cover": -1, "exit": 0}


@dataclass(frozen=True)
class Encoded:
    """A strategy in numbers, the columns it reads (in order), and the lists of moments it needs (in order)."""

    program: Program
    rules: at.Rules
    columns: tuple[nodes.Node, ...]
    lists: tuple[Listed, ...]
    level_count: int
    own_levels: int
    """How many of the levels are of the program itself; those of older ones follow."""
    most_planned: int
    breaker_count: int
    traces: Mapping[int, at.Ints]
    """By rule: for each comparison the expressions of its result, its left and its right side, -1 for none."""
    at_entry: tuple[nodes.Node, ...]
    entry_names: tuple[str, ...]


def encoded(program: Program, traced: bool = False, older: tuple[Program, ...] = ()) -> Encoded:
    """The numbers of a program whose markets are known; `traced` with every comparison of its rules.

    `older` are the programs before it, the newest first: positions that they opened end as they said.
    """
    return _Encoder(program, older).encode(traced)


class _Encoder:
    def __init__(self, program: Program, older: tuple[Program, ...]) -> None:
        self.program, self.older = program, older
        self.strategy = program.strategy
        self.coder = Coder()
        self.lists: list[Listed] = []
        self.levels: list[tuple[float, int, int]] = []
        self.targets: list[tuple[float, int, int, int]] = []
        self.risk = 0
        self.kinds = Kinds({}, program.timeframe, scopes=ALL_SCOPES)  # type: ignore[arg-type]
        self.names: list[str] = [each.name for each in program.entries if each.name is not None]

    def encode(self, traced: bool) -> Encoded:
        strategy, program, coder = self.strategy, self.program, self.coder
        guards = [self._guard(strategy)]
        settings = self._settings()
        first = len(program.rules()) + 1
        pauses = [
            (first + k, coder.number(each.condition), duration_ms(each.duration) if each.duration else -1,
             -1 if each.duration else self._list(pause_days(each)), 0)
            for k, each in enumerate(strategy.pauses)
        ]  # fmt: skip
        first += len(pauses)
        halts = [
            (first + k, coder.number(each.condition), -1, -1, int(each.close)) for k, each in enumerate(strategy.halts)
        ]
        entries, closers, alerts = (self._rules(each) for each in (program.entries, program.closers, program.alerts))
        adds = [self._add(each) for each in strategy.adds]
        own_levels = len(self.levels)
        for older in self.older:
            guards.append(self._guard(older.strategy))
            for add in older.strategy.adds:
                self._add(add)
        schedules = [self._schedule(each) for each in strategy.schedules]
        rebalances = [
            (0.0, 0.0, -1, -1, -1, *self._timing(each.timing), -1) for each in strategy.rebalances if each.timing
        ]
        windows = [self._window(each) for each in strategy.windows]
        weights, otherwise = self._weights(), self._otherwise()
        at_entry = [coder.number(inner) for inner in tuple(coder.at_entry)]
        traces = {rule.number: self._trace(rule) for rule in program.rules()} if traced else {}
        expressions, code, numbers, stack = coder.arrays()
        settings[0]["named"] = int(coder.named)
        rules = at.Rules(
            settings=settings,
            entries=entries, closers=closers, alerts=alerts,
            pauses=_records(at.BREAKER, pauses), halts=_records(at.BREAKER, halts),
            guards=_records(at.GUARD, guards), levels=_records(at.LEVEL, self.levels),
            targets=_records(at.TARGET_LEVEL, self.targets),
            adds=_records(at.ADD, adds),
            schedules=_records(at.SCHEDULE, schedules),
            rebalances=_records(at.SCHEDULE, rebalances),
            cooldowns=_records(
                at.COOLDOWN,
                [(duration_ms(each.duration), at.COOLDOWNS.index(each.after)) for each in strategy.cooldowns],
            ),
            windows=_records(at.WINDOW, windows),
            exits_after=np.array([duration_ms(e.duration) for e in strategy.exits_after if e.duration], np.int64),
            exit_bars=np.array([each.bars for each in strategy.exits_after if each.bars is not None], np.int64),
            exit_lists=np.array([self._list(each) for each in strategy.exits_at], np.int64),
            weights=weights, otherwise=otherwise,
            expressions=expressions, code=code, numbers=numbers, spans=span_lengths(coder),
            at_entry=np.array(at_entry, np.int64), stack=stack,
        )  # fmt: skip
        return Encoded(
            program,
            rules,
            tuple(coder.columns),
            tuple(self.lists),
            len(self.levels),
            own_levels,
            len(program.closers) + 3,
            len(pauses) + len(halts) + len(program.alerts),
            traces,
            tuple(coder.at_entry),
            tuple(self.names),
        )

    # parts

    def _trace(self, rule: RulePlan) -> at.Ints:
        sides = [side for leaf in rule.leaves for side in (leaf.condition, leaf.left, leaf.right)]
        return np.array([self.coder.number(side) for side in sides], np.int64)

    def _settings(self) -> np.ndarray[Any, Any]:
        strategy, found = self.strategy, np.zeros(1, at.SETTINGS)
        row = found[0]
        row["leverage"] = float(strategy.leverage.times) if strategy.leverage else 1.0
        row["length"], row["reverse"] = timeframe_ms(self.program.timeframe), int(strategy.reverse is not None)
        self._size(row)
        places = strategy.open_positions
        row["slots"] = places.value if places else -1
        row["rank"] = self.coder.number(places.rank) if places and places.rank is not None else -1
        row["rank_sign"] = -1.0 if places and places.best == "highest" else 1.0
        row["utc_days"] = self._list(Midnights("UTC"))
        most = strategy.entries_a_day
        row["most_entries"] = most.value if most else -1
        row["entry_days"] = self._list(Midnights(most.zone)) if most else -1
        self._order(row)
        self._hold(row)
        grid = strategy.grid
        if grid is not None:
            row["grid_low"], row["grid_high"], row["grid_steps"] = float(grid.low), float(grid.high), grid.steps
            row["grid_money"] = float(grid.money.amount)
        row["lots"] = int(grid is not None or any(_by_entry(each.strategy) for each in (self.program, *self.older)))
        row["universe"] = int(strategy.trade is not None and strategy.trade.universe is not None)
        return found

    def _guard(self, strategy: nodes.Strategy) -> tuple[int, ...]:
        """How positions of a strategy end; its levels and targets follow those before."""
        stop, trailing, even = strategy.stop, strategy.trailing, strategy.break_even
        self.risk = self._level_of(-1, at.AMOUNT, 0.0)
        stop_level = self._level(stop.level) if stop and stop.level else -1
        trail = self._distance(trailing.distance) if trailing else -1
        trail_begin, trail_after = self._begin(trailing.after) if trailing else (at.NEVER, -1)
        even_begin, even_after = self._begin(even.after) if even else (at.NEVER, -1)
        first = len(self.targets)
        self.targets += [
            (
                1.0 if each.portion is None else float(each.portion.value) / 100,
                self._level(each.level),
                at.REFERENCES.index(each.reference),
                int(each.following),
            )
            for each in strategy.targets
        ]
        return (
            self.risk,
            stop_level,
            int(bool(stop and stop.following)),
            at.REFERENCES.index(stop.reference) if stop else 0,
            trail,
            trail_begin,
            trail_after,
            even_begin,
            even_after,
            first,
            len(strategy.targets),
        )

    def _begin(self, after: nodes.Distance | nodes.Multiple | nodes.Once | None) -> tuple[int, int]:
        if after is None:
            return at.AT_ONCE, -1
        if isinstance(after, nodes.Once):
            return at.ONCE, self.coder.number(after.condition)
        return at.AFTER, self._level(after)

    def _level(self, level: nodes.Distance | nodes.AtPrice | nodes.Multiple) -> int:
        match level:
            case nodes.Multiple(value):
                return self._level_of(self.risk, at.MULTIPLE, float(value))
            case nodes.AtPrice(price):
                return self._level_of(self.coder.number(price), at.PRICE, 0.0)
            case nodes.Distance(value):
                return self._distance(value)

    def _distance(self, node: nodes.Node) -> int:
        kind = at.RATIO if self.kinds.of(node).unit is Unit.PERCENT else at.AMOUNT
        return self._level_of(self.coder.number(node), kind, 0.0)

    def _level_of(self, expression: int, kind: int, value: float) -> int:
        self.levels.append((value, kind, expression))
        return len(self.levels) - 1

    def _size(self, row: Any) -> None:
        row["size_expression"] = -1
        match self.strategy.size:
            case nodes.SizeMoney(money):
                row["size_kind"], row["size"] = self._money(money)
            case nodes.SizeRisk(percent):
                row["size_kind"], row["size"] = at.SIZE_RISK, float(percent.value) / 100
            case nodes.SizeVolatility(percent):
                row["size_kind"], row["size"] = at.SIZE_VOLATILITY, float(percent.value) / 100
                row["size_expression"] = self.coder.number(self._swing())
            case size:
                percent = size.percent if size else nodes.Percent(Decimal(5))
                row["size_kind"], row["size"] = at.SIZE_EQUITY, float(percent.value) / 100

    def _swing(self) -> nodes.Node:
        """The deviation of the last 100 candles' changes, scaled to a year of 365 days."""
        change = nodes.Call("change", (nodes.Name("close"), nodes.Number(Decimal(1))))
        deviation = nodes.Call("stdev", (change, nodes.Number(Decimal(SWING_CANDLES))))
        scale = math.sqrt(YEAR_MS / timeframe_ms(self.program.timeframe))
        return nodes.Arithmetic(deviation, "*", nodes.Number(Decimal(repr(scale))))

    def _money(self, money: nodes.Money | nodes.SizeEquity | nodes.SizeRisk) -> tuple[int, float]:
        if isinstance(money, nodes.SizeEquity):
            return at.SIZE_EQUITY, float(money.percent.value) / 100
        if isinstance(money, nodes.SizeRisk):
            return at.SIZE_RISK, float(money.percent.value) / 100
        coin = self.program.markets[0].split("/")[0] if self.program.markets else ""
        return (at.SIZE_COINS if money.currency == coin else at.SIZE_MONEY), float(money.amount)

    def _order(self, row: Any) -> None:
        order = self.strategy.order
        row["order"] = at.ORDERS.index(order.kind) if order else at.ORDER_MARKET
        price = order.price if order and row["order"] != at.ORDER_MARKET else None
        row["order_price"] = self.coder.number(price)
        row["order_at_open"] = int(price is not None and _names(price, "next_open"))
        row["order_bars"] = order.bars if order and order.bars is not None else -1
        row["order_for"] = duration_ms(order.duration) if order and order.duration else -1

    def _hold(self, row: Any) -> None:
        hold = self.strategy.hold
        row["hold_rank"] = row["hold_condition"] = row["hold_each"] = -1
        drift = [float(each.drift.value) / 100 for each in self.strategy.rebalances if each.drift]
        row["drift"], row["has_drift"] = (min(drift), 1) if drift else (0.0, 0)
        if hold is None:
            return
        row["hold"], row["hold_best"] = 1, hold.best or 0
        row["hold_rank"] = self.coder.number(hold.rank)
        row["hold_condition"] = self.coder.number(hold.condition)

    def _weights(self) -> np.ndarray[Any, Any]:
        hold = self.strategy.hold
        if hold is None:
            return _records(at.WEIGHT, [])
        if hold.best is not None:
            found = [(self._market(each), -1) for each in hold.among]
        elif hold.each is not None:
            found = [(-1, self.coder.number(hold.each))]
        else:
            held = [each for each in hold.weights if each.market != nodes.CASH]
            found = [(self._market(each.market), self.coder.number(each.value)) for each in held]
        return _records(at.WEIGHT, found)

    def _otherwise(self) -> np.ndarray[Any, Any]:
        held = self.strategy.hold.otherwise if self.strategy.hold else ()
        found = [(self._market(each.market), self.coder.number(each.value)) for each in held]
        return _records(at.WEIGHT, [each for each in found if each[0] >= 0])

    def _market(self, name: str | None) -> int:
        markets = self.program.markets
        return markets.index(name) if name in markets else -1

    def _rules(self, plans: tuple[RulePlan, ...]) -> np.ndarray[Any, Any]:
        found = []
        for each in plans:
            named = each.name is not None and each.action != "alert"
            # a name that no entry has belongs to no position
            name = [*self.names, each.name].index(each.name) if named else -1
            side = SIDES.get(each.action, 0)
            found.append((each.portion, each.number, side, self.coder.number(each.condition), name))
        return _records(at.RULE, found)

    def _add(self, add: nodes.Add) -> tuple[Any, ...]:
        kind, amount = self._money(add.amount)
        steps = add.distances or ((add.every,) if add.every else ())
        first = len(self.levels)
        for each in steps:
            self._distance(each)
        return (
            amount,
            float(add.factor or 1),
            kind,
            1 if add.side == "above" else -1,
            at.REFERENCES.index(add.reference),
            self.coder.number(add.condition),
            first,
            len(steps),
            int(add.every is not None),
            -1 if add.times is None else add.times,
            duration_ms(add.apart) if add.apart else -1,
        )

    def _schedule(self, each: nodes.Schedule) -> tuple[Any, ...]:
        kind, amount = self._money(each.amount) if each.amount else (-1, 0.0)
        portion = 1.0 if each.portion is None else float(each.portion.value) / 100
        market = -1 if each.market is None else self._market(each.market)
        condition = self.coder.number(each.condition)
        return amount, portion, at.SCHEDULED.index(each.action), market, condition, *self._timing(each.timing), kind

    def _timing(self, timing: nodes.Timing) -> tuple[int, int]:
        short = short_interval(timing)
        return short, -1 if short else self._list(timing)

    def _window(self, window: nodes.Window) -> tuple[int, int, int]:
        only = int(window.gate == "only")
        if window.condition is not None:
            return only, self.coder.number(window.condition), -1
        if window.event is not None:
            return only, -1, self._list(Events(duration_ms(window.event)))
        return only, -1, self._list(window)

    def _list(self, what: Listed) -> int:
        if what not in self.lists:
            self.lists.append(what)
        return self.lists.index(what)


def _records(kind: Any, rows: list[Any]) -> np.ndarray[Any, Any]:
    return np.array([tuple(each) for each in rows], kind)


def _names(node: nodes.Node, name: str) -> bool:
    return any(isinstance(each, nodes.Name) and each.name == name for each in nodes.walk(node))


def _by_entry(strategy: nodes.Strategy) -> bool:
    """Whether a level goes by each entry, so that entries are kept apart."""
    stops = (strategy.stop,) if strategy.stop else ()
    return any(each.reference == "each entry" for each in (*stops, *strategy.targets))
