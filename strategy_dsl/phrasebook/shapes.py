"""Readers of conditions that are no plain comparison: moves, touches, candle runs, named crossings."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.candle_words import candle_color, candle_run, candle_shape, weekday
from strategy_dsl.phrasebook.comparisons import factor_of
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import PRICE, average, length, macd, number, operand
from strategy_dsl.phrasebook.spans import Span, bar_unit, plain, span
from strategy_dsl.phrasebook.statements import Choice, Condition, Crossing, Memory, crossed
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, on, prior

UPWARDS = {"up": "above", "down": "below", "up_move": "above", "down_move": "below"}


@reader
def percent_move(c: Cursor, memory: Memory) -> Condition | None:
    """`ETH rises 5% from yesterday's close`, `drops 3% in 4 hours`, `a 5% drop in a day`."""
    _market_or_price(c)
    how, size = _move_first(c) or _size_first(c) or ("", None)
    if size is None or size.value is None:
        return None
    c.says("or_more")
    up = how in ("up_move", "is_up")
    amount = plain(abs(size.value))
    base = _move_base(c)
    if base is not None:
        sign, side = (">=", "above") if up else ("<=", "below")
        return Condition(f"close {sign} {amount}% {side} {base.text}", assumed=base.assumed)
    sign = ">= " if up else "<= -"
    time = _move_span(c)
    if time is not None:
        return Condition(f"change(close, {_bars(time)}) {sign}{amount}%")
    if c.phrase("below") or c.phrase("above") or c.peek().text in ("from", "since", "off", "of", "in", "below"):
        return None
    spans = (("1 hour", 60), ("4 hours", 240), ("24 hours", 1440))
    texts = tuple((f"within {name}", f"change(close, {{bars:{m}}}) {sign}{amount}%") for name, m in spans)
    choice = Choice("lookback", f"{'Rises' if up else 'Falls'} {amount}% within what time?", (texts[2], *texts[:2]))
    return Condition(texts[2][1], choices=(choice,))


def _market_or_price(c: Cursor) -> None:
    c.skip(ARTICLES | {"it"})
    if not (c.take("coin") or c.take("pair")) and c.says("price") and c.peek().text == "of":
        c.at += 1
        _ = c.take("coin") or c.take("pair")


@reader
def _move_first(c: Cursor) -> tuple[str, Token] | None:
    how = c.says("is_up", "is_down", "up_move", "down_move")
    if how is None:
        return None
    c.says("at_least", "above")
    c.skip(frozenset({"by"}))
    size = c.take("number")
    return (how, size) if size is not None and size.unit == "percent" else None


@reader
def _size_first(c: Cursor) -> tuple[str, Token] | None:
    """`a 5% drop`."""
    c.skip(ARTICLES)
    size = c.take("number")
    if size is None or size.unit != "percent":
        return None
    how = c.says("up_move", "down_move")
    return (how, size) if how else None


@reader
def _move_base(c: Cursor) -> Operand | None:
    if c.peek().text not in (
        "from",
        "below",
        "above",
        "off",
        "over",
        "under",
        "on",
        "vs",
        "versus",
        "against",
    ):
        return None
    c.at += 1
    base = operand(c)
    if base is None or base.name not in ("yesterday", "extreme", "average", "bollinger", "vwap"):
        return None
    return base


@reader
def _move_span(c: Cursor) -> Span | None:
    if c.peek().text not in ("in", "within", "over", "inside", "during"):
        return None
    c.at += 1
    c.skip(ARTICLES - {"a", "an"})
    c.says("previous")
    return span(c)


def _bars(time: Span) -> str:
    return str(time.bars) if time.bars else f"{{bars:{time.minutes}}}"


@reader
def named_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`golden cross`, `death cross`."""
    c.skip(ARTICLES)
    name = c.says("golden", "death")
    if name is None:
        return None
    note = f"{name} cross: the simple averages of 50 and 200 candles"
    fast, slow = Operand("sma(close, 50)", "price", "average"), Operand("sma(close, 200)", "price", "average")
    found = crossed(fast, "above" if name == "golden" else "below", slow)
    return replace(found, assumed=(note,)) if found else None


