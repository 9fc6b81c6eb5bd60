"""The position machine: one program, its money and its positions, candle by candle.

Backtest, paper and live drive the same machine. It never fills anything: it hands out orders and is
told of fills. All state that matters is in `State`, which is stored after each step.
"""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from runtime.candles import Candles
from runtime.core.breakers import entries_that_day, read_breakers
from runtime.core.calendar import next_clock, window_open
from runtime.core.entries import RETURNS_DEVIATION, YEAR_MS, judged_at_closes, wrong_side
from runtime.core.judge import ENTRY_CLOSE, Judge
from runtime.core.levels import Level
from runtime.core.memory import LastExit, loss_spans, past_values
from runtime.core.orders import Fill, Kind, Order, Plan
from runtime.core.position import NOTHING, Position, after_candle, opened, reached
from runtime.core.sizing import sized
from runtime.core.state import Closed, Decision, State
from strategy_dsl import nodes
from strategy_dsl.program import Program, RulePlan, needs_state
from strategy_dsl.timeframes import duration_ms, timeframe_ms


class Machine:
    """Runs one program on its markets' candles."""

    def __init__(self, program: Program, candles: Mapping[str, Candles], fee_rate: float, state: State) -> None:
        self.program = program
        self.strategy = program.strategy
        self.fee_rate = fee_rate
        self.state = state
        self.length_ms = timeframe_ms(program.timeframe)
        self.judges = {market: Judge(program, candles[market], candles) for market in program.markets}
        self.spans = loss_spans(program.strategy)
        self.remembers = any(needs_state(each) for each in judged_at_closes(program))
        state.memory.begin(state.equity())
        self.traced = True
        self.entries_hold = ""

    # what happens at the open of a candle

    def due(self, market: str, open_ms: int) -> Order | None:
        """The timed exit that is due when a candle opens."""
        position = self.state.positions.get(market)
        if position is None:
            return None
        for after in self.strategy.exits_after:
            span = duration_ms(after.duration) if after.duration else (after.bars or 0) * self.length_ms
            bars_due = after.bars is not None and position.bars >= after.bars
            if bars_due or (after.bars is None and open_ms >= position.filled_ms + span):
                return self.sale(position, "time", open_ms, after.duration or f"{after.bars} bars")
        for at in self.strategy.exits_at:
            if open_ms >= next_clock(at, position.filled_ms):
                return self.sale(position, "time", open_ms, f"{at.clock} {at.zone}")
        return None

    def sale(self, position: Position, kind: Kind, at_ms: int, reason: str, quantity: float | None = None) -> Order:
        """An order that sells (part of) a position at the market's next price."""
        amount = position.quantity if quantity is None else quantity
        mark = self.state.marks.get(position.market, position.entry_price)
        return Order(position.market, kind, reason, at_ms, 0, position.name, quantity=amount, reference=mark)

    # what happens inside a candle

    def reached(self, market: str, opening: float, high: float, low: float, time_ms: int) -> list[Order]:
        """The protective sales that a candle's range causes."""
        position = self.state.positions.get(market)
        return [] if position is None else reached(position, opening, high, low, time_ms)

    def candle_over(self, market: str, index: int, high: float, low: float, close: float) -> None:
        """Marks the market and moves the position's levels for the next candle."""
        self.state.marks[market] = close
        position = self.state.positions.get(market)
        if position is not None:
            self._wake(market, index, position)
            after_candle(position, high, low, self._followed(market, index, position))

    def _wake(self, market: str, index: int, position: Position) -> None:
        """Begins what waits for a condition of its own: `trailing stop 2% once …`."""
        if not (position.trail_waits or position.even_waits):
            return
        judge, close_ms = self.judges[market], int(self.judges[market].columns.candles.time[index]) + self.length_ms
        for clause, name in ((self.strategy.trailing, "trail_waits"), (self.strategy.break_even, "even_waits")):
            after = clause.after if clause else None
            if isinstance(after, nodes.Once) and judge.at(after.condition, index, self._values(market, close_ms)) == 1:
                setattr(position, name, False)

    def _followed(self, market: str, index: int, position: Position) -> float | None:
        stop = self.strategy.stop
        if stop is None or not stop.following or stop.level is None:
            return None
        return self.judges[market].level(stop.level, index).below(position.entry_price)

    # what is decided at the close of a candle

    def decide(
        self, closed: Mapping[str, int], close_ms: int, under_way: Sequence[Order] = ()
    ) -> tuple[list[Decision], list[Order]]:
        """Rules of every market whose candle has just closed; `closed` maps markets to candle indexes.

        Orders `under_way` wait for a market without a candle now; they hold their slot and their cash.
        """
        decisions: list[Decision] = []
        orders = list(under_way)
        self.state.memory.closed(close_ms - self.length_ms, self.state.equity())
        self._breakers(closed, close_ms, decisions, orders)
        for market in self.program.markets:
            if market in closed:
                self._closers(market, closed[market], close_ms, decisions, orders)
        for market in self.program.markets:
            if market in closed:
                self._alerts(market, closed[market], close_ms, decisions)
        for market in self._ranked(closed, close_ms):
            self._entries(market, closed[market], close_ms, decisions, orders)
        return decisions, orders[len(under_way) :]

    def _breakers(
        self, closed: Mapping[str, int], close_ms: int, decisions: list[Decision], orders: list[Order]
    ) -> None:
        """Pauses and halts come first; a halt that closes sells everything."""
        strategy = self.strategy
        if not (strategy.pauses or strategy.halts):
            return
        for market in (each for each in self.program.markets if each in closed):
            judge, index, values = self.judges[market], closed[market], self._values(market, close_ms)
            read = partial(judge.at, index=index, values=values)
            for number, held, action in read_breakers(self.program, self.state.memory, market, close_ms, read):
                decisions.append(Decision(market, number, held, action, []))
                if action == "halt and close":
                    reason = "the strategy halted"
                    orders += [self.sale(each, "halt", close_ms, reason) for each in self.state.positions.values()]

    def _ranked(self, closed: Mapping[str, int], close_ms: int) -> list[str]:
        """The markets in the order in which they get free places; one whose rank is unknown comes last."""
        markets = [market for market in self.program.markets if market in closed]
        places = self.strategy.open_positions
        if places is None or places.rank is None:
            return markets
        sign = -1 if places.best == "highest" else 1
        ranks = {m: self.judges[m].at(places.rank, closed[m], self._values(m, close_ms)) for m in markets}
        return sorted(markets, key=lambda m: (math.isnan(ranks[m]), sign * ranks[m]))

    def _closers(self, market: str, index: int, close_ms: int, decisions: list[Decision], orders: list[Order]) -> None:
        position = self.state.positions.get(market)
        values = self._values(market, close_ms)
        leaving = any(order.market == market and order.kind == "halt" for order in orders)
        for rule in self.program.closers:
            held = self.judges[market].at(rule.condition, index, values)
            action = "none" if position is not None else "flat"
            if held == 1 and position is not None:
                action = self._closing(rule, position, leaving)
                if action in ("exit", "part"):
                    portion = rule.portion if action == "part" else None
                    orders.append(self._signal(rule, position, close_ms, position.part(portion)))
                    leaving = leaving or action == "exit"
            self._decided(decisions, market, rule, index, held, action, values)

    def _closing(self, rule: RulePlan, position: Position, leaving: bool) -> str:
        if leaving:
            return "already leaving"
        if rule.name is not None and rule.action == "sell" and rule.name != position.name:
            return "not this rule's position"
        if rule.portion >= 1:
            return "exit"
        if rule.number in position.sold_once:
            return "sold once already"
        position.sold_once.append(rule.number)
        return "part"

    def _signal(self, rule: RulePlan, position: Position, close_ms: int, quantity: float) -> Order:
        mark = self.state.marks[position.market]
        return Order(
            position.market,
            "signal",
            rule.claim,
            close_ms,
            rule.number,
            position.name,
            quantity=quantity,
            reference=mark,
        )

    def _entries(self, market: str, index: int, close_ms: int, decisions: list[Decision], orders: list[Order]) -> None:
        values = self._values(market, close_ms)
        entered = False
        for rule in self.program.entries:
            held = self.judges[market].at(rule.condition, index, values)
            action = "none"
            if held == 1:
                action = "one fill a candle" if entered else self._try_entry(market, rule, index, close_ms, orders)
                entered = entered or action == "enter"
            self._decided(decisions, market, rule, index, held, action, values)

    def _try_entry(self, market: str, rule: RulePlan, index: int, close_ms: int, orders: list[Order]) -> str:
        blocked = self._blocked(market, index, close_ms, orders)
        if blocked:
            return blocked
        close = self.state.marks[market]
        plan = self._plan(market, index)
        problem = wrong_side(plan, close)
        if problem:
            return problem
        freed = sum(order.quantity * order.reference * (1 - self.fee_rate) for order in orders if order.side == "sell")
        taken = sum(order.notional * (1 + self.fee_rate) for order in orders if order.side == "buy")
        cash = self.state.cash + freed - taken
        volatility = self._volatility(market, index)
        size = sized(self.strategy, plan, close, self.state.equity(), cash, self.fee_rate, volatility)
        if size.refused:
            return size.refused
        orders.append(
            Order(
                market,
                "entry",
                rule.claim,
                close_ms,
                rule.number,
                rule.name,
                notional=size.notional,
                quantity=size.quantity,
                reference=close,
                plan=plan,
            )
        )
        return "enter"

    def _volatility(self, market: str, index: int) -> float:
        """The deviation of the last 100 candles' changes, scaled to a year of 365 days; 0 where nothing asks for it."""
        if not isinstance(self.strategy.size, nodes.SizeVolatility):
            return 0.0
        return self.judges[market].at(RETURNS_DEVIATION, index, {}) * math.sqrt(YEAR_MS / self.length_ms)

    def _blocked(self, market: str, index: int, close_ms: int, orders: list[Order]) -> str:
        """Why an entry whose rule holds is not taken; empty if nothing stands against it."""
        leaving = {
            order.market
            for order in orders
            if order.kind == "halt" or (order.kind == "signal" and self._leaves(order.market, orders))
        }
        coming = {order.market for order in orders if order.side == "buy"}
        if self.entries_hold:
            return self.entries_hold
        if self.state.memory.halted:
            return "halted until you restart it"
        if close_ms < self.state.memory.paused_until:
            return "paused by its own rule"
        if market in leaving:
            return "leaving on this candle"
        if market in self.state.positions:
            return "already in"
        if not window_open(self.strategy.windows, close_ms) or not self._gates(market, index, close_ms):
            return "outside its hours"
        slots = self.strategy.open_positions.value if self.strategy.open_positions else len(self.program.markets)
        if len(set(self.state.positions) - leaving) + len(coming) >= slots:
            return "no free slot"
        if self._cooling(market, close_ms):
            return "cooling down"
        most = self.strategy.entries_a_day
        today = 0 if most is None else entries_that_day(self.state.memory, close_ms, most.zone)
        return "enough entries today" if most is not None and today + len(coming) >= most.value else ""

    def _leaves(self, market: str, orders: list[Order]) -> bool:
        """Whether the sales decided so far leave nothing of a position."""
        position = self.state.positions[market]
        sold = sum(order.quantity for order in orders if order.kind == "signal" and order.market == market)
        return position.quantity - sold <= position.largest * NOTHING

    def _gates(self, market: str, index: int, close_ms: int) -> bool:
        judge, values = self.judges[market], self._values(market, close_ms)
        return all(
            (judge.at(gate, index, values) == 1) if only else (judge.at(gate, index, values) == 0)
            for only, gate in self.program.gates
        )

    def _cooling(self, market: str, close_ms: int) -> bool:
        last = self.state.last_exits.get(market)
        if last is None:
            return False
        for cooldown in self.strategy.cooldowns:
            counts = {"any": True, "loss": last.lost, "stop": last.kind in ("stop", "trail")}[cooldown.after]
            if counts and close_ms < last.time_ms + duration_ms(cooldown.duration):
                return True
        return False

    def _plan(self, market: str, index: int) -> Plan:
        judge, strategy = self.judges[market], self.strategy

        def read(level: nodes.Distance | nodes.AtPrice | nodes.Multiple | nodes.Once | None) -> Level | None:
            return None if level is None or isinstance(level, nodes.Once) else judge.level(level, index)

        trailing = strategy.trailing
        shares = [None if each.portion is None else float(each.portion.value) / 100 for each in strategy.targets]
        return Plan(
            stop=read(strategy.stop.level if strategy.stop else None),
            targets=tuple(
                (judge.level(each.level, index), share) for each, share in zip(strategy.targets, shares, strict=True)
            ),
            trail=None if trailing is None else judge.distance(trailing.distance, index),
            trail_after=read(trailing.after if trailing else None),
            even_after=read(strategy.break_even.after if strategy.break_even else None),
            trail_once=trailing is not None and isinstance(trailing.after, nodes.Once),
            even_once=strategy.break_even is not None and isinstance(strategy.break_even.after, nodes.Once),
        )

    def _alerts(self, market: str, index: int, close_ms: int, decisions: list[Decision]) -> None:
        values = self._values(market, close_ms)
        for rule in self.program.alerts:
            held = self.judges[market].at(rule.condition, index, values)
            before = self.judges[market].at(rule.condition, index - 1, values) if index else 0.0
            action = "alert" if held == 1 and before != 1 else "none"
            self._decided(decisions, market, rule, index, held, action, values)

    def _values(self, market: str, close_ms: int) -> dict[str, float]:
        """Everything that the language names and candles do not tell, as it is at this close."""
        state = self.state
        if not self.remembers:
            return {}
        found = state.memory.values(state.memory.last_equity, close_ms, self.spans)
        found |= past_values(state.last_exits.get(market), state.memory.entry_prices.get(market))
        position = state.positions.get(market)
        if position is not None:
            found |= position.values(state.marks[market], self.fee_rate)
            found[ENTRY_CLOSE] = float(position.decided_ms)
        return found

    def _decided(
        self,
        decisions: list[Decision],
        market: str,
        rule: RulePlan,
        index: int,
        held: float,
        action: str,
        values: Mapping[str, float],
    ) -> None:
        readings = self.judges[market].trace(rule, index, values) if self.traced else []
        decisions.append(Decision(market, rule.number, held, action, readings))

    # what a broker reports

    def apply(self, order: Order, fill: Fill) -> Closed | None:
        """Books a fill; gives the finished trade (or part of one) when it was a sale."""
        state = self.state
        if fill.side == "buy":
            state.cash -= fill.quantity * fill.price + fill.fee
            state.positions[order.market] = opened(order, fill)
            state.memory.entered(order.market, fill.time_ms, fill.price)
            state.marks.setdefault(order.market, fill.price)
            return None
        return self._sold(order, fill)

    def _sold(self, order: Order, fill: Fill) -> Closed:
        position = self.state.positions[order.market]
        self.state.cash += fill.quantity * fill.price - fill.fee
        share = fill.quantity / position.largest
        entry_fee = position.entry_fee * share
        pnl = fill.quantity * (fill.price - position.entry_price) - entry_fee - fill.fee
        position.quantity -= fill.quantity
        position.realised += pnl
        if order.kind == "target":
            position.targets_hit += 1
            position.targets = [each for each in position.targets if each[0] > fill.price]
        if position.is_closed():
            del self.state.positions[order.market]
            paid = position.entry_price * position.largest
            self.state.last_exits[order.market] = LastExit(
                fill.time_ms, order.kind, position.realised < 0, fill.price, position.realised / paid
            )
            self.state.memory.ended(fill.time_ms, position.realised)
        else:
            position.parts_sold += 1
        return Closed(
            order.market,
            position.filled_ms,
            fill.time_ms,
            position.entry_price,
            fill.price,
            fill.quantity,
            pnl,
            order.kind,
            order.rule,
        )
