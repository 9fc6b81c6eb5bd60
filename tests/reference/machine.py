"""Plays a strategy candle by candle: the open, the inside, the close (Meaning 1, 5, 6, 7)."""

from collections.abc import Mapping
from decimal import Decimal

from runtime.candles import Candles
from strategy_dsl import nodes
from strategy_dsl.defaults import completed
from strategy_dsl.timeframes import duration_ms
from tests.reference import closes, inside, orders, schedules, snapshots
from tests.reference.account import Account, Position
from tests.reference.clock import last_scheduled
from tests.reference.gates import Gates
from tests.reference.grid import GridOrders
from tests.reference.holdings import Holdings
from tests.reference.levels import Reader
from tests.reference.results import Result
from tests.reference.values import Outside, World
from tests.reference.views import length_ms


def run(
    strategy: nodes.Strategy,
    candles: Mapping[str, Candles],
    cash: float,
    fee: float = 0.001,
    slippage: float = 0.0,
    outside: Mapping[str, Outside] | None = None,
    answers: str = "approve",
) -> Result:
    """The result of a strategy on candles; every question is answered with yes."""
    if answers != "approve":
        raise NotImplementedError("a backtest approves every question")
    played = Run(completed(strategy, Decimal(str(cash)))[0], candles, cash, fee, slippage, outside or {})
    played.play()
    return played.result


