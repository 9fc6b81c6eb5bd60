"""History through the same machine as paper and live, with fills at the next open."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from runtime.candles import Candles, Floats, Times
from runtime.core.machine import Machine
from runtime.core.orders import Fill, Order
from runtime.core.state import Closed, State
from strategy_dsl.program import Program, needs_state
from strategy_dsl.timeframes import timeframe_ms


@dataclass(frozen=True)
class Costs:
    """What trading costs: fee a side and slippage, as ratios of the price."""

    fee: float = 0.001
    slippage: float = 0.0


@dataclass(frozen=True, eq=False)
class Backtest:
    """The result: trades in order of their end, equity at each close, what was held."""

    trades: tuple[Closed, ...]
    time: Times
    equity: Floats
    holding: Floats
    exposure: Floats
    cash: float
    signals: int
    skipped: tuple[tuple[str, int], ...]
    entry_share: float = 0.0
    """The share of candles on which an entry rule is true, of the market where it is so most often."""


QUIET = {"none", "flat", "already in", "pause", "halt", "halt and close"}
"""What becomes of a true rule without anything being taken or skipped."""
NO_CASH = "not enough cash at the open"
ROUNDING = 1e-6


class _Tape:
    """Candles of several markets on one time line, as plain lists for speed."""

    def __init__(self, candles: Mapping[str, Candles]) -> None:
        self.time: Times = np.unique(np.concatenate([each.time for each in candles.values()]))
        self.rows = {name: self._rows(each) for name, each in candles.items()}
        names = ("open", "high", "low", "close")
        self.prices = {name: tuple(getattr(each, part).tolist() for part in names) for name, each in candles.items()}

    def _rows(self, candles: Candles) -> list[int]:
        at = np.searchsorted(candles.time, self.time)
        inside = np.minimum(at, len(candles) - 1)
        rows: list[int] = np.where(candles.time[inside] == self.time, inside, -1).tolist()
        return rows

    def column(self, market: str, values: Floats) -> Floats:
        """A market's column on the common time line, carried forward over missing candles."""
        rows = np.maximum.accumulate(np.array(self.rows[market]))
        return np.where(rows < 0, np.nan, values[np.maximum(rows, 0)])


