"""Readers of the other ways out of a trade: brackets, gains, trailing stop, break even, time."""

from dataclasses import replace

from strategy_dsl.phrasebook.bar_words import SESSIONS
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.indicators import opening
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES, ZONES
from strategy_dsl.phrasebook.protection import LINKS, distance, entry_next
from strategy_dsl.phrasebook.spans import plain, span
from strategy_dsl.phrasebook.statements import Choice


@reader
def bracket(c: Cursor) -> Item | None:
    """`close at +2 or -2`, `out at +3% or -2%`, `sell at +15%`, `exit at 3R`, `sell half at 1R`."""
    taken = c.peek().text in ("take", "book")
    c.at += taken
    if not taken and not c.says("sell"):
        return None
    part = c.says("half", "rest")
    if taken and part is None:
        return None
    c.skip(ARTICLES | {"at", "for", "off", "on", "with", "it", "them"} | ({"when", "up"} if part is None else set()))
    first = _signed(c) or (_unsigned(c) if part == "half" else None)
    if first is None:
        return None
    c.says("above_entry")
    if part == "half" and first[0] == "target":
        return _and_rest(c, first[1])
    second = _other_side(c)
    if second is None:
        return _one_side(first, part)
    if part or (first[0] == second[0]):
        return None
    sides = dict((first, second))
    return Item("bracket", f"{sides['stop'].text}|{sides['target'].text}", sides["stop"].assumed)


@reader
def _unsigned(c: Cursor) -> tuple[str, Item] | None:
    """`half at 5%`: a part is sold at a profit."""
    token = c.peek()
    found = distance(c)
    return ("target", found) if found is not None and token.unit == "percent" else None


def _and_rest(c: Cursor, first: Item) -> Item:
    """`sell half at 5% and the rest at 10%`."""
    start = c.at
    c.sign(",")
    c.says("and")
    c.skip(ARTICLES)
    text = f"{first.text} for 50%"
    if c.says("rest"):
        c.skip(frozenset({"at", "for"}))
        second = distance(c)
        if second is not None:
            return replace(first, kind="target", text=f"{text}, {second.text} for 50%")
    c.at = start
    return replace(first, kind="target", text=text)


@reader
def gain_exit(c: Cursor) -> Item | None:
    """`sell when it is up 5%`: up or down from the entry, where nothing else is named."""
    if not c.says("sell") or not c.says("when"):
        return None
    c.skip(ARTICLES | {"it", "is", "price", "we", "were", "im", "i", "am", "trade", "position", "weve", "its", "are"})
    _ = c.take("coin") or c.take("pair")
    how = c.says("is_up", "is_down", "up_move", "down_move", "in_profit")
    c.skip(frozenset({"by"}))
    token = c.take("number")
    if how is None or token is None or token.unit != "percent" or token.value is None:
        return None
    size = plain(abs(token.value))
    up = how in ("is_up", "up_move", "in_profit")
    if up and c.says("above_entry"):
        return Item("target", f"{size}%")
    if up and (loss := _or_loss(c)) is not None:
        return Item("bracket", f"{loss}|{size}%", ("up and down counted from the entry",))
    if not up and entry_next(c, Item("percent")):
        c.says("below_entry")
        return Item("stop", f"{size}%")
    if c.peek().text in ("from", "in", "within", "over", "below", "above", "under", "off", "of", "since", "during"):
        return None
    if up:
        return Item("target", f"{size}%", (f"up {size}% read as {size}% over the entry",))
    return Item(
        "unclear", f"{size}% below what? Say “stop {size}%” from the entry, or “trailing stop {size}%” from the top."
    )


@reader
def _or_loss(c: Cursor) -> str | None:
    """`… or down 1%`, `… or a loss of 2%`, behind a gain."""
    if not c.says("or"):
        return None
    c.skip(ARTICLES | {"when", "if", "it", "is", "its", "im", "at"})
    down = c.says("is_down", "down_move", "loss_is")
    c.skip(frozenset({"by", "of"}))
    token = c.take("number")
    if down is None or token is None or token.unit != "percent" or token.value is None:
        return None
    return None if c.peek().text in ("in", "within", "from", "below") else f"{plain(abs(token.value))}%"


@reader
def profit_exit(c: Cursor) -> Item | None:
    """`sell when profit reaches 5%`, `close if the loss hits 2%`, both joined by `or`."""
    if not c.says("sell"):
        return None
    _ = c.take("coin")
    if not c.says("when"):
        return None
    c.skip(ARTICLES)
    side = c.says("profit_is", "loss_is")
    token = c.take("number") if side else None
    if side is None or token is None or token.unit != "percent" or token.value is None:
        return None
    size = f"{plain(abs(token.value))}%"
    if side == "loss_is":
        return Item("stop", size)
    loss = _or_loss(c)
    return Item("bracket", f"{loss}|{size}") if loss else Item("target", size)


