"""The names that stand for a value without arguments."""

from dataclasses import dataclass

from strategy_dsl.units import Unit


@dataclass(frozen=True)
class Value:
    """A name: its unit, bounds, the words of the readback, and what it is."""

    name: str
    unit: Unit
    phrase: str
    about: str
    low: float = float("-inf")
    high: float = float("inf")


SERIES = {
    row.name: row
    for row in (
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
        Value("weekday", Unit.WORD, "the weekday (UTC)", "of the candle's opening, UTC"),
    )
}
"""Known from candles alone."""

POSITION = {
    row.name: row
    for row in (
        Value("profit", Unit.PERCENT, "the trade's profit", "percent after fees, on the entry price"),
        Value("entry_price", Unit.PRICE, "the entry price", "the average price of the entry", 0),
        Value("position_high", Unit.PRICE, "the highest price since the entry", "highs since the fill", 0),
        Value("held", Unit.BARS, "the bars held", "candles closed since the fill, the first counts 1", 0),
    )
}
"""Known only while a position is open; unknown while flat."""

VALUES = SERIES | POSITION
