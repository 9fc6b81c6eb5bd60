"""Values of days and sessions by the clock of a zone, read at a candle's opening."""

from tests.reference.functions import Values
from tests.reference.views import View, local


def minutes(clock: str) -> int:
    """Minutes since midnight of `09:30`."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def minute_of_day(time_ms: int, zone: str) -> int:
    """Minutes since the zone's midnight."""
    moment = local(time_ms, zone)
    return moment.hour * 60 + moment.minute


def in_hours(minute: int, start: str, end: str) -> bool:
    """From start on, before end; over midnight where the end is not after the start."""
    first, last = minutes(start), minutes(end)
    return first <= minute < last if first < last else minute >= first or minute < last


def previous_day(view: View, zone: str) -> dict[str, Values]:
    """Open, high, low and close of the zone's day before each candle's day, as far as there are candles."""
    days: list[tuple[object, list[int]]] = []
    found: dict[str, Values] = {name: [] for name in ("open", "high", "low", "close")}
    for i in range(len(view)):
        day = local(view.time[i], zone).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(i)
        before = days[-2][1] if len(days) > 1 else []
        found["open"].append(view.open[before[0]] if before else None)
        found["high"].append(max(view.high[j] for j in before) if before else None)
        found["low"].append(min(view.low[j] for j in before) if before else None)
        found["close"].append(view.close[before[-1]] if before else None)
    return found


def session(view: View, start: str, end: str, zone: str) -> dict[str, Values]:
    """Of the last finished session; unknown while one is running."""
    found: dict[str, Values] = {name: [] for name in ("open", "high", "low", "close")}
    running: list[int] = []
    done: list[int] = []
    for i in range(len(view)):
        inside = in_hours(minute_of_day(view.time[i], zone), start, end)
        if inside:
            running = [*running, i]
        elif running:
            done, running = running, []
        usable = [] if inside else done
        found["open"].append(view.open[usable[0]] if usable else None)
        found["high"].append(max(view.high[j] for j in usable) if usable else None)
        found["low"].append(min(view.low[j] for j in usable) if usable else None)
        found["close"].append(view.close[usable[-1]] if usable else None)
    return found


def vwap(view: View, zone: str = "UTC") -> Values:
    """Volume-weighted typical price since the zone's day began; unknown while nothing was traded."""
    found: Values = []
    today, money, coins = None, 0.0, 0.0
    for i in range(len(view)):
        day = local(view.time[i], zone).date()
        if day != today:
            today, money, coins = day, 0.0, 0.0
        money += (view.high[i] + view.low[i] + view.close[i]) / 3 * view.volume[i]
        coins += view.volume[i]
        found.append(money / coins if coins else None)
    return found
