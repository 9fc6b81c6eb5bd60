"""What the pieces add up to: a draft of the rules, with what is missing, open or assumed in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.mirror import short_half
from strategy_dsl.phrasebook.spans import frame_minutes
from strategy_dsl.phrasebook.statements import Choice, Condition

DEFAULT_FRAME = "1h"
RULE_ORDER = ("buy", "short", "sell", "cover", "exit")
NO_MIRROR = "{no mirror}"
QUOTE = "USDT"
ONE_VALUE = (
    "order",
    "leverage",
    "budget",
    "stop",
    "target",
    "trail",
    "break_even",
    "size",
    "at_once",
    "per_day",
    "ask",
)
MANY_VALUES = ("exit_after", "exit_at", "window", "cooldown", "add", "pause", "halt")


@dataclass(frozen=True)
class Rule:
    """An action (`buy`, `sell`, `short`, `cover`, `exit`) with its condition and the part it closes."""

    action: str
    condition: Condition
    portion: str = ""
    neutral: bool = False


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
    lines: tuple[str, ...] = ()
    name: str = ""
    universe: str = ""
    both: bool = False
    perpetual: bool = False
    unnamed: bool = False
    """Whether several markets are spoken of and none is named."""

    def bought(self) -> bool:
        """Whether any condition opens a position."""
        return any(rule.action in ("buy", "short") for rule in self.rules)

    def bought_long(self) -> bool:
        """Whether any condition opens a long."""
        return any(rule.action == "buy" for rule in self.rules)

    def shorts(self) -> bool:
        """Whether anything opens a short."""
        return self.both or any(rule.action == "short" for rule in self.rules)

    def adding(self) -> bool:
        """Whether more is bought on the way, so that an assumed exit would change the plan."""
        return bool(self.clauses.get("add"))

    def planned(self) -> bool:
        """Whether the clock, weights or a grid trade, instead of conditions."""
        return bool(self.lines)

    def closes(self) -> bool:
        """Whether anything ends a trade."""
        sold = any(rule.action in ("sell", "cover", "exit") and not rule.portion for rule in self.rules)
        stopped = self.clauses.get("stop", ("none",)) != ("none",)
        return sold or stopped or any(self.clauses.get(kind) for kind in ("target", "trail", "exit_after", "exit_at"))


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
    "kama": "adaptive average",
    "vwma": "volume-weighted average",
    "zlema": "zero-lag average",
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
        lines=tuple(filled(line) for line in draft.lines),
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


def contradictions(draft: Draft) -> tuple[str, ...]:
    """Price levels that cancel each other: a stop over the entry, a sale under it."""
    bought = _fixed(draft, "buy", r"close <=? (\d[\d.]*)")
    sold = _fixed(draft, "sell", r"close >=? (\d[\d.]*)")
    stop = next((Decimal(text[3:]) for text in draft.clauses.get("stop", ()) if re.fullmatch(r"at [\d.]+", text)), None)
    goal = next(
        (Decimal(text[3:]) for text in draft.clauses.get("target", ()) if re.fullmatch(r"at [\d.]+", text)), None
    )
    if draft.shorts():
        wrong = stop and goal and goal >= stop and not draft.bought_long()
        return (f"For a short, the target at {goal} is above the stop at {stop}.",) if wrong else ()
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


INTRADAY = ("exit_at", "window")
"""With a time of day in one of these, daily candles cannot be meant."""


def frame_of(draft: Draft) -> str:
    """The timeframe said, or the smallest that a value names, or none."""
    if draft.frame:
        return draft.frame
    named = {mark for text in _texts(draft) for mark in re.findall(r"\{(?:on|same|prior|fine):(\w+)\}", text)}
    within = any(re.search(r"\d\d:\d\d", text) for kind in INTRADAY for text in draft.clauses.get(kind, ()))
    if not within and any("{yesterday}" in text or "{today}" in text for text in _texts(draft)):
        named.add("1d")
    return min(named, key=frame_minutes) if named else ""


def _texts(draft: Draft) -> list[str]:
    return [rule.condition.text for rule in draft.rules] + [said.text for said in draft.alerts] + [*draft.lines]


def open_choices(draft: Draft) -> tuple[Choice, ...]:
    """Every open choice of the draft's conditions and settings."""
    inside = [choice for rule in draft.rules for choice in rule.condition.choices]
    inside += [choice for said in draft.alerts for choice in said.choices]
    return (*inside, *draft.choices)


