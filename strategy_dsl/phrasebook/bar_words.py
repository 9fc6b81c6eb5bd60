"""Readers of values of the candle before and of sessions: `the previous candle's high`, `the asian session low`."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.values import Operand

PARTS = ("high", "low", "open", "close", "volume")
SESSIONS = {
    "london_session": ("08:00", "16:30", "Europe/London"),
    "us_session": ("09:30", "16:00", "America/New_York"),
    "asia_session": ("09:00", "15:00", "Asia/Tokyo"),
}


@reader
def earlier_candle(c: Cursor) -> Operand | None:
    """`previous candle's high`, `the high of the last bar`, `prior candle close`."""
    part = _part(c)
    if part is not None:
        c.skip(frozenset({"of", "from"}) | ARTICLES)
    if not c.says("candle_before"):
        return None
    part = part or _part(c)
    if part is None:
        return None
    unit = part if part in ("high", "low") else ""
    return Operand(f"{part}[1]", "volume" if part == "volume" else "price", "yesterday", (), unit)


@reader
def mother_bar(c: Cursor) -> Operand | None:
    """`the mother bar's high`: of the candle before an inside bar."""
    if not c.says("mother_bar"):
        return None
    part = _part(c)
    return Operand(f"{part}[1]", "price", "yesterday", (), part) if part in ("high", "low") else None


def _part(c: Cursor) -> str | None:
    return c.says(*PARTS)


@reader
def same_earlier(c: Cursor, subject: Operand) -> Operand | None:
    """`higher than the previous candle`: the subject's own value there."""
    c.skip(ARTICLES)
    if not c.says("candle_before") or subject.kind == "number":
        return None
    if c.phrase("high") or c.phrase("low") or c.phrase("open") or c.phrase("close"):
        return None
    own = {"close": "close", "high": "high", "low": "low", "open": "open", "volume": "volume"}.get(subject.text)
    if own is None and subject.kind not in ("oscillator", "macd"):
        return None
    return Operand(f"{subject.text}[1]", subject.kind, subject.name)


@reader
def session_level(c: Cursor) -> Operand | None:
    """`the asian session high`, `the low of the london session`: of the last one that has ended."""
    part = c.says("high", "low")
    c.skip(frozenset({"of"}) | ARTICLES)
    name = next((term for term in SESSIONS if c.says(term)), None)
    part = part or (c.says("high", "low") if name else None)
    if name is None or part is None:
        return None
    start, end, place = SESSIONS[name]
    note = f"the session from {start} to {end} {place}"
    return Operand(f"session({start}, {end}, {place}).{part}", "price", "extreme", (note,), part)


@reader
def deviations(c: Cursor) -> Operand | None:
    """`2 standard deviations below the 20 period mean`: a Bollinger band."""
    count = c.take("number")
    if count is None or count.value is None or count.unit not in ("", "word") or not c.says("deviations"):
        return None
    side = c.says("above", "below")
    c.skip(ARTICLES)
    token = c.take("number")
    c.skip(frozenset({"period", "day", "bar", "candle"}))
    if side is None or not c.says("average", "sma", "ma"):
        return None
    size = "20" if token is None or token.value is None else format(token.value, "f")
    note = () if token is not None else ("the mean of 20 candles: the length was not said",)
    band = "lower" if side == "below" else "upper"
    return Operand(f"bollinger({size}, {format(count.value, 'f')}).{band}", "price", "bollinger", note, band)


CANDLES = (
    (3, "morning star", "evening star", "three white", "three black", "three inside", "three outside", "soldiers"),
    (2, "engulfing", "harami", "piercing", "dark cloud", "tweezer", "inside bar", "inside candle", "kicker"),
    (1, "hammer", "doji", "shooting star", "pin bar", "hanging man", "marubozu", "spinning top", "high wave"),
)
"""How many candles the shapes that people name are made of."""


@reader
def signal_candle(c: Cursor, side: str | None) -> Operand | None:
    """`its low`, `the candle low`, `the low of the signal candle`, `the pattern low`: of what decides the entry."""
    own = c.peek().text == "its"
    c.skip(ARTICLES)
    named = c.says("signal_pattern", "signal_candle")
    if named is not None and side in ("below", "above") and (c.ended() or c.peek().kind == "sign"):
        return _edge("low" if side == "below" else "high", 1 if named == "signal_candle" else _candles(c))
    part = {"low": "low", "lows": "low", "wick": "low", "high": "high", "highs": "high"}.get(c.peek().text)
    if part is None:
        return None
    word = c.peek().text
    c.at += 1
    named = named or _of_candle(c)
    edge = c.ended() or c.peek().kind == "sign" or c.phrase("and") or c.phrase("target") or c.peek().text == "with"
    count = 1 if named == "signal_candle" and not word.endswith("s") else _candles(c)
    if not edge or not count or not (named or own or word.endswith("s") or count):
        return None
    part = "high" if word == "wick" and side == "above" else part
    if own and any(token.text.startswith("mother") for token in c.tokens[: c.at]):
        return Operand(f"{part}[1]", "price", part, (f"the {part} of the mother bar",), part)
    return _edge(part, count)


def _edge(part: str, count: int) -> Operand | None:
    """The low or high of the candles of the shape."""
    if count == 1:
        return Operand(part, "price", part, (f"the {part} of the candle that decides",), part)
    text = f"{'lowest' if part == 'low' else 'highest'}({part}, {count})"
    return Operand(text, "price", part, (f"the {part} of the {count} candles of the shape",), part) if count else None


@reader
def _of_candle(c: Cursor) -> str | None:
    c.skip(frozenset({"of", "the"}))
    return c.says("signal_pattern", "signal_candle")


def _candles(c: Cursor) -> int:
    """How many candles the one shape of the text has; 0 where it names none."""
    said = " ".join(token.text for token in c.tokens)
    return next((count for count, *shapes in CANDLES if any(shape in said for shape in shapes)), 0)


ENTRY_CANDLES = frozenset({"entry", "signal", "trigger", "setup"})
LEAVING = frozenset({"sell", "exit", "close", "out", "cover", "leave", "dump"})
BREAKS = frozenset({".", ";", "\n"})


@reader
def entry_value(c: Cursor) -> Operand | None:
    """`the low of the entry candle`, `the entry bar's high`, in a way out: what it was when the trade began."""
    part = _part(c)
    c.skip(frozenset({"of"}) | ARTICLES)
    if c.peek().text not in ENTRY_CANDLES or c.peek(1).text.rstrip("s") not in ("candle", "bar"):
        return None
    begins = max((at + 1 for at in range(c.at) if c.tokens[at].text in BREAKS), default=0)
    c.at += 2
    part = part or _part(c)
    if part is None or not any(token.text in LEAVING for token in c.tokens[begins : c.at]):
        return None
    note = f"the {part} of the candle that decided the entry"
    return Operand(f"at_entry({part})", "volume" if part == "volume" else "price", "entry", (note,), part)
