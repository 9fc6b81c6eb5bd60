"""What runs only with a source that the owner gives: values from outside, and high-impact events."""

from runtime.feeds.given import Given
from strategy_dsl import nodes
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span


def not_on_paper(strategy: nodes.Strategy, given: Given | None = None) -> tuple[Diagnostic, ...]:
    """Everything in a strategy that paper has no source of, with what the owner gives."""
    given = given or Given()
    names = {each.name: each for each in walk(strategy) if isinstance(each, nodes.Name) and each.name in OUTSIDE}
    found = [
        _problem(name, node.span, f"leave it out, or give SAYSO_OUTSIDE={name}=FILE.csv")
        for name, node in names.items()
        if name not in given.names
    ]
    events = [each for each in strategy.windows if each.event and not given.events_file]
    found += [
        _problem("high-impact event", each.span, "leave it out, or give SAYSO_EVENTS=FILE.csv") for each in events
    ]
    return tuple(found)


def on_paper(compiled: Compiled, text: str, given: Given) -> Compiled:
    """The same strategy; raises StrategyError where paper cannot run all of it."""
    if problems := not_on_paper(compiled.strategy, given):
        raise StrategyError(problems, text)
    return compiled


def _problem(what: str, span: Span, hint: str) -> Diagnostic:
    message = f"`{what}` is part of the language, but there is no source for it here; a backtest takes a file"
    return Diagnostic("E103", message, span, "no source", hint)
