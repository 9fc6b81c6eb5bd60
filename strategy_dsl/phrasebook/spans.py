"""Timeframes and spans of time: `4h`, `15 minute chart`, `180 minutes`, `two hours`, `20 candles`."""

from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader

MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
TIMEFRAMES = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w")
WORD_UNITS = {"minute": "m", "hour": "h", "day": "d", "week": "w"}
FRAME_WORDS = {"hourly": "1h", "daily": "1d", "weekly": "1w"}


@dataclass(frozen=True)
class Span:
    """A length of time in minutes, or a count of candles."""

    minutes: int = 0
    bars: int = 0

    def text(self) -> str:
        """As the rules language writes it: `48h`, `90m`, `20 bars`."""
        if self.bars:
            return f"{self.bars} bars"
        for unit in ("w", "d", "h"):
            if self.minutes % MINUTES[unit] == 0 and (unit != "w" or self.minutes > MINUTES["w"]):
                return f"{self.minutes // MINUTES[unit]}{unit}"
        return f"{self.minutes}m"


def plain(value: Decimal | int) -> str:
    """A number without exponent or needless zeros."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def frame_minutes(timeframe: str) -> int:
    """How many minutes a timeframe lasts."""
    return int(timeframe[:-1]) * MINUTES[timeframe[-1]]


@reader
def timeframe_word(c: Cursor) -> str | None:
    """`4h`, `hourly`, `15 minute`, without a word such as chart."""
    for term, frame in FRAME_WORDS.items():
        if c.says(term):
            return frame
    token = c.take("span")
    if token is not None and token.value is not None:
        return _known(token.value, token.unit)
    return _spelled(c)


def _known(value: Decimal, unit: str) -> str | None:
    frame = {"60m": "1h", "120m": "2h", "240m": "4h", "24h": "1d", "7d": "1w"}.get(f"{plain(value)}{unit}")
    frame = frame or f"{plain(value)}{unit}"
    return frame if frame in TIMEFRAMES else None


@reader
def _spelled(c: Cursor) -> str | None:
    """`15 minute`, `4 hour`, `one hour`; days count lengths, so they are left to the readers of lengths."""
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word"):
        return None
    unit = c.peek().text
    plural = unit == "minutes" and c.at > 2 and c.tokens[c.at - 2].text == "," and c.tokens[c.at - 3].kind == "coin"
    if unit not in ("minute", "hour", "min", "hr") and not plural:
        return None
    c.at += 1
    return _known(token.value, "m" if unit.startswith("m") else "h")


@reader
def bar_unit(c: Cursor) -> str | None:
    """What a length counts: '' for candles, `1d` for days, `1w` for weeks."""
    if c.says("day"):
        return "1d"
    if c.says("week"):
        return "1w"
    if c.says("hour"):
        return "1h"
    return "" if c.says("chart") else None


@reader
def span(c: Cursor) -> Span | None:
    """`48h`, `180 minutes`, `two hours`, `20 candles`, `a day`, `an hour`."""
    token = c.take("span")
    if token is not None and token.value is not None:
        factor = MINUTES.get(token.unit)
        return Span(int(token.value * factor)) if factor else None
    count = c.take("number")
    if count is None:
        if c.peek().text not in ("a", "an", "one", "the"):
            return None
        c.at += 1
    elif count.unit not in ("", "word"):
        return None
    return _counted(c, count.value if count is not None and count.value is not None else Decimal(1))


def _counted(c: Cursor, count: Decimal) -> Span | None:
    for word, unit in WORD_UNITS.items():
        if c.says(word):
            return Span(int(count * MINUTES[unit]))
    if c.says("chart") and count == int(count):
        return Span(bars=int(count))
    return None
