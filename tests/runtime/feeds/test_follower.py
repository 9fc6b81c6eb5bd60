"""Following present candles over real HTTP with stock ccxt: whatever the exchange does, only closed candles come."""

from collections.abc import Callable, Iterator
from pathlib import Path

import ccxt
import pytest

from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.follower import Follower
from runtime.feeds.store import CandleStore, Series
from runtime.feeds.venue_clock import VenueClock
from tests.candle_files import MONDAY_MS, rising_candles, same
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue

HOUR_MS = 3_600_000
HOURS, OTHER = Series("binance", "BTC/USDT", "1h"), Series("binance", "ETH/USDT", "1h")
ALL = rising_candles(2_000)
START = MONDAY_MS + 100 * HOUR_MS


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Venue]:
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: None)
    with running_venue({"BTC/USDT": ALL, "ETH/USDT": ALL}, START + 60_000) as running:
        yield running


class Desk:
    """A follower with a clock of our own that a test may set apart from the exchange's."""

    def __init__(self, venue: Venue, folder: Path) -> None:
        self.venue, self.own_error_ms, self.waits = venue, 0, []
        self.store = CandleStore(folder)
        self.clock = VenueClock(self.monotonic, lambda: venue.now_ms + self.own_error_ms)
        source = ExchangeSource("binance", venue.base_url, self.waits.append, attempts=2)
        self.follower = Follower(self.store, source, self.clock, self.monotonic)
        self.got: list[int] = []

    def monotonic(self) -> float:
        return self.venue.now_ms / 1000

    def follow(self, series: Series = HOURS, back: int = 1) -> None:
        self.follower.follow(series, MONDAY_MS, START - (back + 1) * HOUR_MS)

    def step(self, seconds: float = 0) -> float:
        """Time goes by, then one round; what came is noted by its place in `ALL`."""
        self.venue.now_ms += round(seconds * 1000)
        wait = self.follower.step()
        for each in self.follower.take():
            assert same(each.candles, ALL.part(*_places(each.candles.time.tolist())))
            self.got += [(time - MONDAY_MS) // HOUR_MS for time in each.candles.time.tolist()]
        return wait


def _places(times: list[int]) -> tuple[int, int]:
    return ((times[0] - MONDAY_MS) // HOUR_MS, (times[-1] - MONDAY_MS) // HOUR_MS + 1) if times else (0, 0)


@pytest.fixture
def desk(venue: Venue, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(venue, tmp_path / "candles")
    yield made
    made.follower.source.close()


def test_what_closed_comes_once_and_in_order(desk: Desk) -> None:
    desk.follow(back=5)
    for _ in range(8):
        desk.step(900)
    assert desk.got == [95, 96, 97, 98, 99, 100, 101]
    assert desk.store.read(HOURS).time.tolist()[-7:] == ALL.time[95:102].tolist()


def test_it_looks_right_after_each_close_and_now_and_then_between(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step()
    assert desk.step(0.5) <= 1 and len(venue.asked("klines")) == 1
    desk.step(15)
    assert len(venue.asked("klines")) == 2
    venue.now_ms = START + HOUR_MS - 5_000
    desk.step()
    desk.step(5)
    desk.step(1)
    assert desk.got == [99]
    desk.step(1.0)
    assert desk.got == [99, 100], "two seconds after the close, when its last trades are in"
    assert len(venue.asked("time")) == len(venue.asked("klines")) == 4, "nothing is asked while nothing is due"


def test_a_look_within_two_seconds_of_a_close_does_not_take_the_candle(desk: Desk, venue: Venue) -> None:
    desk.follow()
    venue.now_ms = START + HOUR_MS - 14_500
    desk.step()
    desk.step(15)
    assert len(venue.asked("klines")) == 2 and desk.got == [99]
    desk.step(1.5)
    assert desk.got == [99, 100]


def test_a_candle_that_comes_late_is_asked_for_again_and_again(desk: Desk, venue: Venue) -> None:
    venue.withheld = {("BTC/USDT", START)}
    desk.follow()
    venue.now_ms = START + HOUR_MS + 3_000
    desk.step()
    for _ in range(5):
        desk.step(2.1)
    assert desk.got == [99] and len(venue.asked("klines")) == 6
    venue.withheld = set()
    desk.step(2.1)
    assert desk.got == [99, 100]


def test_a_venue_that_never_shows_unfinished_candles_is_followed_too(desk: Desk, venue: Venue) -> None:
    venue.shows_unfinished = False
    desk.follow()
    for _ in range(6):
        desk.step(1800)
    assert desk.got == [99, 100, 101, 102] and desk.follower.present(HOURS) is None


def test_the_unfinished_candle_is_the_present_price_and_nothing_else(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step(1_740)
    price = desk.follower.present(HOURS)
    assert price is not None
    assert (price.open, price.opened_ms, price.at_ms) == (200.0, START, venue.now_ms) and 200.0 < price.price < 200.5
    assert desk.got == [99] and int(desk.store.read(HOURS).time[-1]) == START - HOUR_MS


@pytest.mark.parametrize(
    "kind",
    ["too_many", "banned", "unavailable", "truncated", "dropped", "barred", "unreadable", "null", "shapeless",
     "page_of_errors", "empty"],
)  # fmt: skip
@pytest.mark.parametrize("on", ["klines", "time", "exchangeInfo"])
def test_after_any_fault_it_goes_on_without_a_hole(desk: Desk, venue: Venue, kind: str, on: str) -> None:
    if (kind, on) == ("empty", "exchangeInfo"):
        pytest.skip("no such reply")
    desk.follow()
    desk.step()
    venue.lasting = Fault(kind, on)
    for _ in range(4):
        desk.step(1_800)
    venue.lasting = None
    for _ in range(3):
        desk.step(70)
    assert desk.got == [99, 100, 101]
    assert desk.follower.problem == "" and not any(problem for _, problem in desk.follower.newest().values())


def test_what_is_wrong_is_one_sentence_and_waits_grow(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step()
    venue.lasting = Fault("dropped", on="")
    waits = [desk.step(100) for _ in range(8)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert desk.follower.problem == "binance cannot be reached: check the network connection and try again"
    assert desk.follower.failing_since is not None


def test_a_ban_is_kept_to_the_second(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.follow(OTHER)
    venue.faults.append(Fault("banned", retry_after=900))
    assert desk.step() == 900
    assert "in 15 minutes" in desk.follower.problem
    assert len(venue.asked("klines")) == 1, "the second market is not asked for while the ban lasts"


def test_one_market_that_is_gone_leaves_the_others(desk: Desk, venue: Venue) -> None:
    desk.follow(Series("binance", "DOGE/USDT", "1h"))
    desk.follow()
    for _ in range(3):
        desk.step(1_800)
    assert desk.got == [99, 100, 101][: len(desk.got)] and 100 in desk.got
    problems = {series.market: problem for series, (_, problem) in desk.follower.newest().items()}
    assert "has no market DOGE/USDT" in problems["DOGE/USDT"] and problems["BTC/USDT"] == ""
    assert desk.follower.problem == ""


@pytest.mark.parametrize("error_ms", [-40_000, 40_000, 5 * HOUR_MS, -5 * HOUR_MS])
def test_our_own_clock_has_no_say(desk: Desk, venue: Venue, error_ms: int) -> None:
    desk.own_error_ms = error_ms
    desk.follow()
    for _ in range(6):
        desk.step(1_000)
    assert desk.got == [99, 100]
    assert abs(desk.clock.skew_ms + error_ms) < 1_000


def test_a_time_that_jumps_is_believed_only_when_it_stays(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step()
    venue.clock_error_ms = 3 * HOUR_MS
    assert desk.step(60) == 1.0
    assert desk.got == [99] and desk.clock.now_ms() == venue.now_ms
    venue.clock_error_ms = 0
    desk.step(1)
    desk.step(16)
    assert desk.got == [99] and desk.clock.now_ms() == venue.now_ms


def test_after_a_sleep_of_the_computer_the_time_is_right_in_two_rounds(
    desk: Desk, venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.follow()
    desk.step()
    slept = 7 * HOUR_MS
    awake: Callable[[], float] = lambda: (venue.now_ms - slept) / 1000  # noqa: E731
    desk.clock._monotonic = desk.follower.monotonic = awake
    venue.now_ms += slept
    assert desk.step(16) == 1.0
    desk.step(1)
    assert desk.got == [99, *range(100, 107)]


def test_a_candle_that_was_changed_after_its_close_is_noticed(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step()
    venue.corrected["BTC/USDT", START - HOUR_MS] = 150.0
    venue.now_ms += 20_000
    desk.follower.step()
    (arrived,) = desk.follower.take()
    assert arrived.revised == (START - HOUR_MS,) and not len(arrived.candles)
    assert desk.store.read(HOURS).close[-1] == 150.0
    assert desk.store.read(HOURS, as_of_ms=arrived.seen_ms - 1).close[-1] == ALL.close[99]


def test_a_hole_that_the_venue_fills_later_is_filled_here(desk: Desk, venue: Venue) -> None:
    venue.withheld = {("BTC/USDT", START)}
    desk.follow()
    venue.now_ms = START + 2 * HOUR_MS + 3_000
    desk.follower.step()
    assert [each.candles.time.tolist() for each in desk.follower.take()] == [ALL.time[[99, 101]].tolist()]
    venue.withheld = set()
    venue.now_ms += 20_000
    desk.follower.step()
    (arrived,) = desk.follower.take()
    assert arrived.refilled and START in desk.store.read(HOURS).time


def test_after_weeks_of_being_down_everything_in_between_comes(desk: Desk, venue: Venue) -> None:
    desk.follow()
    desk.step()
    venue.most_rows = 300
    desk.step(1_700 * 3_600)
    desk.step(20)
    assert desk.got == list(range(99, 1_800))


def test_the_thread_follows_and_stops(desk: Desk, venue: Venue) -> None:
    import time

    desk.follow()
    desk.follower.start()
    until = time.monotonic() + 10
    while time.monotonic() < until and not desk.follower._arrived:
        time.sleep(0.01)
    desk.follower.stop()
    assert [len(each.candles) for each in desk.follower.take()] == [1]
    assert not desk.follower._thread.is_alive()
