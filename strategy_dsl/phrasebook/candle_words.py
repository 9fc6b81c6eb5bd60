"""Readers of conditions on candles and days: runs, engulfing, inside bars, weekdays."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import WEEKDAYS
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition, Memory
from strategy_dsl.phrasebook.values import on

GREEN, RED = "close > open", "close < open"
SHAPES = ("bullish_engulfing", "bearish_engulfing", "inside_bar")
NOTES = {
    "bullish_engulfing": "bullish engulfing: a green body that covers the red body before it",
    "bearish_engulfing": "bearish engulfing: a red body that covers the green body before it",
    "inside_bar": "inside bar: high and low within those of the candle before",
}
COLORS = ("green", "red")
LEADING = frozenset({"after", "there", "are", "is", "a", "an", "the", "we", "get", "see", "on", "first", "next"})


@reader
def candle_run(c: Cursor, memory: Memory) -> Condition | None:
    """`3 red candles in a row`, `three consecutive green candles`, `after a red candle`, `two up closes in a row`."""
    c.skip(LEADING)
    start = c.at
    count = length(c)
    row = c.says("consecutive")
    said = c.peek().text
    color = c.says("green", "red")
    if color is None and count is None:
        return _up_days(c)
    closes = c.peek().text in ("closes", "days")
    if color is None and row and (color := _sloped(c)) is not None:
        closes = True
    single = c.peek().text in ("one", "ones", "candlestick")
    c.at += single
    if color is None or not (c.says("frame_noun") or closes or single):
        return None
    days = c.peek().text == "days"
    c.at += closes
    row = row or c.says("row")
    if count is None or count.value is None or count.value == 1:
        return None if row or closes else _after_run(c, GREEN if color == "green" else RED)
    led = c.tokens[start - 1].text in ("after", "following") if start else False
    if days and not row and color in COLORS and said in COLORS:
        return Condition(f"(({GREEN if color == 'green' else RED}) for {plain(count.value)} bars){on('1d')}")
    if not row and closes and not led:
        return None
    if closes:
        text = f"close is {'rising' if color == 'green' else 'falling'} {plain(count.value)} bars"
        return Condition(f"({text}){on('1d')}" if days else text)
    note = () if row else (f"{plain(count.value)} {color} candles read as one after the other",)
    return Condition(f"({GREEN if color == 'green' else RED}) for {plain(count.value)} bars", assumed=note)


def _sloped(c: Cursor) -> str | None:
    """`lower closes` behind a count: as good as down closes."""
    if c.peek().text not in ("higher", "lower") or c.peek(1).text not in ("closes", "close"):
        return None
    c.at += 1
    return "green" if c.tokens[c.at - 1].text == "higher" else "red"


def _after_run(c: Cursor, text: str) -> Condition:
    """`the first green candle after 3 red ones`: this one, behind a run of the other colour."""
    start = c.at
    if c.peek().text in ("after", "following"):
        c.at += 1
        count = length(c)
        c.says("consecutive")
        color = c.says("green", "red")
        other = GREEN if color == "green" else RED
        if count is not None and count.value is not None and color and other != text:
            c.says("frame_noun", "the_one")
            c.skip(frozenset({"ones"}))
            c.says("row")
            return Condition(f"{text} and (({other}) for {plain(count.value)} bars)[1]", joined_by="and")
    c.at = start
    return Condition(text)


@reader
def _up_days(c: Cursor) -> Condition | None:
    """`is up three days in a row`, `closes lower 4 candles in a row`."""
    c.skip(frozenset({"price", "it"}))
    _ = c.take("coin")
    how = c.says("is_up", "is_down", "up_move", "down_move") or ("higher_word" if c.says("closes") else None)
    if how == "higher_word":
        how = c.says("higher_word", "lower_word", "up", "down")
    count = length(c) if how else None
    if count is None or count.value is None or how is None:
        return None
    days = c.says("day")
    if not days and not c.says("frame_noun"):
        return None
    if not c.says("row"):
        return None
    up = how in ("is_up", "up_move", "higher_word", "up")
    text = f"close is {'rising' if up else 'falling'} {plain(count.value)} bars"
    return Condition(f"({text}){on('1d')}" if days else text)


@reader
def candle_color(c: Cursor, memory: Memory) -> Condition | None:
    """`the candle is green`, `closes red`."""
    c.skip(LEADING | {"it", "last", "current"})
    named = c.says("frame_noun", "close")
    verb = c.says("is", "closes") or ("was" if c.peek().text == "was" else None)
    c.at += verb == "was"
    color = c.says("green", "red")
    if color is None or verb is None or (named is None and c.tokens[c.at - 2].text != "closes"):
        return None
    if c.tokens[c.at - 1].text not in ("green", "red", "bullish", "bearish"):
        return None
    return Condition(GREEN if color == "green" else RED)


@reader
def candle_shape(c: Cursor, memory: Memory) -> Condition | None:
    """`a bullish engulfing candle`, `an inside bar`."""
    c.skip(LEADING)
    name = c.says(*SHAPES)
    if name is None:
        return None
    c.says("frame_noun")
    return Condition(name, assumed=(NOTES[name],))


@reader
def weekday(c: Cursor, memory: Memory) -> Condition | None:
    """`on mondays`, `it is friday`."""
    if c.peek().text not in ("on", "it", "its"):
        return None
    c.at += 1
    c.skip(frozenset({"is", "a", "every"}))
    day = next((day for day in WEEKDAYS if c.says(f"day:{day}")), None)
    if day is None or c.peek().text in ("night", "morning", "evening", "afternoon", "at", "noon"):
        return None
    return Condition(f"weekday is {day}", assumed=("weekdays by the candle's opening, in UTC",))
