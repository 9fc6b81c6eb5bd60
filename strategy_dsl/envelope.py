"""The worst case in money, from the text and the limits alone."""

from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text
from strategy_dsl.limits import Mode, Profile

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Envelope:
    """What this strategy can hold and lose at most, in the budget's currency."""

    currency: str
    equity: Decimal
    largest_order: Decimal
    largest_exposure: Decimal
    loss_a_trade: Decimal
    loss_at_once: Decimal
    loss_a_day: Decimal
    loss_is_whole_position: bool


def envelope(strategy: nodes.Strategy, profile: Profile) -> Envelope | None:
    """The envelope of a completed strategy, or None where it opens no position."""
    if strategy.budget is None or strategy.size is None or strategy.trade is None:
        return None
    equity = strategy.budget.amount
    share = _stop_share(strategy, profile)
    order = _order(strategy, equity, share)
    markets = len(strategy.trade.markets)
    positions = min(markets, strategy.open_positions.value if strategy.open_positions else markets)
    exposure = min(order * positions, equity)
    lost = Decimal(1) if share is None else min(Decimal(1), share)
    at_once = exposure * lost
    return Envelope(
        strategy.budget.currency,
        equity,
        order,
        exposure,
        min(order, equity) * lost,
        at_once,
        _day(strategy, profile, equity, order * lost, at_once),
        share is None,
    )


def _stop_share(strategy: nodes.Strategy, profile: Profile) -> Decimal | None:
    """The part of a position lost at its stop, slippage and both fees counted; None if not known in advance."""
    distances = []
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value)), _):
            distances.append(value)
    if strategy.trailing and strategy.trailing.after is None and isinstance(strategy.trailing.distance, nodes.Percent):
        distances.append(strategy.trailing.distance.value)
    if not distances:
        return None
    return (min(distances) + profile.slippage_percent + 2 * profile.fee_percent) / HUNDRED


def _order(strategy: nodes.Strategy, equity: Decimal, share: Decimal | None) -> Decimal:
    match strategy.size:
        case nodes.SizeEquity(percent):
            return equity * percent.value / HUNDRED
        case nodes.SizeMoney(nodes.Money(amount, currency)) if strategy.budget and currency == strategy.budget.currency:
            return amount
        case nodes.SizeRisk(percent):
            distance = _plain_distance(strategy)
            return equity if share is None or distance is None else min(equity, equity * percent.value / distance)
    return equity


def _plain_distance(strategy: nodes.Strategy) -> Decimal | None:
    match strategy.stop, strategy.trailing:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value)), _), _:
            return value
        case _, nodes.TrailingStop(nodes.Percent(value), None):
            return value
    return None


def _day(strategy: nodes.Strategy, profile: Profile, equity: Decimal, a_trade: Decimal, at_once: Decimal) -> Decimal:
    """Either the strategy's own count of entries bounds the day, or the daily limit and what is open then."""
    breaker = equity * profile.daily_loss_percent / HUNDRED + at_once
    if strategy.entries_a_day is None:
        return min(equity, breaker)
    return min(equity, breaker, a_trade * strategy.entries_a_day.value + at_once)


def refusals(strategy: nodes.Strategy, found: Envelope | None, profile: Profile, mode: Mode) -> list[Diagnostic]:
    """Limits that the text alone breaks, each with the asked and the allowed value."""
    if found is None or strategy.trade is None or strategy.size is None:
        return []
    positions = strategy.open_positions.value if strategy.open_positions else len(strategy.trade.markets)
    gross = found.largest_order * min(positions, len(strategy.trade.markets))
    asked = (
        ("E601", "order", found.largest_order, profile.order_percent),
        ("E602", "position in one market", found.largest_order, profile.market_percent),
        ("E603", "total of all positions", gross, profile.gross_percent),
    )
    for code, what, amount, percent in asked:
        allowed = found.equity * percent / HUNDRED
        if amount > allowed:
            numbers = f"{_money(amount)} asked, {_money(allowed)} {found.currency} allowed"
            rule = f"{decimal_text(percent)}% of {_money(found.equity)}"
            hint = f"make `size` smaller, or raise the budget; the limit is {rule} in {mode} mode"
            message = f"the largest {what} passes the {mode} limit: {numbers}"
            return [Diagnostic(code, message, strategy.size.span, "too large", hint)]
    return []


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