class _Run:
    def __init__(self, program: Program, candles: Mapping[str, Candles], cash: float, costs: Costs) -> None:
        self.candles = {market: candles[market] for market in program.markets}
        self.tape = _Tape(self.candles)
        self.machine = Machine(program, candles, costs.fee, State(cash))
        self.machine.traced = False
        self.costs = costs
        self.trades: list[Closed] = []
        self.pending: list[Order] = []
        self.steps: list[tuple[int, float, dict[str, float]]] = [(0, cash, {})]
        self.skipped: dict[str, int] = {}
        self.signals = 0
        self.entry_share = 0.0
        self.length_ms = timeframe_ms(program.timeframe)

    def play(self) -> None:
        """Every candle that can matter, in order."""
        size = len(self.tape.time)
        awake = self._awake()
        times = self.tape.time.tolist()
        at = 0
        while at < size:
            if not self.pending and not self.machine.state.positions:
                at = awake[at]
                if at >= size:
                    break
            self._candle(at, times[at])
            at += 1
        self._end(size - 1)

    def _awake(self) -> list[int]:
        """For each point of the time line the next one on which an entry rule is true."""
        size = len(self.tape.time)
        strategy = self.machine.strategy
        if (
            strategy.pauses
            or strategy.halts
            or any(needs_state(rule.condition) for rule in self.machine.program.entries)
        ):
            return list(range(size))
        true = np.zeros(size, dtype=bool)
        for market, judge in self.machine.judges.items():
            held = np.zeros(len(self.candles[market]), dtype=bool)
            for rule in self.machine.program.entries:
                column = judge.columns.of(rule.condition)
                held |= column == 1
                true |= self.tape.column(market, column) == 1
            self.entry_share = max(self.entry_share, float(held.mean()))
        index = np.where(true, np.arange(size), size)
        following: list[int] = np.minimum.accumulate(index[::-1])[::-1].tolist()
        return following

    def _candle(self, at: int, time_ms: int) -> None:
        present = {market: row for market in self.candles if (row := self.tape.rows[market][at]) >= 0}
        self._open(present, time_ms, at)
        for market, row in present.items():
            opening, high, low, close = (column[row] for column in self.tape.prices[market])
            for order in self.machine.reached(market, opening, high, low, time_ms):
                self._fill(order, order.price or opening, time_ms, at)
            self.machine.candle_over(market, row, high, low, close)
        decisions, orders = self.machine.decide(present, time_ms + self.length_ms, self.pending)
        self.pending += orders
        for each in decisions:
            if each.held == 1 and each.action not in QUIET:
                self.signals += 1
                if each.action not in ("enter", "exit", "part", "alert"):
                    self.skipped[each.action] = self.skipped.get(each.action, 0) + 1

    def _open(self, present: Mapping[str, int], time_ms: int, at: int) -> None:
        ready = [order for order in self.pending if order.market in present]
        self.pending = [order for order in self.pending if order.market not in present]
        due = [order for market in present if (order := self.machine.due(market, time_ms)) is not None]
        sales = [order for order in ready if order.side == "sell"]
        for order in [*sales, *due, *(order for order in ready if order.side == "buy")]:
            if order.side == "sell" and order.market not in self.machine.state.positions:
                continue
            self._fill(order, self.tape.prices[order.market][0][present[order.market]], time_ms, at)

    def _fill(self, order: Order, price: float, time_ms: int, at: int) -> None:
        slips = order.kind != "target"
        if order.side == "buy":
            paid = price * (1 + self.costs.slippage)
            quantity = order.quantity or order.notional / paid
            if quantity * price > self.machine.state.cash * (1 + ROUNDING):
                # what was to be sold for it brought less at the open than at the close that decided
                self.skipped[NO_CASH] = self.skipped.get(NO_CASH, 0) + 1
                return
        else:
            paid = price * (1 - self.costs.slippage) if slips else price
            quantity = min(order.quantity, self.machine.state.positions[order.market].quantity)
        fee = quantity * paid * self.costs.fee
        closed = self.machine.apply(order, Fill(order.market, order.side, quantity, paid, fee, time_ms))
        if closed is not None:
            self.trades.append(closed)
        state = self.machine.state
        self.steps.append((at, state.cash, {each.market: each.quantity for each in state.positions.values()}))

    def _end(self, last: int) -> None:
        """Values what is still open at the last close, with the fee of leaving."""
        time_ms = int(self.tape.time[last])
        for market in list(self.machine.state.positions):
            row = max(self.tape.rows[market])
            close = self.tape.prices[market][3][row]
            order = self.machine.sale(self.machine.state.positions[market], "close", time_ms, "end")
            self._fill(order, close, time_ms, last)

    def result(self, cash: float) -> Backtest:
        """The equity at each close, holding for comparison, and the share of time in the market."""
        time = self.tape.time
        cash_line, exposure = np.empty(len(time)), np.zeros(len(time))
        starts = [step[0] for step in self.steps]
        stops = [*starts[1:], len(time)]
        closes = {market: self.tape.column(market, each.close) for market, each in self.candles.items()}
        for (start, money, held), stop in zip(self.steps, stops, strict=True):
            cash_line[start:stop] = money
            for market, quantity in held.items():
                exposure[start:stop] += quantity * closes[market][start:stop]
        equity = cash_line + exposure
        shares = [line / line[np.flatnonzero(~np.isnan(line))[0]] for line in closes.values()]
        holding = cash * np.nanmean(np.array(shares), axis=0)
        skipped = tuple(sorted(self.skipped.items()))
        return Backtest(
            tuple(self.trades), time, equity, holding, exposure, cash, self.signals, skipped, self.entry_share
        )


def run_backtest(program: Program, candles: Mapping[str, Candles], cash: float, costs: Costs) -> Backtest:
    """Plays the candles; raises KeyError for a market without candles and ValueError for none at all."""
    if any(not len(candles[market]) for market in program.reads):
        raise ValueError("there are no candles to test on")
    run = _Run(program, candles, cash, costs)
    run.play()
    return run.result(cash)
