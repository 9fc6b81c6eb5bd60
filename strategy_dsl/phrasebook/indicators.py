"""More values by a table: the words that say each, its spelling, its lengths and what it may be compared with."""

import re
from dataclasses import dataclass

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import bar_unit, plain, timeframe_word
from strategy_dsl.phrasebook.values import FINE, Operand, on


@dataclass(frozen=True)
class Value:
    """One row: `spelling` with `{0}`, `{1}` for the settings, whose usual values stand in `usual`."""

    term: str
    spelling: str
    kind: str
    usual: tuple[str, ...] = ()
    note: str = ""
    unit: str = ""
    name: str = ""


# One row a value; the words that say it stand in the vocabulary under the same term.
TABLE = (
    Value("zscore", "zscore(close, {0})", "oscillator", ("20",), "z-score of the close over {0} candles"),
    Value("stoch_rsi_d", "stochastic_rsi(14, 14, 3, 3).d", "oscillator", (), "stoch RSI", name="stochastic_rsi"),
    Value("stoch_rsi", "stochastic_rsi({0}, 14, 3, 3).k", "oscillator", ("14",), "stoch RSI", "", "stochastic_rsi"),
    Value("fisher_rsi", "inverse_fisher(rsi({0}))", "oscillator", ("14",), "Fisher RSI", "", "inverse_fisher"),
    Value("roc", "roc({0})", "oscillator", ("10",), "rate of change over {0} candles"),
    Value("cmf", "cmf({0})", "oscillator", ("20",), "Chaikin money flow over {0} candles"),
    Value("tsi", "tsi({0}, {1})", "oscillator", ("25", "13"), "true strength index {0}, {1}"),
    Value("cmo", "cmo({0})", "oscillator", ("14",), "Chande momentum over {0} candles"),
    Value("ultimate", "ultimate({0}, {1}, {2})", "oscillator", ("7", "14", "28"), "ultimate oscillator {0}, {1}, {2}"),
    Value("choppiness", "choppiness({0})", "oscillator", ("14",), "choppiness over {0} candles"),
    Value("aroon_up", "aroon({0}).up", "oscillator", ("14",), "Aroon over {0} candles"),
    Value("aroon_down", "aroon({0}).down", "oscillator", ("14",), "Aroon over {0} candles"),
    Value("aroon", "aroon({0}).oscillator", "oscillator", ("14",), "Aroon oscillator over {0} candles"),
    Value("vortex_plus", "vortex({0}).plus", "vortex", ("14",), "vortex over {0} candles"),
    Value("vortex_minus", "vortex({0}).minus", "vortex", ("14",), "vortex over {0} candles"),
    Value("ibs", "((close - low) / (high - low))", "oscillator", (), "", name="ibs"),
    Value("wick_low", "lower_wick", "range", (), "", name="wick"),
    Value("wick_high", "upper_wick", "range", (), "", name="wick"),
    Value("candle_body", "body", "range", (), "", name="body"),
    Value("awesome", "awesome", "macd", (), "", name="awesome"),
    Value("obv", "obv", "volume", (), "", name="obv"),
    Value("psar", "psar(0.02, 0.2)", "price", (), "parabolic SAR 0.02, 0.2", name="psar"),
    Value("supertrend", "supertrend({0}, {1}).line", "price", ("10", "3"), "supertrend {0}, {1}"),
    Value("tenkan", "ichimoku(9, 26, 52).conversion", "price", (), "ichimoku 9, 26, 52", name="ichimoku"),
    Value("kijun", "ichimoku(9, 26, 52).base", "price", (), "ichimoku 9, 26, 52", name="ichimoku"),
    Value("vwap", "vwap(day)", "price", (), "VWAP since midnight UTC", name="vwap"),
    Value("week_vwap", "vwap(week)", "price", (), "VWAP since monday, UTC", name="vwap"),
    Value("plus_di", "plus_di({0})", "oscillator", ("14",), "+DI over {0} candles", name="plus_di"),
    Value("minus_di", "minus_di({0})", "oscillator", ("14",), "-DI over {0} candles", name="minus_di"),
    Value("band_width", "bollinger({0}, {1}).width", "width", ("20", "2"), "Bollinger bands {0}, {1}", name="width"),
    Value("day_open", "day(UTC).open", "price", (), "days in UTC", name="day_open"),
    Value("week_high", "previous_week(UTC).high", "price", (), "weeks in UTC", "high", "yesterday"),
    Value("week_low", "previous_week(UTC).low", "price", (), "weeks in UTC", "low", "yesterday"),
    Value("swing_high", "swing_high(5, 5)", "price", (), "higher than five candles on each side", "high", "swing"),
    Value("swing_low", "swing_low(5, 5)", "price", (), "lower than five candles on each side", "low", "swing"),
    Value("candle_range", "(high - low)", "range", (), "", name="candle range"),
)  # fmt: skip
SCORES = {
    "zscore": (-20, 20), "stochastic_rsi": (0, 100), "inverse_fisher": (-1, 1), "roc": (-100, 100), "plus_di": (0, 100),
    "minus_di": (0, 100), "cmf": (-1, 1), "tsi": (-100, 100), "cmo": (-100, 100), "ultimate": (0, 100),
    "choppiness": (0, 100), "aroon_up": (0, 100), "aroon_down": (0, 100), "aroon": (-100, 100), "ibs": (0, 1),
}  # fmt: skip
"""Between what the scores of the table move."""


