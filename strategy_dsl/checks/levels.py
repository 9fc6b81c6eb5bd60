"""Problems of stops, targets and other levels."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.checks.logic import always_at_most
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.spans import Span


def levels(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Distances out of range, parts over 100%, multiples without a stop, levels on the wrong side."""
    stop = strategy.stop
    if stop and isinstance(stop.level, nodes.Distance):
        yield from _distance("a stop loss", stop.level.value, stop.span, most=Decimal(100))
    for target in strategy.targets:
        if isinstance(target.level, nodes.Distance):
            yield from _distance("a target", target.level.value, target.span, most=Decimal(10_000))
    if strategy.trailing:
        yield from _distance("a trailing stop", strategy.trailing.distance, strategy.trailing.span, most=Decimal(100))
    for level, span in _activations(strategy):
        yield from _distance("a gain", level, span, most=Decimal(10_000))
    for each in (stop, *strategy.targets):
        if each is not None and isinstance(each.level, nodes.AtPrice) and each.reference != "entry":
            message = f"a price is what it is, whatever the {each.reference}"
            yield Diagnostic("E312", message, each.span, "", f"leave out `of {each.reference}`")
    for each in (stop, *strategy.targets):
        if each is not None and isinstance(each.level, nodes.AtPrice) and isinstance(each.level.price, nodes.Percent):
            text = expression(each.level.price)
            yield Diagnostic(
                "E409", f"`{text}` is a percent, not a price", each.span, "", f"leave out `at`: write `{text}`"
            )
    yield from _portions(strategy.targets)
    yield from _risk_multiples(strategy)
    yield from _wrong_sides(strategy)


def _activations(strategy: nodes.Strategy) -> list[tuple[nodes.Node, Span]]:
    clauses = [(each.after, each.span) for each in (strategy.trailing, strategy.break_even) if each is not None]
    return [(after.value, span) for after, span in clauses if isinstance(after, nodes.Distance)]


def _distance(what: str, value: nodes.Node, span: Span, most: Decimal) -> Iterator[Diagnostic]:
    match value:
        case nodes.Percent(percent) if not 0 < percent < most:
            yield Diagnostic(
                "E312",
                f"{what} must be above 0% and below {decimal_text(most)}%",
                span,
                f"{decimal_text(percent)}%",
            )
        case nodes.Negative() | nodes.Arithmetic(nodes.Negative(), "*", _):
            yield Diagnostic("E312", f"{what} is a distance and cannot be negative", span, "", "write `3%`")
        case nodes.Arithmetic(nodes.Number(factor), "*", _) if factor == 0:
            yield Diagnostic("E312", f"{what} of nothing", span, "", "write `2 * atr(14)`")
        case nodes.Number():
            hint = f"write `{expression(value)}%`, or `at {expression(value)}` for a price"
            yield Diagnostic("E313", f"{what} of {expression(value)}: percent or price?", span, "which?", hint)


def _portions(targets: tuple[nodes.Target, ...]) -> Iterator[Diagnostic]:
    if not targets:
        return
    total = sum((target.portion.value for target in targets if target.portion), Decimal(0))
    open_ended = [target for target in targets if target.portion is None]
    if total > 100 or (total == 100 and open_ended) or len(open_ended) > 1:
        message = f"the parts of the targets add up to {decimal_text(total)}%"
        if open_ended:
            message += f" beside {len(open_ended)} without a part"
        yield Diagnostic(
            "E314", message, targets[0].span, "", "the parts must not pass 100%, and one may take the rest"
        )


def _risk_multiples(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    has_stop = (strategy.stop is not None and strategy.stop.level is not None) or _trails_at_once(strategy)
    needs = [target.span for target in strategy.targets if isinstance(target.level, nodes.Multiple)]
    if strategy.break_even and isinstance(strategy.break_even.after, nodes.Multiple):
        needs.append(strategy.break_even.span)
    if strategy.trailing and isinstance(strategy.trailing.after, nodes.Multiple):
        needs.append(strategy.trailing.span)
    needs += [add.span for add in strategy.adds if isinstance(add.amount, nodes.SizeRisk)]
    for span in needs if not has_stop else ():
        yield Diagnostic("E315", "a multiple of the risk needs a stop loss", span, "", "for example: stop loss 3%")
    if isinstance(strategy.size, nodes.SizeRisk) and not has_stop:
        yield Diagnostic(
            "E315",
            "a size from the risk needs a stop loss",
            strategy.size.span,
            "",
            "for example: stop loss 3%",
        )


def _trails_at_once(strategy: nodes.Strategy) -> bool:
    return strategy.trailing is not None and strategy.trailing.after is None


def _wrong_sides(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    actions = {rule.action for rule in strategy.entries()}
    if len(actions) != 1:
        return
    long = actions == {"buy"}
    close = nodes.Name("close")
    places: list[tuple[nodes.Node | None, Span, str, bool]] = []
    if strategy.stop is not None:
        places.append((strategy.stop.level, strategy.stop.span, "stop", long))
    places += [(target.level, target.span, "target", not long) for target in strategy.targets]
    for level, span, what, below in places:
        if not isinstance(level, nodes.AtPrice):
            continue
        wrong = always_at_most(close, level.price) if below else always_at_most(level.price, close)
        if wrong:
            side = "below" if below else "above"
            message = f"a {'long' if long else 'short'}'s {what} must lie {side} the price, and this never does"
            yield Diagnostic("E332", message, span, "wrong side", "every entry would be skipped")
