"""The text as a list of understood pieces, and of the words that nobody understood."""

import re
from collections.abc import Callable
from dataclasses import replace

from strategy_dsl.phrasebook import (
    breakers,
    calendar_words,
    exits,
    ladder_words,
    orders,
    part_words,
    protection,
    rank_words,
    reviews,
    role_words,
    settings,
    trailing,
    windows,
)
from strategy_dsl.phrasebook.actions import ACTIONS, acting, action, at_value
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.defined_lists import defined
from strategy_dsl.phrasebook.indicators import tabled
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import ARTICLES, FILLERS
from strategy_dsl.phrasebook.operands import operand, oscillator
from strategy_dsl.phrasebook.references import referred
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Choice, Condition, Crossing, Memory
from strategy_dsl.phrasebook.title_words import title
from strategy_dsl.phrasebook.trend_words import ZERO, direction_of

LEAVING = ("target", "stop", "sell", "cover", "exit_after", "bracket", "trail")
BREAKS = frozenset({".", ";", "\n", "!", "?"})
SILENT = frozenset({"#", ",", ":", "->", "(", ")", "-", "*", "&", "/", "="})


def script(c: Cursor) -> list[Item]:
    """Every piece of the text in order; what was not understood stands as `unknown`."""
    c = Cursor(referred(defined(c.tokens)), c.at)
    items: list[Item] = []
    memory = Memory()
    while not c.ended():
        start = c.at
        item = _next(c, memory)
        if item is None:
            c.at = start + 1
            item = Item(_idle(c, start), c.tokens[start].text)
        if item.condition is not None:
            memory = memory.after(item.condition).apart()
        if item.kind not in ("joint", "filler", "idle"):
            memory = replace(memory, leaving=item.kind in LEAVING)
        if item.kind in (*ACTIONS, "break"):
            memory = replace(memory, selling=item.kind in ("sell", "cover"))
        items.append(replace(item, start=start, end=c.at))
    return items


def _next(c: Cursor, memory: Memory) -> Item | None:
    return title(c, lambda ahead: _understood(ahead, memory)) or _understood(c, memory)


def _understood(c: Cursor, memory: Memory) -> Item | None:
    if c.says("idle"):
        return Item("idle")
    for read in SETTINGS:
        found = read(c)
        if found is not None:
            return found
    for lean in LEANING:
        found = lean(c, memory)
        if found is not None:
            return found
    return settings.size(c) or settings.market(c) or settings.timeframe(c) or now(c)


def _idle(c: Cursor, place: int) -> str:
    """What a token is that no reader took: the end of a sentence, a joint, filler, or not understood."""
    token = c.tokens[place]
    if token.text in BREAKS:
        return "break"
    if token.kind == "sign" or token.text in SILENT:
        return "joint" if token.text in SILENT else "unknown"
    if token.text in ("and", "then", "or", "plus", "also"):
        return "joint"
    return "filler" if token.text in FILLERS and token.kind == "word" else "unknown"


@reader
def filtered(c: Cursor, memory: Memory) -> Item | None:
    """`only trade when C`, `don't buy if C`, `skip it if C`."""
    if memory.selling:
        return None
    c.skip(frozenset({"but", "and"}))
    if c.peek().text == "unless" or (c.peek().text == "except" and c.peek(1).text in ("when", "if")):
        c.at += 1 if c.peek().text == "unless" else 2
        gate: str | None = "no"
        entry = ""
    else:
        c.skip(frozenset({"take", "longs", "buys"}))
        gate = c.says("only", "no")
        if gate is None:
            return None
        over = c.phrase("above") or c.phrase("below") if gate == "only" else 0
        c.skip(frozenset({"it", "to"}))
        entry = "buy" if c.peek().text in ("buy", "enter", "long") and gate == "only" else ""
        c.says("trade_verb")
        c.skip(frozenset({"it", "on", "long", "longs"}))
        over = over or (gate == "only" and (c.phrase("above") or c.phrase("below")))
        _ = c.take("coin") or c.take("pair")
        if not over and not c.says("when", "while"):
            return None
    said = condition(c, memory, before_action=True)
    if said is None:
        return None
    text = said.text if gate == "only" else f"not ({said.text})"
    wrapped = replace(said, text=text, joined_by="" if gate == "no" else said.joined_by)
    return Item("filter", entry, condition=wrapped, assumed=said.assumed)


