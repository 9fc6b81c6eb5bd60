"""Candles as plain lists: those of the strategy, longer ones made of them (Meaning 2), heikin ashi ones."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from runtime.candles import Candles
from strategy_dsl.timeframes import DAYS, UNITS_MS

DAY_MS = 86_400_000
FIRST_MONDAY_MS = 4 * DAY_MS


def length_ms(text: str) -> int:
    """The length of `4h`; calendar months have none."""
    return int(text[:-1]) * UNITS_MS[text[-1]]


def local(time_ms: int, zone: str) -> datetime:
    """The wall clock of a zone."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)
    return moment.astimezone(ZoneInfo(zone))


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return round((moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def span_of(time_ms: int, timeframe: str) -> tuple[int, int]:
    """Begin and end of the candle of a timeframe in which a moment lies; weeks begin on Monday, months by the calendar."""
    if timeframe.endswith("mo"):
        moment, count = local(time_ms, "UTC"), int(timeframe[:-2])
        first = (moment.year * 12 + moment.month - 1) // count * count
        begin = datetime(first // 12, first % 12 + 1, 1, tzinfo=UTC)
        last = first + count
        return to_ms(begin), to_ms(datetime(last // 12, last % 12 + 1, 1, tzinfo=UTC))
    length = length_ms(timeframe)
    anchor = FIRST_MONDAY_MS if timeframe.endswith("w") else 0
    begin_ms = (time_ms - anchor) // length * length + anchor
    return begin_ms, begin_ms + length


@dataclass
class View:
    """One market's candles of one timeframe and kind; `last` is the strategy's own candle that ends each of them."""

    market: str
    timeframe: str
    kind: str = "plain"
    time: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    open: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    close: list[float] = field(default_factory=list)
    volume: list[float] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.time)

    def at_opening(self, time_ms: int) -> int | None:
        """The candle with this opening time, None where the market has none."""
        found = self.closed_by(time_ms, self.time)
        return found if found is not None and self.time[found] == time_ms else None

    def closed_by(self, time_ms: int, moments: list[int] | None = None) -> int | None:
        """The last candle that was closed at a moment."""
        moments = self.end if moments is None else moments
        low, high = 0, len(moments)
        while low < high:
            middle = (low + high) // 2
            if moments[middle] <= time_ms:
                low = middle + 1
            else:
                high = middle
        return low - 1 if low else None


def base_view(candles: Candles) -> View:
    """The strategy's own candles."""
    length = length_ms(candles.timeframe)
    time = [int(each) for each in candles.time]
    columns = [[float(x) for x in getattr(candles, name)] for name in ("open", "high", "low", "close", "volume")]
    ends = [each + length for each in time]
    return View(candles.market, candles.timeframe, "plain", time, ends, *columns, last=list(range(len(time))))


def longer_view(base: View, timeframe: str) -> View:
    """Longer candles; a first one that begins before the data does is left out, a hole inside removes none."""
    view = View(base.market, timeframe)
    for i in range(len(base)):
        begin, end = span_of(base.time[i], timeframe)
        if view.time and view.time[-1] == begin:
            view.high[-1] = max(view.high[-1], base.high[i])
            view.low[-1] = min(view.low[-1], base.low[i])
            view.close[-1] = base.close[i]
            view.volume[-1] += base.volume[i]
            view.last[-1] = i
        elif view.time or base.time[i] == begin:
            view.time.append(begin)
            view.end.append(end)
            for name in ("open", "high", "low", "close", "volume"):
                getattr(view, name).append(getattr(base, name)[i])
            view.last.append(i)
    return view


def heikin_ashi_view(plain: View) -> View:
    """Close is the mean of the four prices; open the middle of the open and close before, first of all (o + c) / 2."""
    view = View(
        plain.market, plain.timeframe, "heikin_ashi", plain.time, plain.end, volume=plain.volume, last=plain.last
    )
    for i in range(len(plain)):
        close = (plain.open[i] + plain.high[i] + plain.low[i] + plain.close[i]) / 4
        opened = (plain.open[0] + plain.close[0]) / 2 if i == 0 else (view.open[i - 1] + view.close[i - 1]) / 2
        view.open.append(opened)
        view.close.append(close)
        view.high.append(max(plain.high[i], opened, close))
        view.low.append(min(plain.low[i], opened, close))
    return view


def calendar(name: str, time_ms: int, zone: str) -> float | str:
    """Hour, day of the month, month or weekday of a candle's opening."""
    moment = local(time_ms, zone)
    if name == "weekday":
        return DAYS[moment.weekday()]
    return float({"hour": moment.hour, "day_of_month": moment.day, "month": moment.month}[name])
