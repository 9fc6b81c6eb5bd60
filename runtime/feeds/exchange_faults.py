"""What goes wrong between us and an exchange: whether to wait and ask again, and how to say it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

Pause = Callable[[float], None]
Answer = TypeVar("Answer")

ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 60.0


class ExchangeError(Exception):
    """Why an exchange gave no candles, in one sentence with the next step; how long it wants to be left alone."""

    def __init__(self, text: str, wait_seconds: float = 0.0) -> None:
        super().__init__(text)
        self.wait_seconds = wait_seconds


class BrokenReply(Exception):
    """A reply that arrived without an error and yet is not what was asked for; ccxt lets these through."""


@dataclass(frozen=True)
class Venue:
    """An exchange to ask: the ccxt client, ccxt itself for its errors, and how to wait."""

    client: Any
    ccxt: ModuleType
    pause: Pause
    attempts: int = ATTEMPTS

    @property
    def name(self) -> str:
        """How ccxt calls it."""
        return str(self.client.id)


def ask(venue: Venue, question: Callable[[], Answer]) -> Answer:
    """The venue's answer, asked for again after a growing wait while the fault may pass."""
    for attempt in range(1, venue.attempts + 1):
        try:
            return question()
        except BrokenReply as error:
            times = f"{venue.attempts} times" if venue.attempts > 1 else "instead of candles"
            fault = ExchangeError(f"{venue.name} sent {error} {times}: try again in some minutes")
            wait = 2.0 ** (attempt - 1)
        except (venue.ccxt.NetworkError, venue.ccxt.ExchangeError) as error:
            fault, wait = _sentence(venue, error), _wait(venue, error, attempt)
        if wait > LONGEST_WAIT_SECONDS or attempt == venue.attempts:
            break
        venue.pause(wait)
    raise fault


def _wait(venue: Venue, error: Exception, attempt: int) -> float:
    """Seconds until the next attempt, infinite when another would get the same answer."""
    passing = isinstance(error, venue.ccxt.NetworkError) and not isinstance(error, venue.ccxt.OnMaintenance)
    if not passing or _is_barred(error):
        return math.inf
    return max(2.0 ** (attempt - 1), _asked_to_wait(venue) if _is_limited(venue, error) else 0.0)


def _asked_to_wait(venue: Venue) -> float:
    try:
        return float((venue.client.last_response_headers or {}).get("Retry-After", 0))
    except ValueError:  # a date instead of seconds
        return 0.0


def _is_limited(venue: Venue, error: Exception) -> bool:
    return isinstance(error, venue.ccxt.DDoSProtection | venue.ccxt.RateLimitExceeded)


def _is_barred(error: Exception) -> bool:
    return " 451 " in str(error)


def _sentence(venue: Venue, error: Exception) -> ExchangeError:
    """What went wrong, for a person; the exception's own text holds addresses and web pages."""
    name, ccxt = venue.name, venue.ccxt
    if _is_barred(error):
        return ExchangeError(f"{name} refuses requests from this country (HTTP 451): try another exchange")
    if _is_limited(venue, error):
        wait = _asked_to_wait(venue)
        after = f"in {math.ceil(wait / 60)} minutes" if wait > LONGEST_WAIT_SECONDS else "in a few minutes"
        return ExchangeError(f"{name} says that too many requests came from here: try again {after}", wait)
    if isinstance(error, ccxt.OnMaintenance):
        return ExchangeError(f"{name} is closed for maintenance: try again later")
    if isinstance(error, ccxt.ExchangeNotAvailable):
        return ExchangeError(f"{name} is not available, perhaps for maintenance: try again in some minutes")
    if isinstance(error, ccxt.RequestTimeout):
        return ExchangeError(f"{name} did not answer in time: check the network connection and try again")
    if isinstance(error, ccxt.NetworkError):
        return ExchangeError(f"{name} cannot be reached: check the network connection and try again")
    if isinstance(error, ccxt.NotSupported):
        return ExchangeError(f"{name} gives no candles to the public: choose another exchange")
    return ExchangeError(f"{name} refused the request ({type(error).__name__}): check market and timeframe")
