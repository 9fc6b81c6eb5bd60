"""Clauses -> canonical text: kinds in one fixed order, clauses of a kind as written."""

from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter.expressions import SUM, expression
from strategy_dsl.formatter.numbers import bars_text, days_text, decimal_text, grouped, money_text, percent_text
from strategy_dsl.timeframes import DAYS

Clause = tuple[str, str]
"""The name of the strategy's field and one line of canonical text."""


def format_strategy(strategy: nodes.Strategy) -> str:
    """The canonical text."""
    blocks = [_head(strategy), _rules(strategy), _exits(strategy), _settings(strategy)]
    return "\n\n".join("\n".join(line for _, line in block) for block in blocks if block) + "\n"


def clause_lines(strategy: nodes.Strategy) -> list[Clause]:
    """Every clause with the field it belongs to, in canonical order."""
    return [*_head(strategy), *_rules(strategy), *_exits(strategy), *_settings(strategy)]


def _head(strategy: nodes.Strategy) -> list[Clause]:
    lines = [("name", f'strategy "{strategy.name}"')] if strategy.name else []
    if strategy.trade:
        lines.append(("trade", _trade(strategy.trade)))
    if strategy.budget:
        lines.append(("budget", f"budget {money_text(strategy.budget)}"))
    return lines + [("lets", f"let {each.name} = {expression(each.value)}") for each in strategy.lets]


def _trade(trade: nodes.Trade) -> str:
    contract = " perpetual" if trade.perpetual else ""
    universe = trade.universe
    if universe is None:
        return f"trade {' and '.join(trade.markets)}{contract} on {trade.timeframe}"
    excluded = f" except {' and '.join(universe.excluded)}" if universe.excluded else ""
    return f"trade top {universe.count} by volume in {universe.quote}{contract} on {trade.timeframe}{excluded}"


def _rules(strategy: nodes.Strategy) -> list[Clause]:
    lines = [("rules", rule_text(each)) for each in strategy.rules]
    if strategy.reverse:
        lines.append(("reverse", "reverse"))
    lines += [("schedules", schedule_text(each)) for each in strategy.schedules]
    if strategy.hold:
        lines.append(("hold", hold_text(strategy.hold)))
    lines += [("rebalances", rebalance_text(each)) for each in strategy.rebalances]
    if strategy.grid:
        lines.append(("grid", _grid(strategy.grid)))
    return lines + [("alerts", f'alert "{each.text}" when {expression(each.condition)}') for each in strategy.alerts]


def rule_text(rule: nodes.Rule) -> str:
    """`sell 50% dip when …`."""
    words: list[str] = [rule.action]
    if rule.portion:
        words.append(percent_text(rule.portion))
    if rule.name:
        words.append(rule.name)
    return " ".join([*words, "when", expression(rule.condition)])


def timing_text(timing: nodes.Timing) -> str:
    """`every monday at 09:00 UTC`."""
    if timing.interval is not None:
        return f"every {timing.interval}"
    at = f" at {timing.clock} {timing.zone}"
    if timing.day_of_month is not None:
        day = f"day {timing.day_of_month}" if timing.day_of_month else "last day"
        return f"every month on {day}{at}"
    return f"every {'day' if len(timing.days) == 7 else ', '.join(DAYS[each] for each in timing.days)}{at}"


def schedule_text(schedule: nodes.Schedule) -> str:
    """`every monday at 09:00 UTC buy 50 USDT of BTC/USDT if …`."""
    words = [timing_text(schedule.timing), schedule.action]
    if schedule.amount is not None:
        words.append(_amount(schedule.amount))
    if schedule.portion is not None:
        words.append(percent_text(schedule.portion))
    if schedule.text is not None:
        words.append(f'"{schedule.text}"')
    if schedule.market is not None:
        words.append(f"of {schedule.market}")
    if schedule.condition is not None:
        words.append(f"if {expression(schedule.condition)}")
    return " ".join(words)


