"""Closed candles from an exchange's public data, by stock ccxt and never with a key."""

import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from runtime.candles import Candles
from runtime.core.resample import bucket_starts
from runtime.feeds.exchange_faults import ATTEMPTS, BrokenReply, ExchangeError, Pause, Venue, ask
from runtime.feeds.sanity import COLUMNS, value_fault
from runtime.feeds.spans import Span
from strategy_dsl.timeframes import timeframe_ms

__all__ = ["ExchangeError", "ExchangeSource", "fetch_candles", "sane_candles"]

Report = Callable[[int, int], None]
"""Told after each page how many candles have come and about how many there will be."""
Row = list[float]
"""Opening in ms UTC, open, high, low, close, volume."""

PAGE = 1000
SMALLEST_STEP = 200
"""How many candles an empty page is taken to have covered while no full one has shown it."""


class ExchangeSource:
    """One exchange's public candles; for one thread. Raises ExchangeError with one sentence.

    Network faults are tried again, up to `attempts` times with growing waits. `base_url` puts another host in
    place of the venue's (a proxy, or a fake for tests).
    """

    def __init__(
        self, exchange: str, base_url: str | None = None, pause: Pause = time.sleep, attempts: int = ATTEMPTS
    ) -> None:
        self.exchange = exchange
        self._base_url = base_url
        self._pause = pause
        self._attempts = attempts
        self._venues: dict[str, Venue] = {}
        self._checked: set[tuple[str, str]] = set()
        _known_exchange(exchange)

    def close(self) -> None:
        """Lets its connections go; the next question opens new ones."""
        for venue in self._venues.values():
            venue.client.session.close()
        self._venues.clear()

    def now_ms(self) -> int:
        """The venue's own clock, ms UTC."""
        venue = next(iter(self._venues.values()), None) or self._venue("")
        return ask(venue, lambda: _venue_ms(venue))

    def check(self, market: str, timeframe: str) -> None:
        """Makes sure that the venue has these candles; asks it once."""
        if (market, timeframe) in self._checked:
            return
        venue = self._venue(market)
        markets = ask(venue, lambda: _filled(venue.client.load_markets()))
        if market not in markets:
            nearest = get_close_matches(market, [str(name) for name in markets], n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else "check its name on the exchange's site"
            raise ExchangeError(f"{venue.name} has no market {market}: {hint}")
        offered = venue.client.timeframes or {}
        if timeframe not in offered:
            raise ExchangeError(f"{venue.name} has no {timeframe} candles: choose one of {', '.join(offered)}")
        self._checked.add((market, timeframe))

    def rules(self, market: str, timeframe: str) -> tuple[dict[str, Any], int]:
        """A market's `limits` and `precision` as ccxt has them, and the `precisionMode` that says what they count."""
        self.check(market, timeframe)
        client = self._venue(market).client
        return dict(client.markets[market]), int(client.precisionMode)

    def rows(self, market: str, timeframe: str, since_ms: int, until_ms: int | None = None) -> list[Row]:
        """One page of candles from `since_ms` on, oldest first; without an end the unfinished one comes too."""
        self.check(market, timeframe)
        venue = self._venue(market)
        found = ask(venue, partial(_page, venue, market, timeframe, since_ms, until_ms))
        return sorted({int(row[0]): row for row in found}.values(), key=lambda row: row[0])

    def pages(self, market: str, timeframe: str, since_ms: int, until_ms: int) -> Iterator[tuple[list[Row], Span]]:
        """Pages of rows, each with the span that it answers for; an empty one is stepped over."""
        length, cursor, step = timeframe_ms(timeframe), since_ms, SMALLEST_STEP
        while cursor < until_ms:
            # an empty page may be a fault that passes: what it says is final only when it is said twice
            page = self.rows(market, timeframe, cursor, until_ms) or self.rows(market, timeframe, cursor, until_ms)
            last = int(page[-1][0]) if page else -1
            step = max(step, len(page))
            reached = min(last + length if last >= cursor else cursor + step * length, until_ms)
            yield [row for row in page if cursor <= row[0] < until_ms], (cursor, reached)
            cursor = reached

    def _venue(self, market: str) -> Venue:
        """The client for a kind of market: some exchanges keep spot and futures apart."""
        kind = "linear" if ":" in market else "spot"
        if kind not in self._venues:
            self._venues[kind] = _connect(self.exchange, self._base_url, kind, self._pause, self._attempts)
        return self._venues[kind]


def fetch_candles(
    exchange: str,
    market: str,
    timeframe: str,
    since_ms: int,
    until_ms: int,
    *,
    base_url: str | None = None,
    report: Report | None = None,
    pause: Pause = time.sleep,
) -> Candles:
    """The closed candles that open from `since_ms` up to but not at `until_ms`, oldest first.

    Closed is judged by the venue's own clock. Holes stay holes (see `files.gaps`), candles off the UTC grid are
    left out, an impossible one is refused.
    """
    source = ExchangeSource(exchange, base_url, pause)
    try:
        source.check(market, timeframe)
        end = min(until_ms, last_close(source.now_ms(), timeframe))
        rows: list[Row] = []
        for page, _ in source.pages(market, timeframe, since_ms, end):
            rows += page
            if report is not None:
                report(len(rows), max(len(rows), (end - since_ms) // timeframe_ms(timeframe)))
    finally:
        source.close()
    candles, faults = sane_candles(market, timeframe, rows)
    if faults:
        raise ExchangeError(f"{exchange} sent an impossible candle for {faults[0]}: leave that time out")
    if not len(candles):
        raise ExchangeError(f"{exchange} has no closed {market} {timeframe} candles in that span: choose another start")
    return candles


def last_close(now_ms: int, timeframe: str) -> int:
    """When the newest closed candle closed, which is when the present one opened."""
    return int(bucket_starts(np.array([now_ms]), timeframe)[0])


def sane_candles(market: str, timeframe: str, rows: list[Row]) -> tuple[Candles, list[str]]:
    """Rows as candles, and what was left out because no candle can be so; off the UTC grid is left out, too."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    times = table[:, 0].astype(np.int64)
    table, times = (each[bucket_starts(times, timeframe) == times] for each in (table, times))
    faults: list[str] = []
    while True:
        columns = (np.ascontiguousarray(table[:, place]) for place in range(1, 1 + len(COLUMNS)))
        candles = Candles(market, timeframe, times, *columns)
        fault = value_fault(candles)
        if fault is None:
            return candles, faults
        moment = datetime.fromtimestamp(times[fault.index] / 1000, UTC)
        faults.append(f"{moment:%Y-%m-%d %H:%M} UTC ({fault.text})")
        table, times = (np.delete(each, fault.index, axis=0) for each in (table, times))


def _known_exchange(exchange: str) -> Any:
    import ccxt  # noqa: PLC0415 - 300 ms, and a session on simulated or stored candles never needs it

    if exchange not in ccxt.exchanges:
        nearest = get_close_matches(exchange.lower(), ccxt.exchanges, n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else "try binance, kraken or coinbase"
        raise ExchangeError(f"there is no exchange called {exchange!r} here: {hint}")
    return ccxt


def _connect(exchange: str, base_url: str | None, kind: str, pause: Pause, attempts: int) -> Venue:
    ccxt = _known_exchange(exchange)
    client = getattr(ccxt, exchange)({"enableRateLimit": True, "enableLastJsonResponse": True, "timeout": 10_000})
    client.has["fetchCurrencies"] = False
    if exchange.startswith("binance"):
        client.options["fetchMarkets"] = [kind]
    if base_url is not None:
        client.urls["api"] = _moved(client.urls["api"], base_url.rstrip("/"))
    return Venue(client, ccxt, pause, attempts)


def _moved(urls: Any, base_url: str) -> Any:
    """The same paths on another host."""
    if isinstance(urls, dict):
        return {name: _moved(url, base_url) for name, url in urls.items()}
    return base_url + urlsplit(urls).path if isinstance(urls, str) else urls


def _filled(markets: Any) -> Any:
    if not markets:
        raise BrokenReply("an empty list of markets")
    return markets


def _venue_ms(venue: Venue) -> int:
    """The venue's clock: asked for where it can be, else the date of its last reply."""
    if venue.client.has.get("fetchTime"):
        moment = venue.client.fetch_time()
        if not isinstance(moment, int):
            raise BrokenReply("no time")
        return moment
    try:
        return int(parsedate_to_datetime(venue.client.last_response_headers["Date"]).timestamp() * 1000)
    except (KeyError, TypeError, ValueError):
        raise BrokenReply("no date in its reply") from None


def _page(venue: Venue, market: str, timeframe: str, since_ms: int, until_ms: int | None) -> list[Row]:
    until = {"until": until_ms - 1} if until_ms is not None and venue.name.startswith("binance") else {}
    try:
        rows = venue.client.fetch_ohlcv(market, timeframe, since_ms, PAGE, until)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise BrokenReply("a reply of another shape") from error  # ccxt's parsers trust what they get
    reply = venue.client.last_json_response
    if reply is None:
        raise BrokenReply("a reply that is cut off")
    if venue.name.startswith("binance") and not isinstance(reply, list):
        raise BrokenReply("a reply of another shape")
    for row in rows:
        if len(row) < 6 or not all(_is_number(value) for value in row[:6]):
            raise BrokenReply("a candle with a number missing")
    return [row[:6] for row in rows]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
