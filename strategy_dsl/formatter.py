"""Tree -> canonical text. `parse(format(s)) == s` for every tree, and formatting is idempotent."""

from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.builder import DAYS

ANY, ALL, SEQUENCE, NOT, TIMED, TEST, SUM, PRODUCT, FACTOR, SUFFIXED = range(1, 11)


def decimal_text(value: Decimal) -> str:
    """A number as the language writes it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(money: nodes.Money) -> str:
    """`1,000 USDT`."""
    whole, dot, rest = decimal_text(money.amount).partition(".")
    grouped = f"{int(whole):,}"
    return f"{grouped}{dot}{rest} {money.currency}"


Clause = tuple[str, str]
"""The name of the strategy's field and one line of canonical text."""


def format_strategy(strategy: nodes.Strategy) -> str:
    """The canonical text: kinds of clauses in one fixed order, clauses of a kind as written."""
    blocks = [_head(strategy), _rules(strategy), _exits(strategy), _settings(strategy)]
    return "\n\n".join("\n".join(line for _, line in block) for block in blocks if block) + "\n"


def clause_lines(strategy: nodes.Strategy) -> list[Clause]:
    """Every clause with the field it belongs to, in canonical order."""
    return [*_head(strategy), *_rules(strategy), *_exits(strategy), *_settings(strategy)]


def _head(strategy: nodes.Strategy) -> list[Clause]:
    lines = [("name", f'strategy "{strategy.name}"')] if strategy.name else []
    if strategy.trade:
        markets = " and ".join(strategy.trade.markets)
        lines.append(("trade", f"trade {markets} on {strategy.trade.timeframe}"))
    if strategy.budget:
        lines.append(("budget", f"budget {money_text(strategy.budget)}"))
    return lines + [("lets", f"let {each.name} = {expression(each.value)}") for each in strategy.lets]


def _rules(strategy: nodes.Strategy) -> list[Clause]:
    alerts = [("alerts", f'alert "{each.text}" when {expression(each.condition)}') for each in strategy.alerts]
    return [("rules", rule_text(each)) for each in strategy.rules] + alerts


def rule_text(rule: nodes.Rule) -> str:
    """`sell 50% dip when …`."""
    words: list[str] = [rule.action]
    if rule.portion:
        words.append(_percent(rule.portion))
    if rule.name:
        words.append(rule.name)
    return " ".join([*words, "when", expression(rule.condition)])


def _exits(strategy: nodes.Strategy) -> list[Clause]:
    lines = []
    if strategy.stop:
        following = ", following" if strategy.stop.following else ""
        level = "none" if strategy.stop.level is None else _level(strategy.stop.level)
        lines.append(("stop", f"stop loss {level}{following}"))
    if strategy.targets:
        lines.append(("targets", "take profit " + ", ".join(_target(each) for each in strategy.targets)))
    if strategy.trailing:
        after = f" after {_level(strategy.trailing.after)}" if strategy.trailing.after else ""
        lines.append(("trailing", f"trailing stop {expression(strategy.trailing.distance, SUM)}{after}"))
    if strategy.break_even:
        lines.append(("break_even", f"break even after {_level(strategy.break_even.after)}"))
    lines += [
        ("exits_after", f"exit after {each.duration or bars_text(each.bars or 0)}") for each in strategy.exits_after
    ]
    return lines + [("exits_at", f"exit at {each.clock} {each.zone}") for each in strategy.exits_at]


def _target(target: nodes.Target) -> str:
    portion = f" for {_percent(target.portion)}" if target.portion else ""
    return _level(target.level) + portion


def _level(level: nodes.Distance | nodes.AtPrice | nodes.Multiple) -> str:
    match level:
        case nodes.Distance(value):
            return expression(value, SUM)
        case nodes.AtPrice(price):
            return f"at {expression(price, SUM)}"
        case nodes.Multiple(value):
            return f"{decimal_text(value)}r"


def _settings(strategy: nodes.Strategy) -> list[Clause]:
    lines = []
    match strategy.size:
        case nodes.SizeEquity(percent):
            lines.append(("size", f"size {_percent(percent)} of equity"))
        case nodes.SizeMoney(money):
            lines.append(("size", f"size {money_text(money)}"))
        case nodes.SizeRisk(percent):
            lines.append(("size", f"size risk {_percent(percent)} of equity"))
    if strategy.open_positions:
        count = strategy.open_positions.value
        lines.append(("open_positions", f"at most {count} open position{'' if count == 1 else 's'}"))
    if strategy.entries_a_day:
        count = strategy.entries_a_day.value
        lines.append(("entries_a_day", f"at most {count} {'entry' if count == 1 else 'entries'} a day"))
    lines += [("cooldowns", _cooldown(each)) for each in strategy.cooldowns]
    lines += [("windows", _window(each)) for each in strategy.windows]
    if strategy.ask:
        lines.append(("ask", _ask(strategy.ask)))
    return lines


def _cooldown(cooldown: nodes.Cooldown) -> str:
    after = "" if cooldown.after == "any" else f" after a {cooldown.after}"
    return f"cooldown {cooldown.duration}{after}"


