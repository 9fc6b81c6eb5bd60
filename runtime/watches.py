"""Alerts about the account and not about a market: a position, the fall from the top, the day, silence."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from runtime.core.calendar import HOUR_MS, milliseconds, moment
from runtime.ledger import fills, preferences, runs
from runtime.live_run import LiveRun

NAME = "watches"
"""Under which they stand among what a person has set."""


@dataclass(frozen=True)
class Watch:
    """One of them: what it looks at, and from which gain (`way` 1), loss (-1) or number of hours on it speaks.

    `position`: the result of each open position, in percent of its entry price or in money. `fall`: how far everything
    that runs is below its highest worth. `day`: what everything has made since UTC midnight. `quiet`: hours since the
    last fill.
    """

    number: int
    kind: Literal["position", "fall", "day", "quiet"]
    way: int
    amount: float
    unit: Literal["percent", "money", "hours"]
    coin: str | None = None


@dataclass(frozen=True)
class Raised:
    """A watch that has come true: the key of this one time, the value it was seen at, the market if it has one."""

    watch: Watch
    key: str
    value: float
    market: str = ""
    strategy: str = ""


def watches(c: Connection, person_id: int) -> tuple[Watch, ...]:
    """What a person has asked to be told, in the order asked."""
    return tuple(Watch(**each) for each in preferences.get(c, person_id, NAME, []))


def add(c: Connection, person_id: int, watch: dict[str, Any]) -> Watch:
    """One more, under a number that none of theirs had before; one that is there already is given back."""
    mine = watches(c, person_id)
    for each in mine:
        if {**asdict(each), "number": 0} == {**watch, "number": 0}:
            return each
    count = preferences.get(c, person_id, f"{NAME}_made", 0) + 1
    made = Watch(**{**watch, "number": count})
    preferences.put(c, person_id, f"{NAME}_made", count)
    preferences.put(c, person_id, NAME, [asdict(each) for each in (*mine, made)])
    return made


def remove(c: Connection, person_id: int, number: int) -> Watch | None:
    """Takes one away; None where there is none of that number."""
    mine = watches(c, person_id)
    gone = next((each for each in mine if each.number == number), None)
    if gone is not None:
        preferences.put(c, person_id, NAME, [asdict(each) for each in mine if each is not gone])
    return gone


class Watching:
    """Looks at what runs after each candle; each position, fall, day or silence is told once."""

    def __init__(self, person_id: int, asked: Sequence[Watch]) -> None:
        self.person_id = person_id
        self.asked = asked
        self._told: set[str] = set()
        self._last: tuple[tuple[int, ...], int] = ((), 0)
        """Of which runs a fill is known, and when: the last is no earlier, so the ledger is asked of silence only."""

    def look(self, c: Connection, live: Sequence[LiveRun], close_ms: int) -> list[Raised]:
        """What has come true and was not told in this process; the outbox knows what was told before it."""
        found = [each for watch in self.asked for each in self._seen(c, watch, live, close_ms)]
        fresh = [each for each in found if each.key not in self._told]
        self._told |= {each.key for each in fresh}
        return fresh

    def _seen(self, c: Connection, watch: Watch, live: Sequence[LiveRun], close_ms: int) -> Iterator[Raised]:
        key = f"watch-{self.person_id}-{watch.number}"
        today = moment(close_ms - 1).date()
        match watch.kind:
            case "position":
                yield from _positions(watch, key, live)
            case "quiet":
                last = self._last_ms(c, live, round(close_ms - watch.amount * HOUR_MS))
                hours = (close_ms - last) / HOUR_MS
                if hours >= watch.amount:
                    yield Raised(watch, f"{key}-{last}", hours)
            case "fall" | "day":
                worth = sum(run.machine.equity() for run in live)
                before = sum(run.peak if watch.kind == "fall" else run.day_equity for run in live)
                change = worth - before
                value = change if watch.unit == "money" else 100 * change / before if before > 0 else 0.0
                if value * watch.way >= watch.amount:
                    # a fall goes on until there is a new highest worth
                    yield Raised(watch, f"{key}-{today if watch.kind == 'day' else round(before, 4)}", value)

    def _last_ms(self, c: Connection, live: Sequence[LiveRun], enough: int) -> int:
        """When one of the runs was last filled or begun, ms UTC; an older fill after `enough` does, too."""
        ids = tuple(run.id for run in live)
        if self._last[0] != ids or self._last[1] <= enough:
            begun = max(runs.get(c, each).started_at for each in ids)
            filled = fills.last_at(c, ids)
            self._last = ids, milliseconds(begun if filled is None else max(filled, begun))
        return self._last[1]


def _positions(watch: Watch, key: str, live: Sequence[LiveRun]) -> Iterator[Raised]:
    for run in live:
        for market, held in run.machine.positions().items():
            share = 100 * held.side * (held.mark / held.entry_price - 1)
            value = held.result if watch.unit == "money" else share
            if watch.coin in (None, market.split("/")[0]) and value * watch.way >= watch.amount:
                yield Raised(watch, f"{key}-{run.id}-{market}-{held.filled_ms}", value, market, run.strategy.name)
