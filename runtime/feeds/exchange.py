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
from runtime.feeds.exchange_faults import BrokenReply, ExchangeError, Pause, Venue, ask
from runtime.feeds.sanity import value_fault
from strategy_dsl.timeframes import timeframe_ms

__all__ = ["ExchangeError", "fetch_candles"]

Report = Callable[[int, int], None]
"""Told after each page how many candles have come and about how many there will be."""

PAGE = 1000
SMALLEST_STEP = 200
"""How many candles an empty page is taken to have covered while no full one has shown it."""


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
    left out. Network faults are tried again up to four times with growing waits; what remains is raised as
    ExchangeError. `base_url` puts another host in place of the venue's (a proxy, or a fake for tests).
    """
    venue = _connect(exchange, base_url, market, pause)
    try:
        _check_market(venue, market, timeframe)
        closed = bucket_starts(np.array([ask(venue, lambda: _venue_ms(venue))]), timeframe)[0]
        end = min(until_ms, int(closed))
        candles: dict[int, list[float]] = {}
        for page in _pages(venue, market, timeframe, since_ms, end):
            candles.update((int(row[0]), row) for row in page if since_ms <= row[0] < end)
            if report is not None:
                report(len(candles), max(len(candles), (end - since_ms) // timeframe_ms(timeframe)))
    finally:
        venue.client.session.close()
    return _columns(venue, market, timeframe, candles)


def _connect(exchange: str, base_url: str | None, market: str, pause: Pause) -> Venue:
    import ccxt  # noqa: PLC0415 - 300 ms, and a session on simulated or stored candles never needs it

    if exchange not in ccxt.exchanges:
        nearest = get_close_matches(exchange.lower(), ccxt.exchanges, n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else "try binance, kraken or coinbase"
        raise ExchangeError(f"there is no exchange called {exchange!r} here: {hint}")
    client = getattr(ccxt, exchange)({"enableRateLimit": True, "enableLastJsonResponse": True, "timeout": 10_000})
    client.has["fetchCurrencies"] = False
    if exchange.startswith("binance"):
        client.options["fetchMarkets"] = ["linear" if ":" in market else "spot"]
    if base_url is not None:
        client.urls["api"] = _moved(client.urls["api"], base_url.rstrip("/"))
    return Venue(client, ccxt, pause)


def _moved(urls: Any, base_url: str) -> Any:
    """The same paths on another host."""
    if isinstance(urls, dict):
        return {name: _moved(url, base_url) for name, url in urls.items()}
    return base_url + urlsplit(urls).path if isinstance(urls, str) else urls


def _check_market(venue: Venue, market: str, timeframe: str) -> None:
    markets = ask(venue, lambda: _filled(venue.client.load_markets()))
    if market not in markets:
        nearest = get_close_matches(market, [str(name) for name in markets], n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else "check its name on the exchange's site"
        raise ExchangeError(f"{venue.name} has no market {market}: {hint}")
    offered = venue.client.timeframes or {}
    if timeframe not in offered:
        raise ExchangeError(f"{venue.name} has no {timeframe} candles: choose one of {', '.join(offered)}")


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


def _pages(venue: Venue, market: str, timeframe: str, since_ms: int, end_ms: int) -> Iterator[list[list[float]]]:
    """Pages of rows, each asked for from where the last one ended; an empty page is stepped over."""
    length, cursor, step = timeframe_ms(timeframe), since_ms, SMALLEST_STEP
    while cursor < end_ms:
        page = ask(venue, partial(_page, venue, market, timeframe, cursor, end_ms))
        last = max((int(row[0]) for row in page), default=-1)
        step = max(step, len(page))
        cursor = last + length if last >= cursor else cursor + step * length
        yield page


def _page(venue: Venue, market: str, timeframe: str, since_ms: int, end_ms: int) -> list[list[float]]:
    until = {"until": end_ms - 1} if venue.name.startswith("binance") else {}
    try:
        rows = venue.client.fetch_ohlcv(market, timeframe, since_ms, PAGE, until)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise BrokenReply("a reply of another shape") from error  # ccxt's parsers trust what they get
    if venue.client.last_json_response is None:
        raise BrokenReply("a reply that is cut off")
    for row in rows:
        if len(row) < 6 or not all(_is_number(value) for value in row[:6]):
            raise BrokenReply("a candle with a number missing")
    return [row[:6] for row in rows]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _columns(venue: Venue, market: str, timeframe: str, rows: dict[int, list[float]]) -> Candles:
    times = np.array(sorted(rows), dtype=np.int64)
    times = times[bucket_starts(times, timeframe) == times]
    if not len(times):
        raise ExchangeError(
            f"{venue.name} has no closed {market} {timeframe} candles in that span: choose another start"
        )
    table = np.array([rows[int(moment)] for moment in times], dtype=np.float64)
    candles = Candles(market, timeframe, times, *(np.ascontiguousarray(table[:, place]) for place in range(1, 6)))
    if (fault := value_fault(candles)) is not None:
        moment = datetime.fromtimestamp(times[fault.index] / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        raise ExchangeError(f"{venue.name} sent an impossible candle for {moment} ({fault.text}): leave that time out")
    return candles
