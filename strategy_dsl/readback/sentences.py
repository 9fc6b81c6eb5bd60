"""Each clause as one English sentence, exact and grouped."""

from collections.abc import Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import bars_text, decimal_text, grouped, money_text
from strategy_dsl.readback.schedules import (
    REFERENCES,
    add_sentence,
    hold_sentence,
    rebalance_sentence,
    schedule_sentence,
)
from strategy_dsl.readback.sides import BOTH, Side, side_of
from strategy_dsl.timeframes import candle_words, duration_words
from strategy_dsl.words import claim, days_words, listed, words

Line = tuple[str, nodes.Node, str]
"""The strategy's field, the clause and its sentence."""


def sentences(strategy: nodes.Strategy) -> Iterator[Line]:
    """The sentences of a completed strategy in canonical order."""
    side = side_of(strategy)
    yield from _head(strategy, side)
    for rule in strategy.rules:
        yield "rules", rule, _rule(rule)
    if strategy.reverse:
        yield "reverse", strategy.reverse, "A short signal closes a long first, and a buy signal closes a short."
    for schedule in strategy.schedules:
        yield "schedules", schedule, schedule_sentence(schedule)
    if strategy.hold:
        yield "hold", strategy.hold, hold_sentence(strategy.hold)
    for rebalance in strategy.rebalances:
        yield "rebalances", rebalance, rebalance_sentence(rebalance)
    if strategy.grid:
        yield "grid", strategy.grid, _grid(strategy.grid)
    for alert in strategy.alerts:
        yield "alerts", alert, f"Send the alert “{alert.text}” when {claim(alert.condition)}."
    if strategy.order:
        yield "order", strategy.order, _order(strategy.order)
    for add in strategy.adds:
        yield "adds", add, add_sentence(add)
    yield from _exits(strategy, side)
    yield from _amounts(strategy, side)
    yield from _settings(strategy, side)


def _head(strategy: nodes.Strategy, side: Side) -> Iterator[Line]:
    if strategy.trade:
        yield "trade", strategy.trade, _trade(strategy.trade, side)
    if strategy.budget:
        yield "budget", strategy.budget, f"Use at most {money_text(strategy.budget)} for this strategy."
    for let in strategy.lets:
        yield "lets", let, f"“{let.name.replace('_', ' ')}” means {words(let.value)}."


def _trade(trade: nodes.Trade, side: Side) -> str:
    contracts = " perpetuals" if trade.perpetual else ""
    if trade.universe:
        universe = trade.universe
        excluded = f" except {listed(list(universe.excluded))}" if universe.excluded else ""
        what = f"the {universe.count} {universe.quote} markets{contracts} with the largest volume{excluded}"
    else:
        what = listed(list(trade.markets)) + contracts
    sides = f", {side.trades}" if side.trades else ""
    return f"Trade {what}{sides}, deciding at the close of each {candle_words(trade.timeframe)} candle."


def _rule(rule: nodes.Rule) -> str:
    if rule.opens:
        label = f" (“{rule.name}”)" if rule.name else ""
        verb = "Buy" if rule.action == "buy" else "Go short"
        return f"{verb}{label} when {claim(rule.condition)}."
    verb = {"sell": "Sell", "cover": "Buy back", "exit": "Close"}[rule.action]
    opened = "bought" if rule.action == "sell" else "opened"
    what = f"what “{rule.name}” {opened}" if rule.name else f"the {'short ' if rule.action == 'cover' else ''}position"
    if rule.portion and rule.portion.value < Decimal(100):
        return f"{verb} {words(rule.portion)} of {what}, once a trade, when {claim(rule.condition)}."
    whole = what if rule.name else what.replace("the ", "the whole ")
    return f"{verb} {whole} when {claim(rule.condition)}."


def _grid(grid: nodes.Grid) -> str:
    return (
        f"Grid: between {grouped(grid.low)} and {grouped(grid.high)} lie {grid.steps} even steps. At the foot of each "
        f"step below the price a limit order buys {money_text(grid.money)}; what it bought is sold at the step's top, "
        "and the order is placed again."
    )