@reader
def macd_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`MACD crosses up`, `MACD bullish cross`, `macd crosses above its signal`, `MACD turns positive`."""
    line = macd(c)
    if line is None:
        return None
    before = c.says("up", "down")
    verb = c.says("up_move", "down_move", "cross", "move")
    if verb is None:
        return None
    if verb == "move":
        return _macd_sign(c, line)
    said = c.says("above", "below", "up", "down")
    direction = _agreed(verb, before, said)
    if direction == "mixed" or (verb in ("up_move", "down_move") and not c.tokens[c.at - 1].text):
        return None
    signal = _macd_other(c, line)
    after = c.says("up", "down") if direction is None else None
    return crossed(line, direction or UPWARDS.get(after or ""), signal)


def _macd_other(c: Cursor, line: Operand) -> Operand:
    c.skip(ARTICLES)
    if c.says("zero"):
        return Operand("0", "number", "zero")
    c.says("signal")
    if "histogram" in line.name:
        return Operand("0", "number", "zero")
    return replace(line, text=line.text.replace(".line", ".signal"), assumed=())


def _macd_sign(c: Cursor, line: Operand) -> Condition | None:
    sign = c.says("positive", "negative", "up", "down")
    if sign is None:
        return None
    zero = Operand("0", "number", "zero")
    other = zero if sign in ("positive", "negative") else _macd_other(c, line)
    return crossed(line, "above" if sign in ("positive", "up") else "below", other)


def _agreed(*words: str | None) -> str | None:
    """The one direction that the words say, None for none, `mixed` where they disagree."""
    said = {UPWARDS.get(word, word) for word in words if word and word != "cross"}
    if len(said) > 1:
        return "mixed"
    return next(iter(said), None)


@reader
def averages_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`EMA 9/21 cross`, `the 50 crosses under the 200`, `the 9 and 21 EMA cross`."""
    c.skip(ARTICLES)
    pair = _slashed(c) or _bare_pair(c)
    if pair is None:
        return None
    fast, slow, direction = pair
    return crossed(fast, direction, slow)


@reader
def _slashed(c: Cursor) -> tuple[Operand, Operand, str | None] | None:
    """`EMA 9/21 cross up`, `9/21 EMA crossover`, `bullish 9/21 ema cross`."""
    before = c.says("up", "down")
    kind = c.says("ema", "sma", "ma")
    fast = length(c)
    if fast is None or not (c.sign("/") or c.says("and")):
        return None
    slow = length(c)
    kind = kind or c.says("ema", "sma", "ma")
    if slow is None or kind is None:
        return None
    verb = c.says("up_move", "down_move", "cross")
    named = verb is None and (c.ended() or c.peek().text in ("swing", "strategy", "system", ",", "."))
    if verb is None and not named:
        return None
    direction = "above" if named else _agreed(before, verb, c.says("up", "down"))
    if direction == "mixed":
        return None
    assumed: tuple[str, ...] = ("the pair read as the faster average crossing above the slower",) if named else ()
    assumed += ("simple averages: the kind was not said",) if kind == "ma" else ()
    spelled = "sma" if kind == "ma" else kind
    sides = [Operand(f"{spelled}(close, {plain(one.value or 0)})", "price", "average", assumed) for one in (fast, slow)]
    return sides[0], sides[1], direction


@reader
def _bare_pair(c: Cursor) -> tuple[Operand, Operand, str | None] | None:
    """`the 50 crosses under the 200`, `the 3 sma crossing up the 6 sma`."""
    fast = average(c)
    bare = None if fast else length(c)
    unit = bar_unit(c) if bare is not None else None
    verb = c.says("up_move", "down_move", "cross")
    if verb is None or (fast is None and bare is None):
        return None
    direction = _agreed(verb, c.says("above", "below", "up", "down"))
    c.skip(ARTICLES)
    slow = average(c)
    other = None if slow else length(c)
    unit = unit or (bar_unit(c) if other is not None else None)
    if direction == "mixed" or (slow is None and other is None) or (fast is not None and slow is not None):
        return None
    if fast is None and slow is None:
        return _both_bare(bare, other, direction, unit or "")
    return _one_bare(fast, slow, bare, other, direction)


def _both_bare(
    fast: Token | None, slow: Token | None, direction: str | None, unit: str
) -> tuple[Operand, Operand, str | None] | None:
    if fast is None or slow is None or not _usual(fast.value) or not _usual(slow.value):
        return None
    note = ("simple averages of the close: the kind was not said",)
    sides = [
        Operand(f"sma(close, {plain(one.value or 0)}){on(unit)}", "price", "average", note) for one in (fast, slow)
    ]
    return sides[0], sides[1], direction


