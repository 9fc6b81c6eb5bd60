"""The names that stand for a value without arguments."""

from dataclasses import dataclass
from typing import Literal

from strategy_dsl.units import Unit

Scope = Literal["candles", "position", "past", "strategy", "outside", "order"]
"""Where a value comes from; all but `candles` can be unknown for long."""


@dataclass(frozen=True)
class Value:
    """A name: its unit, bounds, the words of the readback, what it is, and where it comes from.

    `words` are what a value of unit WORD can be.
    """

    name: str
    unit: Unit
    phrase: str
    about: str
    low: float = float("-inf")
    high: float = float("inf")
    scope: Scope = "candles"
    words: tuple[str, ...] = ()


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REASONS = ("stop", "target", "trail", "signal", "time", "halt", "person")


def _table(*rows: Value) -> dict[str, Value]:
    return {row.name: row for row in rows}


def _later(
    name: str, unit: Unit, phrase: str, about: str, scope: Scope, low: float = float("-inf"), high: float = float("inf")
) -> Value:
    return Value(name, unit, phrase, about, low, high, scope)


def _outside(
    name: str, unit: Unit, phrase: str, about: str, low: float = float("-inf"), high: float = float("inf")
) -> Value:
    return Value(name, unit, phrase, about, low, high, "outside")


SERIES = _table(
    Value("open", Unit.PRICE, "the open", "the price at which the candle opened", 0),
    Value("high", Unit.PRICE, "the high", "the highest price of the candle", 0),
    Value("low", Unit.PRICE, "the low", "the lowest price of the candle", 0),
    Value("close", Unit.PRICE, "the close", "the price at which the candle closed", 0),
    Value("volume", Unit.VOLUME, "the volume", "the coins traded in the candle", 0),
    Value("hl2", Unit.PRICE, "the middle of high and low", "(high + low) / 2", 0),
    Value("hlc3", Unit.PRICE, "the typical price", "(high + low + close) / 3", 0),
    Value("ohlc4", Unit.PRICE, "the average price of the candle", "(open + high + low + close) / 4", 0),
    Value("hour", Unit.NUMBER, "the hour (UTC)", "the hour of the candle's opening, UTC", 0, 23),
    Value("day_of_month", Unit.NUMBER, "the day of the month (UTC)", "of the candle's opening, UTC", 1, 31),
    Value("month", Unit.NUMBER, "the month (UTC)", "of the candle's opening, 1 to 12, UTC", 1, 12),
    Value("weekday", Unit.WORD, "the weekday (UTC)", "of the candle's opening, UTC", words=WEEKDAYS),
)
"""Known from candles alone."""

POSITION = _table(
    Value("profit", Unit.PERCENT, "the trade's profit", "percent after fees, on the average entry", scope="position"),
    Value("entry_price", Unit.PRICE, "the entry price", "the average price of the entries", 0, scope="position"),
    Value(
        "position_high", Unit.PRICE, "the highest price since the entry", "highs since the fill", 0, scope="position"
    ),
    Value("position_low", Unit.PRICE, "the lowest price since the entry", "lows since the fill", 0, scope="position"),
    Value("held", Unit.BARS, "the bars held", "candles closed since the fill, the first counts 1", 0, scope="position"),
    Value(
        "adds_made", Unit.NUMBER, "the number of adds made", "how often this trade was added to", 0, scope="position"
    ),
    Value(
        "parts_sold",
        Unit.NUMBER,
        "the number of parts sold",
        "how many parts of this trade were closed",
        0,
        scope="position",
    ),
    Value(
        "targets_hit",
        Unit.NUMBER,
        "the number of targets hit",
        "how many targets of this trade were reached",
        0,
        scope="position",
    ),
)
"""Known only while a position is open; unknown while flat."""

PAST = _table(
    Value("last_exit_price", Unit.PRICE, "the price of the last exit", "of this market", 0, scope="past"),
    Value(
        "last_exit_reason",
        Unit.WORD,
        "the reason of the last exit",
        "why the last trade of this market ended",
        scope="past",
        words=REASONS,
    ),
    Value("last_profit", Unit.PERCENT, "the profit of the last trade", "of this market, after fees", scope="past"),
    Value(
        "last_entry_price", Unit.PRICE, "the price of the last entry", "of this market, adds counted", 0, scope="past"
    ),
)
"""Of a market's last trade; unknown before there was one."""

STRATEGY = _table(
    Value(
        "losses_in_a_row",
        Unit.NUMBER,
        "the number of losses in a row",
        "trades lost since the last won one",
        0,
        scope="strategy",
    ),
    Value("entries_today", Unit.NUMBER, "the number of entries today", "entries on this UTC day", 0, scope="strategy"),
    Value(
        "drawdown", Unit.PERCENT, "the drawdown", "how far equity is below its highest close", 0, 1, scope="strategy"
    ),
    Value(
        "day_loss",
        Unit.PERCENT,
        "the day's loss",
        "realised and open, of the equity at the day's begin",
        0,
        1,
        scope="strategy",
    ),
)
"""Of the whole strategy; always known."""

OUTSIDE = _table(
    _outside("funding_rate", Unit.PERCENT, "the funding rate", "what longs pay shorts each period"),
    _outside("open_interest", Unit.VOLUME, "the open interest", "contracts open on the venue", 0),
    _outside("fear_and_greed", Unit.SCORE, "the fear and greed index", "0 fear, 100 greed; a day's value", 0, 100),
    _outside("sentiment", Unit.SCORE, "the news sentiment", "-100 bad to 100 good, read by a model", -100, 100),
    Value(
        "regime",
        Unit.WORD,
        "the market regime",
        "as a model or the owner's rule reads it",
        scope="outside",
        words=("trending", "ranging", "volatile", "quiet"),
    ),
    _outside("conviction", Unit.SCORE, "the conviction", "0 to 100, given by a model", 0, 100),
)
"""From outside the candles: optional, each with an age limit; unknown while stale."""

ORDER = _table(
    Value(
        "next_open",
        Unit.PRICE,
        "the open that the order meets",
        "the open of the candle after the decision, only in `order`",
        0,
        scope="order",
    )
)
"""Known only to an order."""

VALUES = SERIES | POSITION | PAST | STRATEGY | OUTSIDE | ORDER
