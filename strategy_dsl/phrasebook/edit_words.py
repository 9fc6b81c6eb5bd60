"""Readers of what people say to change rules: numbers swapped, sizes scaled, markets, conditions, vague words."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.phrasebook import changes, market_words, place_words, swap_words
from strategy_dsl.phrasebook.changes import CannotChange, Step
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.open_words import open_change
from strategy_dsl.phrasebook.place_words import condition_text
from strategy_dsl.phrasebook.rule_words import RULE_READERS, added, demanded
from strategy_dsl.phrasebook.script import filtered
from strategy_dsl.phrasebook.statements import Condition, Memory
from strategy_dsl.phrasebook.swap_rules import condition_instead
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.trailing import trail
from strategy_dsl.phrasebook.vocabulary import TERMS


def _noun(c: Cursor) -> str | None:
    """The thing whose number is to change: a clause, or an indicator."""
    c.skip(ARTICLES)
    named = c.says(*NOUNS)
    return {"stop_move": "stop", "risk": "size"}.get(named or "", named)


NOUNS = (
    "break_even", "trail", "stop_move", "target", "size", "risk", "rsi", "macd", "adx", "cci", "mfi", "volume",
    "ema", "sma", "atr", "bollinger", "stochastic",
)  # fmt: skip


@reader
def instead(c: Cursor) -> Found | None:
    """`25 instead of 30`, `RSI 25 instead of 30`, `use 25 not 30`."""
    c.skip(frozenset({"use", "make", "it", "set", "buy", "sell", "enter", "exit", "at"}))
    noun = _noun(c)
    new = c.take("number") or (c.take("span") if noun is None else None)
    noun = noun or (_noun(c) if new is not None and new.kind == "number" else None)
    c.sign(",")
    joint = c.peek().text
    if new is None or new.value is None or joint not in ("instead", "not", "rather"):
        return None
    c.at += 1
    c.skip(frozenset({"of", "than"}))
    if noun is not None and _noun(c) not in (noun, None):
        return None
    old = c.take(new.kind)
    if old is None or old.value is None or not _units_fit(old, new):
        return None
    if new.kind == "span":
        return Found(_frame_step(old, new))
    noun = noun or _noun(c)
    if noun is None and c.peek().text in ("for", "in", "on", "of"):
        c.at += 1
        noun = _noun(c)
    return Found(changes.swapped(old.value, new.value, noun))


@reader
def from_to(c: Cursor) -> Found | None:
    """`raise take profit from 4 to 6`, `change 30 to 25`, `from 1h to 4h`."""
    verb = c.peek().text in VERBS
    if verb:
        c.at += 1
    c.skip(frozenset({"it", "the", "timeframe", "chart", "my"}))
    noun = _noun(c)
    c.skip(frozenset({"level", "threshold", "limit"}))
    led = c.peek().text == "from"
    if led:
        c.at += 1
    old = c.take("number") or c.take("span")
    if old is None or old.value is None or c.peek().text not in ("to", "with", "by") or not (led or verb):
        return None
    c.at += 1
    new = c.take(old.kind)
    if new is None or new.value is None or not _units_fit(old, new):
        return None
    if old.kind == "span":
        return Found(_frame_step(old, new))
    return Found(changes.swapped(old.value, new.value, noun))


def _units_fit(old: Token, new: Token) -> bool:
    """Whether two numbers may be of one kind: `2r` never stands in the place of `4%`."""
    bare = ("", "word", "signed")
    return old.kind == "span" or old.unit in bare or new.unit in bare or old.unit == new.unit


VERBS = word_set("change move raise lower increase reduce decrease switch replace set swap bump drop cut")


def _frame_step(old: Token, new: Token) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        now = strategy.trade.timeframe if strategy.trade else ""
        if now != old.text:
            raise CannotChange(f"It runs on {now} candles, not on {old.text}.")
        return changes.on_timeframe(new.text)(strategy)

    return step


@reader
def moved(c: Cursor) -> Found | None:
    """`raise the target by 2`, `widen the stop by 1%`, `cut the size by 20%`: from what it is now."""
    verb = c.peek().text
    if verb not in UPWARD | DOWNWARD:
        return None
    c.at += 1
    noun = {"stop_move": "stop", "risk": "size"}.get(_noun(c) or "", c.tokens[c.at - 1].text)
    noun = next((one for one in ("stop", "target", "trail", "size") if noun == one), "") or _last_noun(c)
    if noun not in ("stop", "target", "trail", "size") or c.peek().text != "by":
        return None
    c.at += 1
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word", "percent"):
        return None
    if noun == "size" and token.unit != "percent":
        return None
    amount = abs(token.value) if verb in UPWARD else -abs(token.value)
    return Found(changes.moved(noun, amount))


def _last_noun(c: Cursor) -> str:
    """The noun that ends here."""
    for term in ("trail", "stop_move", "target", "size", "risk"):
        for back in (3, 2, 1):
            ahead = Cursor(c.tokens, max(0, c.at - back))
            if ahead.says(term) and ahead.at == c.at:
                return {"stop_move": "stop", "risk": "size"}.get(term, term)
    return ""


UPWARD = word_set("raise increase widen bump loosen grow extend")
DOWNWARD = word_set("lower reduce decrease cut tighten drop shrink")


@reader
def scaled(c: Cursor) -> Found | None:
    """`halve the size`, `double the size`, `cut the size in half`."""
    word = c.peek().text
    factor = {"halve": "0.5", "half": "0.5", "double": "2", "triple": "3"}.get(word)
    cut = word in ("cut", "reduce") and factor is None
    if factor is None and not cut:
        return None
    c.at += 1
    c.skip(ARTICLES)
    if not c.says("size", "risk"):
        return None
    if cut:
        c.skip(frozenset({"in", "by"}))
        if not c.says("half"):
            return None
        factor = "0.5"
    return Found(changes.resized(Decimal(factor or "1")))


@reader
def vague(c: Cursor) -> Found | None:
    """`make the stop tighter`, `less aggressive`, `let winners run more`."""
    c.skip(frozenset({"make", "it", "be", "can", "you", "please", "set", "put", "keep", "a", "bit", "little"}))
    said = c.says(*VAGUE)
    if said is not None:
        _, what, direction = said.split(":")
        return Found(vague=(what, direction))
    verb = {"tighten": "less", "widen": "more", "loosen": "more"}.get(c.peek().text)
    if verb:
        c.at += 1
    noun = _noun(c)
    if noun not in ("stop", "target", "size"):
        return None
    c.skip(frozenset({"a", "bit", "little", "much", "slightly", "should", "be", "is", "too"}))
    said = verb or COMPARATIVES.get(c.peek().text)
    if said is None or (verb and _number_follows(c)):
        return None
    c.at += verb is None
    c.skip(frozenset({"please", "a", "bit", "little"}))
    return Found(vague=(noun, said)) if not _number_follows(c) else None


def _number_follows(c: Cursor) -> bool:
    return any(c.peek(place).kind == "number" for place in range(3))


COMPARATIVES = {
    "tighter": "less", "smaller": "less", "lower": "less", "closer": "less", "narrower": "less", "less": "less",
    "wider": "more", "bigger": "more", "larger": "more", "higher": "more", "looser": "more", "further": "more",
    "more": "more", "wide": "less", "tight": "more", "big": "less", "small": "more",
}  # fmt: skip


VAGUE = tuple(term for term in TERMS if term.startswith("vague:"))


@reader
def removed(c: Cursor) -> Found | None:
    """`drop the volume condition`, `remove the take profit`, `no trailing stop`, `get rid of the RSI filter`."""
    if not c.says("removing"):
        if c.peek().text != "no":
            return None
        c.at += 1
    what = _removable(c)
    if what is None:
        return None
    steps = [changes.without(what)]
    while (more := _and_removable(c)) is not None:
        steps.append(changes.without(more))
    return Found(changes.in_order(steps))


@reader
def _removable(c: Cursor) -> str | None:
    c.skip(ARTICLES)
    what = next((what for term, what in REMOVABLE if c.says(term)), None)
    c.skip(
        frozenset(
            {"condition", "filter", "rule", "part", "check", "requirement", "limit", "exit", "bit", "thing", "stuff"}
        )
    )
    return None if what is None or c.peek().kind == "number" or c.peek().text in ("at", "of", "to") else what


@reader
def _and_removable(c: Cursor) -> str | None:
    c.sign(",")
    return _removable(c) if c.says("and") else None


REMOVABLE = (
    ("break_even", "break_even"), ("trail", "trail"), ("stop_move", "stop"), ("target", "target"),
    ("wait", "cooldown"), ("volume", "volume"), ("rsi", "rsi"), ("macd", "macd"), ("adx", "adx"), ("cci", "cci"),
    ("mfi", "mfi"), ("bollinger", "bollinger"), ("ema", "ema"), ("sma", "sma"), ("ma", "sma"), ("atr", "atr"),
    ("stochastic", "stochastic"), ("window_word", "window"), ("time_exit_word", "time_exit"),
)  # fmt: skip


@reader
def gated(c: Cursor) -> Found | None:
    """`only buy if C`, `don't buy when C`, `also require C`, `add a filter: C`."""
    item = filtered(c, Memory())
    said = item.condition if item is not None else None
    if said is None:
        said = _required(c)
    if said is None or said.choices:
        return None
    return Found(_with_condition(said))


@reader
def _required(c: Cursor) -> Condition | None:
    if not c.says("requiring"):
        return None
    c.skip(ARTICLES | {":", "that", "is"})
    return condition(c, Memory())


def _with_condition(said: Condition) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return changes.added_condition(condition_text(said, strategy))(strategy)

    return step


@reader
def sold(c: Cursor) -> Found | None:
    """`also sell when C`, `close when RSI > 50`."""
    c.skip(frozenset({"also", "and"}))
    if not c.says("sell") or not (c.says("when") or c.peek().text == "on"):
        return None
    c.skip(frozenset({"on", "a", "the"}))
    said = condition(c, Memory())
    if said is None or said.choices:
        return None
    swap = c.peek().text == "instead" and c.peek(1).text != "of"
    c.at += swap

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        kept = tuple(rule for rule in strategy.rules if rule.action == "buy") if swap else strategy.rules
        return changes.added_rule(f"sell when {condition_text(said, strategy)}")(replace(strategy, rules=kept))

    return Found(step, plain=True)


@reader
def trailing_instead(c: Cursor) -> Found | None:
    """`trail it instead`, `trailing stop of 3% instead`: in the place of what, and how far, are asked."""
    c.skip(frozenset({"use", "a", "make", "just", "it"}))
    item = trail(c)
    c.skip(frozenset({"it"}))
    if item is None or c.peek().text != "instead" or c.peek(1).text == "of":
        return None
    c.at += 1
    return Found(vague=("instead", "" if item.text.startswith("{") else item.text))


@reader
def shorted(c: Cursor) -> Found | None:
    """`also go short when C`, `allow shorts too when C`: one more rule, on a perpetual."""
    c.skip(frozenset({"also", "and", "allow", "enable", "add", "permit", "let", "it", "take", "make"}))
    if not c.says("short"):
        return None
    c.skip(frozenset({"too", "also", "as", "well", "it", "trades", "trade", "entries"}))
    if not c.says("when"):
        return None
    said = condition(c, Memory())
    if said is None or said.choices:
        return None

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return changes.on_perpetual(changes.added_rule(f"short when {condition_text(said, strategy)}")(strategy))

    return Found(step, plain=True)


@reader
def named(c: Cursor) -> Found | None:
    """`call it X`, `rename it to X`."""
    if c.peek().text not in ("call", "rename", "name"):
        return None
    c.at += 1
    c.skip(frozenset({"it", "this", "that", "to", "the", "strategy"}))
    words: list[str] = []
    while c.peek().kind in ("word", "number", "coin") and len(words) < 6:
        words.append(c.peek().text)
        c.at += 1
    return Found(changes.renamed(" ".join(words))) if words and c.ended() else None


READERS: tuple[Callable[[Cursor], Found | None], ...] = (
    place_words.nth_condition,
    *RULE_READERS,
    swap_words.indicator,
    instead,
    condition_instead,
    from_to,
    place_words.level_to,
    moved,
    scaled,
    open_change,
    vague,
    trailing_instead,
    removed,
    market_words.made,
    market_words.markets,
    gated,
    added,
    demanded,
    sold,
    shorted,
    named,
)
