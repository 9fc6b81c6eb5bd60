"""Changes of whole rules: exits taken out, conditions replaced or joined anew, averages of other lengths."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines, expression
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.changes import CannotChange, Step, merged, speaks_of
from strategy_dsl.phrasebook.spans import plain


def without_exit(what: str) -> Step:
    """Take out the rules for leaving that speak of `what`, or the only one there is."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        exits = [rule for rule in strategy.rules if not rule.opens]
        meant = [rule for rule in exits if not what or speaks_of(rule.condition, what)]
        if not meant:
            raise CannotChange(f"No exit speaks of {what.replace('_', ' ')}." if what else "There is no exit rule.")
        return replace(strategy, rules=tuple(rule for rule in strategy.rules if rule not in meant))

    return step


def joined_by(word: str) -> Step:
    """The parts of the one entry joined by `and` or by `or`."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        entries = [rule for rule in strategy.rules if rule.opens]
        whole = entries[0].condition if len(entries) == 1 else None
        whole = whole.inner if isinstance(whole, nodes.Group) else whole
        match whole:
            case nodes.AllOf(parts) | nodes.AnyOf(parts) if isinstance(whole, nodes.AllOf) == (word == "or"):
                new = nodes.AnyOf(parts) if word == "or" else nodes.AllOf(parts)
            case nodes.AllOf() | nodes.AnyOf():
                raise CannotChange(f"The conditions are joined by “{word}” already.")
            case _:
                raise CannotChange("There is no one entry of several conditions to join anew.")
        rules = tuple(replace(rule, condition=new) if rule is entries[0] else rule for rule in strategy.rules)
        return replace(strategy, rules=rules)

    return step


def in_place(text: str, *, strict: bool = False) -> Step:
    """The condition of the one entry that speaks of the same indicator, as this one."""
    found = parse(f"buy when {text}").strategy.rules

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        entries = [rule for rule in strategy.rules if rule.opens]
        if len(entries) != 1 or not found:
            raise CannotChange("I do not see which entry that should replace. Say: change the second condition to …")
        whole = entries[0].condition
        parts = list(whole.conditions) if isinstance(whole, nodes.AllOf) else [whole]
        place = _alike(parts, text, strict)
        if place is None:
            listed = "; ".join(f"{number}. `{expression(part)}`" for number, part in enumerate(parts, 1))
            raise CannotChange(f"In the place of which condition? {listed}. Say: change the second condition to …")
        parts[place] = found[0].condition
        new = parts[0] if len(parts) == 1 else nodes.AllOf(tuple(parts))
        rules = tuple(replace(rule, condition=new) if rule is entries[0] else rule for rule in strategy.rules)
        return replace(strategy, rules=rules)

    return step


def _alike(parts: Sequence[nodes.Node], text: str, strict: bool) -> int | None:
    """The only part, or the only one that speaks of what the new text begins with."""
    names = set(NAMES.findall(text)) - {"close", "volume"} or set(NAMES.findall(text))
    if len(parts) == 1 and not strict:
        return 0
    fitting = [at for at, part in enumerate(parts) if names & set(NAMES.findall(expression(part)))]
    return fitting[0] if len(fitting) == 1 else None


NAMES = re.compile(r"[a-z_]{2,}(?=\(|\b)(?<!crosses)(?<!above)(?<!below)(?<!and)(?<!or)(?<!when)")
AVERAGE = re.compile(r"\b(sma|ema|wma|hma|dema|tema)\((close|volume), (\d+)\)")


def average_length(which: str, value: Decimal, old: Decimal | None = None, of: str = "") -> Step:
    """Another length for an average: the one of length `old`, the `long` or the `short` one, or the only one."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        lines = [line for _, line in clause_lines(strategy)]
        of_what = of or "close"
        there = [match for line in lines for match in AVERAGE.finditer(line) if match.group(2) == of_what]
        lengths = sorted({int(match.group(3)) for match in there})
        if not lengths:
            raise CannotChange("There is no average in these rules.")
        if old is None and not which and len(lengths) > 1:
            said = " and ".join(str(one) for one in lengths)
            raise CannotChange(
                f"There are averages of {said} candles. Say for example: {lengths[-1]} to {plain(value)}."
            )
        meant = int(old) if old is not None else lengths[0] if which == "short" else lengths[-1]
        if meant not in lengths:
            raise CannotChange(f"There is no average of {meant} candles in these rules.")

        def other(match: re.Match[str]) -> str:
            fits = int(match.group(3)) == meant and match.group(2) == of_what
            return f"{match.group(1)}({match.group(2)}, {plain(value)})" if fits else match.group()

        return parse("\n".join(AVERAGE.sub(other, line) for line in lines)).strategy

    return step


LEVELS = {"stop": "stop loss", "target": "take profit", "trail": "trailing stop"}


def rescaled(what: str, factor: Decimal) -> Step:
    """A stop, target or trailing stop so many times as far away."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        word = LEVELS[what]
        line = next((line for _, line in clause_lines(strategy) if line.startswith(word)), "")
        found = re.fullmatch(rf"{word} (\d+(?:\.\d+)?)(%| \* atr\(\d+\)|r)( after .*)?", line)
        if found is None:
            raise CannotChange(f"I can scale one {word} with a number, and it is `{line or 'not there'}`.")
        value = plain(Decimal(found.group(1)) * factor)
        return merged(f"{word} {value}{found.group(2)}{found.group(3) or ''}")(strategy)

    return step


def answer_time(span: str) -> Step:
    """So much time to answer before an order lapses."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        ask = strategy.ask
        if ask is None or ask.orders == "never":
            raise CannotChange("Nothing is asked before it trades. Say: ask me before buying.")
        return replace(strategy, ask=replace(ask, duration=span))

    return step
