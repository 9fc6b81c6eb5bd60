"""Inside a candle (Meaning 6): targets gapped over, adds on the losing side, stops, adds on the gaining side, stops again, then targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_dsl import nodes
from strategy_dsl.timeframes import duration_ms
from tests.reference import sizes
from tests.reference.account import DUST, Lot, Position
from tests.reference.levels import crossed, filled_at

if TYPE_CHECKING:
    from tests.reference.machine import Run


class Candle:
    """One market's candle; `opened` is where the position meets it: its fill where it was opened inside."""

    def __init__(self, run: Run, market: str, at: int, time: int, still: float | None = None) -> None:
        view = run.world.view(market)
        self.run, self.market, self.at, self.time = run, market, at, time
        self.opened, self.high, self.low, self.close = view.open[at], view.high[at], view.low[at], view.close[at]
        if still is not None:
            self.opened = self.high = self.low = still


def play(candle: Candle) -> None:
    """Everything that can happen to an open position inside one candle."""
    run, market = candle.run, candle.market
    position = run.account.positions[market]
    position.before = {name: reference(position, name) for name in ("entry", "average entry", "last entry")}
    for step in (gapped_targets, losing_adds, stops, gaining_adds, stops, targets):
        position = run.account.positions.get(market)
        if position is not None:
            step(candle, position)
    position = run.account.positions.get(market)
    if position is None:
        run.ended(market)
    else:
        candle_over(candle, position)


def met(candle: Candle, position: Position) -> float:
    """The price at which the position meets the candle."""
    return candle.opened if position.opened is None else position.opened


def candle_over(candle: Candle, position: Position) -> None:
    """Trailing levels move by this candle from now on; a limit filled inside it counts its close only."""
    high, low = candle.high, candle.low
    if position.late:
        high, low = max(candle.close, met(candle, position)), min(candle.close, met(candle, position))
    position.highs, position.lows = max(position.highs, high), min(position.lows, low)
    position.best = position.highs if position.side == 1 else position.lows
    position.opened, position.late = None, False
    for lot in position.lots:
        lot.late = False
    plan, side = position.plan, position.side
    for spec, name in ((plan.trail_after, "trail_on"), (plan.even_after, "even_on")):
        if spec is not None and (position.best - spec.laid(position.first_price, side)) * side >= 0:
            setattr(position, name, True)


def protection(run: Run, position: Position) -> tuple[float, str] | None:
    """The tightest of stop, break even and trailing stop, and its kind."""
    side, plan = position.side, position.plan
    found: list[tuple[float, str]] = []
    if position.stop is not None:
        found.append((position.stop, "stop"))
    if position.even_on:
        found.append((position.first_price, "stop"))
    trailing = run.strategy.trailing
    if trailing and plan.trail and (trailing.after is None or position.trail_on):
        found.append((plan.trail.laid(position.best, -side), "trail"))
    return max(found, key=lambda each: each[0] * side) if found else None


def each_entry(run: Run) -> bool:
    """Whether every entry has a stop of its own."""
    return run.strategy.stop is not None and run.strategy.stop.reference == "each entry"


def stops(candle: Candle, position: Position) -> None:
    """The stop comes first, for everything that is left."""
    run, side = candle.run, position.side
    found = protection(run, position)
    if found is not None and crossed(found[0], -side, candle.low, candle.high):
        price = filled_at(found[0], -side, met(candle, position))
        run.account.leave(position, candle.time, run.account.slipped(price, -side), found[1], position.rule)
        return
    if each_entry(run) and position.plan.stop is not None:
        for lot in list(position.lots):
            level = position.plan.stop.laid(lot.price, -side)
            if crossed(level, -side, candle.low, candle.high):
                price = filled_at(level, -side, lot_met(candle, position, lot))
                run.account.leave(
                    position, candle.time, run.account.slipped(price, -side), "stop", position.rule, lot=lot
                )


def lot_met(candle: Candle, position: Position, lot: Lot) -> float:
    """Where an entry of this very candle met it, else its open."""
    return lot.price if lot.time == candle.time and lot is not position.lots[0] else met(candle, position)


def gapped_targets(candle: Candle, position: Position) -> None:
    """A candle that opens beyond a target fills it at its open, whatever comes later in it."""
    opened = met(candle, position)
    targets(Candle(candle.run, candle.market, candle.at, candle.time, still=opened), position)


def targets(candle: Candle, position: Position) -> None:
    """Targets in the order written; what a limit bought inside this candle waits for the next.

    Where an add inside this candle moved a target, the further of its two places counts.
    """
    run, side = candle.run, position.side
    if position.late:
        return
    for number, target in enumerate(run.strategy.targets):
        if candle.market not in run.account.positions or number in position.hit:
            continue
        spec = position.plan.targets[number]
        if target.reference == "each entry":
            for lot in list(position.lots):
                level = spec.laid(lot.price, side)
                if number not in lot.hit and not lot.late and crossed(level, side, candle.low, candle.high):
                    lot.hit.add(number)
                    share = 1.0 if target.portion is None else float(target.portion.value) / 100
                    price = filled_at(level, side, lot_met(candle, position, lot))
                    run.account.leave(position, candle.time, price, "target", position.rule, share, lot)
            continue
        bases = (reference(position, target.reference), position.before[target.reference])
        level = max((spec.laid(base, side) for base in bases), key=lambda each: each * side)
        if crossed(level, side, candle.low, candle.high):
            position.hit.add(number)
            price = filled_at(level, side, met(candle, position))
            run.account.leave(position, candle.time, price, "target", position.rule, share_of(position, target.portion))


