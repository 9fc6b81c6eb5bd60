"""Problems of sizes, adds, grids and weights."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.checks.markets import bases_of, quotes_of
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text, grouped, percent_text
from strategy_dsl.spans import Span

MOST_ADDS = 50
SMALLEST_ORDER = Decimal(10)
HUNDRED = Decimal(100)
Amount = nodes.Money | nodes.SizeEquity | nodes.SizeRisk | None


def sizes(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Sizes and parts out of range, in a coin that does not fit, or too small for an exchange."""
    parts = [(rule.portion, rule.span) for rule in strategy.rules]
    parts += [(each.portion, each.span) for each in strategy.schedules]
    parts += [(target.portion, target.span) for target in strategy.targets]
    for portion, span in parts:
        if portion is not None and not 0 < portion.value <= HUNDRED:
            yield Diagnostic("E316", "a part must be above 0% and at most 100%", span)
    match strategy.size:
        case nodes.SizeEquity(percent) | nodes.SizeRisk(percent) if not 0 < percent.value <= HUNDRED:
            yield Diagnostic("E316", "a size must be above 0% and at most 100%", strategy.size.span)
        case nodes.SizeVolatility(percent) if not 0 < percent.value <= 1_000:
            yield Diagnostic("E316", "a volatility must be above 0% and at most 1,000% a year", strategy.size.span)
        case nodes.SizeMoney(money):
            yield from _money(strategy, money, strategy.size.span)
    amounts: list[tuple[Amount, Span]] = [(each.amount, each.span) for each in strategy.adds]
    for amount, span in [*amounts, *((each.amount, each.span) for each in strategy.schedules)]:
        yield from _amount(strategy, amount, span)
    if strategy.grid:
        yield from _money(strategy, strategy.grid.money, strategy.grid.span)


def _amount(strategy: nodes.Strategy, amount: Amount, span: Span) -> Iterator[Diagnostic]:
    match amount:
        case nodes.Money():
            yield from _money(strategy, amount, span)
        case nodes.SizeEquity(percent) | nodes.SizeRisk(percent) if not 0 < percent.value <= HUNDRED:
            yield Diagnostic("E316", "a size must be above 0% and at most 100%", span)


def _money(strategy: nodes.Strategy, money: nodes.Money, span: Span) -> Iterator[Diagnostic]:
    if money.amount <= 0:
        yield Diagnostic("E316", "a size must be above 0", span)
    if strategy.trade is None:
        return
    quotes = quotes_of(strategy.trade)
    if money.currency in quotes:
        if 0 < money.amount < SMALLEST_ORDER:
            message = f"{decimal_text(money.amount)} {money.currency} is below the smallest order of most exchanges"
            yield Diagnostic("W702", message, span, "", f"use {SMALLEST_ORDER} or more", "warning")
    elif bases_of(strategy.trade) != {money.currency}:
        hint = f"use {' or '.join(sorted(quotes))}"
        yield Diagnostic("E317", f"a size in {money.currency} fits only the market of that coin", span, "", hint)


def adds(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Adds with nothing to add to, or with distances and factors that make no sense."""
    for add in strategy.adds:
        if not strategy.entries():
            hint = "for example: buy when rsi(14) crosses below 30"
            yield Diagnostic("E335", "there is no entry to add to", add.span, "", hint)
        for distance in (*add.distances, *([] if add.every is None else [add.every])):
            match distance:
                case nodes.Percent(value) if value <= 0 or (add.side == "below" and value >= HUNDRED):
                    yield Diagnostic("E312", "an add's distance must be above 0% and below 100%", add.span)
                case nodes.Number() | nodes.Negative():
                    yield Diagnostic("E313", "an add's distance is a percent or a price", add.span, "", "write `2%`")
        if add.factor is not None and not 0 < add.factor <= 10:
            yield Diagnostic("E335", "an add's factor must be above 0 and at most 10", add.span)
        if add.times is not None and add.times > MOST_ADDS:
            yield Diagnostic("E335", f"at most {add.times} adds; {MOST_ADDS} is the most", add.span)


def grids(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """A grid upside down, without room, or beside other entries."""
    grid = strategy.grid
    if grid is None:
        return
    if not 0 < grid.low < grid.high:
        message = f"a grid from {grouped(grid.low)} to {grouped(grid.high)} has no room"
        yield Diagnostic("E329", message, grid.span, "", "write the lower price first")
    if grid.steps > 500:
        yield Diagnostic("E329", f"a grid of {grid.steps} steps", grid.span, "at most 500")
    if strategy.trade and len(strategy.trade.markets) != 1:
        yield Diagnostic("E329", "a grid needs one market", grid.span, "", "its prices fit only one")


def weights(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Weights over 100%, of markets not traded, or with nothing to rebalance."""
    hold = strategy.hold
    if hold is None:
        if strategy.rebalances:
            yield Diagnostic("E326", "there is nothing to rebalance", strategy.rebalances[0].span, "", _HOLD)
        return
    traded = strategy.trade.markets if strategy.trade else ()
    for weight in (*hold.weights, *hold.otherwise):
        if weight.market not in (*traded, nodes.CASH):
            hint = f"add it: trade {' and '.join(dict.fromkeys((*traded, weight.market)))} on …"
            yield Diagnostic("E328", f"{weight.market} is held but not traded", weight.span, "", hint)
    given = [each.value for each in (*hold.weights, *hold.otherwise)] + ([hold.each] if hold.each else [])
    for value in given:
        if isinstance(value, nodes.Negative) or (isinstance(value, nodes.Percent) and value.value <= 0):
            yield Diagnostic("E327", "a weight must be above 0%", value.span, "", "leave out what is not held")
    for several in (hold.weights, hold.otherwise):
        if len({each.market for each in several}) < len(several):
            yield Diagnostic("E305", "a market is named twice", hold.span, "", "name each market once")
        yield from _over_full(_total(several), hold.span)
    if isinstance(hold.each, nodes.Percent) and strategy.trade:
        universe = strategy.trade.universe
        yield from _over_full(hold.each.value * (universe.count if universe else len(traded)), hold.span)
    for market in hold.among:
        if market not in traded:
            yield Diagnostic("E328", f"{market} is held but not traded", hold.span, "", "add it to `trade`")
    choice = hold.among or traded
    if hold.best is not None and choice and hold.best > len(choice):
        message = f"the best {hold.best} of {len(choice)} markets"
        yield Diagnostic("E328", message, hold.span, "", "name more markets, or hold fewer")
    for rebalance in strategy.rebalances:
        if rebalance.drift is not None and not 0 < rebalance.drift.value < HUNDRED:
            yield Diagnostic("E327", "a drift must be above 0 and below 100 points", rebalance.span)


_HOLD = "for example: hold 60% BTC/USDT, 40% ETH/USDT"


def _total(several: tuple[nodes.Weight, ...]) -> Decimal:
    return sum((each.value.value for each in several if isinstance(each.value, nodes.Percent)), Decimal(0))


def _over_full(total: Decimal, span: Span) -> Iterator[Diagnostic]:
    if total > HUNDRED:
        message = f"the weights add up to {percent_text(nodes.Percent(total))}"
        yield Diagnostic("E327", message, span, "", "they must not pass 100%; what is left stays in cash")
