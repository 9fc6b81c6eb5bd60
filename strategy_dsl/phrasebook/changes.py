"""Changes of a strategy's tree: each a small function from the old tree to the new."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines, expression, format_strategy
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.reading import Option, Question
from strategy_dsl.phrasebook.spans import plain

Step = Callable[[nodes.Strategy], nodes.Strategy]
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?")
FIELD_OF = {
    "stop": "stop",
    "target": "targets",
    "trail": "trailing",
    "size": "size",
    "break_even": "break_even",
    "cooldown": "cooldowns",
    "window": "windows",
    "per_day": "entries_a_day",
    "at_once": "open_positions",
    "time_exit": "exits_after",
}
SHOWN = {
    "stop": "stop loss",
    "targets": "take profit",
    "trailing": "trailing stop",
    "break_even": "break even",
    "exits_after": "exit after",
    "windows": "time window",
    "cooldowns": "cooldown",
    "entries_a_day": "limit on entries a day",
    "open_positions": "limit on open positions",
}
EMPTY: dict[str, object] = {
    "stop": nodes.StopLoss(None),
    "targets": (),
    "trailing": None,
    "break_even": None,
    "exits_after": (),
    "windows": (),
    "cooldowns": (),
    "entries_a_day": None,
}


class CannotChange(Exception):
    """A change that does not fit the rules in force: why, and a question where one helps."""

    def __init__(self, reason: str, question: Question | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.question = question


def merged(line: str) -> Step:
    """Set what one clause says; a clause that may stand several times is added."""
    parsed = parse(line)
    added = parsed.strategy

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        if parsed.problems:
            raise CannotChange(f"`{line}` is not understood: {parsed.problems[0].message}.")
        values: dict[str, object] = {}
        for each in fields(nodes.Strategy):
            value = getattr(added, each.name)
            if each.name == "span" or value in (None, ()):
                continue
            old = getattr(strategy, each.name)
            values[each.name] = _joined(old, value) if each.name in ("windows", "cooldowns") else value
            if each.name == "targets":
                values[each.name] = _with_rest(old, value)
        return _replaced(strategy, values)

    return step


def _replaced(strategy: nodes.Strategy, values: dict[str, object]) -> nodes.Strategy:
    return replace(strategy, **values)  # type: ignore[arg-type]


def _with_rest(old: tuple[nodes.Target, ...], new: tuple[nodes.Target, ...]) -> tuple[nodes.Target, ...]:
    """`sell half at 3%` beside a target of 6%: the rest goes on to where all of it went."""
    levels = [each.level.value for each in new if isinstance(each.level, nodes.Distance)]
    near = [each.value for each in levels if isinstance(each, nodes.Percent)]
    parts = [each.portion.value for each in new if each.portion is not None]
    rest = Decimal(100) - sum(parts)
    match old:
        case (nodes.Target(nodes.Distance(nodes.Percent(far)), None) as whole,):
            if len(near) == len(parts) == len(new) and rest > 0 and all(each < far for each in near):
                return (*new, replace(whole, portion=nodes.Percent(rest)))
    return new


def _joined(old: tuple[nodes.Node, ...], new: tuple[nodes.Node, ...]) -> tuple[nodes.Node, ...]:
    """The new one in the place of an old one of the same shape, else beside the old ones."""
    return (*(one for one in old if _shape(one) not in {_shape(other) for other in new}), *new)


def _shape(node: nodes.Node) -> object:
    match node:
        case nodes.Window(gate, days, hours, condition):
            return gate, bool(days), hours is not None, condition
        case nodes.Cooldown(_, after):
            return after
    return node


def on_timeframe(frame: str) -> Step:
    """Run on candles of another length."""
    return lambda strategy: replace(strategy, trade=replace(_trade(strategy), timeframe=frame))


def _trade(strategy: nodes.Strategy) -> nodes.Trade:
    if strategy.trade is None:
        raise CannotChange("These rules name no market yet.")
    return strategy.trade


def on_perpetual(strategy: nodes.Strategy) -> nodes.Strategy:
    """On the perpetuals of its markets, where shorts and leverage are possible."""
    return replace(strategy, trade=replace(_trade(strategy), perpetual=True))


def with_market(names: tuple[str, ...], instead: bool) -> Step:
    """Trade these markets too, or these instead."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        trade = _trade(strategy)
        quote = trade.markets[0].split("/")[1]
        full = tuple(name if "/" in name else f"{name}/{quote}" for name in names)
        kept = () if instead else tuple(one for one in trade.markets if one not in full)
        markets = (*kept, *full)
        old = strategy.open_positions
        matched = old is not None and old.value == len(trade.markets)
        positions = replace(old, value=len(markets)) if old and matched else old
        return replace(strategy, trade=replace(trade, markets=markets), open_positions=positions)

    return step


