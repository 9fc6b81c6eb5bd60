"""What a spot exchange in the manner of Binance tells the public: its clock, markets and candles.

`running_venue` (in `venue_http`) serves it over real HTTP. Orders and balances can grow beside the candles.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from runtime.candles import Candles
from runtime.core.resample import bucket_starts
from strategy_dsl.timeframes import timeframe_ms

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Fault:
    """One bad reply: `kind` is too_many, unavailable, truncated, dropped, hang, barred, banned, unreadable, null,
    shapeless, empty or page_of_errors."""

    kind: str
    on: str = "klines"
    retry_after: int | None = None


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Venue:
    """What the fake exchange knows; faults are used up one a request, `lasting` stays until it is taken away."""

    candles: dict[str, Candles]
    now_ms: int
    clock: Callable[[], int] | None = None
    """A clock that runs, in place of `now_ms`."""

    clock_error_ms: int = 0
    """How wrong the time is that it tells; its candles open and close by the right one."""

    faults: deque[Fault] = field(default_factory=deque)
    lasting: Fault | None = None
    withheld: set[tuple[str, int]] = field(default_factory=set)
    """Candles, by market and opening, that it does not show yet."""

    corrected: dict[tuple[str, int], float] = field(default_factory=dict)
    """Closes that it has changed since, by market and opening."""

    requests: list[Request] = field(default_factory=list)
    most_rows: int = 1000
    overlap: int = 0
    ignores_end: bool = False
    windowed: bool = False
    """Whether a page ends where it would without holes, as on venues that look no further than the page."""

    shows_unfinished: bool = True
    answering: threading.Event = field(default_factory=threading.Event)
    hang_released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    base_url: str = ""

    def __post_init__(self) -> None:
        """Answers at once."""
        self.answering.set()

    def fault_for(self, path: str) -> Fault | None:
        with self.lock:
            if self.faults and path.endswith(self.faults[0].on):
                return self.faults.popleft()
            return self.lasting if self.lasting and path.endswith(self.lasting.on) else None

    def asked(self, path_end: str) -> list[Request]:
        return [request for request in self.requests if request.path.endswith(path_end)]

    def now(self) -> int:
        return self.now_ms if self.clock is None else self.clock()

    def reply(self, path: str, query: dict[str, str]) -> object:
        told = self.now() + self.clock_error_ms
        match path.rsplit("/", 1)[1]:
            case "ping":
                return {}
            case "time":
                return {"serverTime": told}
            case "exchangeInfo":
                return {"timezone": "UTC", "serverTime": told, "symbols": [*map(_symbol, self.candles)]}
            case "klines":
                return self.klines(query)
        return None

    def klines(self, query: dict[str, str]) -> object:
        market = next((name for name in self.candles if name.replace("/", "") == query["symbol"]), None)
        if market is None:
            return {"code": -1121, "msg": "Invalid symbol."}
        now, length = self.now(), timeframe_ms(query["interval"])
        candles = self.shown(market, query["interval"], now)
        start = int(query.get("startTime", 0)) - self.overlap * length
        stop = now if self.ignores_end else min(int(query.get("endTime", now)), now)
        if self.windowed:
            stop = min(stop, start + length * (self.most_rows - 1))
        first, last = np.searchsorted(candles.time, [start, stop + 1])
        last = min(last, first + min(int(query.get("limit", 500)), self.most_rows))
        return [_kline(candles, index, length) for index in range(first, last)]

    def shown(self, market: str, interval: str, now_ms: int) -> Candles:
        """The candles at a moment, the last one as far as it has come."""
        base = self.candles[market]
        candles = _longer(
            _so_far(base.part(0, int(np.searchsorted(base.time, now_ms, side="right"))), now_ms), interval
        )
        high, low, close = (getattr(candles, name).copy() for name in ("high", "low", "close"))
        for (name, opened), corrected in self.corrected.items():
            at = candles.time == opened
            if name == market and at.any():
                high[at], low[at], close[at] = max(high[at][0], corrected), min(low[at][0], corrected), corrected
        seen = ~np.isin(candles.time, [opened for name, opened in self.withheld if name == market])
        if not self.shows_unfinished:
            seen &= candles.time + timeframe_ms(interval) <= now_ms
        columns = (each[seen] for each in (candles.time, candles.open, high, low, close, candles.volume))
        return Candles(market, interval, *columns)


def _so_far(candles: Candles, now_ms: int) -> Candles:
    """The same candles, the last one as it looks before its end."""
    length = timeframe_ms(candles.timeframe)
    if not len(candles) or int(candles.time[-1]) + length <= now_ms:
        return candles
    share = (now_ms - int(candles.time[-1])) / length
    high, low, close, volume = (getattr(candles, name).copy() for name in ("high", "low", "close", "volume"))
    opened = candles.open[-1]
    close[-1] = opened + (close[-1] - opened) * share
    high[-1], low[-1], volume[-1] = max(opened, close[-1]), min(opened, close[-1]), volume[-1] * share
    return Candles(candles.market, candles.timeframe, candles.time, candles.open, high, low, close, volume)


def _longer(candles: Candles, interval: str) -> Candles:
    """Candles of a longer interval, the last one as far as it has come."""
    if interval == candles.timeframe or not len(candles):
        return candles
    starts = bucket_starts(candles.time, interval)
    firsts = np.flatnonzero(np.diff(starts, prepend=starts[0] - 1))
    return Candles(
        candles.market,
        interval,
        starts[firsts],
        candles.open[firsts],
        np.maximum.reduceat(candles.high, firsts),
        np.minimum.reduceat(candles.low, firsts),
        candles.close[np.append(firsts[1:], len(candles)) - 1],
        np.add.reduceat(candles.volume, firsts),
    )


def _symbol(market: str) -> dict[str, object]:
    coin, quote = market.split("/")
    return {
        "symbol": coin + quote,
        "status": "TRADING",
        "baseAsset": coin,
        "quoteAsset": quote,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "MARKET"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "permissions": ["SPOT"],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
            {"filterType": "NOTIONAL", "minNotional": "5"},
        ],
    }


def _kline(candles: Candles, index: int, length: int) -> list[object]:
    opened = int(candles.time[index])
    prices = [repr(float(column[index])) for column in (candles.open, candles.high, candles.low, candles.close)]
    volume = repr(float(candles.volume[index]))
    return [opened, *prices, volume, opened + length - 1, "0", 1, "0", "0", "0"]
