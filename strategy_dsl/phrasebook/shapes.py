"""Readers of conditions that are no plain comparison: moves, touches, breaks, loud volume."""

from collections.abc import Callable
from decimal import Decimal

from strategy_dsl.phrasebook.candle_words import candle_color, candle_run, candle_shape, weekday
from strategy_dsl.phrasebook.crossing_words import again, averages_cross, macd_cross, named_cross
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length, number
from strategy_dsl.phrasebook.list_words import shared, stacked
from strategy_dsl.phrasebook.multiples import factor_of
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.operands import PRICE, operand
from strategy_dsl.phrasebook.spans import Span, bar_unit, plain, span
from strategy_dsl.phrasebook.statements import Choice, Condition, Crossing, Memory, crossed
from strategy_dsl.phrasebook.stochastic_words import stochastic_cross
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, on, prior


@reader
def percent_move(c: Cursor, memory: Memory) -> Condition | None:
    """`ETH rises 5% from yesterday's close`, `drops 3% in 4 hours`, `a 5% drop in a day`."""
    _market_or_price(c)
    how, size = _move_first(c) or _size_first(c) or _signed(c) or ("", None)
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
def _signed(c: Cursor) -> tuple[str, Token] | None:
    """`-5% in a day`, `+3% within 4 hours`."""
    size = c.take("number")
    if size is None or size.unit != "percent" or size.text[0] not in "+-" or c.peek().text not in ("in", "within"):
        return None
    return ("up_move" if size.text.startswith("+") else "down_move"), size


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
def touch(c: Cursor, memory: Memory) -> Condition | None:
    """`price touches the lower band`, `hits the 20-day low`."""
    _market_or_price(c)
    noun = Cursor(c.tokens, c.at)
    first = operand(noun)
    if first is not None and first.name in ("average", "bollinger", "keltner", "vwap") and noun.peek().text == "touch":
        c.at = noun.at + 1
        edge = c.ended() or c.peek().kind == "sign" or any(c.phrase(name) for name in ("buy", "sell", "short", "cover"))
        if not edge:
            return None
        value: Operand | None = first
    elif not c.says("touch"):
        return None
    else:
        value = operand(c)
    if value is None or value.name not in ("bollinger", "extreme", "yesterday", "keltner", "average", "vwap"):
        return None
    if value.unit in ("lower", "low") or value.text.endswith(".low"):
        return Condition(f"low <= {value.text}", assumed=value.assumed, sides=Crossing(PRICE, value, "below"))
    if value.unit in ("upper", "high") or value.text.endswith(".high"):
        return Condition(f"high >= {value.text}", assumed=value.assumed, sides=Crossing(PRICE, value, "above"))
    if value.name in ("average", "vwap"):
        return Condition(f"low <= {value.text} and high >= {value.text}", assumed=value.assumed, joined_by="and")
    return None


@reader
def stepped_back(c: Cursor, memory: Memory) -> Condition | None:
    """`pulls back to the 50 EMA`, `retests the 20 SMA`, `bounces off the 200`: which candle that is stays open."""
    _market_or_price(c)
    how = c.says("stepped_back", "bounced")
    value = operand(c) if how else None
    if value is None or value.name not in ("average", "vwap", "bollinger", "keltner", "supertrend", "ichimoku", "psar"):
        return None
    level = value.text
    closing = f"low <= {level} and close > {level}"
    touched = f"low <= {level} and high >= {level}"
    rows = [("the low touches it and the close is above it", closing), ("the candle touches it", touched)]
    rows += [("the close is at or below it", f"close <= {level}")] if how == "stepped_back" else []
    rows += [("the low touches it and the candle closes green above it", f"{closing} and close > open")]
    choice = Choice("close_or_intrabar", "When is it back at that level?", tuple(rows))
    return Condition(closing, choices=(choice,), assumed=value.assumed, joined_by="and")


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
    ranged = _range_break(c)
    if ranged is not None:
        return ranged
    channel = donchian_ahead(c)
    if c.peek().text not in ("break", "breakout", "breakouts", "breakdown"):
        return None
    down = c.peek().text == "breakdown"
    c.at += 1
    if channel is not None:
        return _channel_break(c, channel, down)
    c.skip(frozenset({"of", "the", "from", "out"}))
    side = c.says("above", "below")
    value = operand(c) or (_level(c) if side else None)
    if value is None or value.kind not in ("price", "number") or value.name in ("price", "close", "open"):
        return None
    if side is None:
        side = {"high": "above", "upper": "above", "low": "below", "lower": "below"}.get(value.unit)
    return crossed(PRICE, side, value) if side else None


@reader
def _level(c: Cursor) -> Operand | None:
    """A price that is broken: `a break above 3000`."""
    found = number(c)
    counted = any(c.phrase(term) for term in ("day", "week", "hour", "chart", "minute", "ema", "sma", "ma"))
    return found if found is not None and not counted and Decimal(found.text) > 0 else None


@reader
def turned(c: Cursor, memory: Memory) -> Condition | None:
    """`vwap reclaim`, `a 50 EMA reclaim`: the price crosses above it."""
    c.skip(ARTICLES)
    value = operand(c)
    if (
        value is None
        or value.name not in ("average", "vwap")
        or c.peek().text not in ("reclaim", "reclaims", "reclaimed")
    ):
        return None
    c.at += 1
    edge = c.ended() or (c.peek().kind == "sign" and c.peek().text != ":")
    edge = edge or any(c.phrase(name) for name in ("and", "buy", "sell"))
    return crossed(PRICE, "above", value) if edge else None


@reader
def _range_break(c: Cursor) -> Condition | None:
    """`a 20 day breakout`, `20 day breakdown`: beyond the range of so many candles before."""
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    word = c.peek().text
    if size is None or unit is None or word not in ("breakout", "breakouts", "breakdown", "breakdowns"):
        return None
    c.at += 1
    if c.phrase("above") or c.phrase("below") or c.peek().text == "of":
        return None
    sign, name, part = ("<", "lowest", "low") if word.startswith("breakd") else (">", "highest", "high")
    return Condition(f"close {sign} {name}({part}, {plain(size.value or 0)}){prior(unit)}")


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
def out_of_band(c: Cursor, memory: Memory) -> Condition | None:
    """`closes through a band`, `breaks out of the bands`, where the trade goes that way: over the upper, for longs."""
    _market_or_price(c)
    if not c.says("closes", "break", "move") or not c.says("through", "outside"):
        return None
    c.skip(ARTICLES | {"either", "one"})
    named = c.says("bollinger", "keltner")
    if not (c.says("band") or named) or not any(
        Cursor(c.tokens, at).phrase("that_way") for at in range(c.at, len(c.tokens))
    ):
        return None
    keltner = named == "keltner" or any(token.text.startswith("keltner") for token in c.tokens)
    band = "keltner(20, 2, 10)" if keltner else "bollinger({usual:bollinger})"
    return Condition(f"close > {band}.upper", assumed=("beyond the upper band for longs, the lower one for shorts",))


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
    if c.peek().text in ("rising", "increasing", "growing", "higher") and c.peek(1).text == "volume":
        c.at += 2
        return Condition("volume is rising")
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
    percent_move,
    stochastic_cross,
    out_of_band,
    reversion,
    named_cross,
    stacked,
    shared,
    macd_cross,
    averages_cross,
    again,
    touch,
    turned,
    stepped_back,
    new_extreme,
    broken,
    loud,
    candle_run,
    candle_color,
    candle_shape,
    weekday,
)
