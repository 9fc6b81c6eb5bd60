"""Readers of when and how often to trade: limits, cooldowns, days, hours, and asking first."""

from strategy_dsl.phrasebook.bar_words import SESSIONS
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.exits import zone
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES, WEEKDAYS
from strategy_dsl.phrasebook.spans import plain, span
from strategy_dsl.phrasebook.tokens import Token


@reader
def limit(c: Cursor) -> Item | None:
    """`max 3 trades a day`, `one position at a time`, `at most 2 open positions`."""
    led = c.says("max")
    c.skip(ARTICLES)
    token = c.take("number")
    if token is None:
        return _times_a_day(c) or _already(c)
    if not _count(token):
        return None
    count = plain(token.value or 0)
    trailing = _trades_a_day(c, led)
    if trailing:
        return Item("per_day", count)
    return Item("at_once", count) if _at_once(c, led) else None


def _count(token: Token) -> bool:
    value = token.value
    return value is not None and value == int(value) and value >= 1 and token.unit in ("", "word")


@reader
def _times_a_day(c: Cursor) -> Item | None:
    """`only once a day`, `at most twice a day`."""
    count = {"once": "1", "twice": "2"}.get(c.peek().text)
    if count is None:
        return None
    c.at += 1
    return Item("per_day", count) if c.says("per_day") else None


@reader
def _trades_a_day(c: Cursor, led: str | None) -> bool | None:
    named = c.says("trades")
    if not c.says("per_day"):
        return None
    fences = c.peek().text == "only" and (
        _day(Cursor(c.tokens, c.at + 1)) or c.peek(1).text in ("between", "from", "on")
    )
    after = None if led or fences else c.says("max") or c.peek().text in ("tops", "most")
    if c.peek().text in ("tops", "most"):
        c.at += 1
    return True if named or led or after else None


@reader
def _at_once(c: Cursor, led: str | None) -> bool | None:
    named = c.says("positions")
    opened = bool(named) and any(
        "open" in one.text or one.text.startswith("position") for one in c.tokens[c.at - 2 : c.at]
    )
    once = c.says("at_once")
    after = c.says("max")
    if not named:
        return None
    return True if once or ((led or after) and opened) else None


@reader
def _already(c: Cursor) -> Item | None:
    """`don't fire again if I'm already in`: one position a market, as it is anyway."""
    if not c.says("no"):
        return None
    if not c.says("fire_again") or not c.says("when") or not c.says("already_in"):
        return None
    return Item("at_once", "1")


@reader
def cooldown(c: Cursor) -> Item | None:
    """`wait 2 hours after a stop`, `after a stop out wait two hours`, `cooldown 4h after a loss`."""
    cause = _cause(c)
    c.sign(",")
    told = c.says("wait")
    c.skip(frozenset({"for", "of", "at", "least", "is", ":"}))
    time = span(c)
    if time is None:
        return None
    told = told or c.says("wait")
    if not told:
        return None
    lasts = f"{{candles:{time.bars}}}" if time.bars else time.text()
    cause = cause or _cause(c)
    if c.says("before_again"):
        cause = cause or ""
    if cause is None and "cool" not in told and c.tokens[c.at - 1].text != "cooldown":
        return None if not _cool_word(c) else Item("cooldown", lasts)
    return Item("cooldown", f"{lasts}{cause or ''}")


def _cool_word(c: Cursor) -> bool:
    return any(token.text.startswith("cool") for token in c.tokens[max(0, c.at - 6) : c.at])


@reader
def _cause(c: Cursor) -> str | None:
    """After what a wait begins: `after a stop`, `after a loss`, or after any exit."""
    if c.peek().text not in ("after", "following", "once", "when", "if"):
        return None
    c.at += 1
    c.skip(ARTICLES | {"each", "every", "any"})
    for term, text in (("after_stop", " after a stop"), ("after_loss", " after a loss"), ("after_exit", "")):
        if c.says(term):
            return text
    return None


@reader
def window(c: Cursor) -> Item | None:
    """`only between 9:30 and 11:00 New York time`, `weekdays only`, `no trades on weekends`."""
    return _never(c) or _session_only(c) or _only(c) or _from_day(c)


@reader
def _session_only(c: Cursor) -> Item | None:
    """`only during the london session`, `new york session only`."""
    led = c.says("only")
    c.says("trade_verb")
    led = c.says("only") or led
    hours = session(c)
    led = c.says("only") or led
    if hours is None or not led:
        return None
    start, end, place = hours
    return Item("window", f"only between {start} and {end} {place}", (f"the session from {start} to {end} {place}",))


@reader
def _from_day(c: Cursor) -> Item | None:
    """`stop at friday 20:00 utc`: nothing new for the rest of that day."""
    if c.peek().text not in ("stop", "nothing"):
        return None
    c.at += 1
    c.skip(frozenset({"new", "trading", "entering", "at", "from", "after", "on"}))
    day = _day(c)
    c.skip(frozenset({"at", "from", "after"}))
    hour = _clock(c) if day else None
    if day is None or hour is None:
        return None
    named = zone(c)
    assumed = () if named else ("times in UTC: no time zone was said",)
    return Item("window", f"never {day} between {hour} and 24:00 {named or 'UTC'}", assumed)


