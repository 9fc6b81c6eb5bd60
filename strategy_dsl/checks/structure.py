"""Problems between clauses: what is missing, doubled, contradictory or dangerous."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.checks.kinds import nearest
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span
from strategy_dsl.timeframes import TIMEFRAMES, is_clock, zone_exists

SMALLEST_ORDER = Decimal(10)


def structure(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Every problem that shows only when clauses are seen together."""
    return [problem for check in CHECKS for problem in check(strategy)]


def _trade(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    trade = strategy.trade
    if trade is None:
        yield Diagnostic("E303", "no market is named", None, "", "for example: trade BTC/USDT on 1h")
        return
    if trade.timeframe not in TIMEFRAMES:
        yield Diagnostic(
            "E304",
            f"there is no timeframe `{trade.timeframe}`",
            trade.span,
            "",
            f"one of: {', '.join(TIMEFRAMES)}",
        )
    if len(set(trade.markets)) < len(trade.markets):
        yield Diagnostic("E305", "a market is named twice", trade.span, "", "name each market once")
    quotes = quotes_of(trade)
    if len(quotes) > 1:
        yield Diagnostic(
            "E306",
            f"the markets are priced in {' and '.join(sorted(quotes))}",
            trade.span,
            "",
            "use one quote currency for a strategy",
        )
    elif strategy.budget and strategy.budget.currency not in quotes:
        message = f"the budget is in {strategy.budget.currency}, the markets in {quotes.pop()}"
        yield Diagnostic("E306", message, strategy.budget.span, "", "use one currency")
    if strategy.budget and strategy.budget.amount <= 0:
        yield Diagnostic("E307", "the budget must be above 0", strategy.budget.span)


def quotes_of(trade: nodes.Trade) -> set[str]:
    """The currencies in which the markets are priced."""
    return {trade.universe.quote} if trade.universe else {market.split("/")[1] for market in trade.markets}


def _ways_in_and_out(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    if not strategy.entries():
        if strategy.opens():
            return
        if not strategy.alerts:
            yield Diagnostic(
                "E308",
                "nothing ever buys: this strategy cannot trade",
                None,
                "",
                "for example: buy when rsi(14) crosses below 30",
            )
        elif strategy.closers():
            yield Diagnostic("E308", "there is a way out but nothing ever buys", strategy.closers()[0].span)
        return
    full = [rule for rule in strategy.closers() if rule.portion is None or rule.portion.value >= 100]
    timed = strategy.exits_after or strategy.exits_at
    level = strategy.stop is not None and strategy.stop.level is not None
    if not (full or timed or level or strategy.targets or strategy.trailing):
        hint = "add `stop loss 3%`, `take profit 6%` or `sell when rsi(14) > 60`"
        yield Diagnostic("E309", "nothing ever ends a trade", None, "", hint)
    elif not level and strategy.trailing is None:
        yield Diagnostic(
            "W701",
            "there is no stop loss: a trade can lose all that was put in",
            None,
            "",
            "for example: stop loss 3%",
            "warning",
        )
    closing = {rule.condition: rule for rule in strategy.closers()}
    for rule in strategy.entries():
        if rule.condition in closing:
            yield Diagnostic(
                "E310", "the way in is also the way out", rule.span, "", "the trade would end as it begins"
            )


def _names(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    known = {rule.name for rule in strategy.entries() if rule.name}
    for rule in strategy.closers():
        if rule.name and rule.name not in known:
            yield Diagnostic("E311", f"no `buy` is called `{rule.name}`", rule.span, "", nearest(rule.name, known))
    seen: set[str] = set()
    for let in strategy.lets:
        if let.name in seen:
            yield Diagnostic(
                "E301", f"`{let.name}` is defined twice", let.span, "the second one", "keep the one you mean"
            )
        seen.add(let.name)


def _levels(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    stop = strategy.stop
    if stop and isinstance(stop.level, nodes.Distance):
        yield from _distance("a stop loss", stop.level.value, stop.span, most=Decimal(100))
    for target in strategy.targets:
        if isinstance(target.level, nodes.Distance):
            yield from _distance("a target", target.level.value, target.span, most=Decimal(10_000))
    if strategy.trailing:
        yield from _distance("a trailing stop", strategy.trailing.distance, strategy.trailing.span, most=Decimal(100))
    yield from _portions(strategy.targets)
    yield from _risk_multiples(strategy)


def _distance(what: str, value: nodes.Node, span: Span, most: Decimal) -> Iterator[Diagnostic]:
    match value:
        case nodes.Percent(percent) if not 0 < percent < most:
            yield Diagnostic(
                "E312",
                f"{what} must be above 0% and below {decimal_text(most)}%",
                span,
                f"{decimal_text(percent)}%",
            )
        case nodes.Negative():
            yield Diagnostic("E312", f"{what} is a distance and cannot be negative", span, "", "write `3%`")
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


def _sizes(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    match strategy.size:
        case nodes.SizeEquity(percent) | nodes.SizeRisk(percent) if not 0 < percent.value <= 100:
            yield Diagnostic("E316", "a size must be above 0% and at most 100%", strategy.size.span)
        case nodes.SizeMoney(money):
            yield from _money(strategy, money, strategy.size.span)


def _money(strategy: nodes.Strategy, money: nodes.Money, span: Span) -> Iterator[Diagnostic]:
    if money.amount <= 0:
        yield Diagnostic("E316", "a size must be above 0", span)
    if strategy.trade is None:
        return
    bases = {market.split("/")[0] for market in strategy.trade.markets}
    quotes = quotes_of(strategy.trade)
    if money.currency in quotes:
        if 0 < money.amount < SMALLEST_ORDER:
            message = f"{decimal_text(money.amount)} {money.currency} is below the smallest order of most exchanges"
            yield Diagnostic("W702", message, span, "", f"use {SMALLEST_ORDER} or more", "warning")
    elif bases != {money.currency}:
        hint = f"use {' or '.join(sorted(quotes))}"
        yield Diagnostic("E317", f"a size in {money.currency} fits only the market of that coin", span, "", hint)


def _clocks(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    hours = [window.hours for window in strategy.windows if window.hours]
    places: list[tuple[str, tuple[str, ...], Span]] = [(each.zone, (each.start, each.end), each.span) for each in hours]
    places += [(each.zone, (each.clock,), each.span) for each in strategy.exits_at]
    for zone, clocks, span in places:
        if not zone_exists(zone):
            yield Diagnostic("E318", f"there is no time zone `{zone}`", span, "", "for example: UTC or Europe/London")
        for clock in clocks:
            if not is_clock(clock):
                yield Diagnostic("E319", f"{clock} is not a time of day", span)


def _other_markets(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    traded = set(strategy.trade.markets) if strategy.trade else set()
    for node in walk(strategy):
        if isinstance(node, nodes.OfMarket) and node.market not in traded:
            hint = f"add it: trade {' and '.join([*sorted(traded), node.market])} on …"
            yield Diagnostic(
                "E320",
                f"this version reads other markets only if they are traded too ({node.market})",
                node.span,
                "",
                hint,
            )


def _lengths_of_time(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    texts = [(each.duration, each.span) for each in strategy.exits_after if each.duration]
    texts += [(each.duration, each.span) for each in strategy.cooldowns]
    if strategy.ask:
        texts.append((strategy.ask.duration, strategy.ask.span))
    for text, span in texts:
        if text.endswith("mo") or int(text[:-1]) == 0:
            yield Diagnostic(
                "E321",
                f"`{text}` cannot be used as a length of time here",
                span,
                "",
                "use m, h, d or w, for example 48h",
            )


CHECKS: tuple[Callable[[nodes.Strategy], Iterator[Diagnostic]], ...] = (
    _trade,
    _ways_in_and_out,
    _names,
    _levels,
    _sizes,
    _clocks,
    _other_markets,
    _lengths_of_time,
)
"""One row per check."""