def _order(order: nodes.Order) -> str:
    if order.price is None:
        return "Entries are market orders."
    span = duration_words(order.duration) if order.duration else bars_text(order.bars or 0)
    how = "limit orders at" if order.kind == "limit" else "stop orders, filled once the price reaches"
    return f"Entries are {how} {words(order.price)}; one not filled {span} after the decision is cancelled."


def _exits(strategy: nodes.Strategy, side: Side) -> Iterator[Line]:
    if strategy.stop:
        yield "stop", strategy.stop, _stop(strategy.stop, side)
    for target in strategy.targets:
        share = f"{words(target.portion)} of the position" if target.portion else "what is left"
        if len(strategy.targets) == 1 and target.portion is None:
            share = "the position"
        moving = ", read again at each close" if target.following else ""
        where = _level(target.level, side.gaining, target.reference, side)
        if target.following:
            where = where.replace(", as read when the entry was decided", "")
        yield "targets", target, f"Take profit: {side.close} {share} {where}{moving}."
    if strategy.trailing:
        yield "trailing", strategy.trailing, _trailing(strategy.trailing, side)
    if strategy.break_even:
        text = f"Once {_gain(strategy.break_even.after)}, the stop moves to the entry price."
        yield "break_even", strategy.break_even, text
    for after in strategy.exits_after:
        span = duration_words(after.duration) if after.duration else bars_text(after.bars or 0)
        yield "exits_after", after, f"{side.close.capitalize()} after {span}, whatever the result."
    for at in strategy.exits_at:
        yield "exits_at", at, f"{side.close.capitalize()} at {at.clock} ({at.zone}), whatever the result."


def _stop(stop: nodes.StopLoss, side: Side) -> str:
    if stop.level is None:
        return side.no_stop
    following = ", read again at each close and only ever tightened" if stop.following else ""
    where = _level(stop.level, side.losing, stop.reference, side)
    if stop.following:
        where = where.replace(", as read when the entry was decided", "")
    return f"Stop loss: {side.close} everything {where}{following}. It is watched inside candles."


def _level(
    level: nodes.Distance | nodes.AtPrice | nodes.Multiple, way: str, reference: nodes.Reference, side: Side
) -> str:
    other = f" ({side.mirrored[way]} it for a short)" if side is BOTH else ""
    price = f"{way} {REFERENCES[reference]}{other}"
    match level:
        case nodes.Distance(value):
            return f"{words(value)} {price}"
        case nodes.AtPrice(at):
            return f"at {words(at)}, as read when the entry was decided"
        case nodes.Multiple(value):
            return f"at {decimal_text(value)} times the stop's distance {price}"


def _gain(level: nodes.Distance | nodes.Multiple | nodes.Once) -> str:
    match level:
        case nodes.Once(condition):
            return claim(condition)
        case nodes.Multiple(value):
            return f"the trade is up {decimal_text(value)} times the stop's distance"
        case nodes.Distance(value):
            return f"the trade is up {words(value)}"


def _trailing(trailing: nodes.TrailingStop, side: Side) -> str:
    start = f"Once {_gain(trailing.after)}, a" if trailing.after else "A"
    return f"{start} trailing stop follows {words(trailing.distance)} {side.behind_best}."


def _amounts(strategy: nodes.Strategy, side: Side) -> Iterator[Line]:
    match strategy.size:
        case nodes.SizeEquity(percent) as size:
            yield "size", size, f"Each {side.entry} is worth {words(percent)} of the strategy's equity."
        case nodes.SizeMoney(money) as size:
            yield "size", size, f"Each {side.entry} is worth {money_text(money)}."
        case nodes.SizeRisk(percent) as size:
            yield "size", size, f"Each {side.entry} is sized so that its stop loses {words(percent)} of the equity."
        case nodes.SizeVolatility(percent) as size:
            text = f"Each {side.entry} is sized so that it swings {words(percent)} of the equity a year"
            yield "size", size, f"{text}, by the market's volatility over the last 100 candles; never above the equity."
    if strategy.leverage:
        yield "leverage", strategy.leverage, _leverage(strategy.leverage)


