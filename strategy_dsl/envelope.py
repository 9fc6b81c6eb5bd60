"""The worst case in money, from the text and the limits alone.

A position is counted at what was paid for it. A stop is reckoned to fill `slippage_percent` beyond its level, gaps
included; without a distance known from the text the whole position counts as lost. A short's stop is never further
than the price itself (the risk gate refuses it), so that a short too has a worst case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.limits import Profile
from strategy_dsl.program import with_numbers
from strategy_dsl.timeframes import UNITS_MS, duration_ms

HUNDRED = Decimal(100)
ONE = Decimal(1)
DAYS_A_MONTH = 31
Amount = nodes.Money | nodes.SizeEquity | nodes.SizeRisk


@dataclass(frozen=True)
class Envelope:
    """What this strategy can hold and lose at most, in the budget's currency, at an equity of the budget.

    `largest_position` is in one market with every add; `scheduled_a_day` and `_a_month` are what the clock buys.
    """

    currency: str
    equity: Decimal
    largest_order: Decimal
    largest_position: Decimal
    largest_exposure: Decimal
    loss_a_trade: Decimal
    loss_at_once: Decimal
    loss_a_day: Decimal
    loss_is_whole_position: bool
    scheduled_a_day: Decimal
    scheduled_a_month: Decimal


@dataclass(frozen=True)
class Asked:
    """What the text asks for before anything stops it: amounts of money."""

    order: Decimal
    position: Decimal
    exposure: Decimal


def envelope(strategy: nodes.Strategy, profile: Profile) -> Envelope | None:
    """The envelope of a completed strategy, or None where it opens no position."""
    if strategy.budget is None or strategy.trade is None or not strategy.opens():
        return None
    strategy = with_numbers(strategy)
    assert strategy.budget is not None and strategy.trade is not None
    equity = strategy.budget.amount
    found = asked(strategy, profile)
    share = stop_share(strategy, profile)
    leveraged = strategy.leverage is not None and strategy.leverage.times > 1
    accumulates = any(each.action == "buy" for each in strategy.schedules)
    all_of_it = equity * (strategy.leverage.times if strategy.leverage else ONE)
    exposure = all_of_it if accumulates else found.exposure if leveraged else min(found.exposure, equity)
    position = all_of_it if accumulates else found.position if leveraged else min(found.position, equity)
    whole_position = position * _most(strategy, share)
    if strategy.hold:
        # what falls is bought again at each rebalance, so that in the end all can be lost in one market
        whole_position = equity
    a_trade = whole_position if accumulates or strategy.hold else min(_loss(strategy, profile, found), whole_position)
    count = found.exposure / found.position if found.position else ONE
    whole = exposure * _most(strategy, share)
    at_once = whole if accumulates or strategy.hold else min(a_trade * count, whole)
    a_day, a_month = _scheduled(strategy, equity)
    return Envelope(
        currency=strategy.budget.currency,
        equity=equity,
        largest_order=found.order,
        largest_position=position,
        largest_exposure=exposure,
        loss_a_trade=a_trade,
        loss_at_once=at_once,
        loss_a_day=_day(strategy, profile, equity, a_trade, at_once),
        loss_is_whole_position=share is None,
        scheduled_a_day=a_day,
        scheduled_a_month=a_month,
    )


def _most(strategy: nodes.Strategy, share: Decimal | None) -> Decimal:
    """The largest part of a position that can be lost: all of a long, and costs on top for a short."""
    if not strategy.shorts():
        return ONE
    return max(Decimal("1.2"), share or ONE)


def asked(strategy: nodes.Strategy, profile: Profile) -> Asked:
    """The largest order, position and exposure that the text asks for."""
    equity = strategy.budget.amount if strategy.budget else Decimal(0)
    if strategy.hold:
        return _held(strategy, strategy.hold, equity)
    if strategy.grid:
        step = _amount(strategy, strategy.grid.money)
        total = equity if step is None else step * strategy.grid.steps
        return Asked(step or equity, total, total)
    scheduled = [_amount(strategy, each.amount) or equity for each in strategy.schedules if each.amount is not None]
    orders = [_first_order(strategy), *(_amount(strategy, add.amount) for add in strategy.adds)]
    adds = [amount for add in strategy.adds for amount, _ in rungs(strategy, add)]
    known = max([(orders[0] or Decimal(0)) + sum(adds), *scheduled])
    if None in orders:
        # what the text does not bound, the limits do: the risk gate refuses every order beyond them
        order, position, exposure = (
            equity * percent / HUNDRED
            for percent in (profile.order_percent, profile.market_percent, profile.gross_percent)
        )
        return Asked(max([order, *adds]), max(position, known), max(exposure, known * places(strategy)))
    return Asked(max([orders[0] or Decimal(0), *adds, *scheduled]), known, known * places(strategy))


def market_count(strategy: nodes.Strategy) -> int:
    """How many markets are traded."""
    trade = strategy.trade
    return 1 if trade is None else trade.universe.count if trade.universe else len(trade.markets)


def places(strategy: nodes.Strategy) -> int:
    """How many positions can be open at once."""
    markets = market_count(strategy)
    return min(markets, strategy.open_positions.value) if strategy.open_positions else markets


def _held(strategy: nodes.Strategy, hold: nodes.Hold, equity: Decimal) -> Asked:
    markets = market_count(strategy)
    if hold.best is not None:
        shares = [ONE / hold.best] * hold.best
    elif hold.each is not None:
        shares = [_weight(hold.each)] * markets
    else:
        shares = [_weight(each.value) for each in hold.weights if each.market != nodes.CASH]
    other = [_weight(each.value) for each in hold.otherwise if each.market != nodes.CASH]
    largest = max([*shares, *other], default=Decimal(0))
    # a weight that is not written as a percent is held to the whole equity when it runs
    literal = all(isinstance(each, nodes.Percent) for each in _weight_values(hold))
    total = max(sum(shares, Decimal(0)), sum(other, Decimal(0)))
    total = total if literal else min(ONE, total)
    return Asked(equity * largest, equity * largest, equity * total)


def _weight_values(hold: nodes.Hold) -> list[nodes.Node]:
    several = [each.value for each in (*hold.weights, *hold.otherwise)]
    return several if hold.each is None else [*several, hold.each]


def _weight(value: nodes.Node) -> Decimal:
    return value.value / HUNDRED if isinstance(value, nodes.Percent) else ONE


def _first_order(strategy: nodes.Strategy) -> Decimal | None:
    """The value of an entry, or None where it depends on the market."""
    equity = strategy.budget.amount if strategy.budget else Decimal(0)
    match strategy.size:
        case nodes.SizeEquity() | nodes.SizeRisk() as size:
            return _amount(strategy, size)
        case nodes.SizeMoney(nodes.Money(amount, currency)) if strategy.budget and currency == strategy.budget.currency:
            return amount
        case None:
            return equity if strategy.entries() else Decimal(0)
    return None


def _amount(strategy: nodes.Strategy, amount: Amount) -> Decimal | None:
    """The value of an order, or None where it depends on the market."""
    equity = strategy.budget.amount if strategy.budget else Decimal(0)
    match amount:
        case nodes.Money(value, currency):
            return value if strategy.budget and currency == strategy.budget.currency else None
        case nodes.SizeEquity(percent):
            return equity * percent.value / HUNDRED
        case nodes.SizeRisk(percent):
            distance = _sizing_distance(strategy)
            return equity * percent.value / distance if distance else None


def rungs(strategy: nodes.Strategy, add: nodes.Add) -> Iterator[tuple[Decimal, int]]:
    """Each order of an `add` with its number from 0; one whose count the text leaves open counts once."""
    count = len(add.distances) if add.distances else add.times or 1
    if add.times is not None:
        count = min(count, add.times)
    amount = _amount(strategy, add.amount)
    if amount is None:
        return
    for step in range(count):
        yield amount, step
        amount *= add.factor or ONE


def stop_share(strategy: nodes.Strategy, profile: Profile) -> Decimal | None:
    """The part of a position lost at its stop, slippage and both fees counted; None if not known in advance."""
    distance = plain_distance(strategy)
    if distance is None:
        return None
    # the fee of leaving a short is paid on a price that has risen by the stop's distance
    risen = (distance + profile.slippage_percent) / HUNDRED if strategy.shorts() else Decimal(0)
    fees = profile.fee_percent * (2 + risen)
    return (distance + profile.slippage_percent + fees) / HUNDRED


def _sizing_distance(strategy: nodes.Strategy) -> Decimal | None:
    """The stop's distance by which a size goes, the nearer of two; None if one of them is not known in advance."""
    stop = strategy.stop.level if strategy.stop else None
    trailing = strategy.trailing.distance if strategy.trailing and strategy.trailing.after is None else None
    unknown = (
        stop is not None and not (isinstance(stop, nodes.Distance) and isinstance(stop.value, nodes.Percent))
    ) or not isinstance(trailing, nodes.Percent | None)
    return None if unknown else plain_distance(strategy)