class Run:
    """One strategy on its markets."""

    def __init__(
        self,
        strategy: nodes.Strategy,
        candles: Mapping[str, Candles],
        cash: float,
        fee: float,
        slippage: float,
        outside: Mapping[str, Outside],
    ) -> None:
        self.strategy = strategy
        self.markets = strategy.trade.markets or tuple(sorted(candles))
        self.length = length_ms(strategy.trade.timeframe)
        self.world = World(candles, {each.name: each.value for each in strategy.lets}, outside)
        self.result = Result()
        leverage = float(strategy.leverage.times) if strategy.leverage else 1.0
        references = [strategy.stop.reference if strategy.stop else "", *(each.reference for each in strategy.targets)]
        by_entry = strategy.grid is not None or "each entry" in references
        self.account = Account(cash, fee, slippage, leverage, self.result, by_entry)
        self.reader = Reader(strategy, self.world)
        self.gates = Gates(self)
        self.holdings = Holdings(self)
        self.grids = {market: GridOrders(self, market) for market in self.markets} if strategy.grid else {}
        self.waiting: list[orders.Waiting] = []
        self.exits: dict[str, list[closes.PlannedExit]] = {}
        self.adds: list[tuple[str, int]] = []
        self.rows: dict[str, int] = {}
        self.opened_before: dict[str, int] = {}
        self.timeline = sorted({time for market in self.markets for time in self.world.view(market).time})
        self.start = self.timeline[0]
        self.peak = self.equity_before = self.day_began = cash
        self.today: object = None

    def play(self) -> None:
        """Every candle in order, then what is still open at its last close."""
        for time in self.timeline:
            found = {market: self.world.view(market).at_opening(time) for market in self.markets}
            present = {market: row for market, row in found.items() if row is not None}
            self.fund(time, time + 1, present)
            self.at_open(time, present)
            self.fund(time + 1, time + self.length, present)
            for market, row in present.items():
                self.inside_candle(market, row, time)
            self.rows.update(present)
            closes.decide(self, time + self.length, present)
            for market in present:
                self.opened_before[market] = time
            following = next((each for each in self.timeline if each > time), None)
            if following is not None:
                self.fund(time + self.length, following, {})
        for position in list(self.account.positions.values()):
            price = self.account.slipped(self.account.prices[position.market], -position.side)
            self.account.leave(position, self.timeline[-1], price, "end", "")
            self.result.fills.pop()

    def at_open(self, time: int, present: dict[str, int]) -> None:
        """Time exits, scheduled exits, exits decided at the close; then everything that buys."""
        for market in present:
            position = self.account.positions.get(market)
            if position is not None and self.time_is_up(position, time, present[market]):
                self.close_at_open(position, time, present[market], "time", position.rule)
        schedules.exits(self, time, present)
        for market in present:
            for planned in self.exits.pop(market, []):
                position = self.account.positions.get(market)
                if position is not None:
                    share = inside.share_of(position, planned.portion)
                    self.close_at_open(position, time, present[market], planned.kind, planned.label, share)
        if self.strategy.hold:
            self.holdings.at_open(time, present)
        orders.at_open(self, time, present)
        self.add_at_open(time, present)
        schedules.entries(self, time, present)
        schedules.alerts(self, time, present)

    def fund(self, start: int, stop: int, present: dict[str, int]) -> None:
        """Funding of perpetuals: longs pay shorts the rate on their worth at the open of the candle, else the last close."""
        for market, position in self.account.positions.items() if self.strategy.trade.perpetual else ():
            outside = self.world.outside
            series = outside.get(f"funding_rate of {market}") or outside.get("funding_rate")
            view = self.world.view(market)
            price = view.open[present[market]] if market in present else self.account.prices[market]
            for moment, rate in series.points if series else ():
                if start <= moment < stop:
                    self.account.pay_funding(position, position.side * rate * price)

    def time_is_up(self, position: Position, time: int, row: int) -> bool:
        """`exit after` and `exit at`: the first to come wins."""
        for after in self.strategy.exits_after:
            if after.bars is not None and row - position.row >= after.bars:
                return True
            if after.duration is not None and time - position.time >= duration_ms(after.duration):
                return True
        for at in self.strategy.exits_at:
            daily = nodes.Timing(days=tuple(range(7)), clock=at.clock, zone=at.zone)
            if last_scheduled(daily, position.time, time) is not None:
                return True
        return False

    def close_at_open(self, position: Position, time: int, row: int, kind: str, label: str, share: float = 1.0) -> None:
        """Leaves at a candle's open."""
        price = self.account.slipped(self.world.view(position.market).open[row], -position.side)
        self.account.leave(position, time, price, kind, label, share)
        if kind != "rebalance" and position.market not in self.account.positions:
            self.ended(position.market)

    def add_at_open(self, time: int, present: dict[str, int]) -> None:
        """Adds that a condition decided at the close."""
        waiting = [(market, number) for market, number in self.adds if market in present]
        for market, number in sorted(waiting, key=lambda each: (self.markets.index(each[0]), each[1])):
            self.adds.remove((market, number))
            position = self.account.positions.get(market)
            if position is not None:
                opened = self.world.view(market).open[present[market]]
                inside.enlarge(self, position, number, self.strategy.adds[number], time, opened, slips=True)

    def inside_candle(self, market: str, row: int, time: int) -> None:
        """Waiting entries, then the grid, then levels."""
        orders.inside_candle(self, market, row, time)
        if market in self.grids:
            self.grids[market].inside_candle(row, time)
        if market in self.account.positions:
            inside.play(inside.Candle(self, market, row, time))

    # asked by the parts

    def last_row(self, market: str, before: int | None = None) -> int | None:
        """A market's last closed candle; `before` the one that is running."""
        if before is not None:
            return before - 1 if before > 0 else None
        return self.rows.get(market)

    def skip(self, time: int, market: str, reason: str) -> None:
        """Logs what was not done."""
        self.result.skipped.append((time, market, reason))

    def ended(self, market: str) -> None:
        """A position ended: its holding waits for the next rebalance, its grid for the next close."""
        self.holdings.stopped.add(market)
        self.holdings.waiting.pop(market, None)
        if market in self.grids:
            self.grids[market].armed = set()

    def no_slot(self, market: str, freed: frozenset[str] = frozenset()) -> str:
        """Whether there is a place for one more position."""
        if self.strategy.open_positions is None:
            return ""
        taken = {each for each in self.account.positions if each not in freed} | {each.market for each in self.waiting}
        return "no free place" if len(taken - {market}) >= self.strategy.open_positions.value else ""

    def snapshot(self, now: int, present: dict[str, int]) -> None:
        """Records what the names of position, past and strategy are at this close."""
        snapshots.take(self, now, present)
