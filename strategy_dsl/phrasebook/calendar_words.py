"""Readers of when the clock acts: `every monday morning`, `once a month`, `sunday night`, `every 4 hours`."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.exits import zone
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import WEEKDAYS, word_set
from strategy_dsl.phrasebook.operands import operand
from strategy_dsl.phrasebook.spans import MINUTES, plain, span

DAYPARTS = {"morning": "09:00", "noon": "12:00", "midday": "12:00", "afternoon": "15:00", "evening": "18:00"}
DAYPARTS |= {"night": "21:00", "midnight": "00:00"}
EVERY = ("every", "each")


@reader
def timed(c: Cursor) -> Item | None:
    """A time that comes again and again, as the rules language writes it behind `every`."""
    c.skip(frozenset({"on", "in", "check", "checked", "look"}) if c.peek(1).text in EVERY else frozenset())
    before = _leading_clock(c)
    found = _weekdays(c) or _month(c) or _interval(c) or _adverb(c) or _lone_day(c)
    if found is None:
        return None
    timing, note = found
    clock, more = before or _clock(c)
    if clock and ("h" in timing or "m" in timing.split()[0]) and timing[0].isdigit():
        return None
    note = (*note, *more)
    suffix = f" at {clock}" if clock else ""
    return Item("every", "|".join(f"{one}{suffix}" for one in timing.split("|")), note)


@reader
def _leading_clock(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`at 9am New York time every weekday`: the time in front."""
    if c.peek().text != "at" and c.peek().kind != "clock":
        return None
    clock, note = _clock(c)
    c.skip(frozenset({"on"}))
    return (clock, note) if clock and c.peek().text in EVERY else None


@reader
def _weekdays(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`every monday and thursday`, `each friday`, `every day`, `every weekday`."""
    if c.peek().text not in EVERY:
        return None
    c.at += 1
    if c.says("weekdays") or c.peek().text == "weekday":
        c.at += c.peek().text == "weekday"
        return "monday, tuesday, wednesday, thursday, friday", ()
    if c.peek().text in DAYPARTS:
        return "day", ()
    if c.peek().text == "day":
        c.at += 1
        return "day", ()
    days = _days(c)
    return (", ".join(days), ()) if days else None


def _days(c: Cursor) -> list[str]:
    days: list[str] = []
    while True:
        start = c.at
        if days:
            c.sign(",")
            c.says("and")
        day = next((day for day in WEEKDAYS if c.says(f"day:{day}")), None)
        if day is None:
            c.at = start
            return days
        days.append(day)


@reader
def _month(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`every month`, `on the 1st and 15th of every month`, `every month on the 5th`, `on the last day of the month`."""
    c.skip(frozenset({"on", "the"}))
    days = _ordinals(c)
    last = not days and c.peek().text == "last"
    first = not days and c.peek().text == "first"
    if last or first:
        c.at += 1
    if days or last or first:
        c.skip(frozenset({"day", "days", "trading"}))
        c.skip(frozenset({"of", "the"}))
        c.skip(frozenset({"each", "every"}))
        if not c.says("month") and len(days) < 2:
            return None
        return ("month on last day" if last else _on_days(days or ["1"])), ()
    if not c.says("every_month"):
        return None
    c.skip(frozenset({"on", "the", "(", ":"}))
    days = _ordinals(c)
    c.sign(")")
    return _on_days(days or ["1"]), (() if days else ("on the first day of the month: no day was said",))


def _on_days(days: list[str]) -> str:
    """Each day with its own timing, parted by bars."""
    return "|".join(f"month on day {day}" for day in days)


def _ordinals(c: Cursor) -> list[str]:
    """`1st`, `the 1st and the 15th`, `1st, 10th & 20th`."""
    days: list[str] = []
    while True:
        start = c.at
        if days:
            c.sign(",")
            c.says("and")
            c.skip(frozenset({"on", "the"}))
        token = c.take("ordinal")
        if token is None or token.value is None:
            c.at = start
            return days
        days.append(plain(token.value))


@reader
def _interval(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`every 4 hours`, `every hour`, `every two weeks`, `every 3 days`."""
    if c.peek().text not in EVERY:
        return None
    c.at += 1
    if c.says("week"):
        return "monday", ("on mondays: no day of the week was said",)
    if c.says("hour"):
        return "1h", ()
    time = span(c)
    if time is None or not time.minutes:
        return None
    days, rest = divmod(time.minutes, MINUTES["d"])
    return (f"{days}d" if not rest else time.text()), ()


AIMS = word_set("target targets tp goal profit profits gain gains aim make")
LEADING_ON = word_set("when if while whenever unless")


@reader
def _adverb(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`weekly`, `once a week`, `biweekly`, `once a day`; not `target 2% a day`, nor `once a week when RSI < 30`.

    `Weekly: buy when RSI < 30` is the chart, not the calendar.
    """
    start = c.at
    wished = {token.text for token in c.tokens[max(0, start - 4) : start]} & AIMS
    if wished and c.tokens[start - 1].unit == "percent":
        return None
    titled = start == 0 and c.peek(1).text == ":"
    once = c.peek().text == "once" and c.phrase("every_week")
    if (once or titled) and any(one.text in LEADING_ON for one in c.tokens):
        return None
    if c.says("every_week"):
        if c.phrase("frame_noun") or operand(Cursor(c.tokens, c.at)) is not None:
            return None
        return "monday", ("on mondays: no day of the week was said",)
    if c.says("every_two_weeks"):
        return "14d", ()
    return ("day", ()) if c.says("every_day") else None


@reader
def _lone_day(c: Cursor) -> tuple[str, tuple[str, ...]] | None:
    """`sunday night`, `monday morning`, `on mondays at 9am`: a day with a time."""
    c.skip(frozenset({"on"}))
    days = _days(c)
    if not days:
        return None
    ahead = c.peek(1) if c.peek().text == "at" else c.peek()
    return (", ".join(days), ()) if ahead.text in DAYPARTS or ahead.kind == "clock" else None


def _clock(c: Cursor) -> tuple[str, tuple[str, ...]]:
    """`at 9am London time`, `morning`; without a zone UTC, and said so."""
    start = c.at
    c.skip(frozenset({"at", "in", "the", "around"}))
    part = c.peek().text
    token = c.take("clock")
    if token is not None:
        named = zone(c)
        return f"{token.text} {named or 'UTC'}", (() if named else ("times in UTC: no time zone was said",))
    if part in DAYPARTS:
        c.at += 1
        named = zone(c)
        where = named or "UTC"
        return f"{DAYPARTS[part]} {where}", (f"{part} read as {DAYPARTS[part]} {where}",)
    c.at = start
    return "", ()
