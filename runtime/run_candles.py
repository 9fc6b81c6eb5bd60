"""Which candles a run decides on: those it had when it decided, however late others come in.

A candle that comes after the run has gone past it (a hole refilled, a market that was late) is kept in the
store and left out of this run, for good: what was decided must be what a backtest over the same candles decides.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.candles import Candles
from runtime.markets import Markets

COLUMNS = ("time", "open", "high", "low", "close", "volume")


@dataclass
class Taken:
    """What of a market's candles belongs to a run: the newest sight of each market, and what came too late."""

    seen: dict[str, int] = field(default_factory=dict)
    too_late: dict[str, list[int]] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """For the ledger; nothing where no market is live."""
        late = {market: list(each) for market, each in self.too_late.items()}
        return {"seen": dict(self.seen), "too_late": late} if self.seen else {}

    def candles(self, markets: Markets, market: str, timeframe: str, cursor: int | None) -> Candles:
        """The market's candles without those that came too late; `cursor` is the last candle decided on."""
        found, seen = markets.candles(market, timeframe), markets.seen(market, timeframe)
        if seen is None:
            return found
        if cursor is not None and market in self.seen:
            passed = (found.time <= cursor) & (seen > self.seen[market])
            late = self.too_late.get(market, [])
            if passed.any():
                self.too_late[market] = late = sorted({*late, *found.time[passed].tolist()})
            if late:
                found = found.keep(~np.isin(found.time, late))
        self.seen[market] = max(int(seen.max(initial=0)), self.seen.get(market, 0))
        return found


def taken_from(data: dict[str, Any] | None) -> Taken:
    """What `Taken.data` gave."""
    kept = (data or {}).get("candles", {})
    return Taken(dict(kept.get("seen", {})), {name: list(each) for name, each in kept.get("too_late", {}).items()})


def after(was: Candles, now: Candles) -> Candles | None:
    """The candles of `now` that follow those of `was`; None where these are not, bit by bit, what it begins with."""
    count = len(was)
    if len(now) < count:
        return None
    begin = now.part(0, count)
    same = all(np.array_equal(getattr(was, name), getattr(begin, name)) for name in COLUMNS)
    return now.part(count, len(now)) if same else None
