"""The present candles of an exchange: history from the store, new ones as they close."""

import threading
from dataclasses import dataclass

import numpy as np

from runtime.candles import Candles, Times
from runtime.core.resample import bucket_starts
from runtime.feeds import versions
from runtime.feeds.columns import CandleFileError
from runtime.feeds.exchange import ExchangeSource, last_close
from runtime.feeds.exchange_faults import ExchangeError
from runtime.feeds.fetching import SETTLE_MS, fetch_into
from runtime.feeds.follower import Arrived, Follower
from runtime.feeds.given import Given
from runtime.feeds.spans import missing
from runtime.feeds.store import CandleStore, Series
from runtime.markets import Feed, MarketError, Markets, Price
from strategy_dsl.timeframes import timeframe_ms

HISTORY_CANDLES = 20_000
"""How far back candles are fetched: two weeks of minutes, two years of hours."""
EARLIEST_MS = 1_262_304_000_000
"""1 January 2010: no exchange is older."""
FAR_FUTURE_MS = 4_102_444_800_000


@dataclass(frozen=True, eq=False)
class _View:
    candles: Candles
    seen: Times


@dataclass(frozen=True)
class Revised:
    """A candle that the venue changed after it was passed on; runs keep what they saw."""

    series: Series
    opened_ms: int


class LiveMarkets(Markets):
    """Markets that grow. `refresh` is called by the one who plays; `candles` may be called from any thread.

    A candle is what was known of it when the feed was opened, or its first version since: everything that runs on
    this feed decides on the same numbers, also after a restart. Raises MarketError with one sentence.
    """

    is_live = True

    def __init__(
        self, feed: Feed, store: CandleStore, history: ExchangeSource, follower: Follower, given: Given | None = None
    ) -> None:
        super().__init__(feed, given)
        self.store = store
        self.follower = follower
        self._history = history
        self._views: dict[tuple[str, str], _View] = {}
        self._lock = threading.Lock()
        self.generation = 0
        """Goes up whenever something new has been taken in."""
        self.revised: list[Revised] = []

    @property
    def label(self) -> str:
        """What people are told about where prices come from."""
        return f"present prices of {self.feed.exchange}"

    @property
    def start_ms(self) -> int:
        """When the exchange was first followed."""
        return self.feed.started_ms

    def close(self) -> None:
        """Stops asking."""
        self.follower.stop()
        self._history.close()

    def now_ms(self) -> int:
        """The venue's present time, the computer's own before the venue was heard."""
        return self.follower.clock.now_ms() or self.follower.clock.own_ms()

    @property
    def is_heard(self) -> bool:
        """Whether the venue's time is known: before that nothing is decided, and no question runs out."""
        return self.follower.clock.now_ms() is not None

    def price(self, market: str, timeframe: str) -> Price | None:
        """The last look at a market; None before the first."""
        found = self.follower.present(self._series(market, timeframe))
        return None if found is None else Price(found.price, found.at_ms, found.open, found.opened_ms)

    def candles(self, market: str, timeframe: str) -> Candles:
        """All closed candles, fetched and followed from the first time they are asked for."""
        return self._view(market, timeframe).candles

    def seen(self, market: str, timeframe: str) -> Times:
        """When each candle was first seen, ms UTC."""
        return self._view(market, timeframe).seen

    def history(self, market: str, timeframe: str) -> Candles:
        """Everything that has closed: nothing of it lies ahead."""
        return self.candles(market, timeframe)

    def refresh(self) -> bool:
        """Takes in what has come since the last call; whether there was anything."""
        arrived = self.follower.take()
        for each in arrived:
            self._take_in(each)
            self.revised += [Revised(each.series, time) for time in each.revised]
        self.generation += bool(arrived)
        return bool(arrived)

    def _take_in(self, arrived: Arrived) -> None:
        key = (arrived.series.market, arrived.series.timeframe)
        view = self._views[key]
        if arrived.refilled:
            self._views[key] = self._read(arrived.series)
            return
        coming = arrived.candles
        fresh = coming.part(int((coming.time <= view.candles.time[-1]).sum()), len(coming))
        if len(fresh):
            seen = np.append(view.seen, np.full(len(fresh), arrived.seen_ms, np.int64))
            self._views[key] = _View(view.candles.then(fresh), seen)

    def _view(self, market: str, timeframe: str) -> _View:
        key = (market, timeframe)
        if key not in self._views:
            with self._lock:
                if key not in self._views:
                    self._views[key] = self._open(self._series(market, timeframe))
        return self._views[key]

    def _open(self, series: Series) -> _View:
        try:
            self._fill(series)
            view = self._read(series)
        except (CandleFileError, ExchangeError) as error:
            raise MarketError(str(error)) from error
        if not len(view.candles):
            raise MarketError(f"{series.exchange} has no closed {series.market} {series.timeframe} candles yet")
        self.follower.follow(series, self._anchor(series.timeframe), int(view.candles.time[-1]))
        return view

    def _fill(self, series: Series) -> None:
        """Fetches the history that the store does not have; all of it or an error: a shorter one is another one."""
        anchor, started = self._anchor(series.timeframe), last_close(self.start_ms - SETTLE_MS, series.timeframe)
        if missing(self.store.asked(series), (anchor, started)):
            fetch_into(self.store, self._history, series, anchor, FAR_FUTURE_MS)
            self._hear()

    def _hear(self) -> None:
        """Learns the venue's time at once, since a run may be started next; two readings that agree are believed."""
        clock = self.follower.clock
        for _ in range(0 if self.is_heard else 2):
            asked_at = self.follower.monotonic()
            clock.read(self._history.now_ms(), asked_at)

    def _read(self, series: Series) -> _View:
        found = self.store.versions(series, self._anchor(series.timeframe))
        first = versions.first_since(found, self.start_ms)
        return _View(first.candles(series.market, series.timeframe), first.seen)

    def _anchor(self, timeframe: str) -> int:
        """The first candle that counts, the same for as long as the feed is: averages depend on where they begin."""
        back = self.start_ms - HISTORY_CANDLES * timeframe_ms(timeframe)
        return int(bucket_starts(np.array([max(back, EARLIEST_MS)]), timeframe)[0])

    def _series(self, market: str, timeframe: str) -> Series:
        return Series(self.feed.exchange, market, timeframe)
