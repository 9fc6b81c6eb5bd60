"""What the pieces add up to: a draft of the rules, with what is missing, open or assumed in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.spans import frame_minutes
from strategy_dsl.phrasebook.statements import Choice, Condition, together

DEFAULT_FRAME = "1h"
QUOTE = "USDT"
ONE_VALUE = ("stop", "target", "trail", "break_even", "size", "at_once", "per_day", "ask")


@dataclass(frozen=True)
class Rule:
    """`buy` or `sell` with its condition and the part it sells."""

    action: str
    condition: Condition
    portion: str = ""


@dataclass(frozen=True)
class Draft:
    """A strategy in the making; `clauses` holds the settings by kind."""

    markets: tuple[str, ...] = ()
    frame: str = ""
    rules: tuple[Rule, ...] = ()
    alerts: tuple[Condition, ...] = ()
    clauses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    loose: tuple[Item, ...] = ()
    doubled: tuple[str, ...] = ()

    def bought(self) -> bool:
        """Whether anything opens a position."""
        return any(rule.action == "buy" for rule in self.rules)

    def closes(self) -> bool:
        """Whether anything ends a trade."""
        sold = any(rule.action == "sell" and not rule.portion for rule in self.rules)
        stopped = self.clauses.get("stop", ("none",)) != ("none",)
        return sold or stopped or any(self.clauses.get(kind) for kind in ("target", "trail", "exit_after", "exit_at"))


def drafted(items: list[Item]) -> Draft:
    """Put the pieces together: conditions to their actions, settings to their clauses."""
    draft = Draft()
    for sentence in _sentences(items):
        draft = _with_sentence(draft, sentence)
    draft = _single_condition(draft)
    if any(item.kind == "otherwise" for item in items):
        draft = _else_out(draft)
    for item in items:
        draft = _with_setting(draft, item)
    return lengthened(_trailed(_filtered(draft, items)))


USUAL = {
    "rsi": ("14", r"\brsi\((\d+)\)", "RSI over 14 candles"),
    "mfi": ("14", r"\bmfi\((\d+)\)", "MFI over 14 candles"),
    "cci": ("20", r"\bcci\((\d+)\)", "CCI over 20 candles"),
    "adx": ("14", r"\badx\((\d+)\)", "ADX over 14 candles"),
    "williams": ("14", r"\bwilliams_r\((\d+)\)", "Williams %R over 14 candles"),
    "stochastic": ("14", r"\bstochastic\((\d+)", "stochastic 14, 3, 3"),
    "atr": ("14", r"\batr\((\d+)\)", "ATR over 14 candles"),
    "bollinger": ("20, 2", r"\bbollinger\(([\d., ]+)\)", "Bollinger bands over 20 candles, 2 deviations wide"),
    "donchian": ("20", r"\bdonchian\((\d+)\)", "Donchian channel over 20 candles"),
    "macd": ("12, 26, 9", r"\bmacd\(([\d, ]+)\)", "MACD 12, 26, 9"),
}
"""The length that an indicator has when none is said: the one said elsewhere in the text, else the usual one."""


AVERAGES = {
    "sma": "simple average",
    "ema": "exponential average",
    "wma": "weighted average",
    "hma": "Hull average",
    "dema": "double exponential average",
    "tema": "triple exponential average",
}


def lengthened(draft: Draft, context: str = "") -> Draft:
    """The draft with every length filled in; lengths said neither in it nor in the context are assumed."""
    texts = " ".join([context] + _texts(draft) + [text for many in draft.clauses.values() for text in many])
    notes = list(draft.assumed)
    lengths = {}
    for name, (usual, pattern, words) in USUAL.items():
        said = set(re.findall(pattern, texts))
        lengths[name] = said.pop() if len(said) == 1 else usual
        if f"{{usual:{name}}}" in texts:
            notes.append(f"{words}: the usual" if lengths[name] == usual else f"{name.upper()} with the lengths said")

    choices = list(draft.choices)
    for name, words in AVERAGES.items():
        said = set(re.findall(rf"\b{name}\(close, (\d+)\)", texts))
        lengths[name] = said.pop() if len(said) == 1 else "50"
        if f"{{usual:{name}}}" in texts and len(said) != 1 and lengths[name] == "50":
            options = tuple((f"{size} candles", f"{name}(close, {size})") for size in ("50", "20", "200"))
            choices.append(Choice("lookback", f"The {words} over how many candles?", options))

    def filled(text: str) -> str:
        return re.sub(r"\{usual:(\w+)\}", lambda match: lengths[match.group(1)], text)

    return replace(
        draft,
        rules=tuple(replace(rule, condition=_retold(rule.condition, filled)) for rule in draft.rules),
        alerts=tuple(_retold(said, filled) for said in draft.alerts),
        clauses={kind: tuple(filled(text) for text in texts) for kind, texts in draft.clauses.items()},
        assumed=tuple(notes),
        choices=tuple(_rechosen(choice, filled) for choice in choices),
    )


def _retold(said: Condition, filled: Callable[[str], str]) -> Condition:
    choices = tuple(_rechosen(choice, filled) for choice in said.choices)
    return replace(said, text=filled(said.text), choices=choices)


def _rechosen(choice: Choice, filled: Callable[[str], str]) -> Choice:
    options = tuple((filled(label), filled(text)) for label, text in choice.options)
    return replace(choice, text=filled(choice.text), options=options)


def _sentences(items: list[Item]) -> list[list[Item]]:
    found: list[list[Item]] = [[]]
    for item in items:
        if item.kind == "break":
            found.append([])
        else:
            found[-1].append(item)
    return found


def _with_sentence(draft: Draft, sentence: list[Item]) -> Draft:
    waiting: Item | None = None
    bare: Item | None = None
    rules, loose, alerts = list(draft.rules), list(draft.loose), list(draft.alerts)
    for place, item in enumerate(sentence):
        if item.text == ":" and item.kind == "joint" and any(later.kind == "buy" for later in sentence[place:]):
            bare = None
        if item.kind == "hold" and item.condition:
            rules += _held(item.condition)
        elif item.kind == "alert":
            alerts += [item.condition] if item.condition else []
            loose += [] if item.condition else [item]
        elif item.kind in ("buy", "sell"):
            said, waiting, unused = _action_condition(item, waiting)
            loose += unused
            if said:
                rules.append(Rule(item.kind, said, item.text))
            else:
                loose += [bare] if bare else []
                bare = item
        elif item.kind == "condition":
            if bare is not None and item.condition is not None:
                rules.append(Rule(bare.kind, item.condition, bare.text))
                bare = None
            else:
                loose += [waiting] if waiting else []
                waiting = item
    left = [one for one in (waiting, bare) if one]
    return replace(draft, rules=tuple(rules), loose=tuple(loose + left), alerts=tuple(alerts))


def _action_condition(item: Item, waiting: Item | None) -> tuple[Condition | None, Item | None, list[Item]]:
    """The condition of an action, what still waits, and what nobody will use."""
    before = waiting.condition if waiting is not None and waiting.introduced else None
    if item.condition is not None and before is not None and item.kind == "buy":
        return _both(before, item.condition), None, []
    if item.condition is not None:
        return item.condition, None, [waiting] if waiting else []
    if waiting is not None:
        return waiting.condition, None, []
    return None, None, []


def _both(first: Condition, second: Condition) -> Condition:
    """`when A, buy every time B`: both at once."""
    whole = together([first, second])
    text = " and ".join(f"({part.text})" if part.joined_by == "or" else part.text for part in (first, second))
    return replace(whole, text=text, joined_by="and")


def _held(said: Condition) -> list[Rule]:
    """`hold while C`: in when C is true, out when it is not."""
    return [Rule("buy", said), Rule("sell", Condition(f"not ({said.text})"))]


def _single_condition(draft: Draft) -> Draft:
    """One condition and no word of buying: read as the condition to buy, and said so."""
    waiting = [item for item in draft.loose if item.kind == "condition" and item.condition]
    if draft.bought() or draft.alerts or len(waiting) != 1:
        return draft
    if any(item.kind in ("buy", "alert") for item in draft.loose):
        actions = [item for item in draft.loose if item.kind == "buy"]
        if len(actions) != 1:
            return draft
    said = waiting[0].condition
    if said is None:
        return draft
    note = () if any(one.kind == "buy" for one in draft.loose) else ("the condition is the one to buy on",)
    loose = tuple(item for item in draft.loose if item is not waiting[0] and item.kind != "buy")
    return replace(draft, rules=(*draft.rules, Rule("buy", said)), loose=loose, assumed=(*draft.assumed, *note))


def _else_out(draft: Draft) -> Draft:
    """Out when none of the conditions to be in holds, where no other sale is said."""
    entries = [rule.condition for rule in draft.rules if rule.action == "buy"]
    if len(entries) != 1 or any(rule.action == "sell" for rule in draft.rules):
        return draft
    return replace(draft, rules=(*draft.rules, Rule("sell", Condition(f"not ({entries[0].text})"))))


def _trailed(draft: Draft) -> Draft:
    """A trailing stop without a distance takes that of the stop; without one it stays open."""
    trails = draft.clauses.get("trail", ())
    if not any(text.startswith("{same}") for text in trails):
        return draft
    stop = draft.clauses.get("stop", ("none",))[0]
    if stop != "none" and not stop.startswith("at "):
        texts = tuple(text.replace("{same}", stop) for text in trails)
        return replace(draft, clauses=draft.clauses | {"trail": texts})
    options = tuple((text, trails[0].replace("{same}", text)) for text in ("2%", "1%", "3%"))
    choice = Choice("stop", "Trail it by how much?", options)
    return replace(draft, clauses=draft.clauses | {"trail": (options[0][1],)}, choices=(*draft.choices, choice))


def _with_setting(draft: Draft, item: Item) -> Draft:
    if item.kind == "market":
        names = tuple(name if "/" in name else f"{name}/{QUOTE}" for name in item.text.split("|"))
        return replace(draft, markets=draft.markets + tuple(one for one in names if one not in draft.markets))
    if item.kind == "timeframe":
        doubled = (*draft.doubled, "timeframe") if draft.frame not in ("", item.text) else draft.doubled
        return replace(draft, frame=item.text, doubled=doubled)
    if item.kind == "bracket":
        stop, _, goal = item.text.partition("|")
        for kind, text in (("stop", stop), ("target", goal)):
            draft = _with_setting(draft, replace(item, kind=kind, text=text))
        return draft
    if item.kind in ONE_VALUE and not item.choices:
        draft = _answered(draft, item.kind)
    if item.kind not in (*ONE_VALUE, "exit_after", "exit_at", "window", "cooldown"):
        return draft
    before = draft.clauses.get(item.kind, ())
    doubled = draft.doubled
    if item.kind in ONE_VALUE and before and before != (item.text,):
        doubled = (*doubled, item.kind)
    texts = before if item.text in before else (*before, item.text)
    return replace(
        draft,
        clauses=draft.clauses | {item.kind: texts},
        assumed=(*draft.assumed, *item.assumed),
        choices=(*draft.choices, *item.choices),
        doubled=doubled,
    )


def _answered(draft: Draft, kind: str) -> Draft:
    """Without an open value of this clause, now that one is said."""
    texts = draft.clauses.get(kind, ())
    opened = [choice for choice in draft.choices if any(text in texts for _, text in choice.options)]
    if not opened:
        return draft
    clauses = {name: texts for name, texts in draft.clauses.items() if name != kind}
    return replace(draft, clauses=clauses, choices=tuple(one for one in draft.choices if one not in opened))


def _filtered(draft: Draft, items: list[Item]) -> Draft:
    """Conditions that gate every entry, joined to each of them."""
    gates = [item.condition for item in items if item.kind == "filter" and item.condition]
    if not gates:
        return draft
    if not draft.bought():
        return replace(draft, loose=(*draft.loose, *(item for item in items if item.kind == "filter")))
    return replace(draft, rules=tuple(_gated(rule, gates) for rule in draft.rules))


def _gated(rule: Rule, gates: list[Condition]) -> Rule:
    if rule.action != "buy":
        return rule
    parts = [rule.condition, *gates]
    text = " and ".join(f"({part.text})" if part.joined_by == "or" else part.text for part in parts)
    assumed = tuple(note for part in parts for note in part.assumed)
    choices = tuple(choice for part in parts for choice in part.choices)
    return replace(rule, condition=Condition(text, None, assumed, choices, joined_by="and"))


def contradictions(draft: Draft) -> tuple[str, ...]:
    """Price levels that cancel each other: a stop over the entry, a sale under it."""
    bought = _fixed(draft, "buy", r"close <=? (\d[\d.]*)")
    sold = _fixed(draft, "sell", r"close >=? (\d[\d.]*)")
    stop = next((Decimal(text[3:]) for text in draft.clauses.get("stop", ()) if re.fullmatch(r"at [\d.]+", text)), None)
    goal = next(
        (Decimal(text[3:]) for text in draft.clauses.get("target", ()) if re.fullmatch(r"at [\d.]+", text)), None
    )
    rows = (
        (bought and sold and sold <= bought, f"It would buy at {bought} and sell at {sold} at once."),
        (bought and stop and stop >= bought, f"The stop at {stop} is above the entry at {bought}."),
        (bought and goal and goal <= bought, f"The target at {goal} is below the entry at {bought}."),
        (stop and goal and goal <= stop, f"The target at {goal} is below the stop at {stop}."),
    )
    return tuple(sentence for holds, sentence in rows if holds)


def _fixed(draft: Draft, action: str, pattern: str) -> Decimal | None:
    """The price of the one rule of this action that is a plain level."""
    found = [
        match for rule in draft.rules if rule.action == action for match in [re.fullmatch(pattern, rule.condition.text)]
    ]
    return Decimal(found[0].group(1)) if len(found) == 1 and found[0] else None


def frame_of(draft: Draft) -> str:
    """The timeframe said, or the smallest that a value names, or none."""
    if draft.frame:
        return draft.frame
    named = {mark for text in _texts(draft) for mark in re.findall(r"\{(?:on|same|prior):(\w+)\}", text)}
    if any("{yesterday}" in text or "{today}" in text for text in _texts(draft)):
        named.add("1d")
    return min(named, key=frame_minutes) if named else ""


def _texts(draft: Draft) -> list[str]:
    return [rule.condition.text for rule in draft.rules] + [said.text for said in draft.alerts]


def open_choices(draft: Draft) -> tuple[Choice, ...]:
    """Every open choice of the draft's conditions and settings."""
    inside = [choice for rule in draft.rules for choice in rule.condition.choices]
    inside += [choice for said in draft.alerts for choice in said.choices]
    return (*inside, *draft.choices)