def without_market(name: str) -> Step:
    """Stop trading one of the markets."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        trade = _trade(strategy)
        kept = tuple(one for one in trade.markets if one != name and one.split("/")[0] != name)
        if len(kept) == len(trade.markets):
            raise CannotChange(f"{name} is not one of its markets: {' and '.join(trade.markets)}.")
        if not kept:
            raise CannotChange(f"{name} is its only market. Say pause to stop it, or name another market.")
        old = strategy.open_positions
        matched = old is not None and old.value == len(trade.markets)
        positions = replace(old, value=len(kept)) if old and matched else old
        return replace(strategy, trade=replace(trade, markets=kept), open_positions=positions)

    return step


def resized(factor: Decimal) -> Step:
    """Scale the size of an entry."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        match strategy.size:
            case nodes.SizeEquity(percent):
                return replace(strategy, size=nodes.SizeEquity(nodes.Percent(percent.value * factor)))
            case nodes.SizeRisk(percent):
                return replace(strategy, size=nodes.SizeRisk(nodes.Percent(percent.value * factor)))
            case nodes.SizeMoney(money):
                return replace(strategy, size=nodes.SizeMoney(replace(money, amount=money.amount * factor)))
        raise CannotChange("These rules have no size to scale. Say one, for example: size 5% of equity.")

    return step


def moved(what: str, amount: Decimal) -> Step:
    """A stop, target or trailing stop in percent, moved by so many points; a size by so many percent of itself."""
    if what in ("size", "risk"):
        return resized(1 + amount / 100)

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        word = {"stop": "stop loss", "target": "take profit", "trail": "trailing stop"}[what]
        line = next((line for line in format_strategy(strategy).splitlines() if line.startswith(word)), "")
        found = re.fullmatch(rf"({word}) ([\d.]+)%(.*)", line)
        if found is None or "%" in found.group(3).split(" after ")[0]:
            raise CannotChange(f"I can move one {word} in percent by an amount, and it is `{line or 'not there'}`.")
        new = Decimal(found.group(2)) + amount
        if new <= 0:
            raise CannotChange(f"That would leave nothing of `{line}`.")
        return merged(f"{word} {plain(new)}%{found.group(3)}")(strategy)

    return step


def without(what: str) -> Step:
    """Take out a clause, or every condition of the entries that speaks of `what`."""
    field = FIELD_OF.get(what)
    if field in EMPTY:
        return lambda strategy: _emptied(strategy, str(field))
    return lambda strategy: _without_condition(strategy, what)


def _emptied(strategy: nodes.Strategy, field: str) -> nodes.Strategy:
    if getattr(strategy, field) in (None, (), nodes.StopLoss(None)):
        raise CannotChange(f"There is no {SHOWN[field]} in these rules.")
    return _replaced(strategy, {field: EMPTY[field]})


def _without_condition(strategy: nodes.Strategy, what: str) -> nodes.Strategy:
    rules = tuple(_thinned(rule, what) if rule.action == "buy" else rule for rule in strategy.rules)
    if rules == strategy.rules:
        raise CannotChange(f"No condition of the entry speaks of {what.replace('_', ' ')}.")
    return replace(strategy, rules=rules)


def _thinned(rule: nodes.Rule, what: str) -> nodes.Rule:
    if not isinstance(rule.condition, nodes.AllOf):
        if speaks_of(rule.condition, what):
            raise CannotChange(f"`{expression(rule.condition)}` is the whole entry. What should make it buy instead?")
        return rule
    kept = tuple(one for one in rule.condition.conditions if not speaks_of(one, what))
    if not kept:
        raise CannotChange("That would leave nothing to buy on. What should make it buy instead?")
    return replace(rule, condition=kept[0] if len(kept) == 1 else nodes.AllOf(kept))


def speaks_of(condition: nodes.Node, what: str) -> bool:
    """Whether a condition names this indicator."""
    return re.search(rf"\b{re.escape(what)}\b", expression(condition)) is not None


