"""Limits that the text alone breaks, each with what was asked and what is allowed."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.envelope import Envelope, asked, plain_distance
from strategy_dsl.formatter import decimal_text, rounded
from strategy_dsl.limits import Mode, Profile
from strategy_dsl.spans import Span

HUNDRED = Decimal(100)


def refusals(strategy: nodes.Strategy, found: Envelope | None, profile: Profile, mode: Mode) -> list[Diagnostic]:
    """Every refusal of a completed strategy."""
    if found is None or strategy.trade is None:
        return []
    return [
        *_sizes(strategy, found, profile, mode),
        *_leverage(strategy, profile, mode),
        *_without_stop(strategy),
        *_without_end(strategy),
    ]


def _sizes(strategy: nodes.Strategy, found: Envelope, profile: Profile, mode: Mode) -> Iterator[Diagnostic]:
    wanted = asked(strategy, profile)
    span, clause = _amounts_clause(strategy)
    rows = (
        ("E601", "order", wanted.order, profile.order_percent),
        ("E602", "position in one market", wanted.position, profile.market_percent),
        ("E603", "total of all positions", wanted.exposure, profile.gross_percent),
    )
    for code, what, amount, percent in rows:
        allowed = found.equity * percent / HUNDRED
        if amount > allowed:
            numbers = f"{rounded(amount)} asked, {rounded(allowed)} {found.currency} allowed"
            rule = f"{decimal_text(percent)}% of {rounded(found.equity)}"
            hint = f"make `{clause}` smaller, or raise the budget; the limit is {rule} in {mode} mode"
            message = f"the largest {what} passes the {mode} limit: {numbers}"
            yield Diagnostic(code, message, span, "too large", hint)
            return


def _amounts_clause(strategy: nodes.Strategy) -> tuple[Span | None, str]:
    candidates = (
        ("hold", strategy.hold),
        ("grid", strategy.grid),
        ("add", strategy.adds[0] if strategy.adds else None),
        ("size", strategy.size),
        ("every", strategy.schedules[0] if strategy.schedules else None),
    )
    return next(((clause.span, word) for word, clause in candidates if clause is not None), (None, "size"))


def _leverage(strategy: nodes.Strategy, profile: Profile, mode: Mode) -> Iterator[Diagnostic]:
    leverage = strategy.leverage
    if leverage is not None and leverage.times > profile.leverage:
        limit = decimal_text(profile.leverage)
        message = f"the leverage passes the {mode} limit: {decimal_text(leverage.times)}x asked, {limit}x allowed"
        hint = "nothing is borrowed unless the owner of this bot allows it in the limits file"
        yield Diagnostic("E604", message, leverage.span, "too high", hint)


def _without_stop(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    stopped = strategy.stop is not None and strategy.stop.level is not None
    trails = strategy.trailing is not None and strategy.trailing.after is None
    borrowed = strategy.leverage is not None and strategy.leverage.times > 1
    if borrowed and (stopped or trails) and not _known_distance(strategy):
        message = "with leverage the stop's distance must be known before the trade"
        hint = "write it as a percent nearer than the exchange's liquidation, for example: stop loss 3%"
        yield Diagnostic("E605", message, strategy.leverage.span if strategy.leverage else None, "which stop?", hint)
    if stopped or trails or not (borrowed or strategy.shorts()):
        return
    what = "leverage" if borrowed else "a short"
    span = strategy.leverage.span if borrowed and strategy.leverage else _first_short(strategy)
    message = f"{what} without a stop loss can lose more than was put in"
    yield Diagnostic("E605", message, span, "no stop", "add `stop loss 3%`")


def _known_distance(strategy: nodes.Strategy) -> bool:
    """Whether a stop in percent lies nearer than liquidation."""
    times = strategy.leverage.times if strategy.leverage else Decimal(1)
    found = plain_distance(strategy)
    return found is not None and found < HUNDRED / times


def _first_short(strategy: nodes.Strategy) -> Span | None:
    spans = [rule.span for rule in strategy.rules if rule.action == "short"]
    spans += [each.span for each in strategy.schedules if each.action == "short"]
    return spans[0] if spans else None


def _without_end(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    for add in strategy.adds:
        if add.times is None and not add.distances:
            message = "this adds to a position without end"
            yield Diagnostic("E606", message, add.span, "no end", "say how often: `, at most 3 times`")
    for schedule in strategy.schedules:
        if schedule.action == "short":
            message = "a short that grows by the clock has no end"
            yield Diagnostic(
                "E606", message, schedule.span, "no end", "write `short when …`, which opens one at a time"
            )
