"""Readers of what a thing is for: `200 EMA for trend, MACD for entries`, `EMA50 gives the direction`, `RSI 30/70`."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.indicators import tabled
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.operands import SCORES, macd, operand, oscillator
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition, crossed
from strategy_dsl.phrasebook.trend_words import ZERO, direction_of
from strategy_dsl.phrasebook.values import Operand

LINKS = ARTICLES | word_set("for as is gives sets shows defines decides to determine as")
TREND_SAID = word_set("trend direction bias filter")
ENTRY_SAID = word_set("entry entries trigger triggers signal signals timing enter")
BETWEEN = word_set("/ -")
ROLE = "role"
"""An entry that names no side: the trend gives it."""
CROSSES = word_set("cross crosses crossover crossovers crossing flip flips")


@reader
def trend_role(c: Cursor) -> Item | None:
    """`200 EMA for trend`, `with the 200 EMA as trend filter`, `EMA50 gives the direction`: trade on its side."""
    if not c.holds(TREND_SAID):
        return None
    c.skip(frozenset({"with", "use", "using", "a", "an", "the", "and", "plus"}))
    led = c.says("trend_filter")
    c.skip(frozenset({":", "is"}) if led else frozenset())
    value = operand(c)
    if value is None or value.kind != "price" or value.name not in ("average", "supertrend", "vwap", "ichimoku"):
        return None
    if not led:
        start = c.at
        c.skip(LINKS)
        if not c.says("trend_filter") or (c.at - start == 1 and c.tokens[start].text in ("trend", "direction")):
            return None
    c.says("only_with_trend")
    note = f"with the trend read as: a close above {value.text} for longs"
    return Item("filter", condition=Condition(f"close > {value.text}", assumed=(*value.assumed, note)))


@reader
def with_trend(c: Cursor) -> Item | None:
    """`only trade on the right side of the 200 EMA`, `only in the direction of the DEMA`."""
    if not c.says("right_side"):
        return None
    c.skip(frozenset({"of", "the"}))
    value = operand(c)
    kind = None if value is not None else c.says("ema", "sma", "ma", "dema", "hma", "tema", "wma", "average")
    if value is None and kind is None:
        return None
    if value is None or "{usual" in value.text:
        return Item("right_side")
    note = f"the right side read as: a close above {value.text} for longs"
    return Item("filter", condition=Condition(f"close > {value.text}", assumed=(*value.assumed, note)))


@reader
def entry_role(c: Cursor) -> Item | None:
    """`MACD for entries`, `supertrend for the entry`, `MACD cross as trigger`: its turn upwards buys."""
    if not c.holds(ENTRY_SAID):
        return None
    c.skip(frozenset({"with", "use", "using", "a", "an", "the", "and", "plus"}))
    line, other = macd(c), ZERO
    if line is not None and line.text.endswith(".line"):
        other = Operand(line.text.replace(".line", ".signal"), "macd", "macd signal")
    elif line is None:
        line = direction_of(tabled(c))
    if line is None:
        return None
    c.skip(CROSSES)
    c.skip(LINKS)
    if not c.says("entry_role"):
        return None
    return Item("condition", ROLE, condition=crossed(line, "above", other))


@reader
def thresholds(c: Cursor) -> Item | None:
    """`RSI 30/70`, `rsi(2) 10/90`, `stochastic 20/80`: bought under the first, sold over the second."""
    value = oscillator(c) if c.holds(BETWEEN) else None
    if value is None:
        return None
    c.skip(frozenset({"at", "levels", "with", "on"}))
    low = length(c)
    if low is None or low.value is None or not (c.sign("/") or c.peek().text == "-"):
        return None
    c.at += c.peek().text == "-"
    high = length(c)
    bounds = SCORES[value.name]
    if high is None or high.value is None or c.phrase("cross"):
        return None
    if value.name not in ("rsi", "mfi", "stochastic") or not bounds[0] < low.value < 50 < high.value < bounds[1]:
        return None
    return Item("thresholds", f"{value.text}|{plain(low.value)}|{plain(high.value)}")
