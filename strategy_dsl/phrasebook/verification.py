"""The last word on drafted rules: only what the language itself accepts goes out."""

from strategy_dsl.checks.check import check
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import format_strategy
from strategy_dsl.parser import parse


def verified(rules: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The canonical text when the language accepts the rules, else every problem."""
    parsed = parse(rules)
    problems = [*parsed.problems, *check(parsed.strategy)]
    errors = tuple(problem for problem in problems if problem.severity == "error")
    return (None, errors) if errors else (format_strategy(parsed.strategy), ())
