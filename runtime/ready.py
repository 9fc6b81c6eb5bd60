"""What a backtest takes from files, and paper has no source of yet: values from outside, events, universes."""

from strategy_dsl import nodes
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span


def not_on_paper(strategy: nodes.Strategy) -> tuple[Diagnostic, ...]:
    """Everything in a strategy that paper has no source of."""
    names = {each.name: each for each in walk(strategy) if isinstance(each, nodes.Name) and each.name in OUTSIDE}
    found = [_problem(name, node.span, "leave it out") for name, node in names.items()]
    found += [_problem("high-impact event", each.span, "leave it out") for each in strategy.windows if each.event]
    if strategy.trade and strategy.trade.universe:
        found.append(_problem("top", strategy.trade.span, "name the markets instead"))
    return tuple(found)


def on_paper(compiled: Compiled, text: str) -> Compiled:
    """The same strategy; raises StrategyError where paper cannot run all of it."""
    if problems := not_on_paper(compiled.strategy):
        raise StrategyError(problems, text)
    return compiled


def _problem(what: str, span: Span, hint: str) -> Diagnostic:
    message = f"`{what}` is part of the language, but paper has no source for it yet; a backtest takes a file"
    return Diagnostic("E103", message, span, "not on paper yet", hint)
