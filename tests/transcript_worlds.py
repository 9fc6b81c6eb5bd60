"""The worlds in which transcripts are played: the simulated market, present prices of a fake exchange, a scripted model."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ccxt

from runtime.markets import Feed
from tests.bot.english.test_loop import BLANK
from tests.bot.telegram.phone import Phone
from tests.candle_files import MONDAY_MS
from tests.emulators.messages_api import MessagesApi, Scripted, calls_tool, error
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue
from tests.made import walk_candles
from tests.runtime.live_world import Room

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
NOON_MS = MONDAY_MS + 400 * HOUR_MS
SUNDAY_MS = MONDAY_MS + 14 * 24 * HOUR_MS - 20 * MINUTE_MS
BAND, LOUD = "close < bollinger(20, 2).lower", "volume > mean(volume, 20)"
STEP_MS = 2 * MINUTE_MS
HEAD = "trade BTC/USDT on 1h\nbuy when "


class World:
    """The simulated market, where the phrasebook reads."""

    @contextmanager
    def opened(self, folder: Path) -> Iterator[dict[str, Any]]:
        """The settings of a bot in this world."""
        yield {}

    def prepare(self, phone: Phone) -> None:
        """What is to be done before the first word."""

    async def act(self, phone: Phone, verb: str, words: str) -> None:
        """Something that no person does."""
        if (verb, words) != ("spoil", "pictures"):
            raise ValueError(f"nobody knows how to do {verb}> {words}")
        # a file where the folder of pictures belongs: the disk says no
        phone.desk.pictures.parent.mkdir(parents=True, exist_ok=True)
        phone.desk.pictures.touch()


class ShortHistory(World):
    """A file of a few candles, which comes to its end."""

    @contextmanager
    def opened(self, folder: Path) -> Iterator[dict[str, Any]]:
        """With the file."""
        made = walk_candles(500, 3)
        rows = zip(made.time, made.open, made.high, made.low, made.close, made.volume, strict=True)
        lines = [",".join(map(str, row)) for row in rows]
        (folder / "btc.csv").write_text("\n".join(["time,open,high,low,close,volume", *lines]), "utf-8")
        yield {"candles": [f"BTC/USDT={folder / 'btc.csv'}"]}


class Model(World):
    """A model reads English; what it answers is written down here."""

    def __init__(self, *answers: Scripted) -> None:
        self.answers = answers

    @contextmanager
    def opened(self, folder: Path) -> Iterator[dict[str, Any]]:
        """With the key and the address of the model."""
        with MessagesApi(*self.answers) as api:
            yield {"ANTHROPIC_API_KEY": "sk-canary-secret", "ANTHROPIC_BASE_URL": api.url}


class Present(World):
    """Present prices of an exchange, whose clock goes on only when it is told to."""

    def __init__(self, opened_ms: int = NOON_MS) -> None:
        self.opened_ms = opened_ms

    @contextmanager
    def opened(self, folder: Path) -> Iterator[dict[str, Any]]:
        """With the exchange at hand."""
        with ExitStack() as stack:
            stack.enter_context(patch.object(ccxt.Exchange, "throttle", lambda _, cost=None: None))
            self.venue = stack.enter_context(
                running_venue({"BTC/USDT": walk_candles(700, 3)}, self.opened_ms + MINUTE_MS)
            )
            self.room = Room(self.venue, folder / "candles")
            self.desk = None
            try:
                yield {}
            finally:
                if self.desk is not None:
                    self.desk.close()

    def prepare(self, phone: Phone) -> None:
        """Opens the market."""
        phone.desk.feed = Feed(7, {}, "binance", self.opened_ms + MINUTE_MS)
        phone.desk.open_markets = lambda feed: self.room.markets(feed.started_ms)
        self.desk = phone.desk
        self._set(phone)

    def _set(self, phone: Phone) -> None:
        phone.desk.clock.now = datetime.fromtimestamp(self.venue.now_ms / 1000, UTC)  # type: ignore[attr-defined]

    async def act(self, phone: Phone, verb: str, words: str) -> None:
        """The exchange's time, or a fault of the exchange."""
        if verb == "clock":
            await self._go(phone, self.venue.now_ms + int(words.removesuffix("m")) * MINUTE_MS)
        else:
            FAULTS[words](self.venue, self.room)

    async def _go(self, phone: Phone, to_ms: int) -> None:
        markets = phone.desk.markets()
        while self.venue.now_ms < to_ms:
            self.venue.now_ms = min(to_ms, self.venue.now_ms + STEP_MS)
            for _ in range(3):
                markets.follower.step()  # type: ignore[attr-defined]
            self._set(phone)
            for _ in range(3):
                phone.clock[0] += 1.0
                await phone.service.play()
        await phone.settle()


def _silent(venue: Venue, room: Room) -> None:
    venue.lasting = Fault("dropped", on="")


def _well(venue: Venue, room: Room) -> None:
    venue.lasting = None


def _corrected(venue: Venue, room: Room) -> None:
    venue.corrected["BTC/USDT", NOON_MS] = 1.0


def _slow_clock(venue: Venue, room: Room) -> None:
    room.own_error_ms = -7_500


def _unwatched(venue: Venue, room: Room) -> None:
    venue.now_ms += 30 * HOUR_MS


FAULTS = {
    "goes on unwatched": _unwatched,
    "does not answer": _silent, "answers again": _well, "corrects a candle": _corrected, "is ahead of us": _slow_clock,
}  # fmt: skip


def _two_readings() -> Model:
    rules = [
        f"{HEAD}rsi(14) < 30 or ({BAND} and {LOUD})\nstop loss 4%",
        f"{HEAD}(rsi(14) < 30 or {BAND}) and {LOUD}\nstop loss 4%",
    ]
    return Model(calls_tool(BLANK | {"rules": rules, "differences": ["for the band only", "for both"]}))


def _model() -> Model:
    rules = f"{HEAD}close > highest(high, 20)[1]\nstop loss 2 * atr(14)\nsize 2% of equity\n"
    told = {"outcome": "answer", "notes": ["A wider stop is hit less often."]}
    return Model(calls_tool(BLANK | {"rules": [rules]}), calls_tool(BLANK | told))


WORLDS = {
    "simulated": World, "short history": ShortHistory, "present": Present, "present on Sunday evening": lambda: Present(SUNDAY_MS), "model": _model, "two readings": _two_readings,
    "model down": lambda: Model(*(error(500, "api_error") for _ in range(6))),
}  # fmt: skip
