"""A text about what to trade -> rules, one question back, or an honest list of what was not understood."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.actions import ACTIONS
from strategy_dsl.phrasebook.assembly import drafted
from strategy_dsl.phrasebook.cautions import cautions
from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.draft import (
    DEFAULT_FRAME,
    NO_MIRROR,
    Draft,
    contradictions,
    frame_of,
    open_choices,
    rules_text,
)
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.layout_words import laid_out
from strategy_dsl.phrasebook.lexicon import Lexed, parted
from strategy_dsl.phrasebook.marks import marks_of
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.operands import OSCILLATORS
from strategy_dsl.phrasebook.questions import (
    choice_question,
    entry_question,
    exit_question,
    market_question,
    sale_question,
    stop_question,
    which_question,
    with_answers,
)
from strategy_dsl.phrasebook.reading import Question, Reading
from strategy_dsl.phrasebook.rewording import reworded
from strategy_dsl.phrasebook.script import script
from strategy_dsl.phrasebook.session_ranges import ranged
from strategy_dsl.phrasebook.unsupported import Limitation, limitations
from strategy_dsl.phrasebook.verification import verified

SHORT_STOP = "Where should the stop be? A short without one can lose more than was put in."
DEFAULT_MARKET = "BTC/USDT"
NO_STOP = "no stop loss: none was said, and a stop is never invented"


def read_strategy(text: str, words: Lexed, answers: tuple[str, ...] = (), changing: bool = False) -> Reading:
    """The reading of a text that describes a strategy."""
    words = ranged(reworded(laid_out(parted(words))))
    items = script(Cursor(words.tokens))
    draft = with_answers(marketed(_with_markets(drafted(items), items, words)), answers)
    if mixed_markets(items):
        draft = replace(draft, doubled=(*draft.doubled, "market"))
    unknown = (*_unknown(items, text, words), *_loose(draft, items, text, words))
    limits = limitations(words)
    reading = Reading(
        "clarify",
        marks=marks_of(items, words, text),
        assumed=words.mended + assumptions(draft),
        not_understood=unknown,
        reasons=tuple(limit.sentence for limit in limits)
        + _doubled(draft)
        + _strangers(unknown)
        + _unclear(items)
        + contradictions(draft),
    )
    if unknown or limits or draft.doubled or _unclear(items) or contradictions(draft):
        return _not_fully(reading, draft, limits, changing, words)
    return _complete(reading, draft, words, text if changing else "")


def _complete(reading: Reading, draft: Draft, words: Lexed, changed: str) -> Reading:
    """Everything was understood: ask for the first thing that is missing, else give the rules."""
    question = missing(draft, words)
    begun = any(item.kind in ("buy", "short") for item in draft.loose)
    if question is not None and changed and {item.kind for item in draft.loose} == {"sell"} and not draft.rules:
        return replace(reading, reasons=(SELL_WHAT,))
    if question is not None and changed and not draft.bought() and not begun:
        return replace(reading, not_understood=(changed,))
    if question is not None:
        return replace(reading, questions=(question,))
    text = rules_text(draft)
    if NO_MIRROR in text:
        return replace(
            reading, reasons=("I cannot turn these rules round for the short side. Say the short rules too.",)
        )
    if "{" in text:
        frame = frame_of(draft) or DEFAULT_FRAME
        return replace(reading, reasons=(f"A span of time in the text does not fit candles of {frame}.",))
    rules, problems = verified(text)
    if rules is None:
        return replace(reading, reasons=tuple(problem.message for problem in problems))
    told = tuple(dict.fromkeys((*warnings(words), *cautions(rules))))
    return replace(reading, outcome="compile", rules=rules, reasons=told)


SELL_WHAT = "Sell what is open now? Say close BTC, or sell everything. For a rule say when: sell when RSI is above 70."


def mixed_markets(items: list[Item]) -> bool:
    """Whether one market is bought and another sold: `buy btc when …, sell eth when …`."""
    named: dict[str, set[str]] = {}
    acting = ""
    for item in items:
        acting = "" if item.kind == "break" else item.kind if item.kind in ACTIONS else acting
        if item.kind == "market" and acting:
            named.setdefault(acting, set()).add(item.text)
    return len({frozenset(names) for names in named.values()}) > 1


def marketed(draft: Draft) -> Draft:
    """With a market where none was said: the one most traded, and said so."""
    if draft.markets or draft.universe or draft.unnamed or not (draft.bought() or draft.planned()):
        return draft
    note = f"{DEFAULT_MARKET}: no market was said"
    return replace(draft, markets=(DEFAULT_MARKET,), assumed=(*draft.assumed, note))


def missing(draft: Draft, words: Lexed) -> Question | None:
    """The first open fact that changes money, as a question."""
    if not draft.bought() and not draft.alerts and not draft.planned():
        return _no_entry(draft, words)
    if draft.unnamed and not draft.markets:
        return market_question(draft, final=draft.closes() and not open_choices(draft))
    if draft.bought() and not draft.closes():
        return exit_question(draft, final=not open_choices(draft))
    choices = open_choices(draft)
    if choices:
        return choice_question(draft, choices[0], final=len(choices) == 1)
    if _needs_stop(draft):
        return stop_question(draft)
    if draft.shorts() and draft.clauses.get("stop", ("none",)) == ("none",):
        return stop_question(draft, SHORT_STOP)
    return None


def _no_entry(draft: Draft, words: Lexed) -> Question:
    bare = {item.kind for item in draft.loose}
    if bare & {"sell", "cover"} and not bare & {"buy", "short"} and not (draft.clauses or draft.rules):
        return sale_question(draft)
    settings_only = (draft.clauses or draft.rules) and not draft.markets
    started = any(token.text in STARTED for token in words.tokens)
    return which_question() if settings_only and not started else entry_question(draft)


STARTED = word_set(
    "strategy strategies create bot following reversion momentum breakout scalp swing trend style money profits gains"
)
"""Words of a strategy that is only begun, although it names its stop already."""


def _needs_stop(draft: Draft) -> bool:
    """Whether a risk size or a multiple of the risk lacks the stop it is reckoned from."""
    texts = [*draft.clauses.get("size", ()), *draft.clauses.get("target", ()), *draft.clauses.get("break_even", ())]
    by_risk = any(text.startswith("risk") or re.search(r"\dr\b", text) for text in texts)
    trailing = any(" after " not in text for text in draft.clauses.get("trail", ()))
    return by_risk and draft.clauses.get("stop", ("none",)) == ("none",) and not trailing


def warnings(words: Lexed) -> tuple[str, ...]:
    """What the words ask for, beyond what the rules show, that the person must be told about."""
    said = f" {' '.join(token.text for token in words.tokens)} "
    return (MANY_TRADES,) if " many trades " in said else ()


MANY_TRADES = "Many trades pay many fees: about 0.2% for each round trip."


def _with_markets(draft: Draft, items: list[Item], words: Lexed) -> Draft:
    """Coins named inside conditions are the market where no other is named."""
    if draft.universe:
        return draft
    inside = []
    for item in items:
        if item.kind not in ("market", "size", "weights"):
            inside += [one.text for one in words.tokens[item.start : item.end] if one.kind in ("coin", "pair")]
    names = tuple(dict.fromkeys(name if "/" in name else f"{name}/USDT" for name in inside))
    if not draft.markets:
        acted = _acted_on(words)
        doubled = (*draft.doubled, "market") if len(names) > 1 and len(acted) != 1 else draft.doubled
        return replace(draft, markets=acted if len(names) > 1 and acted else names, doubled=doubled)
    return draft


def _acted_on(words: Lexed) -> tuple[str, ...]:
    """The coins right behind a word of buying or shorting."""
    pairs = zip(words.tokens, words.tokens[1:], strict=False)
    found = [after.text for before, after in pairs if before.text in TRADED and after.kind in ("coin", "pair")]
    return tuple(dict.fromkeys(name if "/" in name else f"{name}/USDT" for name in found))


TRADED = word_set("buy long short trade enter into of")


def _unknown(items: list[Item], text: str, words: Lexed) -> tuple[str, ...]:
    """The words that nobody understood, neighbours together."""
    found: list[list[int]] = []
    for item in items:
        if item.kind != "unknown":
            continue
        if found and found[-1][1] == item.start:
            found[-1][1] = item.end
        else:
            found.append([item.start, item.end])
    return tuple(text[words.tokens[a].start : words.tokens[b - 1].end] for a, b in found)


def _loose(draft: Draft, items: list[Item], text: str, words: Lexed) -> tuple[str, ...]:
    """Understood pieces that belong to nothing: a condition without an action beside other rules."""
    loose = [item for item in draft.loose if not (item.kind in ("buy", "short") and not draft.rules)]
    loose = [item for item in loose if not _said_again(item, draft, text, words)]
    texts = " ".join(rule.condition.text for rule in draft.rules)
    unused = [item for item in items if item.kind == "subject" and item.text not in texts and draft.rules]
    loose += unused
    if not draft.rules and not draft.lines:
        loose = [item for item in loose if item.kind not in ("sell",)]
    return tuple(text[words.tokens[item.start].start : words.tokens[item.end - 1].end] for item in loose)


def _said_again(item: Item, draft: Draft, text: str, words: Lexed) -> bool:
    """A bare `buy BTC` in an earlier line, where a later one, such as an answer, says when."""
    bare = item.kind in ("buy", "short") and item.condition is None
    is_earlier = "\n" in text[words.tokens[item.start].start :].rstrip()
    return bare and is_earlier and any(rule.action == item.kind for rule in draft.rules)


def _doubled(draft: Draft) -> tuple[str, ...]:
    names = {"stop": "stop loss", "target": "take profit", "at_once": "number of positions", "market": "market"}
    return tuple(f"I read two values for the {names.get(kind, kind)}: which one holds?" for kind in draft.doubled)


def _not_fully(reading: Reading, draft: Draft, limits: tuple[Limitation, ...], changing: bool, words: Lexed) -> Reading:
    """Part was not understood: say which, and ask what else is open while we are at it."""
    if any(limit.never for limit in limits):
        return replace(reading, outcome="unsupported")
    if changing:
        return reading
    if _strangers(reading.not_understood):
        return reading
    if not draft.markets:
        running = _speaks_of_running(words, draft)
        question = which_question() if running else market_question(draft, final=False)
        return replace(reading, questions=(question,))
    said = {token.text for token in words.tokens}
    numbered = any(character.isdigit() for lost in reading.not_understood for character in lost)
    if not (draft.bought() or draft.rules or numbered or said & SAYING_WHEN) and said & STARTED:
        return replace(reading, questions=(entry_question(draft, final=False),))
    return reading


SAYING_WHEN = word_set(
    "when if once after every each crosses cross above below over under while hold grid rebalance best top until"
    " between breaks drops rises hits goes doubles falls unless whenever then"
)
"""Words of a way in: without one, a strategy that is only named is asked for it."""


def _speaks_of_running(words: Lexed, draft: Draft) -> bool:
    """Whether a text without a way in speaks of a trade or a strategy that is there already."""
    if any(token.text in ("buy", "long", "enter") for token in words.tokens):
        return False
    said = f" {' '.join(token.text for token in words.tokens)} "
    return not draft.bought() and any(f" {phrase} " in said for phrase in RUNNING)


RUNNING = (
    "the trade", "open trades", "my stop", "stop trading", "my position", "the position", "my trade", "open position",
    "the open one", "my target", "the bot", "current trade", "existing", "running", "my short", "my long",
)  # fmt: skip


def _unclear(items: list[Item]) -> tuple[str, ...]:
    return tuple(item.text for item in items if item.kind == "unclear")


def _strangers(unknown: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each ticker that is no coin known here."""
    words = [word.removesuffix("'s").removesuffix("’s") for text in unknown for word in text.split()]
    tickers = [word for word in words if word.isupper() and word.isalpha() and 3 <= len(word) <= 5]
    known = {name for names in OSCILLATORS for name in (names.upper(),)} | NO_TICKERS
    return tuple(f"I know no market called {word}." for word in dict.fromkeys(tickers) if word not in known)


NO_TICKERS = word_set("RSI EMA SMA MACD ATR ADX CCI MFI VWAP DCA FVG SAR DEMA TEMA BUY SELL AND NOT THE NAV CPI")


def assumptions(draft: Draft) -> tuple[str, ...]:
    """What the draft holds that was not said."""
    notes = [*draft.assumed]
    for rule in draft.rules:
        notes += rule.condition.assumed
    if not draft.frame:
        frame = frame_of(draft)
        reason = "the lengths are counted so" if frame else "no timeframe was said"
        notes.append(f"{frame or DEFAULT_FRAME} candles: {reason}")
    if draft.bought():
        if "size" not in draft.clauses:
            notes.append("size 5% of equity: no size was said")
        if "stop" not in draft.clauses:
            notes.append(NO_STOP)
        if "ask" not in draft.clauses:
            notes.append("you are asked before anything is bought")
    return tuple(dict.fromkeys(notes))
