"""What is assumed where the person said nothing. Each default is written out and shown."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes

TIMEFRAME = "1h"
QUOTE = "USDT"
REASONS = {
    "size": "5% of equity: small enough that one bad trade hurts little",
    "open_positions": "one position for each market",
    "order": "bought at the market's price",
    "leverage": "nothing is borrowed",
    "rebalances": "once a month",
    "ask": "you are asked before anything is bought",
    "budget": "the paper account's opening cash",
    "stop": "none was said, and a stop is never invented",
}
"""Why each assumed clause is what it is, by the clause's field name."""


def completed(strategy: nodes.Strategy, budget: Decimal) -> tuple[nodes.Strategy, tuple[str, ...]]:
    """The strategy with every default written out, and the names of the fields that were assumed."""
    defaults: dict[str, nodes.Node] = {"budget": nodes.Money(budget, _quote(strategy))}
    if strategy.entries():
        defaults |= {
            "order": nodes.Order("market"),
            "stop": nodes.StopLoss(None),
            "size": nodes.SizeEquity(nodes.Percent(Decimal(5))),
            "open_positions": nodes.OpenPositions(_places(strategy)),
        }
    elif any(each.action in ("buy", "short") and each.amount is None for each in strategy.schedules):
        defaults |= {"size": nodes.SizeEquity(nodes.Percent(Decimal(5)))}
    asked: tuple[str, ...] = ()
    if strategy.hold and not strategy.rebalances:
        asked = ("rebalances",)
        strategy = replace(strategy, rebalances=(nodes.Rebalance(nodes.Timing(day_of_month=1)),))
    if strategy.opens():
        if strategy.trade and strategy.trade.perpetual:
            defaults["leverage"] = nodes.Leverage(Decimal(1))
        defaults["ask"] = nodes.Ask("buying")
    missing = {name: value for name, value in defaults.items() if getattr(strategy, name) is None}
    return replace(strategy, **missing), (*missing, *asked)  # type: ignore[arg-type]


def _quote(strategy: nodes.Strategy) -> str:
    trade = strategy.trade
    if trade is None:
        return QUOTE
    return trade.universe.quote if trade.universe else trade.markets[0].split("/")[1]


def _places(strategy: nodes.Strategy) -> int:
    trade = strategy.trade
    if trade is None:
        return 1
    # twenty times 5% is all of the equity
    return min(20, trade.universe.count if trade.universe else len(trade.markets))