@reader
def _never(c: Cursor) -> Item | None:
    if c.peek().text == "except":
        c.at += 1
    elif not c.says("no"):
        return None
    c.says("trade_verb")
    c.skip(frozenset({"on", "over", "during", "the", "at", "in"}))
    if c.says("weekends"):
        return Item("window", "only monday to friday", ("weekend: Saturday and Sunday in UTC",))
    days = _days(c)
    late = _open_ended(c)
    if days and late is None:
        return Item("window", f"never {days}", ("days in UTC",))
    days = f"{days} " if days else ""
    hours = late or _hours(c)
    if hours is None:
        return None
    named = zone(c)
    assumed = () if named else ("times in UTC: no time zone was said",)
    return Item("window", f"never {days}between {hours[0]} and {hours[1]} {named or 'UTC'}", assumed)


@reader
def _only(c: Cursor) -> Item | None:
    led = c.says("only")
    c.says("trade_verb", "buy")
    led = c.says("only") or led
    c.skip(frozenset({"on", "from", "during", "in", "the"}))
    days = _days(c) or ("monday to friday" if c.says("weekdays") else None)
    hours = _open_ended(c) or _hours(c)
    named = zone(c) if hours else None
    days = days or (_days_behind(c) if hours else None)
    led = c.says("only") or led
    if not led or not (days or hours):
        return None
    named = named or zone(c)
    assumed = () if named else ("times in UTC: no time zone was said",)
    parts = [part for part in (days, f"between {hours[0]} and {hours[1]}" if hours else None) if part]
    suffix = f" {named or 'UTC'}" if hours else ""
    return Item("window", f"only {' '.join(parts)}{suffix}", assumed)


@reader
def _days_behind(c: Cursor) -> str | None:
    c.sign(",")
    c.skip(frozenset({"on", "and"}))
    return "monday to friday" if c.says("weekdays") else _days(c)


@reader
def _days(c: Cursor) -> str | None:
    """`monday to friday`, `mon-fri`, `mondays and thursdays`."""
    first = _day(c)
    if first is None:
        return None
    if c.says("to_day"):
        last = _day(c)
        return f"{first} to {last}" if last else None
    days = [first]
    while True:
        start = c.at
        c.sign(",")
        c.says("and", "or")
        another = _day(c)
        if another is None:
            c.at = start
            break
        days.append(another)
    return ", ".join(days)


def _day(c: Cursor) -> str | None:
    return next((day for day in WEEKDAYS if c.says(f"day:{day}")), None)


@reader
def session(c: Cursor) -> tuple[str, str, str] | None:
    """`the london session`, `US market hours`: its hours and its zone."""
    c.skip(ARTICLES | {"during", "in"})
    return next((hours for term, hours in SESSIONS.items() if c.says(term)), None)


@reader
def _hours(c: Cursor) -> tuple[str, str] | None:
    """`between 9:30 and 11:00`, `from 8am to 8pm`, `9:30-16:00`."""
    if c.peek().text in ("between", "from"):
        c.at += 1
    begins = c.peek()
    first = _clock(c)
    if first is None or not (c.says("and") or c.says("to_day")):
        return None
    ends = c.peek()
    last = _clock(c)
    return _halves(begins, ends, first, last) if last else None


def _halves(begins: Token, ends: Token, first: str, last: str) -> tuple[str, str]:
    """`9 to 5` ends in the afternoon, and `1 to 4pm` begins in it."""
    if ends.kind == "number" and last <= first < "13":
        return first, _later(last)
    afternoon = ends.kind == "clock" and last >= "12" and ends.end - ends.start != len("16:00")
    if begins.kind == "number" and afternoon and first < "12" and _later(first) < last:
        return _later(first), last
    return first, last


def _later(clock: str) -> str:
    """Twelve hours after a time before noon, or noon itself as midnight."""
    return f"{int(clock[:2]) + 12:02d}{clock[2:]}"


@reader
def _open_ended(c: Cursor) -> tuple[str, str] | None:
    """`after 18:00`, `before 9am`: to the end of the day, or from its beginning."""
    side = c.peek().text
    if side not in ("after", "before", "past") or c.peek(1).kind != "clock":
        return None
    c.at += 2
    clock = c.tokens[c.at - 1].text
    return ("00:00", clock) if side == "before" else (clock, "24:00")


def _clock(c: Cursor) -> str | None:
    token = c.take("clock")
    if token is not None:
        return token.text
    token = c.take("number")
    if token is None or token.unit or token.value is None or not 0 <= token.value <= 24:
        return None
    return f"{int(token.value):02d}:00" if token.value == int(token.value) else None


@reader
def ask(c: Cursor) -> Item | None:
    """`ask me before every trade`, `ask before selling`."""
    never = c.says("no") or c.peek().text in ("without", "stop")
    c.at += c.peek().text in ("without", "stop")
    if c.peek().text not in ("ask", "check", "confirm", "asking"):
        return None
    c.at += 1
    c.skip(frozenset({"me", "with"}))
    if never:
        c.skip(frozenset({"before", "buying", "again", "every", "trade", "selling", "ever", "any", "more", "anymore"}))
        return Item("ask", "never", ("nothing is asked before it trades",))
    if c.peek().text == "first":
        c.at += 1
        return Item("ask", "before buying")
    if c.peek().text not in ("before", "for"):
        return None
    c.at += 1
    c.skip(frozenset({"every", "each", "any", "a", "you"}))
    what = {"buying": "buying", "buy": "buying", "selling": "selling", "sell": "selling", "trade": "every order"}
    chosen = what.get(c.peek().text)
    if chosen is None:
        return None
    c.at += 1
    if c.peek().text in ("too", "also") or (c.peek().text == "and" and c.peek(1).text in what):
        c.at += 1 if c.peek().text != "and" else 2
        chosen = "every order"
    return Item("ask", f"before {chosen}")
