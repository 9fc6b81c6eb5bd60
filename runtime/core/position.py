"""One open position: its levels, how they move, and what reaching them sells."""

from dataclasses import dataclass, field

from runtime.core.levels import Level
from runtime.core.orders import Fill, Kind, Order, Plan

NOTHING = 1e-9
"""A share of the largest size below which a position counts as closed."""


@dataclass(slots=True)
class Position:
    """A long position of one market; prices in quote currency, quantities in coins."""

    market: str
    rule: int
    name: str | None
    filled_ms: int
    entry_price: float
    quantity: float
    largest: float
    entry_fee: float
    stop: float | None
    stop_kind: Kind
    risk: float | None
    targets: list[tuple[float, float | None]]
    high: float
    trail: Level | None
    trail_after: float | None
    even_after: float | None
    decided_ms: int = 0
    evens: bool = False
    low: float = 0.0
    targets_hit: int = 0
    parts_sold: int = 0
    trail_waits: bool = False
    even_waits: bool = False
    bars: int = 0
    realised: float = 0.0
    sold_once: list[int] = field(default_factory=list)

    def values(self, close: float, fee_rate: float) -> dict[str, float]:
        """The language's names of a position at a price."""
        profit = (close * (1 - fee_rate) - self.entry_price * (1 + fee_rate)) / self.entry_price
        return {
            "profit": profit,
            "entry_price": self.entry_price,
            "position_high": self.high,
            "position_low": self.low,
            "targets_hit": float(self.targets_hit),
            "parts_sold": float(self.parts_sold),
            "adds_made": 0.0,
            "held": float(self.bars),
        }

    def is_closed(self) -> bool:
        """Whether nothing worth naming is left."""
        return self.quantity <= self.largest * NOTHING

    def part(self, portion: float | None) -> float:
        """The coins that a portion of the largest size means now; None is all that is left."""
        return self.quantity if portion is None else min(self.quantity, self.largest * portion)


def opened(order: Order, fill: Fill) -> Position:
    """The position that an entry's fill begins; distances are laid from the fill."""
    plan, entry = order.plan or Plan(), fill.price
    stop = None if plan.stop is None else plan.stop.below(entry)
    kind: Kind = "stop"
    if plan.trail is not None and plan.trails_at_once():
        trailing = plan.trail.below(entry)
        if stop is None or trailing > stop:
            stop, kind = trailing, "trail"
    risk = plan.risk(entry, order.reference)
    return Position(
        market=order.market,
        rule=order.rule,
        name=order.name,
        filled_ms=fill.time_ms,
        entry_price=entry,
        quantity=fill.quantity,
        largest=fill.quantity,
        entry_fee=fill.fee,
        stop=stop,
        stop_kind=kind,
        risk=risk,
        targets=sorted(((level.above(entry, risk), share) for level, share in plan.targets), key=lambda each: each[0]),
        high=entry,
        low=entry,
        decided_ms=order.decided_ms,
        trail_waits=plan.trail_once,
        evens=plan.even_once or plan.even_after is not None,
        even_waits=plan.even_once,
        trail=plan.trail,
        trail_after=None if plan.trail_after is None else plan.trail_after.above(entry, risk),
        even_after=None if plan.even_after is None else plan.even_after.above(entry, risk),
    )


def reached(position: Position, opening: float, high: float, low: float, time_ms: int) -> list[Order]:
    """The sales that one candle's range causes, in order: gaps first, then the stop, then targets.

    A candle that opens beyond a level sells at its open; where the range touches both, the stop was first.
    """
    if position.stop is not None and opening <= position.stop:
        return [_sale(position, position.stop_kind, position.quantity, opening, time_ms)]
    sales = []
    left, nothing = position.quantity, position.largest * NOTHING
    for index, (price, portion) in enumerate(position.targets):
        if opening >= price and left > nothing:
            amount = min(left, position.part(portion))
            sales.append(_sale(position, "target", amount, opening, time_ms, index))
            left -= amount
    if left > nothing and position.stop is not None and low <= position.stop:
        return [*sales, _sale(position, position.stop_kind, left, position.stop, time_ms)]
    for index, (price, portion) in enumerate(position.targets):
        if opening < price <= high and left > nothing:
            amount = min(left, position.part(portion))
            sales.append(_sale(position, "target", amount, price, time_ms, index))
            left -= amount
    return sales


def _sale(position: Position, kind: Kind, quantity: float, price: float, time_ms: int, rule: int = 0) -> Order:
    return Order(position.market, kind, kind, time_ms, rule, position.name, quantity=quantity, price=price)


def after_candle(position: Position, high: float, low: float, follow: float | None) -> None:
    """Moves levels once a candle is over: trailing, break even, a following stop; never down."""
    position.bars += 1
    position.high, position.low = max(position.high, high), min(position.low, low)
    follows = position.trail is not None and not position.trail_waits
    if position.trail is not None and follows and _is_up(position, position.trail_after):
        _raise(position, position.trail.below(position.high), "trail")
    if position.evens and not position.even_waits and _is_up(position, position.even_after):
        _raise(position, position.entry_price, "stop")
    if follow is not None and follow == follow:
        _raise(position, follow, "stop")


def _is_up(position: Position, level: float | None) -> bool:
    return level is None or position.high >= level


def _raise(position: Position, level: float, kind: Kind) -> None:
    if position.stop is None or level > position.stop:
        position.stop, position.stop_kind = level, kind
