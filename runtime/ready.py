"""What can be checked and read back, but needs something from outside that this version has no source of."""

from strategy_dsl import nodes
from strategy_dsl.catalogue import VALUES
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span


def not_run(strategy: nodes.Strategy) -> tuple[Diagnostic, ...]:
    """Everything in a strategy that this version has no source for: outside values, events, lists of all markets."""
    names = {each.name: each for each in walk(strategy) if isinstance(each, nodes.Name) and each.name in VALUES}
    found = [_problem(name, node.span, "leave it out") for name, node in names.items() if not VALUES[name].runs]
    found += [_problem("high-impact event", each.span, "leave it out") for each in strategy.windows if each.event]
    if strategy.trade and strategy.trade.universe:
        found.append(_problem("top", strategy.trade.span, "name the markets instead"))
    return tuple(found)


def runnable(compiled: Compiled, text: str) -> Compiled:
    """The same strategy; raises StrategyError where this version cannot run all of it."""
    if problems := not_run(compiled.strategy):
        raise StrategyError(problems, text)
    return compiled


def _problem(what: str, span: Span, hint: str) -> Diagnostic:
    message = f"`{what}` is part of the language, but this version has no source for it yet"
    return Diagnostic("E103", message, span, "not yet", hint)