@reader
def tabled(c: Cursor) -> Operand | None:
    """A value of the table: `z-score 20`, `supertrend(10, 3)`, `the 4h supertrend`, `weekly vwap`."""
    begun = next((row for row in TABLE if row.name == "vwap" and c.phrase(row.term)), None)
    frame = "" if begun else timeframe_word(c) or ""
    before = _count(c)
    unit = bar_unit(c) if before else None
    row = next((row for row in TABLE if c.says(row.term)), None)
    if row is None or (before and len(row.usual) != 1):
        return None
    said = (before,) if before else _settings(c, row)
    frame = frame or unit or ""
    sizes = said or row.usual
    note = () if said or not row.note else (f"{row.note.format(*sizes)}: the usual",)
    text = f"{row.spelling.format(*sizes)}{on(frame)}"
    return Operand(text, row.kind, row.name or row.term, note, row.unit)


@reader
def _count(c: Cursor) -> str | None:
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or not 1 < token.value <= 1000:
        return None
    return plain(token.value) if token.value == int(token.value) else None


@reader
def _settings(c: Cursor, row: Value) -> tuple[str, ...] | None:
    """`(10, 3)` or `(14)`, or a bare length where one belongs and a condition or a break follows."""
    if not row.usual:
        return None
    bracket = c.sign("(")
    sizes = []
    while (token := c.take("number")) is not None and token.value is not None:
        sizes.append(plain(token.value))
        c.sign(",")
    if len(sizes) != len(row.usual) or (bracket and not c.sign(")")):
        return None
    glued = c.tokens[c.at - 1].text in (",", ")") or c.ended() or c.peek().kind == "sign"
    return tuple(sizes) if bracket or glued or c.peek().text in ("is", "crosses", "goes", "drops", "falls") else None


@reader
def keltner(c: Cursor) -> Operand | None:
    """`the upper keltner`, `lower Keltner channel`, `the middle line` of it."""
    c.skip(ARTICLES)
    side = c.says("upper", "lower", "middle")
    named = c.says("keltner")
    part = c.says("channel", "band", "line", "the_one")
    if not named and not (part and side and _speaks_of(c, "keltner") and not _speaks_of(c, "bollinger")):
        return None
    side = side or c.says("upper", "lower", "middle")
    if side is None:
        return None
    note = (
        ("Keltner channel 20, 2, with ATR(10): the usual",)
        if side != "middle"
        else ("Keltner channel over 20 candles",)
    )
    return Operand(f"keltner(20, 2, 10).{side}", "price", "keltner", note, side)


def _speaks_of(c: Cursor, term: str) -> bool:
    """Whether the text names this anywhere."""
    return any(Cursor(c.tokens, at).phrase(term) for at in range(len(c.tokens)))


@reader
def cloud(c: Cursor) -> Operand | None:
    """`the cloud`: its top or bottom, as the word before it says."""
    c.skip(ARTICLES)
    c.says("ichimoku")
    if not c.says("cloud"):
        return None
    before = [token.text for token in c.tokens[max(0, c.at - 6) : c.at]]
    below = any(word in ("below", "under", "beneath") for word in before)
    part = "cloud_bottom" if below else "cloud_top"
    return Operand(f"ichimoku(9, 26, 52).{part}", "price", "ichimoku", ("ichimoku 9, 26, 52: the usual",))


@reader
def opening_range(c: Cursor) -> Operand | None:
    """`the high of the first 30 minutes`, `the opening range high`."""
    side = c.says("high", "low")
    c.skip(frozenset({"of", "the"}))
    span = first_minutes(c)
    if span is None:
        return None
    c.skip(frozenset({"of", "the"}))
    _ = any(c.says(f"zone:{name}") for name in ("UTC", "America/New_York", "Europe/London"))
    side = side or c.says("high", "low")
    if side is None:
        return None
    clock, zone, note = opening(c)
    return Operand(f"opening_range({span}m, {clock}, {zone}).{side}{FINE}", "price", "extreme", (note,), side)


def first_minutes(c: Cursor) -> str | None:
    """The minutes of `first 30 minutes`, `opening range`, `first hour`."""
    if c.says("opening_range"):
        return "30"
    if c.peek().text not in ("first", "opening"):
        return None
    c.at += 1
    token = c.peek()
    if token.kind == "span" and token.unit in ("m", "h") and token.value is not None:
        c.at += 1
        return plain(token.value * (60 if token.unit == "h" else 1))
    if c.says("hour"):
        return "60"
    count = c.take("number")
    if count is None or count.value is None or not (unit := c.says("minute", "hour")):
        return None
    return plain(count.value * (60 if unit == "hour" else 1))


def opening(c: Cursor) -> tuple[str, str, str]:
    """Which opening: that of the zone the text names, else New York's."""
    text = " ".join(token.text for token in c.tokens)
    if re.search(r"\b(utc|midnight)\b", text):
        return "00:00", "UTC", "the day begins at 00:00 UTC"
    if "london" in text:
        return "08:00", "Europe/London", "London opens at 08:00"
    return "09:30", "America/New_York", "the session opens at 09:30 New York time"