def _one_side(found: tuple[str, Item], part: str | None) -> Item | None:
    side, item = found
    if side == "unknown" or (part == "rest"):
        return None
    text = f"{item.text} for 50%" if part else item.text
    return replace(item, kind=side, text=text) if not (part and side == "stop") else None


@reader
def _other_side(c: Cursor) -> tuple[str, Item] | None:
    if not c.says("or"):
        return None
    c.skip(frozenset({"at"}))
    return _signed(c)


@reader
def _signed(c: Cursor) -> tuple[str, Item] | None:
    """A distance with its side: `+2` is a target, `-2` a stop, `3R` a target, `5% profit` a target."""
    token = c.peek()
    found = distance(c)
    if found is None or token.value is None:
        return None
    if token.value < 0:
        return "stop", found
    if token.text.startswith("+") or found.kind == "r" or c.phrase("above_entry"):
        return "target", found
    if c.phrase("after_loss") or c.peek().text == "loss":
        c.at += 1
        return "stop", found
    return None


@reader
def trail(c: Cursor) -> Item | None:
    """`trailing stop 2%`, `trail by 2 ATR`, `1% trailing stop`, `trail a 1% stop`, with `after 3%`."""
    c.skip(ARTICLES)
    found = distance(c)
    if found is not None:
        if found.kind == "r" or not c.says("trail"):
            return None
    else:
        found = _trail_first(c) or _trail_open(c)
    if found is None:
        return None
    after = _activation(c)
    return replace(found, kind="trail", text=f"{found.text} {_begins(after)}" if after else found.text)


def _begins(after: str) -> str:
    return "once profit > 0%" if after == "0%" else f"after {after}"


@reader
def _trail_first(c: Cursor) -> Item | None:
    if not c.says("trail"):
        return None
    c.skip(LINKS | {"behind"})
    token = c.peek()
    found = distance(c)
    if found is None or found.kind == "r":
        return None
    c.says("stop")
    c.skip(frozenset({"behind"}))
    if found.kind == "percent" and token.unit in ("", "word"):
        value = plain(token.value or 0)
        options = ((f"{value}% of price", f"{value}%"), (f"{value} times ATR", f"{value} * atr(14)"))
        choice = Choice("percent_of_what", f"Trail it by {value} of what?", options)
        return replace(found, assumed=(), choices=(choice,))
    return found


@reader
def _trail_open(c: Cursor) -> Item | None:
    """`trail it as we go`, `trail the stop`: by the distance of the stop, else it stays open by how much."""
    if not c.says("trail") or c.phrase("stop"):
        return None
    c.skip(frozenset({"up"}))
    if c.says("as_we_go"):
        return Item("trail", "{same}")
    edge = c.ended() or c.peek().kind == "sign" or c.phrase("when") or c.peek().text == "instead"
    return Item("trail", "{same}") if edge else None


@reader
def lone_multiple(c: Cursor) -> Item | None:
    """`2R` on its own."""
    before = c.tokens[c.at - 1] if c.at else None
    token = c.take("number")
    if token is None or token.unit != "r" or (before is not None and before.kind != "sign"):
        return None
    edge = c.ended() or c.peek().kind == "sign"
    return Item("target", f"{plain(token.value or 0)}r") if edge else None


@reader
def _activation(c: Cursor) -> str | None:
    """`once up 3%`, `after 1R`, `when it is 3% in profit`."""
    c.sign(",")
    if not c.says("when") and c.peek().text not in ("after", "starting", "at"):
        return None
    c.skip(
        frozenset(
            {
                "after",
                "starting",
                "at",
                "from",
                "is",
                "its",
                "gets",
                "to",
                "reaches",
                "hits",
                "it",
                "we",
                "are",
                "were",
                "im",
                "i",
                "am",
                "a",
            }
        )
    )
    c.skip(frozenset({"the", "trade", "position", "price"}))
    earned = c.says("profit_is", "in_profit", "is_up")
    c.skip(frozenset({"gets", "to", "reaches", "hits"}))
    token = c.take("number")
    if token is None and earned:
        return "0%"
    if token is None or token.unit not in ("percent", "r") or token.value is None:
        return None
    c.says("in_profit")
    return f"{plain(abs(token.value))}{'%' if token.unit == 'percent' else 'r'}"


@reader
def break_even(c: Cursor) -> Item | None:
    """`move the stop to break even once up 1R`."""
    start = c.at
    if c.peek().text in ("move", "moves", "bring", "put", "raise", "set", "shift", "pull"):
        c.at += 1
        c.skip(ARTICLES)
        if not c.says("stop_move"):
            return None
        c.skip(LINKS)
    if not c.says("break_even") or (c.at - start == 1 and c.tokens[start].text == "entry"):
        return None
    after = _activation(c)
    return Item("break_even", f"after {after}") if after and after != "0%" else None


