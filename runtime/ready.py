"""Clauses that can be checked and read back, but that this version does not run."""

from strategy_dsl import nodes
from strategy_dsl.catalogue import VALUES
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span

NOT_RUN = {
    "reverse": ("reverse", "write `buy when` and `sell when` instead"),
    "schedules": ("every", "write a condition, for example: buy when weekday is monday and hour == 9"),
    "hold": ("hold", "write `buy when` and `sell when` for each market instead"),
    "rebalances": ("rebalance", "write `buy when` and `sell when` for each market instead"),
    "grid": ("grid", "write `buy when close < …` and `take profit …` instead"),
    "adds": ("add", "a position is opened in one go for now; leave the line out"),
}
"""Fields of a strategy with the word that opens the clause and what to write instead."""


def not_run(strategy: nodes.Strategy, history: bool = False) -> tuple[Diagnostic, ...]:
    """Everything in a strategy that this version cannot run; `history` runs perpetuals, shorts and universes, too."""
    found = [
        _problem(word, each.span, hint)
        for field, (word, hint) in NOT_RUN.items()
        for each in _listed(getattr(strategy, field))
    ]
    found += [
        _problem(rule.action, rule.span, "only `buy` opens a position for now")
        for rule in _shorts(strategy)
        if not history
    ]
    found += _levels(strategy) + _settings(strategy, history)
    names = {each.name: each for each in walk(strategy) if isinstance(each, nodes.Name) and each.name in VALUES}
    found += [_problem(name, node.span, "leave it out") for name, node in names.items() if not VALUES[name].runs]
    return tuple(found)


def runnable(compiled: Compiled, text: str, history: bool = False) -> Compiled:
    """The same strategy; raises StrategyError where this version cannot run all of it."""
    if problems := not_run(compiled.strategy, history):
        raise StrategyError(problems, text)
    return compiled


def _problem(what: str, span: Span, hint: str) -> Diagnostic:
    message = f"`{what}` is part of the language, but this version cannot run it yet"
    return Diagnostic("E103", message, span, "not yet", hint)


def _listed(value: object) -> tuple[nodes.Node, ...]:
    if isinstance(value, nodes.Node):
        return (value,)
    return value if isinstance(value, tuple) else ()


def _shorts(strategy: nodes.Strategy) -> list[nodes.Rule]:
    return [rule for rule in strategy.rules if rule.action in ("short", "cover")]


def _levels(strategy: nodes.Strategy) -> list[Diagnostic]:
    found = []
    for each in (strategy.stop, *strategy.targets):
        if each is not None and each.reference != "entry":
            found.append(_problem(f"of {each.reference}", each.span, "distances are laid from the entry for now"))
    found += [
        _problem("following", each.span, "targets stay where they are") for each in strategy.targets if each.following
    ]
    return found


def _settings(strategy: nodes.Strategy, history: bool) -> list[Diagnostic]:
    found = []
    trade = strategy.trade
    if trade and (trade.perpetual or trade.universe) and not history:
        found.append(_problem("perpetual" if trade.perpetual else "top", trade.span, "name spot markets instead"))
    if strategy.order and strategy.order.kind != "market":
        found.append(_problem(f"order {strategy.order.kind}", strategy.order.span, "entries are market orders for now"))
    found += [
        _problem("before the other side", each.span, "leave it out")
        for each in strategy.cooldowns
        if each.after == "other side"
    ]
    return found