def added_condition(text: str) -> Step:
    """One more condition for every entry."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        if not strategy.entries():
            raise CannotChange("These rules buy nothing yet, so there is no entry to add a condition to.")
        found = parse(f"buy when {text}").strategy.rules
        if not found:
            raise CannotChange("I could not read that condition. Say it in other words, please.")
        added = found[0].condition
        return replace(strategy, rules=tuple(_gated(rule, added) for rule in strategy.rules))

    return step


def _gated(rule: nodes.Rule, added: nodes.Node) -> nodes.Rule:
    if rule.action != "buy":
        return rule
    parts = [part for each in (rule.condition, added) for part in _parts(each)]
    return replace(rule, condition=nodes.AllOf(tuple(parts)))


def _parts(condition: nodes.Node) -> tuple[nodes.Node, ...]:
    match condition:
        case nodes.Group(inner):
            return _parts(inner) if isinstance(inner, nodes.AllOf) else (condition,)
        case nodes.AllOf(conditions):
            return conditions
        case nodes.AnyOf():
            return (nodes.Group(condition),)
    return (condition,)


def added_rule(line: str) -> Step:
    """One more rule."""
    rules = parse(line).strategy.rules
    return lambda strategy: replace(strategy, rules=(*strategy.rules, *rules))


def renamed(name: str) -> Step:
    """Another name."""
    return lambda strategy: replace(strategy, name=name)


def swapped(old: Decimal, new: Decimal, noun: str | None) -> Step:
    """Another number in the place of one that stands in the rules once."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        places = _places(strategy, old, noun)
        if not places:
            where = f" in the {noun.replace('_', ' ')}" if noun else " in these rules"
            raise CannotChange(f"There is no {plain(old)}{where}.")
        texts = [_with_number(strategy, place, new) for place in places]
        if len(places) > 1 and noun is not None and _same_length(places, noun):
            return parse(_with_all(strategy, places, new)).strategy
        if len(places) > 1:
            raise CannotChange(f"{plain(old)} stands in the rules {len(places)} times.", _which(places, texts, new))
        return parse(texts[0]).strategy

    return step


def _same_length(places: "list[Place]", noun: str) -> bool:
    """Whether the number is the length of the same indicator everywhere: `rsi(14)` in both rules."""
    return noun in SCORES and all(re.search(rf"\b{noun}\([^()]*$", line[:start]) for _, line, start, _ in places)


def _with_all(strategy: nodes.Strategy, places: "list[Place]", new: Decimal) -> str:
    lines = [text for _, text in clause_lines(strategy)]
    for index, _, start, end in reversed(places):
        lines[index] = f"{lines[index][:start]}{plain(new)}{lines[index][end:]}"
    return "\n".join(lines)


SCORES = ("rsi", "mfi", "cci", "adx", "atr", "stochastic")
Place = tuple[int, str, int, int]


def _places(strategy: nodes.Strategy, number: Decimal, noun: str | None) -> list[Place]:
    """Where the number stands: line, its text, start and end; conditions before settings."""
    found: list[tuple[str, Place]] = []
    for index, (field, line) in enumerate(clause_lines(strategy)):
        for match in NUMBER.finditer(line):
            if (
                Decimal(match.group().replace(",", "")) == number
                and _noun_fits(field, line, noun)
                and _beside(line, match.start(), noun)
            ):
                found.append((field, (index, line, match.start(), match.end())))
    in_rules = [place for field, place in found if field == "rules"]
    return in_rules or [place for field, place in found if field not in ("name", "budget", "ask")]


def _noun_fits(field: str, line: str, noun: str | None) -> bool:
    if noun is None:
        return True
    if noun in FIELD_OF:
        return field == FIELD_OF[noun]
    return field == "rules" and re.search(rf"\b{noun}\b", line) is not None


def _beside(line: str, start: int, noun: str | None) -> bool:
    """Whether the number stands in a comparison that speaks of the noun."""
    if noun is None or noun in FIELD_OF:
        return True
    left = max(line.rfind(f" {joint} ", 0, start) for joint in ("and", "or", "when"))
    right = min((place for joint in ("and", "or") if (place := line.find(f" {joint} ", start)) >= 0), default=len(line))
    return re.search(rf"\b{noun}\b", line[max(left, 0) : right]) is not None


def _with_number(strategy: nodes.Strategy, place: Place, new: Decimal) -> str:
    index, line, start, end = place
    lines = [text for _, text in clause_lines(strategy)]
    lines[index] = f"{line[:start]}{plain(new)}{line[end:]}"
    return "\n".join(lines)


def _which(places: list[Place], texts: list[str], new: Decimal) -> Question:
    options = [
        Option(f"`{_around(place)}`", format_strategy(parse(text).strategy), f"{plain(new)} in {_around(place)}")
        for place, text in zip(places, texts, strict=True)
    ]
    return Question("threshold", "Which one do you mean?", tuple(options))


def _around(place: Place) -> str:
    """The comparison that a number stands in."""
    _, line, start, _ = place
    left = max((line.rfind(f" {joint} ", 0, start) + len(joint) + 2) for joint in ("and", "or", "when"))
    right = min((at for joint in ("and", "or") if (at := line.find(f" {joint} ", start)) >= 0), default=len(line))
    return f"{line.split()[0]}: {line[max(left, 0) : right]}"


def in_order(steps: list[Step]) -> Step:
    """All steps, one after the other."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        for each in steps:
            strategy = each(strategy)
        return strategy

    return step
