"""A world whose candles come from the fake exchange, over real HTTP and by stock ccxt, at a clock that a test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.follower import Follower
from runtime.feeds.store import CandleStore
from runtime.feeds.venue_clock import VenueClock
from runtime.ledger import Ledger, decisions
from runtime.live_markets import LiveMarkets
from runtime.markets import Feed
from tests.emulators.venue import Venue
from tests.runtime.world import MadeMarkets, World


@dataclass
class Room:
    """The fake exchange, the store and our own clock, which may be wrong and may stand still."""

    venue: Venue
    folder: Path
    own_error_ms: int = 0
    steady_ms: int = 0

    def monotonic(self) -> float:
        return (self.venue.now_ms + self.steady_ms) / 1000

    def markets(self, started_ms: int) -> LiveMarkets:
        def source() -> ExchangeSource:
            return ExchangeSource("binance", self.venue.base_url, lambda seconds: None, attempts=2)

        clock = VenueClock(self.monotonic, lambda: self.venue.now_ms + self.own_error_ms)
        store = CandleStore(self.folder)
        follower = Follower(store, source(), clock, self.monotonic)
        return LiveMarkets(Feed(0, {}, "binance", started_ms), store, source(), follower)


@dataclass
class LiveWorld(World):
    """A running strategy on the present; `tick` moves the exchange's clock and does one round."""

    room: Room | None = None
    started_ms: int = field(default=0)

    def make_markets(self) -> LiveMarkets:
        assert self.room is not None
        self.started_ms = self.started_ms or self.room.venue.now_ms
        return self.room.markets(self.started_ms)

    def run(self, rules: str, name: str = "one") -> int:
        """Starts a strategy the way the conversation does: its candles are there first."""
        run = super().run(rules, name)
        self.live()
        self.look()
        return run

    def look(self) -> float:
        """One round of the follower, without playing."""
        wait = self.markets.follower.step()
        self.markets.refresh()
        return wait

    def tick(self, to_ms: int, at_once: int = 400) -> int:
        """The clock moves, the follower looks, and what has closed is played; how many candles."""
        assert self.room is not None
        self.room.venue.now_ms = to_ms
        self.look()
        with self.ledger.write() as c:
            self._engine.expire(c)
        return self.play(at_once=at_once)

    def reboot(self) -> None:
        """A new process: nothing but the ledger and the store is left."""
        self.markets.close()
        self.markets = self.make_markets()
        self.restart()
        self.live()


class Known(MadeMarkets):
    """The same candles, all known from the start; the replay begins where the live run did."""

    def begin(self, start_ms: int) -> "Known":
        self._start_ms = start_ms
        return self


def decided(ledger: Ledger, run_id: int) -> list[tuple[object, ...]]:
    """Every decision of a run with all that settled it."""
    with ledger.read() as c:
        rows = decisions.between(c, run_id, 0, 10**15)
    return sorted((each.candle_time, each.market, each.rule, each.outcome, repr(each.trace)) for each in rows)


@contextmanager
def closing_world(world: LiveWorld) -> Iterator[LiveWorld]:
    """Lets its connections go at the end."""
    try:
        yield world
    finally:
        world.markets.close()
