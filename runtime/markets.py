"""The candles of a running market: the simulated one, or files being replayed; `live_markets` has the present."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from runtime.candles import Candles, Times
from runtime.core.calendar import HOUR_MS
from runtime.core.resample import resampled
from runtime.feeds.columns import CandleFileError
from runtime.feeds.files import gaps, load_candles
from runtime.feeds.given import Given
from runtime.feeds.simulated import SIMULATED_LABEL, simulated_candles
from strategy_dsl.program import Program
from strategy_dsl.timeframes import timeframe_ms

YEAR_HOURS = 8_760
SIMULATED_START_MS = 1_704_067_200_000
"""1 January 2024: the simulated history begins here, the replay a year later."""

SIMULATED_UNIVERSE = tuple(f"{coin}/USDT" for coin in ("ADA", "BNB", "BTC", "DOGE", "ETH", "LTC", "SOL", "XRP"))
"""What a universe chooses among on the simulated market."""
REPLAY_SHARE = 0.2
REPLAY_DAYS = 90


class MarketError(Exception):
    """A market or timeframe that this feed does not have; the text says what to do."""


@dataclass(frozen=True)
class Feed:
    """Where candles come from: an exchange's present ones, files, or neither for the simulated market."""

    seed: int
    files: Mapping[str, str]
    exchange: str = ""
    started_ms: int = 0
    """When an exchange was first followed, ms UTC: its history is counted back from here."""

    @property
    def is_simulated(self) -> bool:
        """Whether these candles are made up."""
        return not (self.files or self.exchange)

    def data(self) -> dict[str, Any]:
        """The feed as JSON-able data."""
        live = {"exchange": self.exchange, "started_ms": self.started_ms} if self.exchange else {}
        return {"seed": self.seed, "files": dict(self.files), **live}


def feed_from(data: Mapping[str, Any]) -> Feed:
    """The feed that `Feed.data` gave."""
    return Feed(int(data["seed"]), dict(data["files"]), data.get("exchange", ""), data.get("started_ms", 0))


def file_feed(paths: list[str], seed: int) -> Feed:
    """A feed of candle files, each `path` or `MARKET=path`; raises CandleFileError for one that cannot be used."""
    files: dict[str, str] = {}
    for each in paths:
        market, _, path = each.rpartition("=")
        resolved = Path(path).expanduser().resolve()
        candles = load_candles(resolved, market or None)
        if candles.market in files:
            raise CandleFileError(f"two files for {candles.market}: give one file for each market")
        files[candles.market] = str(resolved)
    return Feed(seed, files)


@dataclass(frozen=True)
class Price:
    """What an order meets now, and when that was the price, ms UTC; the opening of the unfinished candle, too."""

    last: float
    at_ms: int
    open: float
    opened_ms: int


