"""The HTTP side of the fake exchange: whole replies, and broken ones on demand."""

import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from runtime.candles import Candles
from runtime.feeds.simulated import simulated_candles
from tests.emulators.venue import Request, Venue

MAINTENANCE_PAGE = b"<html><head><title>503</title></head><body>We will be back soon</body></html>"
WRONG_BODIES = {
    "null": b"null",
    "shapeless": b'{"klines": "none"}',
    "empty": b"[]",
    "page_of_errors": b'[[1704067200000, null, "x", "2", "1", "1"]]',
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each reply waits 40 ms for an acknowledgement
    venue: Venue

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        self.venue.requests.append(Request(address.path, query, dict(self.headers)))
        if not self.venue.answering.wait(30):
            return
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
            case "null" | "shapeless" | "empty" | "page_of_errors":
                self._send(200, WRONG_BODIES[fault.kind])
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
def running_venue(
    candles: dict[str, Candles], now_ms: int = 0, clock: Callable[[], int] | None = None, port: int = 0
) -> Iterator[Venue]:
    """A venue that listens on a loopback port until the block ends."""
    venue = Venue(candles, now_ms, clock)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"venue": venue}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    venue.base_url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield venue
    finally:
        venue.hang_released.set()
        venue.answering.set()
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Serves made minutes of BTC and ETH as if they were today's: `python -m tests.emulators.venue_http [PORT]`."""
    now = int(time.time() * 1000)
    start = now // 60_000 * 60_000 - 40 * 1440 * 60_000
    candles = {name: simulated_candles(name, "1m", 7, start, 45 * 1440) for name in ("BTC/USDT", "ETH/USDT")}
    with running_venue(
        candles, clock=lambda: int(time.time() * 1000), port=int((sys.argv[1:] or ["8099"])[0])
    ) as venue:
        print(f"--exchange binance --exchange-url {venue.base_url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