def _one_bare(
    fast: Operand | None, slow: Operand | None, bare: Token | None, other: Token | None, direction: str | None
) -> tuple[Operand, Operand, str | None] | None:
    said, size = (fast or slow), (bare or other)
    if said is None or size is None or size.value is None or not _usual(size.value):
        return None
    head, _, tail = said.text.partition(", ")
    guess = replace(said, text=f"{head}, {plain(size.value)}){tail.partition(')')[2]}")
    return (fast or guess), (slow or guess), direction


def _usual(value: Decimal | None) -> bool:
    return value is not None and value == int(value) and 2 <= value <= 400


@reader
def again(c: Cursor, memory: Memory) -> Condition | None:
    """`cross down`, `they cross back`, `it falls below`, `the opposite cross`, after two sides were said."""
    other = _same_level(c, memory.sides) if memory.sides else None
    if other is not None or memory.crossing is None:
        return other
    c.skip(frozenset({"they", "it", "on", "the", "an", "a"}))
    if c.peek().text in ("opposite", "reverse") and c.peek(1).text in ("cross", "crossover"):
        c.at += 2
        return _again(memory.crossing.opposite())
    direction = c.says("up", "down")
    verb = c.says("up_move", "down_move", "cross")
    back = c.says("back")
    direction = _agreed(direction, verb, c.says("up", "down"))
    if direction == "mixed" or (verb is None and not _at_action(c)):
        return None
    if direction is None and back:
        direction = memory.crossing.opposite().direction
    if direction is None or c.phrase("above") or c.phrase("below") or c.peek().kind == "number":
        return None
    if operand(Cursor(c.tokens, c.at)) is not None:
        return None
    return _again(replace(memory.crossing, direction=direction))


@reader
def _same_level(c: Cursor, said: Crossing) -> Condition | None:
    """`it falls below`, `closes under`: the same two sides, with nothing named again."""
    c.skip(ARTICLES | {"it"})
    c.says("price")
    closing = c.says("closes", "is")
    verb = None if closing else c.says("up_move", "down_move", "cross", "break", "move")
    c.says("back")
    side = c.says("above", "below")
    c.skip(frozenset({"it", "again", "that"}))
    if side is None or not _ends(c) or (verb and _agreed(verb, side) == "mixed"):
        return None
    if verb:
        return _again(replace(said, direction=side))
    return Condition(f"{said.left.text} {'>' if side == 'above' else '<'} {said.right.text}")


def _ends(c: Cursor) -> bool:
    return c.ended() or c.peek().text in (".", ",", ";", "\n") or c.peek().kind == "sign"


def _at_action(c: Cursor) -> bool:
    return any(c.phrase(name) for name in ("buy", "sell", "short", "cover"))


def _again(crossing: Crossing) -> Condition:
    return Condition(crossing.text(), crossing)


@reader
def touch(c: Cursor, memory: Memory) -> Condition | None:
    """`price touches the lower band`, `hits the 20-day low`."""
    _market_or_price(c)
    if not c.says("touch"):
        return None
    value = operand(c)
    if value is None or value.name not in ("bollinger", "extreme", "yesterday", "keltner", "average", "vwap"):
        return None
    if value.unit in ("lower", "low") or value.text.endswith(".low"):
        return Condition(f"low <= {value.text}", assumed=value.assumed)
    if value.unit in ("upper", "high") or value.text.endswith(".high"):
        return Condition(f"high >= {value.text}", assumed=value.assumed)
    if value.name in ("average", "vwap"):
        return Condition(f"low <= {value.text} and high >= {value.text}", assumed=value.assumed, joined_by="and")
    return None


@reader
def new_extreme(c: Cursor, memory: Memory) -> Condition | None:
    """`a new 20-day high`, `makes a 50 bar low`."""
    _market_or_price(c)
    c.skip(frozenset({"makes", "prints", "sets", "hits", "at", "is", "reaches"}))
    c.skip(ARTICLES)
    if not c.says("new"):
        return None
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    side = c.says("high", "low")
    if size is None or size.value is None or unit is None or side is None:
        return None
    sign, name = (">", "highest") if side == "high" else ("<", "lowest")
    return Condition(f"close {sign} {name}({side}, {plain(size.value)}){prior(unit)}")


@reader
def broken(c: Cursor, memory: Memory) -> Condition | None:
    """`a break of the 20-day high`, `breakout above the upper band`."""
    c.skip(ARTICLES)
    channel = donchian_ahead(c)
    if c.peek().text not in ("break", "breakout", "breakouts", "breakdown"):
        return None
    down = c.peek().text == "breakdown"
    c.at += 1
    if channel is not None:
        return _channel_break(c, channel, down)
    c.skip(frozenset({"of", "the", "from", "out"}))
    side = c.says("above", "below")
    value = operand(c)
    if value is None or value.kind != "price" or value.name in ("price", "close", "open"):
        return None
    if side is None:
        side = {"high": "above", "upper": "above", "low": "below", "lower": "below"}.get(value.unit)
    return crossed(PRICE, side, value) if side else None