def rules_text(draft: Draft) -> str:
    """The draft in the rules language; timeframes and spans of time are put in by now."""
    frame = frame_of(draft) or DEFAULT_FRAME
    lines = [f"trade {' and '.join(draft.markets)} on {frame}"]
    order = sorted(draft.rules, key=lambda rule: rule.action != "buy")
    lines += [f"{rule.action} {rule.portion + ' ' if rule.portion else ''}when {rule.condition.text}" for rule in order]
    lines += [f'alert "{spoken(said.text)}" when {said.text}' for said in draft.alerts]
    if draft.bought():
        lines += _clause_lines(draft)
    return "\n".join(settled(line, frame) for line in lines) + "\n"


def spoken(text: str) -> str:
    """A condition as the text of an alert."""
    return re.sub(r"\{[^}]*\}", "", text).replace('"', "")


def _clause_lines(draft: Draft) -> list[str]:
    said = {"stop": ("none",), "size": ("5% of equity",), "ask": ("before buying",)} | draft.clauses
    said.setdefault("at_once", (str(max(1, len(draft.markets))),))
    return [SPELLING[kind].format(text) for kind in SPELLING for text in said.get(kind, ())]


SPELLING = {
    "stop": "stop loss {}",
    "target": "take profit {}",
    "trail": "trailing stop {}",
    "break_even": "break even {}",
    "exit_after": "exit after {}",
    "exit_at": "exit at {}",
    "size": "size {}",
    "at_once": "at most {} open positions",
    "per_day": "at most {} entries a day",
    "cooldown": "cooldown {}",
    "window": "{}",
    "ask": "ask {}",
}


def settled(line: str, frame: str) -> str:
    """`{on:4h}` and `{bars:240}` for this timeframe; a span that is no whole number of candles stays open."""

    def on(match: re.Match[str]) -> str:
        other = match.group(1)
        return "" if other == frame else f" on {other}"

    def bars(match: re.Match[str]) -> str:
        count = Decimal(match.group(1)) / frame_minutes(frame)
        return str(int(count)) if count == int(count) and count >= 1 else match.group()

    line = re.sub(r"\{prior:(\w*)\}", lambda match: prior(match.group(1), frame), line)
    line = line.replace("{today}", "") if frame == "1d" else line
    line = line.replace(f"{{same:{frame}}}", "")
    line = re.sub(r"(\w+)\{yesterday\}", r"\1[1]" if frame == "1d" else r"\1 on 1d", line)
    return re.sub(r"\{bars:(\d+)\}", bars, re.sub(r"\{on:(\w+)\}", on, line))


def prior(other: str, frame: str) -> str:
    """One candle back, or the last closed candle of another timeframe, which this one is no part of."""
    return f" on {other}" if other and other != frame else "[1]"