def plain_distance(strategy: nodes.Strategy) -> Decimal | None:
    """The nearest stop that is written in percent, in percent."""
    distances = []
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value)), _, _):
            distances.append(value)
    if strategy.trailing and strategy.trailing.after is None and isinstance(strategy.trailing.distance, nodes.Percent):
        distances.append(strategy.trailing.distance.value)
    return min(distances) if distances else None


def _loss(strategy: nodes.Strategy, profile: Profile, found: Asked) -> Decimal:
    """What one trade with all its adds can lose at its stop."""
    share = stop_share(strategy, profile)
    if share is None:
        return found.position * _most(strategy, share)
    adds = [
        (amount, _add_share(strategy, profile, add, step, share))
        for add in strategy.adds
        for amount, step in rungs(strategy, add)
    ]
    return (found.position - sum(amount for amount, _ in adds)) * share + sum(amount * each for amount, each in adds)


def _add_share(strategy: nodes.Strategy, profile: Profile, add: nodes.Add, step: int, share: Decimal) -> Decimal:
    """The part of an add lost at the stop, which can stay where the first entry laid it for the rest of a candle."""
    away = _distance_away(add, step)
    most = _most(strategy, share)
    sides = {rule.action for rule in strategy.entries()}
    if away is None or len(sides) != 1:
        return most
    short = sides == {"short"}
    nearer = (add.side == "above") == short
    if nearer:
        return share
    if _can_be_late(strategy, add):
        return most
    reach = away + profile.slippage_percent / HUNDRED * (step + 1)
    further = (ONE + share) / max(ONE - reach, Decimal("0.01")) - ONE if short else ONE - (ONE - share) / (ONE + reach)
    return min(most, further)


