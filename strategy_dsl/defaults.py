"""What is assumed where the person said nothing. Each default is written out and shown."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes

TIMEFRAME = "1h"
QUOTE = "USDT"
REASONS = {
    "size": "5% of equity: small enough that one bad trade hurts little",
    "open_positions": "one position for each market",
    "ask": "you are asked before anything is bought",
    "budget": "the paper account's opening cash",
    "stop": "none was said, and a stop is never invented",
}
"""Why each assumed clause is what it is, by the clause's field name."""


def completed(strategy: nodes.Strategy, budget: Decimal) -> tuple[nodes.Strategy, tuple[str, ...]]:
    """The strategy with every default written out, and the names of the fields that were assumed."""
    currency = strategy.trade.markets[0].split("/")[1] if strategy.trade else QUOTE
    markets = len(strategy.trade.markets) if strategy.trade else 1
    defaults: dict[str, nodes.Node] = {"budget": nodes.Money(budget, currency)}
    if strategy.entries():
        defaults |= {
            "stop": nodes.StopLoss(None),
            "size": nodes.SizeEquity(nodes.Percent(Decimal(5))),
            "open_positions": nodes.Setting(markets),
            "ask": nodes.Ask("buying"),
        }
    missing = {name: value for name, value in defaults.items() if getattr(strategy, name) is None}
    return replace(strategy, **missing), tuple(missing)  # type: ignore[arg-type]
