"""Problems of the markets, their contracts and their currencies."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text
from strategy_dsl.timeframes import TIMEFRAMES


def quotes_of(trade: nodes.Trade) -> set[str]:
    """The currencies in which the markets are priced."""
    return {trade.universe.quote} if trade.universe else {market.split("/")[1] for market in trade.markets}


def bases_of(trade: nodes.Trade) -> set[str]:
    """The coins that are traded; empty for a universe."""
    return {market.split("/")[0] for market in trade.markets}


def traded(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """No market, an unknown timeframe, or currencies that do not fit."""
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


def contracts(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Shorts and leverage need perpetuals."""
    if strategy.trade is None:
        return
    named = f"trade {' and '.join(strategy.trade.markets) or '…'} perpetual on {strategy.trade.timeframe}"
    shorts = [rule.span for rule in strategy.rules if rule.action == "short"]
    shorts += [each.span for each in strategy.schedules if each.action == "short"]
    if shorts and not strategy.trade.perpetual:
        yield Diagnostic("E323", "a spot market cannot be sold short", shorts[0], "", f"write: {named}")
    leverage = strategy.leverage
    if leverage is None:
        return
    if not 1 <= leverage.times <= 125:
        yield Diagnostic("E324", f"a leverage of {decimal_text(leverage.times)}x", leverage.span, "from 1x to 125x")
    elif leverage.times > 1 and not strategy.trade.perpetual:
        yield Diagnostic("E324", "a spot market has no leverage", leverage.span, "", f"write: {named}")
    yield from _liquidation(strategy, leverage)


def _liquidation(strategy: nodes.Strategy, leverage: nodes.Leverage) -> Iterator[Diagnostic]:
    room = Decimal(100) / leverage.times if leverage.times > 0 else Decimal(100)
    too_far = room * Decimal("0.9") if leverage.times > 1 else Decimal(100)
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value))) if value >= too_far:
            times = decimal_text(leverage.times)
            message = f"at {times}x the exchange closes the trade about {decimal_text(round(room, 1))}% away"
            hint = f"the stop at {decimal_text(value)}% would come too late: bring it nearer, or lower the leverage"
            yield Diagnostic("W703", message, strategy.stop.span, "beyond liquidation", hint, "warning")


def scheduled(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Schedules of markets that are not traded."""
    traded_ones = strategy.trade.markets if strategy.trade else ()
    for schedule in strategy.schedules:
        if schedule.market is not None and schedule.market not in traded_ones:
            hint = f"add it: trade {' and '.join([*traded_ones, schedule.market])} on …"
            yield Diagnostic("E328", f"{schedule.market} is not traded", schedule.span, "", hint)
