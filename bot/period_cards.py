"""Tables of results by day, week or month."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.desk import Desk
from bot.pages import page
from bot.periods import Period, by_period
from bot.replies import Reply, say
from bot.trades import trades_of_person
from runtime.ledger.people import Person

MOST = 31


def period_card(c: Connection, desk: Desk, person: Person, period: Period, words: str, usual: int) -> Reply:
    """The last periods, newest first; `words` may say how many."""
    count = min(int(words), MOST) if words.strip().isdigit() and int(words) > 0 else usual
    today = desk.engine(c, person).clock(c).astimezone(ZoneInfo(person.zone)).date()
    trades = [trade for _, trade in trades_of_person(c, person.id)]
    rows = by_period(trades, period, person.zone, today, count)
    shown = [(_named(row.first, period), row) for row in rows]
    total = sum(row.result for row in rows)
    body = page("periods", period=period, rows=shown, total=total, count=count, zone=person.zone)
    return Reply(body, say("Profit", "Trades"))


def _named(first: date, period: Period) -> str:
    if period == "month":
        return f"{first:%b %Y}"
    return f"{first.day:>2} {first:%b}" if period == "week" else f"{first:%a} {first.day:>2} {first:%b}"