@reader
def time_exit(c: Cursor) -> Item | None:
    """`exit after 20 candles`, `close the trade after 180 minutes even if it is at a loss`, `hold for 48h`."""
    if not c.says("holding"):
        leaving = c.says("sell", "hold")
        if leaving is None and not c.says("or"):
            return None
        if leaving == "sell" and c.says("next_candle"):
            return Item("exit_after", "1 bars")
        c.skip(frozenset({"on", "it"}))
        if leaving == "sell" and c.says("next_day") and (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
            return Item("exit_after", "1d")
        if c.peek().text == ("for" if leaving == "hold" else "after"):
            c.at += 1
        elif (leaving == "hold" and c.peek().kind not in ("number", "span")) or (leaving != "hold" and not _later(c)):
            return None
    c.skip(ARTICLES - {"a", "an"} | {":", "at", "most", "to"})
    time = span(c)
    c.skip(frozenset({"later", "max", "maximum"}))
    if time is None or (not time.bars and not time.minutes):
        return None
    c.says("anyway")
    return Item("exit_after", time.text())


@reader
def or_level(c: Cursor) -> Item | None:
    """`… or -5%`, `… or price drops 3% from entry`, behind another way out."""
    if not c.says("or") or c.at < 2:
        return None
    c.skip(frozenset({"at", "it", "price", "if", "when"}))
    found = _signed(c)
    if found is not None and found[0] != "unknown":
        return replace(found[1], kind=found[0])
    down = c.says("is_down", "down_move")
    token = c.take("number") if down else None
    if token is None or token.unit != "percent" or token.value is None or not entry_next(c, Item("percent")):
        return None
    c.says("below_entry")
    return Item("stop", f"{plain(abs(token.value))}%")


def _later(c: Cursor) -> bool:
    """Whether `24h later` stands here."""
    ahead = Cursor(c.tokens, c.at)
    return span(ahead) is not None and ahead.peek().text == "later"


@reader
def clock_exit(c: Cursor) -> Item | None:
    """`exit at 16:00 New York time`."""
    if not c.says("sell", "flat_by"):
        return None
    c.skip(frozenset({"at", "by", "everything", "daily", "all", "any", "open", "positions", "trades"}))
    if c.peek().text in ("every", "day") and not c.phrase("day_end"):
        c.skip(frozenset({"every", "day", "at", "by"}))
    token = c.take("clock")
    if token is None:
        return _day_end(c)
    named = zone(c)
    place = named or session_zone(c)
    assumed = () if named else (f"{token.text} in {place}: no time zone was said",)
    return Item("exit_at", f"{token.text} {place}", assumed)


@reader
def _day_end(c: Cursor) -> Item | None:
    """`at the end of the day`, `before the close`, `5 minutes before end of session`: of the session, else of UTC."""
    time = span(c)
    early = time.minutes if time is not None else 0
    c.skip(frozenset({"before", "at", "by", "into", "the", "on", "of"}))
    ending = c.says("day_end", "session_end")
    if ending is None or early >= 24 * 60 or (time is not None and time.bars):
        return None
    named = next(
        (hours for term, hours in SESSIONS.items() if any(_stands(c, at, term) for at in range(len(c.tokens)))), None
    )
    closing, place = (named[1], named[2]) if named else ("16:00", "America/New_York")
    if ending == "day_end" and named is None:
        closing, place = "24:00", zone(c) or "UTC"
    hours, minutes = divmod((int(closing[:2]) * 60 + int(closing[3:]) - early) % (24 * 60), 60)
    clock = f"{hours:02d}:{minutes:02d}"
    return Item("exit_at", f"{clock} {place}", (f"the end of the {ending.partition('_')[0]}: {clock} {place}",))


def _stands(c: Cursor, at: int, term: str) -> bool:
    return bool(Cursor(c.tokens, at).phrase(term))


def session_zone(c: Cursor) -> str:
    """The zone of the session that the text speaks of, so that all its times are of one place; else UTC."""
    named = {name for place in range(len(c.tokens)) for name in ZONES if Cursor(c.tokens, place).says(f"zone:{name}")}
    if len(named) == 1:
        return named.pop()
    said = f" {' '.join(token.text for token in c.tokens)} "
    opened = any(words in said for words in (" opening range ", " first ", " session "))
    return opening(c)[1] if opened else "UTC"


@reader
def zone(c: Cursor) -> str | None:
    """A time zone by one of its common names."""
    c.skip(frozenset({"in"}))
    for name in ZONES:
        if c.says(f"zone:{name}"):
            c.skip(frozenset({"time"}))
            return name
    return None
