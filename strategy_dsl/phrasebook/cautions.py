"""What a person must be told of rules that may run: the checker's warnings, and what no limit forbids but is dear."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.checks.check import check
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.spans import plain

FAR_PERCENT = 25
"""A stop so far away protects little."""
NEAR_PERCENT = Decimal("0.3")
"""A target so near goes to the fees."""
QUICK = ("1m", "3m")


def cautions(rules: str) -> tuple[str, ...]:
    """The sentences for canonical rules; none where nothing needs saying."""
    strategy = parse(rules).strategy
    warned = [sentence(each) for each in check(strategy) if each.severity == "warning"]
    return tuple(dict.fromkeys((*warned, *_dear(strategy))))


def sentence(warning: Diagnostic) -> str:
    """A warning of the checker as it stands among the cautions."""
    said = warning.message[0].upper() + warning.message[1:]
    return said if said.endswith(".") else f"{said}."


def _dear(strategy: nodes.Strategy) -> Iterator[str]:
    if strategy.leverage is not None and strategy.leverage.times > 1:
        times = strategy.leverage.times
        yield f"At {plain(times)}x a move of {plain(round(100 / times, 1))}% against it takes all of the margin."
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value))) if value >= FAR_PERCENT:
            yield f"A stop {plain(value)}% away lets a trade lose {plain(value)}% of what was put in."
    match strategy.size:
        case nodes.SizeEquity(nodes.Percent(value)) if value >= 100:
            yield "All the money in one trade: one bad trade hits all of it."
    if strategy.trade is not None and strategy.trade.timeframe in QUICK and strategy.entries():
        yield "Rules on such short candles trade often: each round trip costs about 0.2% in fees."
    for target in strategy.targets:
        match target.level:
            case nodes.Distance(nodes.Percent(value)) if value <= NEAR_PERCENT:
                yield f"A target of {plain(value)}% goes to the fees: each round trip costs about 0.2%."
