"""Follows the present candles of an exchange in a thread of its own: asks, keeps, and passes on what is new."""

import logging
import threading
from collections import deque
from dataclasses import dataclass, field

from runtime.candles import Candles
from runtime.feeds.exchange import ExchangeSource, Row, sane_candles
from runtime.feeds.exchange_faults import ExchangeError
from runtime.feeds.fetching import SETTLE_MS, fetch_into
from runtime.feeds.store import CandleStore, Series
from runtime.feeds.venue_clock import Monotonic, VenueClock
from strategy_dsl.timeframes import timeframe_ms

log = logging.getLogger("sayso.follower")

LOOK_SECONDS = 15.0
"""Between two looks at a market while nothing closes: prices for answers, and candles that were changed."""
AGAIN_SECONDS = 2.0
"""Until a candle that should be there is asked for again."""
LONGEST_SECONDS = 60.0
OVERLAP = 3
"""Candles that are asked for again with each look, to see whether the venue has changed them."""
FAR = 500
"""Further behind than this, it is fetched page by page."""


@dataclass(frozen=True)
class Present:
    """A market now: the opening price of the unfinished candle and the last price, both at venue times in ms UTC."""

    open: float
    opened_ms: int
    price: float
    at_ms: int


@dataclass(frozen=True)
class Arrived:
    """Closed candles after the newest one, the openings of those that the venue has changed, or a filled hole."""

    series: Series
    candles: Candles
    revised: tuple[int, ...]
    seen_ms: int
    refilled: bool = False


@dataclass
class _Followed:
    series: Series
    since_ms: int
    newest_ms: int
    next_look: float = 0.0
    problem: str = ""
    looked: bool = False


