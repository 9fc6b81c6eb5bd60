"""Readers of changes that point at a place: `the second condition`, `the RSI threshold`."""

import re
from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines, expression, format_strategy
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.changes import CannotChange, Step
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.draft import Draft, Rule, lengthened, of_markets, settled
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import SCORES
from strategy_dsl.phrasebook.reading import Option, Question
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition, Memory

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
COMPARED = re.compile(r" (?:crosses above|crosses below|[<>]=?) (-?\d[\d,]*(?:\.\d+)?)")


@reader
def nth_condition(c: Cursor) -> Found | None:
    """`drop the second condition`, `change the second condition to C`, `make the first condition 25`."""
    removing = c.says("removing")
    if not removing:
        c.skip(frozenset({"change", "make", "replace", "set", "switch", "turn"}))
    c.skip(ARTICLES)
    place = _place(c)
    if place is None:
        return None
    if removing:
        return Found(_changed(place, None))
    c.skip(frozenset({"to", "into", "with", "by", ":", "is", "should", "be", "at", ",", "make", "it", "use", "-", "="}))
    start = c.at
    number = c.take("number")
    ended = c.ended() or c.peek().kind == "sign" or c.peek().text in ("instead", "not", "rather")
    if number is not None and number.value is not None and number.unit in ("", "word") and ended:
        return Found(_renumbered(place, number.value))
    c.at = start
    said = condition(c, Memory())
    return Found(_changed(place, said)) if said is not None and not said.choices else None


def _place(c: Cursor) -> int | None:
    """`second condition`, `2nd condition`, `condition 2`."""
    token = c.peek()
    number = ORDINALS.get(token.text)
    if token.kind == "ordinal" and token.value is not None:
        number = int(token.value)
    if number is not None:
        c.at += 1
        return number if _condition_word(c) else None
    if not _condition_word(c):
        return None
    count = c.take("number")
    return int(count.value) if count is not None and count.value is not None and count.unit in ("", "word") else None


def _condition_word(c: Cursor) -> bool:
    if c.peek().text not in ("condition", "conditions"):
        return False
    c.at += 1
    return True


def _parts(strategy: nodes.Strategy) -> tuple[nodes.Rule, list[nodes.Node]]:
    """The one entry and its conditions; several entries leave open which is meant."""
    entries = [rule for rule in strategy.rules if rule.opens]
    if len(entries) != 1:
        raise CannotChange("There are several entries. Say the condition itself, for example: drop the RSI condition.")
    whole = entries[0].condition
    return entries[0], list(whole.conditions) if isinstance(whole, nodes.AllOf) else [whole]


def _index(place: int, parts: list[nodes.Node]) -> int:
    index = place - 1 if place > 0 else len(parts) - 1
    if not 0 <= index < len(parts):
        listed = "; ".join(f"{number}. `{expression(part)}`" for number, part in enumerate(parts, 1))
        raise CannotChange(f"The entry has {len(parts)} condition{'s' if len(parts) > 1 else ''}: {listed}.")
    return index


def _changed(place: int, said: Condition | None) -> Step:
    """Without the condition at this place, or with another one there."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        rule, parts = _parts(strategy)
        index = _index(place, parts)
        if said is None:
            del parts[index]
        else:
            parts[index] = _parsed(said, strategy)
        if not parts:
            raise CannotChange("That would leave nothing to buy on. What should make it buy instead?")
        new = parts[0] if len(parts) == 1 else nodes.AllOf(tuple(parts))
        rules = tuple(replace(one, condition=new) if one is rule else one for one in strategy.rules)
        return replace(strategy, rules=rules)

    return step


def condition_text(said: Condition, strategy: nodes.Strategy) -> str:
    """The condition with its lengths, spans and markets filled in for these rules."""
    frame = strategy.trade.timeframe if strategy.trade else "1h"
    draft = lengthened(Draft(rules=(Rule("buy", said),)), format_strategy(strategy))
    markets = strategy.trade.markets if strategy.trade else ()
    return of_markets(settled(draft.rules[0].condition.text, frame), tuple(markets))


def _parsed(said: Condition, strategy: nodes.Strategy) -> nodes.Node:
    frame = strategy.trade.timeframe if strategy.trade else "1h"
    draft = lengthened(Draft(rules=(Rule("buy", said),)))
    text = settled(draft.rules[0].condition.text, frame)
    found = parse(f"buy when {f'({text})' if said.joined_by else text}").strategy.rules
    if not found:
        raise CannotChange("I could not read the new condition.")
    return found[0].condition


def _renumbered(place: int, value: Decimal) -> Step:
    """The condition at this place against another number."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        _, parts = _parts(strategy)
        text = expression(parts[_index(place, parts)])
        matches = list(COMPARED.finditer(text))
        if len(matches) != 1:
            raise CannotChange(f"`{text}` has no one number to change.")
        new = f"{text[: matches[0].start(1)]}{plain(value)}{text[matches[0].end(1) :]}"
        return _changed(place, Condition(new))(strategy)

    return step


@reader
def level_to(c: Cursor) -> Found | None:
    """`change the RSI to 25`, `make the RSI threshold 25`, `rsi level 25`."""
    c.skip(frozenset({"change", "make", "set", "move", "put", "lower", "raise", "increase", "decrease"}))
    c.skip(ARTICLES)
    name = c.says(*SCORES_SAID)
    if name is None:
        return None
    c.skip(frozenset({"level", "threshold", "value", "limit", "trigger", "entry", "one", "condition", "rule", "part"}))
    c.skip(frozenset({"should", "must", "needs", "has", "be", "is"}))
    led = (
        c.at == 1
        or c.peek().text in ("to", "at", "=", ":")
        or c.tokens[c.at - 1].text in ("level", "threshold", "trigger", "be")
    )
    c.skip(frozenset({"to", "at", "=", ":"}))
    token = c.take("number")
    if not led or token is None or token.value is None or token.unit not in ("", "word"):
        return None
    return Found(_level(name, token.value)) if c.ended() or c.peek().kind == "sign" or c.phrase("and") else None


SCORES_SAID = tuple(name for name in SCORES if name in ("rsi", "mfi", "cci", "adx", "stochastic"))


def _level(name: str, value: Decimal) -> Step:
    """The one number that an indicator is compared with, as another."""

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        found = []
        for _, line in (one for one in clause_lines(strategy) if one[0] == "rules"):
            found += re.findall(rf"\b{name}\([^)]*\)(?:\.\w+)?(?: on \w+)?{COMPARED.pattern}", line)
        olds = {Decimal(one.replace(",", "")) for one in found}
        if len(olds) > 1:
            said = " and ".join(sorted(plain(one) for one in olds))
            example = f"{plain(value)} instead of {plain(min(olds))}"
            reason = f"The {name.upper()} is compared with {said}. Say for example: {example}."
            options = tuple(
                Option(
                    f"{plain(value)} instead of {plain(one)}",
                    format_strategy(changes.swapped(one, value, name)(strategy)),
                )
                for one in sorted(olds, key=lambda one: abs(one - value))
            )
            raise CannotChange(reason, Question("threshold", "Which one do you mean?", options))
        if not found:
            raise CannotChange(f"The {name.upper()} is compared with no number in these rules.")
        return changes.swapped(olds.pop(), value, name)(strategy)

    return step
