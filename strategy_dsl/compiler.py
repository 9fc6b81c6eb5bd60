"""Text -> a checked strategy with its canonical text, hash, assumptions and worst case."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from strategy_dsl import nodes
from strategy_dsl.checks.check import check
from strategy_dsl.defaults import completed
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.envelope import Envelope, envelope
from strategy_dsl.formatter import format_strategy
from strategy_dsl.limits import Limits, Mode
from strategy_dsl.parser import parse
from strategy_dsl.program import with_numbers
from strategy_dsl.refusals import refusals

_MISSING = {"E303", "E308", "E309", "E311", "E315", "E322", "E326", "E328", "E330", "E335", "W701"}
DEFAULT_BUDGET = Decimal(10_000)


@dataclass(frozen=True)
class Compiled:
    """A strategy that may run: what was approved is `hash`, of the canonical text and the limits."""

    strategy: nodes.Strategy
    text: str
    hash: str
    assumed: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    envelope: Envelope | None
    limits: Limits

    @cached_property
    def live_refusals(self) -> tuple[Diagnostic, ...]:
        """What the limits of live trading would refuse."""
        numbered, profile = with_numbers(self.strategy), self.limits.live
        return tuple(refusals(numbered, envelope(numbered, profile), profile, "live"))


def compile_rules(text: str, limits: Limits, mode: Mode = "paper", budget: Decimal = DEFAULT_BUDGET) -> Compiled:
    """Compiles rules; raises StrategyError with every problem found."""
    parsed = parse(text)
    problems = [*parsed.problems, *check(parsed.strategy)]
    if parsed.problems:
        # what a clause that could not be read would have given is not missing
        problems = [each for each in problems if each.code not in _MISSING]
    errors = [each for each in problems if each.severity == "error"]
    strategy, assumed = completed(parsed.strategy, budget)
    worst = None if errors else envelope(strategy, limits.profile(mode))
    if not errors:
        errors += refusals(with_numbers(strategy), worst, limits.profile(mode), mode)
    if errors:
        ordered = sorted(errors, key=lambda each: each.span.start if each.span else 0)
        raise StrategyError(tuple(dict.fromkeys(ordered)), text)
    canonical = format_strategy(strategy)
    return Compiled(
        strategy,
        canonical,
        approval_hash(canonical, limits),
        assumed,
        tuple(each for each in problems if each.severity == "warning"),
        worst,
        limits,
    )


def approval_hash(canonical: str, limits: Limits) -> str:
    """What a person's yes is bound to: the canonical text and the limits in force."""
    return hashlib.sha256(f"{canonical}\n{limits.model_dump_json(exclude={'people'})}".encode()).hexdigest()
