"""The words for a strategy that buys, goes short, or does both."""

from dataclasses import dataclass, field

from strategy_dsl import nodes


@dataclass(frozen=True)
class Side:
    """How entries, exits and levels are called."""

    trades: str
    enter: str
    entry: str
    entries: str
    close: str
    exit: str
    exits: str
    losing: str
    gaining: str
    behind_best: str
    no_stop: str
    mirrored: dict[str, str] = field(default_factory=lambda: {"below": "above", "above": "below"})


LONG = Side(
    "long only",
    "Buy",
    "buy",
    "buys",
    "sell",
    "sale",
    "Selling",
    "below",
    "above",
    "below the highest price",
    "There is no stop loss: a trade can lose all that was put in.",
)
SHORT = Side(
    "short only",
    "Go short",
    "short",
    "shorts",
    "buy back",
    "buy-back",
    "Buying back",
    "above",
    "below",
    "above the lowest price",
    "There is no stop loss: a short can lose more than was put in.",
)
BOTH = Side(
    "long and short",
    "Enter",
    "entry",
    "entries",
    "close",
    "exit",
    "Leaving",
    "below",
    "above",
    "behind the best price",
    "There is no stop loss: a trade can lose all that was put in, a short even more.",
)
NONE = Side("", *(getattr(LONG, name) for name in tuple(Side.__dataclass_fields__)[1:-1]))


def side_of(strategy: nodes.Strategy) -> Side:
    """The words that fit what the strategy opens."""
    actions = {rule.action for rule in strategy.rules} | {each.action for each in strategy.schedules}
    buys = "buy" in actions or strategy.hold is not None or strategy.grid is not None
    if "short" in actions:
        return BOTH if buys else SHORT
    return LONG if buys else NONE