@reader
def held(c: Cursor, memory: Memory) -> Item | None:
    """`hold while C`, `hold until C`, `hold 50% BTC when C`: the text is the size, where one is said."""
    c.says("only")
    if not c.says("hold"):
        return None
    c.skip(frozenset({"it", "them"}))
    size, share = "", c.peek()
    if share.unit == "percent" and share.value is not None and 0 < share.value <= 100:
        size, c.at = f"{plain(share.value)}% of equity", c.at + 1
        c.skip(ARTICLES)
    c.take("coin")
    until = c.says("until")
    if not until and not c.says("while", "when"):
        return None
    said = condition(c, memory)
    if said is None or (until and size):
        return None
    return Item("sell" if until else "hold", size, condition=said, introduced=True)


@reader
def trailed(c: Cursor, memory: Memory) -> Item | None:
    """`trail the rest under the 9 EMA`: out when it closes below."""
    if c.peek().text not in ("trail", "trailing", "follow", "cut"):
        return None
    c.at += 1
    c.skip(frozenset({"it", "the", "stop", "with", "at", "losses"}))
    c.says("rest")
    c.skip(frozenset({"with", "under", "below", "along", "behind", "using", "by", "the", "on", "a"}))
    value = operand(c)
    if value is None or value.name != "average":
        return None
    note = f"trailing {value.text} read as: out on a close below it"
    said = Condition(f"close < {value.text}", assumed=(*value.assumed, note), mirrored=f"close > {value.text}")
    return Item("sell", condition=said, introduced=True, neutral=True)


@reader
def otherwise(c: Cursor, memory: Memory) -> Item | None:
    """`otherwise cash`: out when the condition to be in no longer holds."""
    if c.peek().text not in ("otherwise", "else"):
        return None
    c.at += 1
    c.skip(frozenset({"be", "stay", "sit", "in", "go", "hold", "stand", "all", "move", "to"}))
    c.skip(frozenset({":", "the"}))
    if c.peek().text in ("cash", "out", "flat", "aside", "usdt"):
        c.at += 1
        return Item("otherwise")
    named = acting(c)
    if named is None or named[0] not in ("sell", "short"):
        return None
    edge = c.ended() or (c.peek().kind == "sign" and c.peek().text != ":")
    return Item("otherwise", named[0]) if edge else None


@reader
def or_when(c: Cursor, memory: Memory) -> Item | None:
    """`exit at 2% profit or when RSI > 70`: one more way out."""
    if not memory.leaving or not c.says("or"):
        return None
    led = c.tokens[c.at - 1].text in ("when", "if", "once") or c.says("when")
    said = condition(c, memory) if led else None
    return Item("sell", condition=said, introduced=True, neutral=True) if said else None


@reader
def remainder(c: Cursor, memory: Memory) -> Item | None:
    """`and the rest over 70`, after a part was sold."""
    c.skip(ARTICLES)
    if not c.says("rest"):
        return None
    c.says("when")
    c.skip(frozenset({"at"}))
    said = condition(c, memory)
    return Item("sell", condition=said, introduced=True) if said else None


@reader
def subject(c: Cursor, memory: Memory) -> Item | None:
    """`RSI strategy: buy under 30`: an indicator named first, for thresholds to lean on."""
    used = c.peek().text in ("use", "using", "with")
    c.skip(frozenset({"use", "using", "with", "the"}))
    begins = c.at
    found = oscillator(c) or tabled(c)
    if found is not None and "{on:" in found.text and _named_again(c, begins):
        # the timeframe is the strategy's: `4h rsi dip: buy when rsi < 30`
        return None
    line = direction_of(found)
    if line is not None:
        return Item(
            "subject", line.text.partition(")")[0], condition=Condition("", sides=Crossing(line, ZERO, "above"))
        )
    if found is None or found.kind != "oscillator" or (c.peek().kind == "number" and not used):
        return None
    if "{usual" in found.text and (size := length(c)) is not None:
        found = replace(found, text=re.sub(r"\{usual:\w+\}", plain(size.value or 0), found.text))
    said = found.text.partition("(")[0] if "{usual" in found.text else found.text.partition(")")[0]
    return Item("subject", said, condition=Condition("", numbered=(found,)))


def _named_again(c: Cursor, begins: int) -> bool:
    """Whether a word of the subject read since then stands behind it again."""
    said = {token.text for token in c.tokens[begins : c.at] if token.kind == "word"} - FILLERS
    return any(token.text in said for token in c.tokens[c.at :])


@reader
def told(c: Cursor, memory: Memory) -> Item | None:
    """`alert me when C`, `set an alarm at 70k`."""
    if c.peek().text in ("set", "create"):
        c.at += 1
        c.skip(ARTICLES)
        if c.peek().text not in ("alarm", "alert", "notification"):
            return None
        c.at += 1
    elif not c.says("alert"):
        return None
    start = c.at
    if c.says("when"):
        said = condition(c, memory)
        return Item("alert", condition=said, introduced=True) if said else None
    c.skip(frozenset({"at", "for", "on"}))
    fixed = protection.price(c)
    if fixed is None:
        c.at = start
        return Item("alert")
    return Item("alert", text=fixed)