def rules_text(draft: Draft) -> str:
    """The draft in the rules language; timeframes and spans of time are put in by now."""
    frame = frame_of(draft) or DEFAULT_FRAME
    own = draft.markets if not draft.universe else ("",)
    title = [f'strategy "{draft.name}"'] if draft.name else []
    kind = " perpetual" if draft.perpetual or draft.shorts() or "leverage" in draft.clauses else ""
    traded = " and ".join(draft.markets) if not draft.universe else f"top {draft.universe} by volume in {QUOTE}"
    lines = [*title, f"trade {traded}{kind} on {frame}"]
    order = sorted(draft.rules, key=lambda rule: RULE_ORDER.index(rule.action))
    rules = [f"{rule.action} {rule.portion + ' ' if rule.portion else ''}when {rule.condition.text}" for rule in order]
    rules = [settled(of_markets(line, own), frame) for line in rules]
    lines += rules
    opened = {rule.action for rule in draft.rules if rule.action in ("buy", "short")}
    if draft.both and len(opened) == 1:
        lines += short_half(rules) or [NO_MIRROR]
    if _turns(lines):
        lines.append("reverse")
    lines += [of_markets(line, own) for line in draft.lines]
    alerts = [settled(of_markets(said.text, own), frame) for said in draft.alerts]
    lines += [f'alert "{spoken(text)}" when {text}' for text in alerts]
    lines += _clause_lines(draft)
    return "\n".join(settled(line, frame) for line in lines) + "\n"


OF_MARKET = re.compile(r"\{of\(\}((?:(?!\{of\(\}).)*?)\{\)of:([^}]+)\}")


def of_markets(text: str, traded: tuple[str, ...]) -> str:
    """What is said of the one traded market stands alone; what is said of another is read there."""
    while (match := OF_MARKET.search(text)) is not None:
        inner, market = match.groups()
        alone = traded == (market,) or not traded
        compound = " and " in inner or " or " in inner
        told = (f"({inner})" if compound else inner) if alone else f"({inner}) of {market}"
        text = text[: match.start()] + told + text[match.end() :]
    return text


def _turns(lines: list[str]) -> bool:
    """Whether a long is left on what opens a short, or the other way round."""
    said = {action: {line.partition(" when ")[2] for line in lines if line.startswith(action)} for action in RULE_ORDER}
    return bool(said["short"] & said["sell"] or said["buy"] & said["cover"])


def spoken(text: str) -> str:
    """A condition as the text of an alert."""
    return re.sub(r"\{[^}]*\}", "", text).replace('"', "")


def _clause_lines(draft: Draft) -> list[str]:
    said = dict(draft.clauses)
    if draft.bought():
        said = {"stop": ("none",), "size": ("5% of equity",)} | said
        said.setdefault("at_once", (str(max(1, len(draft.markets))),))
    if draft.bought() or draft.planned():
        said = {"ask": ("before buying",)} | said
    return [SPELLING[kind].format(text) for kind in SPELLING for text in said.get(kind, ())]


SPELLING = {
    "budget": "budget {}",
    "order": "order {}",
    "add": "add {}",
    "stop": "stop loss {}",
    "target": "take profit {}",
    "trail": "trailing stop {}",
    "break_even": "break even {}",
    "exit_after": "exit after {}",
    "exit_at": "exit at {}",
    "size": "size {}",
    "leverage": "leverage {}",
    "at_once": "at most {} open positions",
    "per_day": "at most {} entries a day",
    "cooldown": "cooldown {}",
    "window": "{}",
    "pause": "pause {}",
    "halt": "halt {}",
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

    line = re.sub(r"\{candles:(\d+)\}", lambda match: _lasting(int(match.group(1)), frame), line)
    line = re.sub(r"\{fine:\w+\}", "", line)
    line = re.sub(r"^cooldown (\d+) bars", lambda match: f"cooldown {_lasting(int(match.group(1)), frame)}", line)
    line = re.sub(r"\{prior:(\w*)\}", lambda match: prior(match.group(1), frame), line)
    line = line.replace("{today}", "") if frame == "1d" else line
    line = line.replace(f"{{same:{frame}}}", "")
    line = re.sub(r"(\w+)\{yesterday\}", r"\1[1]" if frame == "1d" else r"\1 on 1d", line)
    return re.sub(r"\{bars:(\d+)\}", bars, re.sub(r"\{on:(\w+)\}", on, line))


def _lasting(count: int, frame: str) -> str:
    """So many candles as a length of time."""
    minutes = count * frame_minutes(frame)
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def prior(other: str, frame: str) -> str:
    """One candle back, or the last closed candle of another timeframe, which this one is no part of."""
    return f" on {other}" if other and other != frame else "[1]"
