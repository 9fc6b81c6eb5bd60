import re
import socket
from collections.abc import Iterator

import ccxt
import pytest

from runtime.feeds.exchange import ExchangeError, fetch_candles
from runtime.feeds.files import gaps
from tests.candle_files import MONDAY_MS, rising_candles, same, without
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue

HOUR_MS = 3_600_000
COUNT = 2_300
ALL = rising_candles(COUNT)
LATER = MONDAY_MS + 9_000 * HOUR_MS
SOON = MONDAY_MS + 50 * HOUR_MS
FAULTS = ["too_many", "unavailable", "truncated", "dropped", "unreadable"]


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A venue in the middle of its last candle."""
    with running_venue({"BTC/USDT": ALL, "ETH/USDT": ALL}, MONDAY_MS + (COUNT - 1) * HOUR_MS + 1_800_000) as running:
        yield running


@pytest.fixture(autouse=True)
def throttled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every request passes ccxt's rate limit; here it only counts, or it would be most of the time these take."""
    passed: list[object] = []
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: passed.append(cost))
    return passed


class Waits(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def fetched(venue: Venue, since_ms: int = MONDAY_MS, until_ms: int = LATER, waits: Waits | None = None):
    return fetch_candles(
        "binance",
        "BTC/USDT",
        "1h",
        since_ms,
        until_ms,
        base_url=venue.base_url,
        pause=Waits() if waits is None else waits,
    )


def refusal(venue: Venue, waits: Waits | None = None) -> str:
    with pytest.raises(ExchangeError) as caught:
        fetched(venue, until_ms=SOON, waits=waits)
    text = str(caught.value)
    assert text.startswith("binance") and ": " in text and "\n" not in text
    assert "http" not in text.lower() or "HTTP 451" in text, "no addresses in what people read"
    return text


def test_all_closed_candles_come_over_many_pages_and_the_open_one_does_not(venue: Venue) -> None:
    assert same(fetched(venue), ALL.part(0, COUNT - 1))
    assert len(venue.asked("klines")) == 3


def test_every_request_goes_through_the_rate_limit(venue: Venue, throttled: list[object]) -> None:
    fetched(venue)
    assert len(throttled) == len(venue.requests) == 5


def test_the_last_candle_counts_from_the_moment_the_venue_has_closed_it(venue: Venue) -> None:
    venue.now_ms = MONDAY_MS + COUNT * HOUR_MS
    assert len(fetched(venue)) == COUNT
    venue.now_ms -= 1
    assert len(fetched(venue)) == COUNT - 1


def test_the_span_takes_its_first_and_leaves_its_last(venue: Venue) -> None:
    span = fetched(venue, MONDAY_MS + 10 * HOUR_MS, MONDAY_MS + 1_500 * HOUR_MS)
    assert same(span, ALL.part(10, 1_500))


def test_no_key_no_signature_only_public_paths(venue: Venue) -> None:
    fetched(venue, until_ms=SOON)
    assert {request.path for request in venue.requests} == {
        "/api/v3/exchangeInfo",
        "/api/v3/time",
        "/api/v3/klines",
    }
    for request in venue.requests:
        assert not {"signature", "timestamp"} & set(request.query)
        assert "x-mbx-apikey" not in {name.lower() for name in request.headers}


@pytest.mark.parametrize(("rows", "overlap"), [(1000, 0), (170, 0), (500, 5), (300, 30)])
def test_pages_of_any_size_and_overlap_join_without_doubles(venue: Venue, rows: int, overlap: int) -> None:
    venue.most_rows, venue.overlap = rows, overlap
    assert same(fetched(venue, MONDAY_MS + 100 * HOUR_MS, MONDAY_MS + 900 * HOUR_MS), ALL.part(100, 900))


def test_holes_stay_holes(venue: Venue) -> None:
    venue.candles["BTC/USDT"] = without(ALL, 5, 6, 999, 1000, 1001, *range(1_100, 2_250))
    found = gaps(fetched(venue))
    assert found == [
        (MONDAY_MS + 5 * HOUR_MS, 2),
        (MONDAY_MS + 999 * HOUR_MS, 3),
        (MONDAY_MS + 1_100 * HOUR_MS, 1_150),
    ]


def test_a_hole_longer_than_a_page_is_crossed_where_pages_look_no_further(venue: Venue) -> None:
    venue.windowed, venue.most_rows = True, 300
    venue.candles["BTC/USDT"] = without(ALL, *range(310, 1_990))
    assert gaps(fetched(venue)) == [(MONDAY_MS + 310 * HOUR_MS, 1_680)]


def test_what_comes_beyond_the_span_is_left_out(venue: Venue) -> None:
    venue.ignores_end = True
    assert same(fetched(venue), ALL.part(0, COUNT - 1))
    assert same(fetched(venue, until_ms=SOON), ALL.part(0, 50))


def test_candles_off_the_grid_are_left_out(venue: Venue) -> None:
    odd = rising_candles(COUNT)
    odd.time[7] += 60_000
    venue.candles["BTC/USDT"] = odd
    assert gaps(fetched(venue, until_ms=SOON)) == [(MONDAY_MS + 7 * HOUR_MS, 1)]


def test_how_far_it_is_gets_reported(venue: Venue) -> None:
    told: list[tuple[int, int]] = []
    until = MONDAY_MS + 2_200 * HOUR_MS
    fetch_candles(
        "binance", "BTC/USDT", "1h", MONDAY_MS, until, base_url=venue.base_url, report=lambda *now: told.append(now)
    )
    assert told == [(1_000, 2_200), (2_000, 2_200), (2_200, 2_200)]


@pytest.mark.parametrize("kind", FAULTS)
def test_one_fault_on_every_path_is_waited_out(venue: Venue, kind: str) -> None:
    venue.faults.extend(Fault(kind, on) for on in ("exchangeInfo", "time", "klines"))
    waits = Waits()
    assert same(fetched(venue, until_ms=SOON, waits=waits), ALL.part(0, 50))
    assert waits == [1.0, 1.0, 1.0] and not venue.faults


def test_faults_in_a_row_are_waited_out_ever_longer(venue: Venue) -> None:
    venue.faults.extend(Fault(kind) for kind in ("dropped", "unavailable", "unreadable", "too_many"))
    waits = Waits()
    assert same(fetched(venue, until_ms=SOON, waits=waits), ALL.part(0, 50))
    assert waits == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("too_many", "too many requests"),
        ("unavailable", "perhaps for maintenance"),
        ("unreadable", "cut off 5 times"),
        ("dropped", "check the network"),
    ],
)
def test_a_lasting_fault_ends_in_one_sentence_after_five_attempts(venue: Venue, kind: str, words: str) -> None:
    venue.faults.extend([Fault(kind)] * 5)
    waits = Waits()
    assert words in refusal(venue, waits)
    assert waits == [1.0, 2.0, 4.0, 8.0] and len(venue.asked("klines")) == 5


