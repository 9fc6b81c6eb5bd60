"""Which side each rule is of: longs and shorts, exits that name none, and rules said for both at once."""

import re
from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.draft import Draft, Rule
from strategy_dsl.phrasebook.mirror import mirrored
from strategy_dsl.phrasebook.statements import Condition


def sided(draft: Draft) -> Draft:
    """Every exit on the sides that are traded, and a draft for both sides with its short half."""
    rules = tuple(_shaped(one) for rule in draft.rules for one in _exits(rule, draft))
    draft = replace(draft, rules=rules)
    if not draft.both or any(rule.action == "short" for rule in rules) or not draft.bought():
        return draft
    return replace(draft, rules=tuple(_directed(rule) for rule in rules))


def _exits(rule: Rule, draft: Draft) -> tuple[Rule, ...]:
    """A neutral exit as `sell`, `cover`, one of each, or `exit`."""
    actions = {one.action for one in draft.rules}
    said = rule.condition
    if "short" not in actions:
        turned = bool(said.mirrored) and _above(draft, said)
        return (replace(rule, condition=replace(said, text=said.mirrored)),) if turned else (rule,)
    if not rule.neutral:
        return (rule,)
    other = replace(said, text=said.mirrored) if said.mirrored else said
    if "buy" not in actions:
        return (Rule("cover", other, rule.portion),)
    if said.mirrored:
        return (Rule("sell", said, rule.portion), Rule("cover", other, rule.portion))
    return (Rule("exit", said, rule.portion),)


def _above(draft: Draft, said: Condition) -> bool:
    """Whether the entry lies above the level that a score comes back to."""
    level = re.fullmatch(r"(.*) >= (-?[\d.]+)", said.text)
    entries = " and ".join(rule.condition.text for rule in draft.rules if rule.action == "buy")
    if level is None:
        return False
    bought = re.search(rf"{re.escape(level.group(1))} (?:>=?|crosses above) (-?[\d.]+)", entries)
    return bought is not None and Decimal(bought.group(1)) > Decimal(level.group(2))


def _shaped(rule: Rule) -> Rule:
    """A candle shape named without its side as the one that fits the action."""
    bullish = rule.action in ("buy", "cover")

    def named(match: re.Match[str]) -> str:
        return f"{'bullish' if bullish else 'bearish'}_{match.group(1)}"

    if rule.action == "short" and any(one.topic == "close_or_intrabar" for one in rule.condition.choices):
        rule = _from_below(rule)
    text = re.sub(r"\{side:(\w+)\}", named, rule.condition.text)
    return rule if text == rule.condition.text else replace(rule, condition=replace(rule.condition, text=text))


CLOSED_ABOVE = re.compile(r"low <= (?P<level>.+?) and close > (?P=level)(?P<green> and close > open)?(?= and|$|\))")
AT_OR_BELOW = re.compile(r"^close <= ")
SAID = (
    ("low touches", "high touches"),
    ("above it", "below it"),
    ("green", "red"),
)


def _from_below(rule: Rule) -> Rule:
    """A step back to a level, which for a short comes from below and is turned away there."""

    def turned(text: str) -> str:
        def other(match: re.Match[str]) -> str:
            level = match.group("level")
            return f"high >= {level} and close < {level}{' and close < open' if match.group('green') else ''}"

        return AT_OR_BELOW.sub("close >= ", CLOSED_ABOVE.sub(other, text))

    def told(label: str) -> str:
        if "at or below it" in label:
            return label.replace("at or below it", "at or above it")
        for long, short in SAID:
            label = label.replace(long, short)
        return label

    choices = tuple(
        replace(one, options=tuple((told(label), turned(text)) for label, text in one.options))
        if one.topic == "close_or_intrabar"
        else one
        for one in rule.condition.choices
    )
    return replace(rule, condition=replace(rule.condition, text=turned(rule.condition.text), choices=choices))


def _directed(rule: Rule) -> Rule:
    """For both sides a crossing without a direction is upwards for the long."""
    choices = tuple(one for one in rule.condition.choices if one.topic != "cross_or_level")
    return replace(rule, condition=replace(rule.condition, choices=choices))


def opposite_signal(draft: Draft) -> Draft:
    """Where both sides are traded by mirrored rules and nothing ends a trade: the signal of the other side does."""
    entries = [rule for rule in draft.rules if rule.action in ("buy", "short")]
    if not draft.both or draft.closes() or draft.adding() or len(draft.rules) != 1 or entries[0].action != "buy":
        return draft
    other = mirrored(entries[0].condition.text)
    if other is None:
        return draft
    note = "out, and round, on the signal of the other side: nothing was said that ends a trade"
    return replace(draft, rules=(*draft.rules, Rule("sell", Condition(other))), assumed=(*draft.assumed, note))
