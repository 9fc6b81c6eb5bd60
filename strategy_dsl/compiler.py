"""Text -> a checked strategy with its canonical text, hash, assumptions and worst case."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.checks.kinds import Kinds, short
from strategy_dsl.checks.logic import impossible
from strategy_dsl.checks.structure import structure
from strategy_dsl.defaults import completed
from strategy_dsl.diagnostics import Diagnostic, StrategyError
from strategy_dsl.envelope import Envelope, envelope, refusals
from strategy_dsl.formatter import expression, format_strategy
from strategy_dsl.limits import Limits, Mode
from strategy_dsl.parser import parse
from strategy_dsl.units import Kind, Unit

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
    live_refusals: tuple[Diagnostic, ...]


def compile_rules(text: str, limits: Limits, mode: Mode = "paper", budget: Decimal = DEFAULT_BUDGET) -> Compiled:
    """Compiles rules; raises StrategyError with every problem found."""
    parsed = parse(text)
    problems = [*parsed.problems, *check(parsed.strategy)]
    errors = [each for each in problems if each.severity == "error"]
    strategy, assumed = completed(parsed.strategy, budget)
    worst = None if errors else envelope(strategy, limits.profile(mode))
    if not errors:
        errors += refusals(strategy, worst, limits.profile(mode), mode)
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
        tuple(refusals(strategy, envelope(strategy, limits.live), limits.live, "live")),
    )


def approval_hash(canonical: str, limits: Limits) -> str:
    """What a person's yes is bound to: the canonical text and the limits in force."""
    return hashlib.sha256(f"{canonical}\n{limits.model_dump_json()}".encode()).hexdigest()


def check(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Every problem and warning of a tree, limits aside."""
    lets = {each.name: each.value for each in strategy.lets}
    kinds = Kinds(lets, strategy.trade.timeframe if strategy.trade else "")
    for let in strategy.lets:
        kinds.position_allowed = True
        kinds.of(nodes.Name(let.name, span=let.span))
    for condition, position in _conditions(strategy):
        kinds.condition(condition, position=position)
    for value in _prices(strategy):
        _price_like(kinds, value)
    if not kinds.problems:
        silent = Kinds(lets, kinds.timeframe, position_allowed=True)
        for condition, _ in _conditions(strategy):
            kinds.problems += impossible(condition, silent, lets)
    return [*kinds.problems, *structure(strategy)]


def _conditions(strategy: nodes.Strategy) -> list[tuple[nodes.Node, bool]]:
    found = [(rule.condition, rule.action != "buy") for rule in strategy.rules]
    found += [(alert.condition, True) for alert in strategy.alerts]
    return found + [(window.condition, False) for window in strategy.windows if window.condition is not None]


def _prices(strategy: nodes.Strategy) -> list[nodes.Node]:
    """The expressions that stand for a price or a distance in price."""
    levels: list[nodes.Node | None] = [target.level for target in strategy.targets]
    levels.append(strategy.stop.level if strategy.stop else None)
    if strategy.trailing:
        levels += [nodes.Distance(strategy.trailing.distance), strategy.trailing.after]
    levels.append(strategy.break_even.after if strategy.break_even else None)
    found: list[nodes.Node] = []
    for level in levels:
        match level:
            case nodes.Distance(nodes.Percent()):
                continue
            case nodes.Distance(value) | nodes.AtPrice(value):
                found.append(value)
    return found


def _price_like(kinds: Kinds, value: nodes.Node) -> None:
    kind: Kind = kinds.quantity(value, position=False)
    if kind.unit not in (Unit.PRICE, Unit.NUMBER):
        hint = "for example: stop loss 3%, stop loss 2 * atr(14), stop loss at lowest(low, 10)"
        message = f"`{short(expression(value), 40)}` is {kind.unit.value}, not a price"
        kinds.complain("E409", message, value.span, "not a price", hint)