def _window(window: nodes.Window) -> str:
    if window.condition is not None:
        return f"{window.gate} when {expression(window.condition)}"
    words: list[str] = [window.gate]
    if window.days:
        words.append(days_text(window.days))
    if window.hours:
        words.append(f"between {window.hours.start} and {window.hours.end} {window.hours.zone}")
    return " ".join(words)


def days_text(days: tuple[int, ...]) -> str:
    """`monday to friday` for an unbroken run of three or more, else the days one by one."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return ", ".join(DAYS[each] for each in days)


def _ask(ask: nodes.Ask) -> str:
    if ask.orders == "never":
        return "ask never"
    return f"ask before {ask.orders}, for {ask.duration}, otherwise {ask.otherwise}"


def _percent(percent: nodes.Percent) -> str:
    return f"{decimal_text(percent.value)}%"


def bars_text(bars: int) -> str:
    """`1 bar`, `3 bars`."""
    return f"{bars} bar" if bars == 1 else f"{bars} bars"


def expression(node: nodes.Node, level: int = ANY) -> str:
    """An expression as text, in parentheses where its place needs them."""
    text, own = _expression(node)
    return text if own >= level else f"({text})"


def _expression(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Number(value):
            return decimal_text(value), FACTOR
        case nodes.Percent():
            return _percent(node), FACTOR
        case nodes.Duration(text) | nodes.Clock(text) | nodes.Zone(text):
            return text, FACTOR
        case nodes.Name(name):
            return name, SUFFIXED
        case nodes.Call(function, arguments):
            return f"{function}({_listing(arguments)})", SUFFIXED
        case nodes.Component(call, component):
            return f"{expression(call)}.{component}", SUFFIXED
        case nodes.Shifted(operand, bars):
            return f"{expression(operand, SUFFIXED)}[{bars}]", SUFFIXED
        case nodes.OnTimeframe(operand, timeframe):
            return f"{expression(operand, SUFFIXED)} on {timeframe}", SUFFIXED
        case nodes.OfMarket(operand, market):
            return f"{expression(operand, SUFFIXED)} of {market}", SUFFIXED
        case nodes.AtLeast(count, conditions):
            return f"at least {count} of ({_listing(conditions)})", SUFFIXED
        case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
            return _arithmetic(node)
        case _:
            return _condition(node)


def _listing(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(expression(each) for each in items)


def _arithmetic(node: nodes.Negative | nodes.Arithmetic | nodes.Share) -> tuple[str, int]:
    match node:
        case nodes.Negative(operand):
            return f"-{expression(operand, FACTOR)}", FACTOR
        case nodes.Share(percent, relation, operand):
            return f"{_percent(percent)} {relation} {expression(operand, FACTOR)}", FACTOR
        case nodes.Arithmetic(left, operator, right):
            own = SUM if operator in "+-" else PRODUCT
            return f"{expression(left, own)} {operator} {expression(right, own + 1)}", own


def _condition(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Compare(operands, operators):
            first, *rest = (expression(each, SUM) for each in operands)
            return first + "".join(f" {op} {each}" for op, each in zip(operators, rest, strict=True)), TEST
        case nodes.Crosses(left, direction, right):
            return f"{expression(left, SUM)} crosses {direction} {expression(right, SUM)}", TEST
        case nodes.Moves(operand, direction, bars):
            steps = "" if bars == 1 else f" {bars_text(bars)}"
            return f"{expression(operand, SUM)} is {direction}{steps}", TEST
        case nodes.Near(left, tolerance, right):
            return (
                f"{expression(left, SUM)} is within {_percent(tolerance)} of {expression(right, SUM)}",
                TEST,
            )
        case nodes.Between(operand, low, high):
            ends = f"{expression(low, SUM)} and {expression(high, SUM)}"
            return f"{expression(operand, SUM)} is between {ends}", TEST
        case nodes.OneOf(operand, (word,)):
            return f"{expression(operand, SUM)} is {word}", TEST
        case nodes.OneOf(operand, words):
            return f"{expression(operand, SUM)} in ({', '.join(words)})", TEST
        case _:
            return _joined(node)


def _joined(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Not(condition):
            return f"not {expression(condition, NOT)}", NOT
        case nodes.AllOf(conditions):
            return " and ".join(expression(each, SEQUENCE) for each in conditions), ALL
        case nodes.AnyOf(conditions):
            return " or ".join(expression(each, SEQUENCE) for each in conditions), ANY
        case nodes.Throughout(condition, bars):
            return f"{expression(condition, TEST)} for {bars_text(bars)}", TIMED
        case nodes.Recently(condition, bars):
            return f"{expression(condition, TEST)} in last {bars_text(bars)}", TIMED
        case nodes.Sequence(first, bars, second):
            parts = expression(first, SEQUENCE), bars_text(bars), expression(second, NOT)
            return "{} then within {} {}".format(*parts), SEQUENCE
        case nodes.FirstSince(event, since):
            return f"first {expression(event, NOT)} since {expression(since, NOT)}", SEQUENCE
    raise AssertionError(f"no spelling for {type(node).__name__}")