def reference(position: Position, name: str) -> float:
    """The price from which a distance is laid."""
    prices = {"entry": position.first_price, "average entry": position.average, "last entry": position.last_price}
    return prices[name]


def share_of(position: Position, portion: nodes.Percent | None) -> float:
    """A part of the largest size as a share of what is left."""
    if portion is None:
        return 1.0
    share = float(portion.value) / 100 * position.largest / position.quantity
    return 1.0 if share > 1 - 1e-9 else share


# adds


def losing_adds(candle: Candle, position: Position) -> None:
    """Rungs between the price and the stop are passed before the stop."""
    guard = protection(candle.run, position)
    adds(candle, position, -position.side, guard[0] if guard else None)


def gaining_adds(candle: Candle, position: Position) -> None:
    """Adds to a winning position; not in the candle inside which a limit filled."""
    if not position.late:
        adds(candle, position, position.side, None)


def adds(candle: Candle, position: Position, way: int, guard: float | None) -> None:
    """All rungs on one side of the entry that this candle reaches, nearest first."""
    run = candle.run
    if run.gates.closed(candle.time, candle.market, run.last_row(candle.market, before=candle.at)):
        return
    for number, add in enumerate(run.strategy.adds):
        if add.condition is not None or way != (1 if add.side == "above" else -1):
            continue
        while (level := next_rung(run, position, number, add, way)) is not None:
            apart = duration_ms(add.apart) if add.apart else None
            soon = apart is not None and candle.time - position.last_time < apart
            beyond = guard is not None and (level - guard) * position.side <= DUST * guard
            gapped = guard is not None and (met(candle, position) - guard) * position.side <= 0
            if soon or beyond or gapped or not crossed(level, way, candle.low, candle.high):
                break
            price = filled_at(level, way, met(candle, position))
            if not enlarge(run, position, number, add, candle.time, price, slips=way == position.side):
                break
            position.lots[-1].late = way != position.side


def next_rung(run: Run, position: Position, number: int, add: nodes.Add, way: int) -> float | None:
    """The nearest rung that is not done."""
    done = position.added.get(number, 0)
    if add.times is not None and done >= add.times:
        return None
    specs = position.plan.rungs[number]
    base = reference(position, add.reference)
    if add.every is not None:
        spec = specs[0]
        if spec is None or spec.value <= 0:
            return None
        return spec.times(done + 1 if add.reference == "entry" else 1).laid(base, way)
    left = [
        spec.laid(base, way) for k, spec in enumerate(specs) if spec is not None and (number, k) not in position.rungs
    ]
    return min(left, key=lambda level: level * way) if left else None


def add_size(run: Run, position: Position, add: nodes.Add, price: float) -> sizes.Size | None:
    """How much an add is; `risk` goes from its price to the stop that works now, and is unknown without one."""
    if not isinstance(add.amount, nodes.SizeRisk):
        return sizes.fixed_size(run, position.market, add.amount)
    side, found = position.side, protection(run, position)
    stops = [found[0]] if found else []
    if each_entry(run) and position.plan.stop is not None:
        stops.append(position.plan.stop.laid(price, -side))
    distance = min(((price - stop) * side for stop in stops), default=0.0)
    if distance <= 0:
        return None
    return sizes.Size(notional=run.account.equity() * float(add.amount.percent.value) / 100 / distance * price)


def enlarge(run: Run, position: Position, number: int, add: nodes.Add, time: int, price: float, slips: bool) -> bool:
    """Adds once at the market's price; false where the cash does not pay for it."""
    done = position.added.get(number, 0)
    size = add_size(run, position, add, price)
    if size is None:
        run.skip(time, position.market, "the risk is unknown")
        return False
    if slips:
        price = run.account.slipped(price, position.side)
    factor = float(add.factor or 1) ** done
    size = sizes.Size(size.notional and size.notional * factor, size.quantity and size.quantity * factor, size.all_in)
    quantity = sizes.coins(run, size, price)
    if quantity <= 0:
        run.skip(time, position.market, "not enough cash")
        return False
    if add.distances:
        specs, way = position.plan.rungs[number], 1 if add.side == "above" else -1
        left = [k for k, spec in enumerate(specs) if spec is not None and (number, k) not in position.rungs]
        position.rungs.add(
            (number, min(left, key=lambda k: specs[k].laid(reference(position, add.reference), way) * way))
        )
    position.added[number] = done + 1
    position.adds += 1
    run.account.enter(position, time, quantity, price, "add", position.rule, counted=False)
    tighten(run, position)
    return True


def tighten(run: Run, position: Position) -> None:
    """An add lays the stop anew where it goes by the average or last entry, and never further away."""
    stop = run.strategy.stop
    if stop is None or stop.reference not in ("average entry", "last entry") or position.plan.stop is None:
        return
    level = position.plan.stop.laid(reference(position, stop.reference), -position.side)
    if position.stop is None or (level - position.stop) * position.side > 0:
        position.stop = level
