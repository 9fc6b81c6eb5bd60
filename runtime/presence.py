"""What a market that is live changes for the engine: candles that were missed, prices that are old."""

from dataclasses import dataclass, field
from decimal import Decimal

from runtime.core.machine.machine import Decision
from runtime.live_run import LiveRun

TOO_OLD = "its candle was missed and is too old"
OLD_PRICE_MS = 60_000
"""A present price older than this buys nothing."""


@dataclass
class Missed:
    """What became of candles that closed while nobody watched, until a person is told."""

    candles: int = 0
    entries: int = 0


@dataclass
class Presence:
    """Judges candles by the venue's clock; in a replay every candle is the newest. `stale_candles` is the gate's."""

    stale_candles: Decimal
    missed: Missed = field(default_factory=Missed)

    def hold(self, run: LiveRun, close_ms: int) -> str:
        """Why a candle allows no entry: it was missed, and the price has gone on since. Empty where it does."""
        newer = run.markets.is_live and run.next_close_ms() is not None
        return TOO_OLD if newer or self.is_stale(run, close_ms) else ""

    def is_stale(self, run: LiveRun, close_ms: int) -> bool:
        """Whether a candle closed longer ago than the gate allows for entries."""
        return run.age_ms(close_ms) > self.stale_candles * run.length_ms

    def stop_price(self, run: LiveRun, market: str, level: float, time_ms: int) -> tuple[float, int]:
        """Price and time at which a stop is honoured: its level, or the present price when nobody watched it."""
        coming = run.next_open(market) if self.is_stale(run, time_ms + run.length_ms) else None
        return coming or (level, time_ms)

    def note(self, made: list[Decision]) -> None:
        """Counts a candle that was only gone through, and what would have been bought on it."""
        self.missed.candles += 1
        self.missed.entries += sum(each.action == TOO_OLD for each in made)

    def take_missed(self) -> Missed:
        """What there is to tell, which is then told."""
        found, self.missed = self.missed, Missed()
        return found


def is_old_price(run: LiveRun, market: str) -> bool:
    """Whether nothing may be bought, since the price that is known may have gone."""
    return run.price_age_ms(market) > OLD_PRICE_MS