def _can_be_late(strategy: nodes.Strategy, add: nodes.Add) -> bool:
    """Whether the price can pass an add before it may be made, so that it is made wherever the price is by then.

    An entry that waited for its price is added to from the next candle on, and its own candle may run any distance;
    so may the price while a window, a pause, a halt or a time apart keeps adds back, or a second add moves what this
    one goes by. An account that is held back by its limits is not reckoned with: a person lets it go on.
    """
    waits = strategy.order is not None and strategy.order.kind != "market"
    gated = bool(strategy.windows or strategy.pauses or strategy.halts or add.apart)
    moved = len(strategy.adds) > 1 and not (add.distances and add.reference == "entry")
    return waits or gated or moved


def _distance_away(add: nodes.Add, step: int) -> Decimal | None:
    """How far from the first entry the add is made, as a ratio; None where the text does not say."""
    distance = add.distances[step] if add.distances else add.every
    if not isinstance(distance, nodes.Percent):
        return None
    each = distance.value / HUNDRED
    return each if add.distances and add.reference == "entry" else (ONE + each) ** (step + 1) - ONE


def _day(strategy: nodes.Strategy, profile: Profile, equity: Decimal, a_trade: Decimal, at_once: Decimal) -> Decimal:
    """Either the strategy's own count of entries bounds the day, or the daily limit and what is open then."""
    breaker = equity * profile.daily_loss_percent / HUNDRED + at_once
    if strategy.entries_a_day is None:
        return min(max(equity, at_once), breaker)
    return min(max(equity, at_once), breaker, a_trade * strategy.entries_a_day.value + at_once)


def _scheduled(strategy: nodes.Strategy, equity: Decimal) -> tuple[Decimal, Decimal]:
    """What the clock can buy in one day and in 31 days, before the budget ends."""
    markets = market_count(strategy)
    a_day = a_month = Decimal(0)
    for each in strategy.schedules:
        if each.action != "buy":
            continue
        amount = (_first_order(strategy) if each.amount is None else _amount(strategy, each.amount)) or equity
        amount *= 1 if each.market else max(1, markets)
        daily, monthly = _firings(each.timing)
        a_day += amount * daily
        a_month += amount * monthly
    return min(a_day, equity), min(a_month, equity)


def _firings(timing: nodes.Timing) -> tuple[int, int]:
    """How often a schedule fires in a day and in 31 days at most."""
    if timing.interval is not None:
        span = max(1, duration_ms(timing.interval))
        day = UNITS_MS["d"]
        return -(-day // span), -(-day * DAYS_A_MONTH // span)
    if timing.day_of_month is not None:
        return 1, 2 if timing.day_of_month != 1 else 1
    return 1, len(timing.days) * 5 if len(timing.days) < 7 else DAYS_A_MONTH
