"""The calendar in a zone; all by the opening of the candle."""

from strategy_dsl.catalogue.row import ZONE_IN, Function, Parameter, at_once, own
from strategy_dsl.units import INFINITY, Unit


def _part(
    name: str, words: str, about: str, example: str, low: float, high: float, unit: Unit = Unit.NUMBER
) -> Function:
    return Function(
        name,
        (ZONE_IN,),
        unit,
        f"sayso:{name}",
        f"the {words} ({{0}})",
        about,
        "",
        example,
        low,
        high,
        ("time",),
        history=at_once,
    )


def _edge(name: str, words: str, about: str, inputs: tuple[str, ...]) -> Function:
    return Function(
        name,
        (ZONE_IN,),
        Unit.CONDITION,
        f"sayso:{name}",
        f"it is {words} ({{0}})",
        about,
        "",
        f"{name}(UTC)",
        0,
        1,
        inputs,
        history=at_once,
    )


TIMING = (
    _part("hour", "hour", "the hour of the candle's opening in a zone", "hour(Europe/London) >= 8", 0, 23),
    _part(
        "minute_of_day",
        "minute of the day",
        "minutes since midnight at the candle's opening in a zone",
        "minute_of_day(America/New_York) >= 570",
        0,
        1439,
    ),
    _part(
        "weekday",
        "weekday",
        "the weekday of the candle's opening in a zone",
        "weekday(America/New_York) is friday",
        -INFINITY,
        INFINITY,
        Unit.WORD,
    ),
    _part("day_of_month", "day of the month", "of the candle's opening in a zone", "day_of_month(UTC) <= 5", 1, 31),
    _part(
        "week_of_month",
        "week of the month",
        "1 for the days 1 to 7 of the month, 2 for 8 to 14, and so on, in a zone",
        "week_of_month(UTC) == 1",
        1,
        5,
    ),
    _part("month", "month", "the month of the candle's opening in a zone, 1 to 12", "month(UTC) >= 10", 1, 12),
    _edge("new_day", "the first candle of a day", "true on the first candle of a day in a zone", ("time",)),
    _edge("new_week", "the first candle of a week", "true on the first candle of a week (Monday) in a zone", ("time",)),
    _edge("new_month", "the first candle of a month", "true on the first candle of a month in a zone", ("time",)),
    _edge(
        "last_of_day",
        "the last candle of a day",
        "true on the candle that closes at or after midnight in a zone, by the clock",
        ("time", "closing"),
    ),
    _edge(
        "last_of_month",
        "the last candle of a month",
        "true on the candle that closes at or after the end of the month in a zone, by the clock",
        ("time", "closing"),
    ),
    Function(
        "month_end_average",
        (own("months"), ZONE_IN),
        Unit.PRICE,
        "sayso:month_end_average",
        "the mean of the last {0} month-end closes ({1})",
        "the mean of the closes of the last n month-end candles, this one included where it is one",
        "Faber 2007",
        "close > month_end_average(10, UTC)",
        0,
        INFINITY,
        ("time", "closing", "close"),
        days=lambda numbers, _: 31 * (int(numbers["months"]) + 1),
    ),
    Function(
        "in_session",
        (Parameter("start", "clock"), Parameter("end", "clock"), ZONE_IN),
        Unit.CONDITION,
        "sayso:in_session",
        "the candle opens between {0} and {1} ({2})",
        "true where the candle opens at or after the first time and before the second; a session may run over midnight",
        "",
        "in_session(08:00, 16:00, Europe/London)",
        0,
        1,
        ("time",),
        history=at_once,
    ),
    Function(
        "at_time",
        (Parameter("clock", "clock"), ZONE_IN),
        Unit.CONDITION,
        "sayso:at_time",
        "the candle holds {0} ({1})",
        "true on the candle that opens at or before the time of day and closes after it",
        "",
        "at_time(09:30, America/New_York)",
        0,
        1,
        ("time", "closing"),
        history=at_once,
    ),
)
