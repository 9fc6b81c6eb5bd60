"""A real process on present prices, killed again and again around the close of a candle."""

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bot.cli.parts import open_desk
from bot.settings import load_settings
from runtime.feeds.simulated import simulated_candles
from runtime.feeds.store import CandleStore, Series
from runtime.ledger import decisions, fills, intents
from tests.candle_files import MONDAY_MS
from tests.emulators.venue_http import running_venue
from tests.parts import Talk

MINUTE_MS = 60_000
RULES = """trade BTC/USDT on 1m
budget 10000 USDT
buy when close > 1
sell when held >= 1
stop loss 3%
size 500 USDT
ask never"""


class Jumping:
    """The exchange's clock: it runs, and a test moves it on to just before a close."""

    def __init__(self) -> None:
        self._ahead = MONDAY_MS + 3_000 * MINUTE_MS - self._real()

    def _real(self) -> int:
        return int(time.time() * 1000)

    def __call__(self) -> int:
        return self._real() + self._ahead

    def to_before_close(self, seconds: float) -> None:
        now = self()
        self._ahead += -now % MINUTE_MS - round(seconds * 1000)


def process(folder: Path, url: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "bot", "run", "--data-dir", str(folder), "--exchange-url", url, "--seconds", "60"]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL)


@pytest.mark.slow
async def test_killed_around_closes_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    random, clock = Random(7), Jumping()
    candles = simulated_candles("BTC/USDT", "1m", 7, MONDAY_MS, 4_000)
    with running_venue({"BTC/USDT": candles}, clock=clock) as venue:
        settings = load_settings(data_dir=tmp_path, exchange="binance", exchange_url=venue.base_url)
        with open_desk(settings) as desk:
            talk = Talk(desk)
            assert "runs now" in await talk.say(RULES, "paper"), talk.text()
        for _ in range(9):
            clock.to_before_close(2.5)
            running = process(tmp_path, venue.base_url)
            time.sleep(random.uniform(3.0, 7.5))
            os.kill(running.pid, signal.SIGKILL)
            running.wait(10)
        clock.to_before_close(1)
        running = process(tmp_path, venue.base_url)
        time.sleep(8)
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    with open_desk(load_settings(data_dir=tmp_path)) as desk, desk.ledger.read() as c:
        rows = decisions.between(c, 1, 0, 10**15)
        made, planned = fills.of_run(c, 1), intents.listing(c, 1)
    times = sorted({row.candle_time for row in rows})
    assert len(times) >= 9 and set(np.diff(times)) == {MINUTE_MS}, "every candle was judged, whatever was killed"
    assert len({each.intent_id for each in made}) == len(made) and {each.state for each in planned} <= {"FILLED"}
    sides = [each.side for each in made]
    assert len(sides) > 2 and all(one != next_ for one, next_ in pairwise(sides))
    kept = CandleStore(tmp_path / "candles").read(Series("binance", "BTC/USDT", "1m"), times[0])
    assert np.array_equal(kept.close, candles.close[(candles.time >= times[0]) & (candles.time <= kept.time[-1])])
