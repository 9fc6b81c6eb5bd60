"""Results by day, week and month of a person's calendar, from what was sold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from bot.trades import Trade

Period = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Row:
    """One period: its first day, what its sales made after fees, the fees, and how many trades ended."""

    first: date
    result: Decimal
    fees: Decimal
    ended: int
    won: int


STARTS: dict[Period, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}


def by_period(trades: Iterable[Trade], period: Period, zone: str, until: date, count: int) -> list[Row]:
    """The last `count` periods up to the one of `until`, the newest first; those without a sale too."""
    place, start = ZoneInfo(zone), STARTS[period]
    rows: dict[date, Row] = {}
    first = start(until)
    for _ in range(count):
        rows[first] = Row(first, Decimal(0), Decimal(0), 0, 0)
        first = start(first - timedelta(days=1))
    for trade in trades:
        for sale in trade.sales:
            key = start(sale.at.astimezone(place).date())
            if (row := rows.get(key)) is None:
                continue
            is_last = not trade.is_open and sale is trade.sales[-1]
            rows[key] = Row(
                key,
                row.result + trade.result_of(sale),
                row.fees + sale.fee,
                row.ended + is_last,
                row.won + (is_last and trade.result > 0),
            )
    return list(rows.values())