class Markets:
    """Candles by market and timeframe, loaded once; the part before `start_ms` is history."""

    is_live = False
    """Whether this is the present, which waits for nobody; else it is played at any speed."""

    def __init__(self, feed: Feed, given: Given | None = None) -> None:
        self.feed = feed
        self.given = given or Given()
        self._own: dict[tuple[str, str], Candles] = {}
        self._cache: dict[tuple[str, str], Candles] = {}
        self._start_ms: int | None = None

    @property
    def label(self) -> str:
        """What people are told about where prices come from."""
        if self.feed.is_simulated:
            return SIMULATED_LABEL
        return "replay of " + ", ".join(Path(path).name for path in self.feed.files.values())

    @property
    def start_ms(self) -> int:
        """Where the replay begins; what is older is history for backtests."""
        if self._start_ms is None:
            self._start_ms = self._replay_start()
        return self._start_ms

    def known_markets(self) -> tuple[str, ...]:
        """The markets of the files; empty for the simulated market, which has any."""
        return tuple(self.feed.files)

    def universe(self, quote: str) -> tuple[str, ...]:
        """The markets that a universe chooses among, in their order; MarketError where there are none."""
        named = self.given.markets(quote)
        files = tuple(each for each in sorted(self.feed.files) if each.endswith(f"/{quote}"))
        made = SIMULATED_UNIVERSE if self.feed.is_simulated and quote == "USDT" else ()
        if found := (files or named or made):
            return found
        raise MarketError(f"no {quote} markets to choose among are known: name them in SAYSO_UNIVERSE")

    def placed(self, program: Program, kept: Sequence[str] = ()) -> Program:
        """The program with the markets that its universe chooses among; any other as it is.

        `kept` are those it had before: a run goes on with the markets that it began with, whatever is named since.
        MarketError where there are none.
        """
        trade = program.strategy.trade
        if trade is None or trade.universe is None:
            return program
        universe, excluded = trade.universe, trade.universe.excluded
        found = tuple(kept) or tuple(each for each in self.universe(universe.quote) if each not in excluded)
        if not found:
            raise MarketError(f"no {universe.quote} market is left to choose among: name more in SAYSO_UNIVERSE")
        return replace(program, markets=found, reads=tuple(dict.fromkeys((*found, *program.reads))))

    def _replay_start(self) -> int:
        if self.feed.is_simulated:
            return SIMULATED_START_MS + YEAR_HOURS * HOUR_MS
        first = self._file(next(iter(self.feed.files)))
        length = timeframe_ms(first.timeframe)
        most = max(REPLAY_DAYS * 24 * HOUR_MS // length, 200)
        return int(first.time[-min(most, max(1, int(len(first) * REPLAY_SHARE)))])

    def candles(self, market: str, timeframe: str) -> Candles:
        """All candles, history and replay; raises MarketError where the feed cannot give them."""
        key = (market, timeframe)
        if key not in self._cache:
            source = self._simulated(market, timeframe) if self.feed.is_simulated else self._file(market)
            self._cache[key] = self._longer(source, timeframe)
        return self._cache[key]

    def history(self, market: str, timeframe: str) -> Candles:
        """The candles that closed before the replay begins."""
        candles = self.candles(market, timeframe)
        stop = int(np.searchsorted(candles.time + timeframe_ms(timeframe), self.start_ms, side="right"))
        return candles.part(0, stop)

    def _longer(self, source: Candles, timeframe: str) -> Candles:
        own, wanted = timeframe_ms(source.timeframe), timeframe_ms(timeframe)
        if wanted < own or wanted % own:
            raise MarketError(
                f"the candles of {source.market} are {source.timeframe} ones, from which {timeframe} cannot be made:"
                f" use {source.timeframe} or a multiple of it"
            )
        return resampled(source, timeframe)

    def _simulated(self, market: str, timeframe: str) -> Candles:
        base = "1h" if timeframe_ms(timeframe) % HOUR_MS == 0 else timeframe
        key = (market, base)
        if key not in self._own:
            hours = YEAR_HOURS * 2 * HOUR_MS // timeframe_ms(base)
            self._own[key] = simulated_candles(market, base, self.feed.seed, SIMULATED_START_MS, hours)
        return self._own[key]

    def _file(self, market: str) -> Candles:
        path = self.feed.files.get(market)
        if path is None:
            known = " and ".join(self.feed.files)
            raise MarketError(f"there are no candles of {market} here, only of {known}: name a file with CANDLES=")
        key = (market, "")
        if key not in self._own:
            self._own[key] = load_candles(Path(path), market)
        return self._own[key]

    def now_ms(self) -> int | None:
        """The present time of a market that is live, ms UTC; None where the clock is that of a replay."""
        return None

    def price(self, market: str, timeframe: str) -> Price | None:
        """The present price of a market that is live; None in a replay."""
        return None

    def seen(self, market: str, timeframe: str) -> Times | None:
        """When each candle was first seen, ms UTC; None where all were there from the start."""
        return None

    def close(self) -> None:
        """Lets go of threads and connections."""

    def holes(self, market: str, timeframe: str) -> int:
        """How many candles are missing."""
        return sum(count for _, count in gaps(self.candles(market, timeframe)))