def _leverage(leverage: nodes.Leverage) -> str:
    if leverage.times == 1:
        return "No leverage (1x): nothing is borrowed."
    times = decimal_text(leverage.times)
    return f"Leverage {times}x: the margin is 1/{times} of a position's worth; sizes and distances stay as they are."


def _settings(strategy: nodes.Strategy, side: Side) -> Iterator[Line]:
    if strategy.open_positions:
        yield "open_positions", strategy.open_positions, _open_positions(strategy.open_positions)
    if strategy.entries_a_day:
        count, zone = strategy.entries_a_day.value, strategy.entries_a_day.zone
        entries = f"{side.entry if count == 1 else side.entries} a day ({zone})"
        yield "entries_a_day", strategy.entries_a_day, f"At most {count} {entries}."
    for cooldown in strategy.cooldowns:
        yield "cooldowns", cooldown, _cooldown(cooldown, side)
    for window in strategy.windows:
        yield "windows", window, _window(window, side)
    for pause in strategy.pauses:
        yield "pauses", pause, _pause(pause)
    for halt in strategy.halts:
        closing = "close everything and " if halt.close else ""
        yield "halts", halt, f"Halt: {closing}enter nothing until you restart it, once {claim(halt.condition)}."
    if strategy.ask:
        yield "ask", strategy.ask, _ask(strategy.ask, side)


def _open_positions(setting: nodes.OpenPositions) -> str:
    text = f"At most {setting.value} position{'' if setting.value == 1 else 's'} open at once, one a market"
    if setting.rank is None:
        return f"{text}."
    return f"{text}; if more markets qualify, those with the {setting.best} value of {words(setting.rank)} come first."


def _cooldown(cooldown: nodes.Cooldown, side: Side) -> str:
    span = duration_words(cooldown.duration)
    if cooldown.after == "other side":
        return f"After an exit, no entry on the other side of the same market for {span}."
    after = {"any": f"after a {side.exit}", "loss": "after a loss", "stop": "after a stop"}[cooldown.after]
    return f"No new {side.entry} in the same market for {span} {after}."


def _window(window: nodes.Window, side: Side) -> str:
    start = f"{side.enter} only" if window.gate == "only" else f"Never {side.enter.lower()}"
    if window.condition is not None:
        return f"{start} when {claim(window.condition)}."
    if window.event is not None:
        return f"{start} within {duration_words(window.event)} of a high-impact event."
    parts = [f"on {days_words(window.days)}"] if window.days else []
    if window.hours:
        parts.append(f"between {window.hours.start} and {window.hours.end} ({window.hours.zone})")
    return f"{start} {' '.join(parts)}. {side.exits} is never blocked."


def _pause(pause: nodes.Pause) -> str:
    if pause.duration:
        span = f"for {duration_words(pause.duration)}"
    else:
        span = f"until {(pause.until or '').capitalize()}" if pause.until != "tomorrow" else ""
        span = f"{span or 'until tomorrow'} ({pause.zone})"
    return f"Pause: enter nothing {span} once {claim(pause.condition)}. Exits go on."


def _ask(ask: nodes.Ask, side: Side) -> str:
    if ask.orders == "never":
        return "Orders are placed without asking you."
    silence = {"skip": "the order is skipped", "take half": "half of it is taken", "take": "it is taken"}[ask.otherwise]
    what = {
        "buying": f"before each {side.entry}",
        "selling": f"before each planned {side.exit}",
        "every order": "before every order",
    }[ask.orders]
    text = f"Ask you {what}; after {duration_words(ask.duration)} without an answer {silence}."
    return f"{text} Stops never wait."
