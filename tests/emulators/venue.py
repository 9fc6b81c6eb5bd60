"""The public data of a spot exchange in the manner of Binance, over real HTTP, with faults on demand."""

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from runtime.candles import Candles
from strategy_dsl.timeframes import timeframe_ms

MAINTENANCE_PAGE = b"<html><head><title>503</title></head><body>We will be back soon</body></html>"
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Fault:
    """One bad reply: `kind` is too_many, unavailable, truncated, dropped, hang, barred, banned or unreadable."""

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
    """What the fake exchange knows; `now_ms` is its clock, faults are used up one a request."""

    candles: dict[str, Candles]
    now_ms: int
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    most_rows: int = 1000
    overlap: int = 0
    ignores_end: bool = False
    windowed: bool = False
    """Whether a page ends where it would without holes, as on venues that look no further than the page."""

    hang_released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    base_url: str = ""

    def fault_for(self, path: str) -> Fault | None:
        with self.lock:
            if self.faults and path.endswith(self.faults[0].on):
                return self.faults.popleft()
        return None

    def asked(self, path_end: str) -> list[Request]:
        return [request for request in self.requests if request.path.endswith(path_end)]

    def reply(self, path: str, query: dict[str, str]) -> object:
        match path.rsplit("/", 1)[1]:
            case "ping":
                return {}
            case "time":
                return {"serverTime": self.now_ms}
            case "exchangeInfo":
                return {"timezone": "UTC", "serverTime": self.now_ms, "symbols": [*map(_symbol, self.candles)]}
            case "klines":
                return self.klines(query)
        return None

    def klines(self, query: dict[str, str]) -> object:
        candles = next((c for name, c in self.candles.items() if name.replace("/", "") == query["symbol"]), None)
        if candles is None:
            return {"code": -1121, "msg": "Invalid symbol."}
        length = timeframe_ms(query["interval"])
        start = int(query.get("startTime", 0)) - self.overlap * length
        stop = self.now_ms if self.ignores_end else min(int(query.get("endTime", self.now_ms)), self.now_ms)
        if self.windowed:
            stop = min(stop, start + length * (self.most_rows - 1))
        first, last = np.searchsorted(candles.time, [start, stop + 1])
        last = min(last, first + min(int(query.get("limit", 500)), self.most_rows))
        return [_kline(candles, index, length) for index in range(first, last)]


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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each reply waits 40 ms for an acknowledgement
    venue: Venue

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        self.venue.requests.append(Request(address.path, query, dict(self.headers)))
        fault = self.venue.fault_for(address.path)
        body = self.venue.reply(address.path, query)
        status = 404 if body is None else 400 if isinstance(body, dict) and "code" in body else 200
        text = json.dumps(body).encode()
        match fault.kind if fault else None:
            case None:
                self._send(status, text)
            case "too_many" | "banned":
                refusal = b'{"code": -1003, "msg": "Too many requests."}'
                self._send(429 if fault.kind == "too_many" else 418, refusal, retry_after=fault.retry_after)
            case "unavailable":
                self._send(503, MAINTENANCE_PAGE, kind="text/html")
            case "barred":
                self._send(451, b'{"code": 0, "msg": "Service unavailable from a restricted location."}')
            case "truncated":
                self._send(200, text[: len(text) * 2 // 3])
            case "unreadable":
                self._send(200, MAINTENANCE_PAGE, kind="text/html")
            case "hang":
                self.venue.hang_released.wait(30)
                self.close_connection = True
            case "dropped":
                self._drop(text)

    def _send(self, status: int, body: bytes, kind: str = "application/json", retry_after: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)

    def _drop(self, body: bytes) -> None:
        """Promise the whole reply, send half of it and reset the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running_venue(candles: dict[str, Candles], now_ms: int) -> Iterator[Venue]:
    """A venue that listens on a loopback port until the block ends."""
    venue = Venue(candles, now_ms)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"venue": venue}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    venue.base_url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield venue
    finally:
        venue.hang_released.set()
        server.shutdown()
        server.server_close()
        thread.join()