def test_the_wait_the_venue_asks_for_is_kept(venue: Venue) -> None:
    venue.faults.append(Fault("too_many", retry_after=17))
    waits = Waits()
    fetched(venue, until_ms=SOON, waits=waits)
    assert waits == [17.0]


def test_a_ban_of_many_minutes_is_told_at_once(venue: Venue) -> None:
    venue.faults.append(Fault("banned", retry_after=900))
    waits = Waits()
    assert "in 15 minutes" in refusal(venue, waits)
    assert not waits and len(venue.asked("klines")) == 1


def test_a_barred_country_is_not_asked_again(venue: Venue) -> None:
    venue.faults.append(Fault("barred", on="exchangeInfo"))
    waits = Waits()
    assert "this country" in refusal(venue, waits)
    assert not waits


def test_an_impossible_candle_is_refused_with_its_time(venue: Venue) -> None:
    odd = rising_candles(COUNT)
    odd.low[40] = 0.0
    venue.candles["BTC/USDT"] = odd
    assert re.search(r"2024-01-02 16:00 UTC \(low is 0", refusal(venue))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("binanse", "BTC/USDT", "1h"), "did you mean binance?"),
        (("zzzzzz", "BTC/USDT", "1h"), "try binance"),
        (("binance", "BTC/USDX", "1h"), "did you mean BTC/USDT?"),
        (("binance", "BTC/USDT", "7h"), "no 7h candles"),
    ],
)
def test_names_that_do_not_exist_come_with_the_nearest(venue: Venue, asked: tuple[str, str, str], words: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(words)):
        fetch_candles(*asked, MONDAY_MS, LATER, base_url=venue.base_url)


@pytest.mark.parametrize("since_ms", [LATER, MONDAY_MS + COUNT * HOUR_MS])
def test_a_span_without_closed_candles_says_so(venue: Venue, since_ms: int) -> None:
    with pytest.raises(ExchangeError, match="no closed BTC/USDT 1h candles"):
        fetched(venue, since_ms)


def test_with_the_network_down_it_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        waits = Waits()
        with pytest.raises(ExchangeError, match="cannot be reached"):
            fetch_candles("binance", "BTC/USDT", "1h", MONDAY_MS, LATER, base_url=nobody, pause=waits)
    assert len(waits) == 4