def _amount(amount: nodes.Money | nodes.SizeEquity | nodes.SizeRisk) -> str:
    if isinstance(amount, nodes.Money):
        return money_text(amount)
    return f"{'risk ' if isinstance(amount, nodes.SizeRisk) else ''}{percent_text(amount.percent)} of equity"


def hold_text(hold: nodes.Hold) -> str:
    """`hold best 5 by change(close, 30) if … otherwise cash`."""
    if hold.best is not None and hold.rank is not None:
        among = f" of ({' and '.join(hold.among)})" if hold.among else ""
        what = f"best {hold.best}{among} by {expression(hold.rank, SUM)}"
    elif hold.each is not None:
        what = f"{expression(hold.each, SUM)} each"
    else:
        what = _weights(hold.weights)
    condition = f" if {expression(hold.condition)}" if hold.condition else ""
    return f"hold {what}{condition} otherwise {_weights(hold.otherwise) if hold.otherwise else 'cash'}"


def _weights(weights: tuple[nodes.Weight, ...]) -> str:
    return ", ".join(f"{expression(each.value, SUM)} {each.market}" for each in weights)


def rebalance_text(rebalance: nodes.Rebalance) -> str:
    """`rebalance every month …` or `rebalance when a weight drifts 5%`."""
    if rebalance.timing is not None:
        return f"rebalance {timing_text(rebalance.timing)}"
    return f"rebalance when a weight drifts {percent_text(rebalance.drift or nodes.Percent(Decimal(0)))}"


def _grid(grid: nodes.Grid) -> str:
    steps = f"{grid.steps} step{'' if grid.steps == 1 else 's'}"
    return f"grid from {grouped(grid.low)} to {grouped(grid.high)} in {steps} of {money_text(grid.money)}"


def _exits(strategy: nodes.Strategy) -> list[Clause]:
    lines = [("order", _order(strategy.order))] if strategy.order else []
    lines += [("adds", add_text(each)) for each in strategy.adds]
    if strategy.stop:
        lines.append(("stop", _stop(strategy.stop)))
    if strategy.targets:
        lines.append(("targets", "take profit " + ", ".join(_target(each) for each in strategy.targets)))
    if strategy.trailing:
        distance = expression(strategy.trailing.distance, SUM)
        lines.append(("trailing", f"trailing stop {distance}{_activation(strategy.trailing.after)}"))
    if strategy.break_even:
        lines.append(("break_even", f"break even{_activation(strategy.break_even.after)}"))
    lines += [("exits_after", f"exit after {_waiting(each.duration, each.bars)}") for each in strategy.exits_after]
    return lines + [("exits_at", f"exit at {each.clock} {each.zone}") for each in strategy.exits_at]


def _waiting(duration: str | None, bars: int | None) -> str:
    return duration or bars_text(bars or 0)


def _order(order: nodes.Order) -> str:
    if order.price is None:
        return "order market"
    return f"order {order.kind} at {expression(order.price, SUM)} for {_waiting(order.duration, order.bars)}"


def add_text(add: nodes.Add) -> str:
    """`add 200 USDT at 1%, 2% below entry, each 1.2 times the last`."""
    beside = f" {add.side} {add.reference}"
    if add.condition is not None:
        how = f"when {expression(add.condition)}"
    elif add.every is not None:
        how = f"every {expression(add.every, SUM)}{beside}"
    else:
        how = f"at {', '.join(expression(each, SUM) for each in add.distances)}{beside}"
    options = []
    if add.factor is not None:
        options.append(f"each {decimal_text(add.factor)} times the last")
    if add.times is not None:
        options.append(f"at most {add.times} times")
    if add.apart is not None:
        options.append(f"{add.apart} apart")
    return ", ".join([f"add {_amount(add.amount)} {how}", *options])


def _stop(stop: nodes.StopLoss) -> str:
    level = "none" if stop.level is None else _level(stop.level) + _reference(stop.reference)
    return f"stop loss {level}{', following' if stop.following else ''}"


def _reference(reference: nodes.Reference) -> str:
    return "" if reference == "entry" else f" of {reference}"


