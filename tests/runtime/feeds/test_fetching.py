"""From an exchange into the store, over real HTTP with stock ccxt: resume, holes, changes, impossible candles."""

from collections.abc import Iterator
from pathlib import Path

import ccxt
import pytest

from runtime.feeds.exchange import ExchangeError, ExchangeSource
from runtime.feeds.fetching import Fetched, fetch_into, keep, repair
from runtime.feeds.files import gaps
from runtime.feeds.store import CandleStore, Series
from tests.candle_files import MONDAY_MS, rising_candles, same, without
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue

HOUR_MS = 3_600_000
COUNT = 2_300
ALL = rising_candles(COUNT)
END = MONDAY_MS + COUNT * HOUR_MS
HOURS = Series("binance", "BTC/USDT", "1h")


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Venue]:
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: None)
    with running_venue({"BTC/USDT": ALL}, END + 1_800_000) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> CandleStore:
    return CandleStore(tmp_path / "candles")


@pytest.fixture
def source(venue: Venue) -> Iterator[ExchangeSource]:
    found = ExchangeSource("binance", venue.base_url, lambda seconds: None)
    yield found
    found.close()


def test_everything_comes_and_asking_again_asks_nothing(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    assert fetch_into(store, source, HOURS, MONDAY_MS, END) == Fetched(COUNT)
    assert same(store.read(HOURS), ALL)
    asked = len(venue.asked("klines"))
    assert fetch_into(store, source, HOURS, MONDAY_MS, END) == Fetched()
    assert len(venue.asked("klines")) == asked == 3


def test_only_what_is_missing_is_asked_for(store: CandleStore, source: ExchangeSource, venue: Venue) -> None:
    fetch_into(store, source, HOURS, MONDAY_MS + 500 * HOUR_MS, MONDAY_MS + 700 * HOUR_MS)
    venue.requests.clear()
    assert fetch_into(store, source, HOURS, MONDAY_MS, MONDAY_MS + 900 * HOUR_MS).new == 700
    spans = [(int(each.query["startTime"]), int(each.query["endTime"]) + 1) for each in venue.asked("klines")]
    assert spans == [
        (MONDAY_MS, MONDAY_MS + 500 * HOUR_MS),
        (MONDAY_MS + 700 * HOUR_MS, MONDAY_MS + 900 * HOUR_MS),
    ]


def test_a_fetch_that_fails_in_the_middle_goes_on_there(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    venue.most_rows = 500
    told: list[tuple[int, int]] = []

    def report(done: int, whole: int) -> None:
        told.append((done, whole))
        if len(told) == 2:
            venue.lasting = Fault("unavailable")

    with pytest.raises(ExchangeError, match="not available"):
        fetch_into(store, source, HOURS, MONDAY_MS, END, report)
    assert told == [(500, COUNT), (1_000, COUNT)] and len(store.read(HOURS)) == 1_000
    venue.lasting = None
    venue.requests.clear()
    assert fetch_into(store, source, HOURS, MONDAY_MS, END).new == COUNT - 1_000
    assert int(venue.asked("klines")[0].query["startTime"]) == MONDAY_MS + 1_000 * HOUR_MS
    assert same(store.read(HOURS), ALL)


def test_the_candle_that_has_just_closed_waits_until_it_has_settled(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    venue.now_ms = MONDAY_MS + 10 * HOUR_MS + 1_999
    assert fetch_into(store, source, HOURS, MONDAY_MS, END).new == 9
    venue.now_ms += 1
    assert fetch_into(store, source, HOURS, MONDAY_MS, END).new == 1


def test_our_own_clock_has_no_say(store: CandleStore, source: ExchangeSource, venue: Venue) -> None:
    """The venue's clock stands at the fifth candle, however late it is here."""
    venue.now_ms = MONDAY_MS + 5 * HOUR_MS + 60_000
    assert fetch_into(store, source, HOURS, MONDAY_MS, MONDAY_MS + 10**12).new == 5


def test_holes_are_refilled_and_the_venues_own_are_told(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    store.append(HOURS, without(ALL, 3, 4, 900, *range(1_500, 1_510)), 1)
    venue.candles["BTC/USDT"] = without(ALL, 4, 1_505)
    found = repair(store, source, HOURS)
    assert found.fetched.new == 11
    assert found.holes == ((MONDAY_MS + 4 * HOUR_MS, 1), (MONDAY_MS + 1_505 * HOUR_MS, 1))
    assert same(store.read(HOURS), without(ALL, 4, 1_505))
    starts = {(int(each.query["startTime"]) - MONDAY_MS) // HOUR_MS for each in venue.asked("klines")}
    assert starts <= {3, 4, 900, *range(1_500, 1_510)}, "only holes are asked for"
    assert len(starts) < 8, "holes that lie together are asked for together"


def test_a_repair_asks_again_for_what_the_venue_did_not_have_then(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    venue.candles["BTC/USDT"] = without(ALL, 40)
    fetch_into(store, source, HOURS, MONDAY_MS, END)
    venue.candles["BTC/USDT"] = ALL
    assert gaps(store.read(HOURS)) and fetch_into(store, source, HOURS, MONDAY_MS, END).new == 0
    assert repair(store, source, HOURS).fetched.new == 1
    assert not gaps(store.read(HOURS))


def test_what_the_venue_has_changed_is_kept_beside_what_was_seen(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    fetch_into(store, source, HOURS, MONDAY_MS, END)
    before, as_of = store.read(HOURS), int(store.versions(HOURS).seen.max())
    venue.corrected["BTC/USDT", MONDAY_MS + 60 * HOUR_MS] = 42.0
    venue.now_ms += HOUR_MS
    for rows, span in source.pages("BTC/USDT", "1h", MONDAY_MS + 60 * HOUR_MS, MONDAY_MS + 61 * HOUR_MS):
        assert keep(store, HOURS, rows, venue.now_ms, span).revised == 1
    assert store.read(HOURS).close[60] == 42.0
    assert same(store.read(HOURS, as_of_ms=as_of), before)


def test_an_impossible_candle_is_left_out_and_told(store: CandleStore, source: ExchangeSource, venue: Venue) -> None:
    odd = rising_candles(100)
    odd.low[40], odd.close[60] = 0.0, 1e9
    venue.candles["BTC/USDT"] = odd
    found = fetch_into(store, source, HOURS, MONDAY_MS, MONDAY_MS + 100 * HOUR_MS)
    assert found.new == 98
    assert [each.split(" (")[0] for each in found.impossible] == ["2024-01-02 16:00 UTC", "2024-01-03 12:00 UTC"]
    assert len(gaps(store.read(HOURS))) == 2


@pytest.mark.parametrize("kind", ["null", "shapeless", "page_of_errors", "truncated", "unreadable", "dropped"])
def test_a_broken_reply_puts_nothing_into_the_store(
    store: CandleStore, source: ExchangeSource, venue: Venue, kind: str
) -> None:
    venue.lasting = Fault(kind)
    with pytest.raises(ExchangeError, match="binance"):
        fetch_into(store, source, HOURS, MONDAY_MS, END)
    assert store.listing() == []
    venue.lasting = None
    assert fetch_into(store, source, HOURS, MONDAY_MS, END).new == COUNT


def test_an_empty_page_is_believed_only_when_it_comes_twice(
    store: CandleStore, source: ExchangeSource, venue: Venue
) -> None:
    venue.faults.append(Fault("empty"))
    assert fetch_into(store, source, HOURS, MONDAY_MS, END).new == COUNT
    venue.candles["BTC/USDT"] = ALL.part(300, COUNT)
    venue.windowed, venue.most_rows = True, 200
    other = CandleStore(store.folder / "other")
    assert fetch_into(other, source, HOURS, MONDAY_MS, END).new == COUNT - 300