@dataclass
class Follower:
    """One exchange's markets. `step` is one round, for the thread or a test; the rest is for the main thread."""

    store: CandleStore
    source: ExchangeSource
    clock: VenueClock
    monotonic: Monotonic
    _followed: dict[Series, _Followed] = field(default_factory=dict)
    _arrived: deque[Arrived] = field(default_factory=deque)
    _presents: dict[Series, Present] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _failures: int = 0
    problem: str = ""
    """Why the exchange as a whole gives nothing now, in one sentence; empty while it does."""
    failing_since: float | None = None

    # for the main thread

    def follow(self, series: Series, since_ms: int, newest_ms: int) -> None:
        """Keeps a series up to date from its newest candle on; `since_ms` is where it begins."""
        self._followed.setdefault(series, _Followed(series, since_ms, newest_ms))

    def take(self) -> list[Arrived]:
        """What has come since the last call, in order."""
        return [self._arrived.popleft() for _ in range(len(self._arrived))]

    def present(self, series: Series) -> Present | None:
        """The last look at a market."""
        return self._presents.get(series)

    def newest(self) -> dict[Series, tuple[int, str]]:
        """Of each series the opening of its newest candle in ms UTC, and what stands in its way.

        One that was not looked at yet is left out, unless that is because nothing can be.
        """
        tried = [each for each in list(self._followed.values()) if each.looked or each.problem or self.problem]
        return {each.series: (each.newest_ms, each.problem) for each in tried}

    def start(self) -> None:
        """Begins to ask, in a thread that ends with the process."""
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the question that is under way."""
        self._stop.set()
        if self._thread is not None:
            # a question that hangs is left to the end of the process: the store is whole at every moment
            self._thread.join(1)

    # for the thread

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                wait = self.step()
            except Exception:
                # the third broad catch: a thread that dies in silence would look like a market that stands still
                log.exception("the exchange could not be followed")
                self.problem, wait = "it failed on my side; the log has the reason", LONGEST_SECONDS
            self._stop.wait(wait)
        self.source.close()

    def step(self) -> float:
        """Looks at every market that is due; returns the seconds until the next round."""
        if not self._followed:
            return 0.2
        if all(self.monotonic() < each.next_look for each in list(self._followed.values())):
            return self._until_next()
        try:
            asked_at = self.monotonic()
            if not self.clock.read(self.source.now_ms(), asked_at):
                return 1.0
        except ExchangeError as error:
            return self._failed(error)
        for each in list(self._followed.values()):
            if self._stop.is_set() or self.monotonic() < each.next_look:
                continue
            try:
                self._look(each)
                each.problem, each.looked = "", True
            except ExchangeError as error:
                each.problem = str(error)
                each.next_look = self.monotonic() + min(LONGEST_SECONDS, LOOK_SECONDS)
                if error.wait_seconds or all(one.problem for one in self._followed.values()):
                    return self._failed(error)
        self.problem, self.failing_since, self._failures = "", None, 0
        return self._until_next()

    def _failed(self, error: ExchangeError) -> float:
        """Notes why nothing comes; waits longer each time, and as long as the venue asks for."""
        self.problem, self._failures = str(error), self._failures + 1
        if self.failing_since is None:
            self.failing_since = self.monotonic()
        return max(error.wait_seconds, min(LONGEST_SECONDS, AGAIN_SECONDS * 2.0 ** (self._failures - 1)))

    def _until_next(self) -> float:
        due = min(each.next_look for each in list(self._followed.values()))
        return min(max(due - self.monotonic(), 0.05), 1.0)

    def _look(self, each: _Followed) -> None:
        series, length = each.series, timeframe_ms(each.series.timeframe)
        now = self._now()
        if now - each.newest_ms > FAR * length:
            fetch_into(self.store, self.source, series, each.newest_ms, now)
            found = self.store.read(series, each.newest_ms + 1)
            self._pass_on(each, found, (), now)
        since = max(each.since_ms, each.newest_ms - (OVERLAP - 1) * length)
        rows = self.source.rows(series.market, series.timeframe, since)
        self._keep(each, rows, since, now)
        each.next_look = self.monotonic() + self._wait(each, now)

    def _keep(self, each: _Followed, rows: list[Row], since: int, now: int) -> None:
        """Closed and settled candles go to the store and on; the unfinished one is the present price."""
        series, length = each.series, timeframe_ms(each.series.timeframe)
        closed = [row for row in rows if since <= row[0] <= now - SETTLE_MS - length]
        candles, faults = sane_candles(series.market, series.timeframe, closed)
        for fault in faults:
            log.warning("%s: left out, no candle can be so: %s", series, fault)
        if len(candles):
            written = self.store.append(series, candles, now, (since, int(candles.time[-1]) + length))
            fresh = candles.part(int((candles.time <= each.newest_ms).sum()), len(candles))
            refilled = any(time <= each.newest_ms for time in written.new)
            self._pass_on(each, fresh, written.revised, written.seen_ms, refilled=refilled)
        unfinished = [row for row in rows if row[0] <= now < row[0] + length]
        if unfinished and not sane_candles(series.market, series.timeframe, unfinished)[1]:
            opened, price = int(unfinished[-1][0]), unfinished[-1][4]
            self._presents[series] = Present(unfinished[-1][1], opened, price, now)

    def _pass_on(
        self, each: _Followed, candles: Candles, revised: tuple[int, ...], seen_ms: int, *, refilled: bool = False
    ) -> None:
        if len(candles) or revised or refilled:
            self._arrived.append(Arrived(each.series, candles, revised, seen_ms, refilled))
        if len(candles):
            each.newest_ms = int(candles.time[-1])

    def _wait(self, each: _Followed, now: int) -> float:
        """Seconds until this market is looked at again: right after its next close, soon when it is late."""
        next_due = each.newest_ms + 2 * timeframe_ms(each.series.timeframe) + SETTLE_MS
        if next_due <= now:
            return AGAIN_SECONDS if now - next_due < LONGEST_SECONDS * 1000 else LOOK_SECONDS
        return min(LOOK_SECONDS, (next_due - now) / 1000)

    def _now(self) -> int:
        now = self.clock.now_ms()
        if now is None:
            raise ExchangeError(f"{self.source.exchange} gives no time that can be believed: try again later")
        return now
