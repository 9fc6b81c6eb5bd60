"""Money, positions and what became of them (Meaning 10): every fill goes through `enter` and `leave`."""

from dataclasses import dataclass, field

from tests.reference.levels import Plan
from tests.reference.results import Fill, Result, Trade

DUST = 1e-9


@dataclass
class Lot:
    """One entry of a position; `fee` is what its entry cost and is not yet accounted for."""

    time: int
    price: float
    quantity: float
    fee: float
    hit: set[int] = field(default_factory=set)
    step: int | None = None
    late: bool = False


@dataclass
class Position:
    """What is open on one market; `side` 1 is long, -1 short."""

    market: str
    side: int
    time: int
    row: int
    decided: int
    rule: str
    name: str | None
    plan: Plan
    lots: list[Lot]
    best: float
    worst: float
    stop: float | None = None
    fills: int = 1
    highs: float = 0.0
    lows: float = 0.0
    opened: float | None = None
    before: dict[str, float] = field(default_factory=dict)
    late: bool = False
    largest: float = 0.0
    bought: float = 0.0
    result: float = 0.0
    parts: set[int] = field(default_factory=set)
    sold: int = 0
    adds: int = 0
    hit: set[int] = field(default_factory=set)
    trail_on: bool = False
    even_on: bool = False
    added: dict[int, int] = field(default_factory=dict)
    rungs: set[tuple[int, int]] = field(default_factory=set)
    last_price: float = 0.0
    last_time: int = 0
    first_price: float = 0.0

    @property
    def quantity(self) -> float:
        """How much is open."""
        return sum(lot.quantity for lot in self.lots)

    @property
    def cost(self) -> float:
        """What is open, at its entry prices."""
        return sum(lot.quantity * lot.price for lot in self.lots)

    @property
    def average(self) -> float:
        """The average entry price of what is open."""
        return self.cost / self.quantity


@dataclass
class Past:
    """The last finished trade of a market."""

    time: int
    price: float
    kind: str
    pnl: float
    profit: float
    side: int


@dataclass
class Account:
    """One strategy's own money."""

    cash: float
    fee_rate: float
    slippage: float
    leverage: float
    result: Result
    by_entry: bool = False
    positions: dict[str, Position] = field(default_factory=dict)
    past: dict[str, Past] = field(default_factory=dict)
    last_entry: dict[str, float] = field(default_factory=dict)
    finished: list[tuple[int, float]] = field(default_factory=list)
    entered: list[int] = field(default_factory=list)
    prices: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budget = self.cash

    def equity(self) -> float:
        """Cash, margins and open results at the last closes."""
        total = self.cash
        for market, position in self.positions.items():
            price = self.prices.get(market, position.last_price)
            total += position.cost / self.leverage + position.side * (price * position.quantity - position.cost)
        return total

    def slipped(self, price: float, way: int) -> float:
        """A price made worse: `way` 1 is bought, -1 sold."""
        return price * (1 + way * self.slippage)

    def covers(self, notional: float) -> bool:
        """Whether the cash pays the margin and the fee."""
        return notional / self.leverage + notional * self.fee_rate <= self.cash + DUST * max(1.0, self.budget)

    def all_that_is_covered(self) -> float:
        """The largest notional value that the cash pays together with its fee."""
        return max(0.0, self.cash) / (1 / self.leverage + self.fee_rate)

    def enter(
        self, position: Position, time: int, quantity: float, price: float, kind: str, rule: str, counted: bool = True
    ) -> Lot:
        """Opens or enlarges a position; the caller has asked `covers`."""
        market, side = position.market, position.side
        fee = quantity * price * self.fee_rate
        self.cash -= quantity * price / self.leverage + fee
        lot = Lot(time, price, quantity, fee)
        position.lots.append(lot)
        position.largest = max(position.largest, position.quantity)
        position.bought += quantity * price
        position.last_price, position.last_time = price, time
        if market not in self.positions:
            self.positions[market] = position
            position.first_price = position.best = position.worst = position.highs = position.lows = price
        self.last_entry[market] = price
        if counted:
            self.entered.append(time)
        self.result.fills.append(Fill(time, market, "buy" if side == 1 else "short", quantity, price, fee, kind, rule))
        return lot

    def leave(
        self,
        position: Position,
        time: int,
        price: float,
        kind: str,
        rule: str,
        share: float = 1.0,
        lot: Lot | None = None,
    ) -> None:
        """Closes a share of a position, or of one of its lots, at a price that has slipped already."""
        lots = [lot] if lot else position.lots
        quantity = sum(each.quantity for each in lots) * share
        cost = sum(each.quantity * each.price for each in lots) * share
        paid = sum(each.fee for each in lots) * share
        if quantity <= DUST * position.largest:
            return
        fee = quantity * price * self.fee_rate
        gained = position.side * (quantity * price - cost)
        self.cash += cost / self.leverage + gained - fee
        pnl = gained - fee - paid
        position.result += pnl
        for each in lots:
            each.quantity, each.fee = each.quantity * (1 - share), each.fee * (1 - share)
        dust = DUST * position.largest
        if self.by_entry or position.quantity <= dust:
            # crumbs of single entries count only where entries are sold one by one
            position.lots = [each for each in position.lots if each.quantity > dust]
        began = lot.time if lot else position.time
        market, side = position.market, position.side
        self.result.fills.append(Fill(time, market, "sell" if side == 1 else "cover", quantity, price, fee, kind, rule))
        self.result.trades.append(Trade(market, side, began, time, cost / quantity, price, quantity, pnl, kind, rule))
        position.sold += 1
        if not position.lots:
            del self.positions[market]
            profit = position.result / position.bought
            self.past[market] = Past(time, price, kind, position.result, profit, side)
            self.finished.append((time, position.result))

    def pay_funding(self, position: Position, each: float) -> None:
        """Takes money for each coin out of the cash; it counts in the result of whatever part leaves later."""
        for lot in position.lots:
            lot.fee += lot.quantity * each
        self.cash -= position.quantity * each

    def losses_in_a_row(self) -> int:
        """Trades lost since the last won one."""
        count = 0
        for _, pnl in reversed(self.finished):
            if pnl > 0:
                break
            count += pnl < 0
        return count