@reader
def donchian_ahead(c: Cursor) -> str | None:
    """`20 day donchian` in front of `breakout`: its length."""
    size = length(c)
    unit = bar_unit(c) if size is not None else ""
    if not c.says("donchian"):
        return None
    c.says("channel")
    size = size or length(c)
    if c.peek().text not in ("breakout", "break", "breakdown"):
        return None
    return f"{plain(size.value or 0)}|{unit or ''}" if size is not None else "{usual:donchian}|"


def _channel_break(c: Cursor, channel: str, down: bool) -> Condition:
    start = c.at
    c.skip(ARTICLES | {"over", "above", "of", "below", "under"})
    side = c.says("upper", "lower")
    if side is None:
        c.at = start
    else:
        c.says("channel", "band", "donchian")
    size, _, frame = channel.partition("|")
    part = side or ("lower" if down else "upper")
    return Condition(f"close {'>' if part == 'upper' else '<'} donchian({size}).{part}{on(frame)}")


@reader
def stochastic_cross(c: Cursor, memory: Memory) -> Condition | None:
    """`stochastic k crosses above d`, `%k crosses below %d`, `stoch crosses up`."""
    c.skip(ARTICLES)
    named = c.says("stoch_rsi", "stochastic")
    line = c.says("k_line")
    if named is None and line is None:
        return None
    verb = c.says("up_move", "down_move", "cross")
    direction = _agreed(verb, c.says("above", "below", "up", "down")) if verb else None
    c.skip(ARTICLES | {"its", "%"})
    other = c.says("d_line", "signal")
    if direction in (None, "mixed") or (other is None and not (named and c.tokens[c.at - 1].text in ("up", "down"))):
        return None
    head = "stochastic_rsi(14, 14, 3, 3)" if named == "stoch_rsi" else "stochastic({usual:stochastic}, 3, 3)"
    fast = Operand(f"{head}.k", "oscillator", "stochastic")
    said = crossed(fast, direction, Operand(f"{head}.d", "oscillator", "stochastic d"))
    side = c.says("above", "below") if said is not None else None
    level = number(c) if side else None
    if said is None or side is None:
        return said
    if level is None:
        return None
    text = f"{said.text} and {fast.text} {'>' if side == 'above' else '<'} {level.text}"
    return replace(said, text=text, joined_by="and")


@reader
def reversion(c: Cursor, memory: Memory) -> Condition | None:
    """`bollinger mean reversion`, `bollinger bounce`: bought under the lower band."""
    c.skip(ARTICLES)
    if not c.says("bollinger") or not c.says("reverting"):
        return None
    note = "mean reversion on the bands read as a close under the lower one"
    return Condition("close < bollinger({usual:bollinger}).lower", assumed=(note,))


@reader
def loud(c: Cursor, memory: Memory) -> Condition | None:
    """`at least 1.5 times usual volume`, `twice the average volume`, `above average volume`."""
    c.skip(ARTICLES | {"on"})
    spike = c.says("volume_spikes")
    if spike:
        c.skip(frozenset({"to", "by", "of", "at", "least"}))
        factor = factor_of(c)
        c.skip(ARTICLES)
        c.says("usual")
        note = ("average volume over 20 candles: the length was not said",)
        return Condition(f"volume > {factor} * sma(volume, 20)", assumed=note) if factor else None
    c.says("at_least", "above")
    plain_over = c.tokens[c.at - 1].text in ("above", "over") if c.at else False
    factor = factor_of(c)
    if factor is None and not plain_over:
        return None
    c.skip(ARTICLES)
    if not c.says("usual") or (c.tokens[c.at - 1].text != "volume" and not c.says("volume")):
        return None
    note = ("average volume over 20 candles: the length was not said",)
    return Condition(f"volume > {factor + ' * ' if factor else ''}sma(volume, 20)", assumed=note)


SHAPES: tuple[Callable[[Cursor, Memory], Condition | None], ...] = (
    percent_move, stochastic_cross, reversion, named_cross, macd_cross, averages_cross, again, touch, new_extreme, broken, loud,
    candle_run, candle_color, candle_shape, weekday,
)  # fmt: skip
