"""An account with many strategies when a candle closes: `python -m benchmarks.account [STRATEGIES]`.

Paper runs as the bot has them, over a real ledger, on five markets of 20,000 hourly candles: what loading them takes,
what a candle takes until its decisions are in SQLite, and the memory of the process. Columns are shared between the
runs that read the same candles; `--apart` gives each run its own.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from runtime.candles import Candles
from runtime.core.outside import OutsideValues
from runtime.ledger.ledger import open_ledger
from runtime.markets import Feed, Markets
from runtime.run_columns import GrowingColumns, RunColumns
from tests.runtime.world import World

NAMES = ("BTC/USDT", "ETH/USDT", "SOL/USDT", "XRP/USDT", "ADA/USDT")
HISTORY, CANDLES, HOUR_MS, START_MS = 20_000, 8, 3_600_000, 1_640_995_200_000
RULES = """trade {market} on 1h
budget 100 USDT
buy when rsi({length}) crosses below {below} and close > ema(close, 200)
sell when rsi({length}) > 60
stop loss 3%
ask never
"""


def candles_of(market: str, seed: int) -> Candles:
    """A random walk."""
    random, count = np.random.default_rng(seed), HISTORY + CANDLES
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    opened = np.append(100.0, close[:-1])
    high, low = np.maximum(opened, close) * 1.002, np.minimum(opened, close) * 0.998
    time_ms = START_MS + HOUR_MS * np.arange(count, dtype=np.int64)
    return Candles(market, "1h", time_ms, opened, high, low, close, random.uniform(1, 10, count))


class GrowingMarkets(Markets):
    """Candles up to a point that moves on."""

    def __init__(self) -> None:
        super().__init__(Feed(0, {}))
        self._whole = {name: candles_of(name, seed) for seed, name in enumerate(NAMES)}
        self._start_ms = START_MS + HISTORY * HOUR_MS
        self.close(HISTORY)

    def close(self, count: int) -> None:
        """That many candles are there now."""
        self._now = {name: each.part(0, count) for name, each in self._whole.items()}

    def candles(self, market: str, timeframe: str) -> Candles:
        """What is there now."""
        return self._now[market]


class GrowingWorld(World):
    """A person and an account on them."""

    markets: GrowingMarkets

    def make_markets(self) -> GrowingMarkets:
        """The five."""
        return GrowingMarkets()


class Apart(RunColumns):
    """Never finds columns that are there already."""

    def of(self, candles: Mapping[str, Candles], outside: OutsideValues) -> GrowingColumns:
        """New ones."""
        return RunColumns().of(candles, outside)


def seconds_of(world: GrowingWorld, count: int, apart: bool) -> tuple[float, list[float]]:
    """What loading the runs took, and what each candle took until everything was written."""
    if apart:
        world.engine()._columns = Apart()
    begin = time.perf_counter()
    with world.ledger.read() as c:
        world.engine().runs(c)
    loaded, taken = time.perf_counter() - begin, []
    for candle in range(1, CANDLES + 1):
        world.markets.close(HISTORY + candle)
        begin = time.perf_counter()
        played = 0
        while step := world.play(candles=count, at_once=count):
            played += step
        taken.append(time.perf_counter() - begin)
        assert played == count, f"{played} of {count} runs played"
    return loaded, taken


def main() -> None:
    """Prints one line a part."""
    count = next((int(each) for each in sys.argv[1:] if each.isdigit()), 200)
    with tempfile.TemporaryDirectory() as folder:
        world = GrowingWorld(open_ledger(f"sqlite:///{Path(folder) / 'ledger.db'}"), {})
        for k in range(count):
            market = NAMES[k % len(NAMES)]
            world.run(RULES.format(market=market, length=10 + k // 5 % 10, below=25 + k // 50 % 10), f"{k}")
        world.restart()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        loaded, taken = seconds_of(world, count, "--apart" in sys.argv)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count} strategies on {len(NAMES)} markets")
    print(f"loaded {1000 * loaded:.0f} ms, {(after - before) / 1024:.0f} MB more")
    print(f"a candle: median {1000 * statistics.median(taken):.0f} ms, best {1000 * min(taken):.0f} ms")


if __name__ == "__main__":
    main()