@reader
def stated(c: Cursor, memory: Memory) -> Item | None:
    """A condition on its own, led by `when` or not."""
    led = c.says("when", "while") or c.says("wait_for")
    if not led and c.peek().text == "on":
        c.at += 1
    waited = led == "wait_for"
    said = condition(c, memory, before_action=True)
    if said is None:
        return None
    side = {"longs": "buy", "long": "buy", "shorts": "short", "short": "short"}.get(c.peek(1).text)
    behind = c.peek(2)
    if c.peek().text == "for" and side and (behind.kind in ("sign", "end") or behind.text in ("and", "with")):
        c.at += 2
        return Item(side, condition=said, introduced=True)
    return Item("condition", "waited" if waited else "", condition=said, introduced=bool(led))


@reader
def both_sides(c: Cursor) -> Item | None:
    """`both ways`, `mirror short`, `the opposite for shorts`."""
    if c.says("that_way"):
        return Item("both")
    c.skip(frozenset({"and", "trade", "in", "go"}))
    return Item("both") if c.says("both_sides") else None


@reader
def perpetual(c: Cursor) -> Item | None:
    """`perp`, `futures`."""
    return Item("perpetual") if c.says("perpetual") else None


@reader
def leverage(c: Cursor) -> Item | None:
    """`3x leverage`, `leverage 3`, `on 3x`: allowed or not is for the limits, and asked."""
    led = c.says("leverage")
    c.skip(ARTICLES | {"at", "is", ":", "to", "with", "on", "use", "using"})
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word", "x") or token.value <= 0:
        return None
    if not led and not c.says("leverage") and token.unit != "x":
        return None
    if token.unit == "x" and (c.phrase("usual") or c.phrase("volume") or c.phrase("ma") or c.phrase("atr")):
        return None
    times = plain(token.value)
    if token.value == 1:
        return Item("leverage", "1x")
    options = (("1x, paid in full", "1x"), (f"{times}x, if the limits in force allow it", f"{times}x"))
    question = f"The limits allow 1x unless the owner has raised them; {times}x was asked. Which shall I write?"
    return Item("leverage", "1x", choices=(Choice("leverage", question, options),))


@reader
def now(c: Cursor) -> Item | None:
    """`now`, `right now`, behind a bare purchase."""
    return Item("once") if c.says("at_once_now") else None


@reader
def each_step(c: Cursor) -> Item | None:
    """`each`, `per level`, of a grid."""
    if not any(token.text == "grid" for token in c.tokens):
        return None
    return Item("each") if c.says("each_step") else None


@reader
def rest_runs(c: Cursor) -> Item | None:
    """`let the rest run with a 3% trailing stop`: trailed once a part was sold."""
    c.skip(frozenset({"and"}))
    if not c.says("rest_runs"):
        return None
    ahead = Cursor(c.tokens, c.at)
    return Item("rest_runs") if trailing.trail(ahead) is not None else None


@reader
def dca(c: Cursor) -> Item | None:
    """`dca`: a purchase by the clock."""
    return Item("dca") if c.says("dca") else None


SETTINGS: tuple[Callable[[Cursor], Item | None], ...] = (
    reviews.checked,
    reviews.same_day,
    reviews.kept,
    reviews.spread,
    role_words.trend_role,
    role_words.with_trend,
    role_words.entry_role,
    role_words.thresholds,
    settings.budget,
    ladder_words.price_range,
    ladder_words.levels,
    each_step,
    ladder_words.grid,
    rank_words.equal,
    rank_words.best,
    rank_words.universe,
    rank_words.ranked,
    rank_words.comparing,
    rank_words.only_gains,
    rank_words.into_cash,
    ladder_words.weights,
    ladder_words.rebalanced,
    breakers.breaker,
    orders.order,
    orders.cancelled,
    part_words.in_parts,
    part_words.numbered,
    exits.break_even,
    windows.cooldown,
    exits.time_exit,
    trailing.from_peak,
    exits.gain_exit,
    exits.profit_exit,
    exits.bracket,
    exits.or_level,
    exits.clock_exit,
    trailing.trail,
    protection.stop,
    protection.reward,
    protection.target,
    exits.lone_multiple,
    rest_runs,
    both_sides,
    leverage,
    perpetual,
    ladder_words.safety,
    ladder_words.more,
    windows.limit,
    windows.window,
    windows.ask,
    calendar_words.timed,
    dca,
)
LEANING: tuple[Callable[[Cursor, Memory], Item | None], ...] = (
    filtered, held, told, trailed, otherwise, at_value, or_when, action, remainder, stated, subject,
)  # fmt: skip
