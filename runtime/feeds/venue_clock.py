"""The venue's clock between two looks at it; what it says is believed when it agrees with itself."""

from collections.abc import Callable

Monotonic = Callable[[], float]
"""Seconds on a clock that nobody sets."""

TRUSTED_MS = 60_000
"""How far the first reading may be from the computer's own clock to be believed at once."""
STEADY_MS = 10_000
"""How far two readings may be apart from the time that has gone by between them."""


class VenueClock:
    """What time it is at the venue, from its own readings and a clock that nobody sets.

    A reading that jumps (a broken reply, a computer that slept) counts only when the next one agrees with it:
    candles must not be taken as closed because of one wrong number.
    """

    def __init__(self, monotonic: Monotonic, own_ms: Callable[[], int]) -> None:
        self._monotonic = monotonic
        self.own_ms = own_ms
        self._reading: tuple[int, float] | None = None
        self._trusted: tuple[int, float] | None = None
        self.skew_ms = 0
        """How far the computer's own clock is behind the venue's (ahead: below zero), at the last reading."""

    def read(self, venue_ms: int, asked_at: float) -> bool:
        """Takes a reading that was asked for at `asked_at`; whether it is believed."""
        now = self._monotonic()
        # the reply was made somewhere between question and answer; the earlier moment closes no candle too soon
        reading, last = (venue_ms, now), self._reading
        self._reading = reading
        own = self.own_ms()
        if last is None:
            believed = abs(venue_ms - own) <= TRUSTED_MS
        else:
            believed = abs(venue_ms - last[0] - (now - last[1]) * 1000) <= STEADY_MS
        if believed:
            self._trusted = reading
            self.skew_ms = venue_ms + round((now - asked_at) * 500) - own
        return believed

    def now_ms(self) -> int | None:
        """The venue's present time, ms UTC; None before it was ever believed."""
        if self._trusted is None:
            return None
        return self._trusted[0] + int((self._monotonic() - self._trusted[1]) * 1000)
