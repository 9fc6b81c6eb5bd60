"""Entries from the decision to the fill: market, limit and stop orders (Meaning 5, 8; clause `order`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategy_dsl import nodes
from strategy_dsl.nodes import walk
from strategy_dsl.timeframes import duration_ms
from tests.reference import inside, sizes
from tests.reference.account import Position
from tests.reference.levels import Plan, crossed, filled_at

if TYPE_CHECKING:
    from tests.reference.machine import Run


@dataclass
class Waiting:
    """An entry that was decided and is not filled; `price` is None until a `next_open` is known."""

    market: str
    side: int
    decided: int
    time: int
    label: str
    name: str | None
    kind: str
    scheduled: bool = False
    price: float | None = None
    plan: Plan | None = None
    size: sizes.Size | None = None
    opens: int = 0
    amount: nodes.Money | nodes.SizeEquity | None = None


def needs_next_open(order: nodes.Order | None) -> bool:
    """Whether the order's price can only be said at the next open."""
    return order is not None and order.price is not None and any(
        isinstance(each, nodes.Name) and each.name == "next_open" for each in walk(order.price)
    )  # fmt: skip


def prepare(run: Run, waiting: Waiting, price: float) -> str:
    """Price, levels and size, read on the deciding candle; a text says why there is no order."""
    order = run.strategy.order
    if waiting.kind != "market" and waiting.price is None:
        found = run.world.at(order.price, waiting.market, waiting.decided)
        if found is None:
            return "the order's price is unknown"
        waiting.price = float(found)
    at = price if waiting.price is None else waiting.price
    plan = run.reader.plan(waiting.market, waiting.side, waiting.decided, at)
    if isinstance(plan, str):
        return plan
    waiting.plan = plan
    if waiting.amount is not None:
        waiting.size = sizes.fixed_size(run, waiting.market, waiting.amount)
    else:
        waiting.size = sizes.entry_size(run, waiting.market, waiting.decided, plan, at)
    if waiting.size is not None:
        return ""
    swings = isinstance(run.strategy.size, nodes.SizeVolatility)
    return "the volatility is unknown" if swings else "the risk is unknown"


def place(run: Run, waiting: Waiting, price: float) -> str:
    """Sends an entry that was decided; one that needs the next open is prepared there."""
    if not (waiting.kind != "market" and needs_next_open(run.strategy.order)):
        reason = prepare(run, waiting, price)
        if reason:
            return reason
    run.waiting.append(waiting)
    return ""


def at_open(run: Run, time: int, present: dict[str, int]) -> None:
    """Fills market orders, prepares what needed this open, cancels what has waited long enough."""
    for waiting in list(run.waiting):
        if waiting.market not in present:
            continue
        opened = run.world.view(waiting.market).open[present[waiting.market]]
        if waiting.kind == "market":
            run.waiting.remove(waiting)
            position = fill(run, waiting, run.account.slipped(opened, waiting.side), time, present[waiting.market])
            leave_at_once(run, position, opened, time)
            continue
        waiting.opens += 1
        if waiting.plan is None:
            run.world.next_open = opened
            waiting.price = run.world.at(run.strategy.order.price, waiting.market, waiting.decided)
            run.world.next_open = None
            reason = "the order's price is unknown" if waiting.price is None else prepare(run, waiting, opened)
            if reason:
                run.waiting.remove(waiting)
                run.skip(time, waiting.market, reason)
                continue
        if expired(run, waiting, time):
            run.waiting.remove(waiting)
            run.skip(time, waiting.market, "the order was not filled in time")


def expired(run: Run, waiting: Waiting, time: int) -> bool:
    """`for` begins at the decision: so many candles after it, or so long."""
    order = run.strategy.order
    if order.duration is not None:
        return time >= waiting.time + duration_ms(order.duration)
    return order.bars is not None and waiting.opens > order.bars


def over(run: Run, market: str, close_ms: int) -> None:
    """Cancels at the close what can wait no longer."""
    for waiting in list(run.waiting):
        if waiting.market == market and waiting.kind != "market" and waiting.opens:
            order = run.strategy.order
            late = order.duration is not None and close_ms >= waiting.time + duration_ms(order.duration)
            if late or (order.bars is not None and waiting.opens >= order.bars):
                run.waiting.remove(waiting)
                run.skip(close_ms, market, "the order was not filled in time")


def inside_candle(run: Run, market: str, at: int, time: int) -> None:
    """Limit and stop orders met by a candle."""
    view = run.world.view(market)
    for waiting in list(run.waiting):
        if waiting.market != market or waiting.kind == "market" or waiting.price is None:
            continue
        limit = waiting.kind == "limit"
        way = -waiting.side if limit else waiting.side
        if not crossed(waiting.price, way, view.low[at], view.high[at]):
            continue
        price = filled_at(waiting.price, way, view.open[at])
        within = price != view.open[at]
        run.waiting.remove(waiting)
        paid = price if limit else run.account.slipped(price, waiting.side)
        position = fill(run, waiting, paid, time, at)
        if position is not None and within:
            position.opened, position.late = price, limit
        leave_at_once(run, position, price, time)


def fill(run: Run, waiting: Waiting, price: float, time: int, row: int) -> Position | None:
    """Opens the position, or enlarges one by a schedule; a refused order leaves everything as it is."""
    market, account = waiting.market, run.account
    open_now = account.positions.get(market)
    if open_now is not None and not (waiting.scheduled and open_now.side == waiting.side):
        run.skip(time, market, "already in")
        return None
    if open_now is None and (reason := run.gates.cooling(time, market, waiting.side)):
        run.skip(time, market, reason)
        return None
    quantity = sizes.coins(run, waiting.size, price)
    if quantity <= 0:
        run.skip(time, market, "not enough cash")
        return None
    if open_now is not None:
        account.enter(open_now, time, quantity, price, "add", waiting.label)
        open_now.adds += 1
        inside.tighten(run, open_now)
        return None
    position = new_position(waiting, time, row, price, run)
    account.enter(position, time, quantity, price, "entry", waiting.label)
    set_stop(run, position)
    return position


def leave_at_once(run: Run, position: Position | None, price: float, time: int) -> None:
    """A level that turns out to be on the wrong side of the fill ends the trade at once."""
    if position is None:
        return
    side = position.side
    if position.stop is not None and (position.stop - price) * side >= 0:
        run.account.leave(position, time, run.account.slipped(price, -side), "stop", position.rule)
        return
    for number, (target, spec) in enumerate(zip(run.strategy.targets, position.plan.targets, strict=True)):
        wrong = (spec.laid(position.first_price, side) - price) * side <= 0
        if wrong and position.lots and target.reference != "each entry":
            position.hit.add(number)
            share = inside.share_of(position, target.portion)
            run.account.leave(position, time, price, "target", position.rule, share)


def new_position(waiting: Waiting, time: int, row: int, price: float, run: Run) -> Position:
    """A position without its first lot."""
    return Position(
        waiting.market, waiting.side, time, row, waiting.decided, waiting.label, waiting.name, waiting.plan, [], price, price
    )  # fmt: skip


def set_stop(run: Run, position: Position) -> None:
    """The one stop, laid from the first fill."""
    stop = run.strategy.stop
    if position.plan.stop is not None and stop.reference != "each entry":
        position.stop = position.plan.stop.laid(position.first_price, -position.side)
