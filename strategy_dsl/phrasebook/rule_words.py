"""Readers of changes to whole rules: exits, conditions in another's place, `or` for `and`, averages, time to answer."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.changes import CannotChange
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.place_words import condition_text
from strategy_dsl.phrasebook.rule_changes import (
    answer_time,
    average_length,
    in_place,
    joined_by,
    rescaled,
    without_exit,
)
from strategy_dsl.phrasebook.settings import timeframe
from strategy_dsl.phrasebook.spans import span
from strategy_dsl.phrasebook.statements import Memory
from strategy_dsl.phrasebook.tokens import Token

NAMED = ("rsi", "macd", "adx", "cci", "mfi", "volume", "ema", "sma", "ma", "bollinger", "stochastic")
LEAVING = word_set("exit exits sell selling sale")
RULE = word_set("rule rules condition conditions signal part")


@reader
def exit_removed(c: Cursor) -> Found | None:
    """`remove the RSI exit`, `drop the sell rule`, `no exit rule`."""
    if not c.says("removing"):
        if c.peek().text != "no":
            return None
        c.at += 1
    c.skip(ARTICLES)
    name = c.says(*NAMED) or ""
    start = c.at
    c.skip(LEAVING)
    if c.at == start:
        return None
    ruled = c.peek().text in RULE
    c.skip(RULE)
    if not (name or ruled or c.ended()) or not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    return Found(without_exit("sma" if name == "ma" else name))


@reader
def bought_instead(c: Cursor) -> Found | None:
    """`buy when RSI goes under 25 instead`, `enter if price crosses the 50 EMA upwards instead of 30`."""
    c.skip(frozenset({"make", "it", "let", "only", "and"}))
    if not c.says("buy") or not (c.says("when") or c.peek().text in ("at", "on")):
        return None
    c.skip(frozenset({"at", "on"}))
    said = condition(c, Memory())
    if said is None or said.choices or c.peek().text not in ("instead", "rather", "not"):
        return None
    if c.peek(1).text not in ("of", "than") and c.peek().text == "instead":
        c.at += 1

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return in_place(condition_text(said, strategy))(strategy)

    return Found(step, plain=True)


@reader
def also_bought(c: Cursor) -> Found | None:
    """`also buy when price breaks the 20 day high`, `or buy when …`: one more entry."""
    if c.peek().text not in ("also", "or"):
        return None
    c.at += 1
    if not c.says("buy") or not c.says("when"):
        return None
    said = condition(c, Memory())
    if said is None or said.choices:
        return None

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return changes.added_rule(f"buy when {condition_text(said, strategy)}")(strategy)

    return Found(step, plain=True)


LED_BY = word_set(": that also condition filter rule as well another one more extra if")
AS_CONDITION = word_set("as a an condition filter requirement too to the entry for buys entries")


@reader
def added(c: Cursor) -> Found | None:
    """`add: close > sma 50 on the 4h`, `add MACD crossing up as a condition`, `plus volume over its average`."""
    if c.peek().text not in ("add", "plus", "and", "include"):
        return None
    c.at += 1
    c.skip(ARTICLES | LED_BY)
    said = condition(c, Memory())
    if said is None or said.choices:
        return None
    frame = timeframe(c)
    if frame is not None:
        said = replace(said, text=f"({said.text}){{on:{frame.text}}}")
    c.skip(AS_CONDITION)
    if not (c.ended() or c.peek().kind == "sign"):
        return None

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return changes.added_condition(condition_text(said, strategy))(strategy)

    return Found(step)


MODAL = word_set("must should has needs ought to have need")


@reader
def demanded(c: Cursor) -> Found | None:
    """`price must be above VWAP`: a condition in the place of its kind, or one more."""
    tokens = c.tokens[c.at :]
    modal = next((at for at, token in enumerate(tokens) if token.text in MODAL), None)
    if modal is None or not 1 <= modal <= 4:
        return None
    plain = [token for at, token in enumerate(tokens) if not (token.text in MODAL and modal <= at <= modal + 2)]
    ahead = Cursor(plain)
    ahead.skip(ARTICLES | {"also"})
    said = condition(ahead, Memory())
    if said is None or said.choices:
        return None
    ahead.skip(AS_CONDITION | {"now", "please", ".", "!"})
    if not ahead.ended():
        return None
    c.at = len(c.tokens)

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        text = condition_text(said, strategy)
        try:
            return in_place(text, strict=True)(strategy)
        except CannotChange:
            return changes.added_condition(text)(strategy)

    return Found(step)


@reader
def rejoined(c: Cursor) -> Found | None:
    """`make that an or`, `use or instead of and`, `either the RSI or the volume`, `both conditions must be true`."""
    c.skip(frozenset({"make", "use", "change", "turn", "put", "switch", "set", "join", "them"}))
    c.skip(ARTICLES | {"it", "them", "conditions", "condition", "and", "into", "to", "with", "between", "two"} - {"or"})
    word = c.peek().text
    if word not in ("or", "and"):
        before = c.tokens[c.at - 1].text if c.at else ""
        word = "and" if before == "and" else ""
        if not word:
            return None
    else:
        c.at += 1
    led = c.at >= 2
    if (c.peek().text, c.peek(1).text) in (("instead", "of"), ("rather", "than")):
        c.at += 2
        other = c.peek().text
        c.skip(frozenset({"an", "and", "or", "the"}))
        return Found(joined_by(word)) if other != word else None
    if c.peek().text in ("not", "instead") or c.peek().text == "between":
        between = c.peek().text == "between"
        while not c.ended() and c.peek().kind != "sign":
            if c.take("number") is not None:
                return None
            c.at += 1
        return Found(joined_by(word)) if led or between else None
    return Found(joined_by(word)) if led and (c.ended() or c.peek().kind == "sign") else None


QUICK = word_set("short shorter fast faster quick quicker small smaller lower")
SLOW = word_set("long longer slow slower big bigger large larger")
AVERAGES = ("ma", "sma", "ema", "wma", "hma", "average", "usual")
CHANGING = word_set("change make set use raise lower increase reduce decrease switch replace swap adjust turn bump")
LINKS = word_set("to a an with by at = : be of into should is over now")
UNITS = word_set("period periods bar bars candle candles day days hour hours length")


@reader
def average_to(c: Cursor) -> Found | None:
    """`make the long average 150`, `change the 200 MA to 150`, `use a 100 EMA instead of the 200`."""
    c.skip(CHANGING)
    c.skip(ARTICLES)
    which = "short" if c.peek().text in QUICK else "long" if c.peek().text in SLOW else ""
    c.at += bool(which)
    of = "volume" if c.says("volume") else ""
    first = _length(c)
    c.skip(UNITS)
    if not c.says(*AVERAGES):
        return None
    c.skip(UNITS | {"line", "length", "period"})
    if (c.peek().text, c.peek(1).text) in (("instead", "of"), ("rather", "than")) and first is not None:
        c.at += 2
        c.skip(ARTICLES)
        old = _length(c)
        c.skip(UNITS)
        c.says(*AVERAGES)
        return _average(c, which, first, old, of)
    start = c.at
    c.skip(LINKS)
    new = _length(c)
    if new is None or (c.at - start == 1 and first is None and not which and not of):
        return None
    c.skip(UNITS)
    c.says(*AVERAGES)
    return _average(c, which, new, first, of)


def _length(c: Cursor) -> Decimal | None:
    token: Token | None = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or not 2 <= token.value <= 1000:
        return None
    return token.value


def _average(c: Cursor, which: str, new: Decimal, old: Decimal | None, of: str) -> Found | None:
    if not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    return Found(average_length(which, new, old, of))


FACTORS = {"halve": "0.5", "half": "0.5", "double": "2", "triple": "3", "twice": "2"}
MEASURE = word_set("distance width size level of as far wide big")


@reader
def rescaled_level(c: Cursor) -> Found | None:
    """`half the stop distance`, `double the take profit`, `cut the stop in half`, `make the target twice as far`."""
    c.skip(frozenset({"make", "set", "use"}))
    cut = c.peek().text in ("cut", "reduce", "split")
    factor = FACTORS.get(c.peek().text)
    c.at += cut or factor is not None
    c.skip(ARTICLES | {"of"})
    what = c.says("trail", "stop_move", "target")
    if what is None:
        return None
    c.skip(MEASURE | {"is", "to", "be", "by", "in", "now"})
    if factor is None:
        factor = FACTORS.get(c.peek().text)
        c.at += factor is not None
    c.skip(MEASURE)
    if factor is None or not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    return Found(rescaled({"stop_move": "stop"}.get(what, what), Decimal(factor)))


ANSWERING = word_set(
    "answer decide reply respond approve confirm think react say answering deciding approval reaction response"
)


@reader
def time_to_answer(c: Cursor) -> Found | None:
    """`give me 15 minutes to answer`, `wait an hour for my reply`, `approval timeout 10 minutes`."""
    words = {token.text for token in c.tokens[c.at :]}
    if not words & (ANSWERING | {"timeout"}):
        return None
    c.skip(
        word_set(
            "give allow me wait let leave have i want need set make the my us keep for ask approval answer question"
            " timeout time window to it a should be is stay open questions approvals"
        )
    )
    time = span(c)
    if time is None or time.bars or not time.minutes:
        return None
    start = c.at
    c.skip(
        ANSWERING | word_set("to for my the a an before it you i can time until of on each trade every timeout window")
    )
    if c.at == start and not {"timeout", "approval", "answer"} & {token.text for token in c.tokens[:start]}:
        return None
    return Found(answer_time(_written(int(time.minutes))))


def _written(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


@reader
def one_side(c: Cursor) -> Found | None:
    """`no shorts`, `long only`, `only go long`: what shorts is taken out."""
    words = (c.peek().text, c.peek(1).text, c.peek(2).text)
    for phrase in ONE_SIDED:
        if words[: len(phrase)] == phrase:
            c.at += len(phrase)
            return Found(_long_only)
    return None


ONE_SIDED = (
    ("no", "more", "shorts"), ("only", "go", "long"), ("only", "long"),
    ("no", "shorts"), ("no", "shorting"), ("long", "only"), ("longs", "only"),
    ("only", "longs"), ("stop", "shorting"), ("never", "short"), ("without", "shorts"), ("dont", "short"),
)  # fmt: skip


def _long_only(strategy: nodes.Strategy) -> nodes.Strategy:
    kept = tuple(rule for rule in strategy.rules if rule.action not in ("short", "cover"))
    if kept == strategy.rules:
        raise CannotChange("It only buys already: these rules never sell short.")
    return replace(strategy, rules=kept)


RULE_READERS = (
    exit_removed, bought_instead, also_bought, rejoined, average_to, rescaled_level, time_to_answer, one_side,
)  # fmt: skip