def _target(target: nodes.Target) -> str:
    portion = f" for {percent_text(target.portion)}" if target.portion else ""
    following = " following" if target.following else ""
    return f"{_level(target.level)}{_reference(target.reference)}{following}{portion}"


def _level(level: nodes.Distance | nodes.AtPrice | nodes.Multiple) -> str:
    match level:
        case nodes.Distance(value):
            return expression(value, SUM)
        case nodes.AtPrice(price):
            return f"at {expression(price, SUM)}"
        case nodes.Multiple(value):
            return f"{decimal_text(value)}r"


def _activation(after: nodes.Distance | nodes.Multiple | nodes.Once | None) -> str:
    if after is None:
        return ""
    if isinstance(after, nodes.Once):
        return f" once {expression(after.condition)}"
    return f" after {_level(after)}"


def _settings(strategy: nodes.Strategy) -> list[Clause]:
    lines = [("size", _size(strategy.size))] if strategy.size else []
    if strategy.leverage:
        lines.append(("leverage", f"leverage {decimal_text(strategy.leverage.times)}x"))
    if strategy.open_positions:
        lines.append(("open_positions", _open_positions(strategy.open_positions)))
    if strategy.entries_a_day:
        lines.append(("entries_a_day", _entries_a_day(strategy.entries_a_day)))
    lines += [("cooldowns", _cooldown(each)) for each in strategy.cooldowns]
    lines += [("windows", window_text(each)) for each in strategy.windows]
    lines += [("pauses", pause_text(each)) for each in strategy.pauses]
    lines += [("halts", halt_text(each)) for each in strategy.halts]
    if strategy.ask:
        lines.append(("ask", _ask(strategy.ask)))
    return lines


def _size(size: nodes.SizeEquity | nodes.SizeMoney | nodes.SizeRisk | nodes.SizeVolatility) -> str:
    match size:
        case nodes.SizeEquity(percent):
            return f"size {percent_text(percent)} of equity"
        case nodes.SizeMoney(money):
            return f"size {money_text(money)}"
        case nodes.SizeRisk(percent):
            return f"size risk {percent_text(percent)} of equity"
        case nodes.SizeVolatility(percent):
            return f"size volatility {percent_text(percent)} a year"


def _open_positions(setting: nodes.OpenPositions) -> str:
    text = f"at most {setting.value} open position{'' if setting.value == 1 else 's'}"
    return text if setting.rank is None else f"{text}, {setting.best} {expression(setting.rank, SUM)} first"


def _entries_a_day(setting: nodes.EntriesADay) -> str:
    zone = "" if setting.zone == "UTC" else f" {setting.zone}"
    return f"at most {setting.value} {'entry' if setting.value == 1 else 'entries'} a day{zone}"


def _cooldown(cooldown: nodes.Cooldown) -> str:
    if cooldown.after == "other side":
        return f"cooldown {cooldown.duration} before the other side"
    after = "" if cooldown.after == "any" else f" after a {cooldown.after}"
    return f"cooldown {cooldown.duration}{after}"


def window_text(window: nodes.Window) -> str:
    """`only monday to friday between 08:00 and 20:00 UTC`."""
    if window.condition is not None:
        return f"{window.gate} when {expression(window.condition)}"
    if window.event is not None:
        return f"{window.gate} within {window.event} of a high-impact event"
    words: list[str] = [window.gate]
    if window.days:
        words.append(days_text(window.days))
    if window.hours:
        words.append(f"between {window.hours.start} and {window.hours.end} {window.hours.zone}")
    return " ".join(words)


def pause_text(pause: nodes.Pause) -> str:
    """`pause until tomorrow UTC when …`."""
    span = pause.duration or f"until {pause.until} {pause.zone}"
    return f"pause {span} when {expression(pause.condition)}"


def halt_text(halt: nodes.Halt) -> str:
    """`halt and close when …`."""
    return f"halt {'and close ' if halt.close else ''}when {expression(halt.condition)}"


def _ask(ask: nodes.Ask) -> str:
    if ask.orders == "never":
        return "ask never"
    return f"ask before {ask.orders}, for {ask.duration}, otherwise {ask.otherwise}"
