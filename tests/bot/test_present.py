"""The conversation on present prices: what a person reads while an exchange behaves and misbehaves."""

from collections.abc import Iterator
from pathlib import Path

import ccxt
import pytest

from runtime.ledger.fills import of_run
from runtime.live_run import PATIENCE_MS
from runtime.markets import Feed
from tests.candle_files import MONDAY_MS
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue
from tests.made import walk_candles
from tests.parts import Talk, desk_at
from tests.runtime.live_world import Room

HOUR_MS = 3_600_000
START = MONDAY_MS + 400 * HOUR_MS
STRATEGY = "buy $200 of BTC when the close is above 1 on the hourly chart, stop 3%"


@pytest.fixture
def venue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Venue]:
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: None)
    with running_venue({"BTC/USDT": walk_candles(700, 3)}, START + 60_000) as running:
        yield running


class Present:
    """A talk on the present; `go` moves the exchange's clock in steps and plays."""

    def __init__(self, venue: Venue, folder: Path) -> None:
        self.venue, self.room = venue, Room(venue, folder / "candles")
        self._desk = desk_at(folder)
        self.desk = self._desk.__enter__()
        self.desk.feed = Feed(7, {}, "binance", START + 60_000)
        self.desk.open_markets = lambda feed: self.room.markets(feed.started_ms)
        self.talk = Talk(self.desk)
        self.markets = self.desk.markets()

    def close(self) -> None:
        self.desk.close()
        self._desk.__exit__(None, None, None)

    def go(self, to_ms: int, step_seconds: float = 60) -> str:
        """Until then; what was said meanwhile."""
        start = len(self.talk.shown)
        while self.venue.now_ms < to_ms:
            self.venue.now_ms = min(to_ms, self.venue.now_ms + round(step_seconds * 1000))
            for _ in range(3):
                self.markets.follower.step()
            while self.talk.chat.player.tick(1.0):
                pass
            self.talk.chat.show()
        return "".join(self.talk.shown[start:])


@pytest.fixture
def present(venue: Venue, tmp_path: Path) -> Iterator[Present]:
    made = Present(venue, tmp_path)
    yield made
    made.close()


def after(candle: int, seconds: float = 3) -> int:
    return START + (candle + 1) * HOUR_MS + round(seconds * 1000)


async def test_a_first_hour_on_present_prices(present: Present) -> None:
    assert "Backtest on 400 candles of the present prices of binance" in await present.talk.say(STRATEGY)
    started = await present.talk.say("paper")
    assert "on the present prices of binance" in started and "skip" not in started.lower()
    assert "nothing can be skipped" in await present.talk.say("skip")
    assert "as fast as they come" in await present.talk.say("speed 50")
    assert "No candle has closed since the start." in await present.talk.say("why not")
    asked = present.go(after(0))
    assert "Buy BTC/USDT?" in asked and "Without an answer within 5m it is skipped" in asked
    assert "Bought" in await present.talk.say("approve")
    assert "Next look: Wed 17 Jan 2024 18:00 UTC" in await present.talk.say("why not")


async def test_a_question_runs_out_by_itself(present: Present) -> None:
    await present.talk.say(STRATEGY, "paper")
    present.go(after(0))
    assert "No answer in time: the buy of BTC/USDT was skipped" in present.go(after(0, 305), 5)
    assert "No question is open" in await present.talk.say("yes")


async def test_late_prices_are_told_once_with_their_reason_and_when_they_are_back(
    present: Present, venue: Venue
) -> None:
    await present.talk.say(STRATEGY, "paper")
    present.go(START + 600_000)
    venue.lasting = Fault("dropped", on="")
    assert "late" not in present.go(START + 660_000), "a minute without an answer alarms nobody"
    told = present.go(after(0, 1_000))
    assert told.count("Prices are late") == 1
    assert "Binance cannot be reached: check the network connection and try again." in told
    venue.lasting = None
    back = present.go(after(0, 1_200))
    assert "Prices of binance are here again, after" in back and back.count("here again") == 1


async def test_a_candle_that_the_exchange_does_not_have_yet_is_told(present: Present, venue: Venue) -> None:
    await present.talk.say(STRATEGY, "paper")
    venue.withheld = {("BTC/USDT", START)}
    present.go(START + HOUR_MS)
    told = present.go(START + HOUR_MS + PATIENCE_MS + 10_000, 10)
    assert "the candle of BTC/USDT 1h that closed at Wed 17 Jan 2024 17:00 UTC is not here" in " ".join(told.split())
    assert "binance answers, but does not have it yet" in told
    venue.withheld = set()
    assert "here again" in present.go(after(0, 60), 10)


async def test_a_ban_is_told_with_its_length(present: Present, venue: Venue) -> None:
    await present.talk.say(STRATEGY, "paper")
    venue.lasting = Fault("banned", on="", retry_after=900)
    told = present.go(START + 600_000)
    assert "too many requests came from here: try again in 15 minutes" in " ".join(told.split())


async def test_what_was_missed_is_told_and_not_bought(present: Present, venue: Venue, tmp_path: Path) -> None:
    await present.talk.say(STRATEGY, "paper")
    present.go(after(0, 400))
    present.close()
    venue.now_ms = after(30, 1_800)
    again = Present(venue, tmp_path)
    again.talk.chat.player.tick(1.0)
    told = " ".join(again.go(after(30, 1_860), 20).split())
    again.close()
    assert "late" not in told, "what was not looked at yet is not late"
    assert "While nobody watched, 29 candles closed" in told
    assert "29 times the rule was true on a candle that is too old now" in told
    assert "Buy BTC/USDT?" in told, "the last candle is fresh enough to ask about"
    present._desk = desk_at(tmp_path)
    present.desk = present._desk.__enter__()
    with present.desk.ledger.read() as c:
        assert not of_run(c, 1)


async def test_a_wrong_clock_here_is_told_once(present: Present) -> None:
    present.room.own_error_ms = -7_500
    await present.talk.say(STRATEGY, "paper")
    told = " ".join(present.go(START + 900_000).split())
    assert told.count("This computer's clock is 7.5 seconds behind binance's") == 1


async def test_a_changed_candle_is_told(present: Present, venue: Venue) -> None:
    await present.talk.say(STRATEGY, "paper")
    present.go(after(0, 60))
    venue.corrected["BTC/USDT", START] = 1.0
    told = " ".join(present.go(after(0, 300)).split())
    assert "binance has changed the candle of BTC/USDT 1h Wed 17 Jan 2024 16:00 UTC after its close" in told


async def test_a_market_that_the_exchange_does_not_have_is_one_sentence(present: Present) -> None:
    said = await present.talk.say(STRATEGY.replace("BTC", "DOGE"))
    assert "binance has no market DOGE/USDT" in " ".join(said.split()).replace("Binance", "binance")
    assert "binance has no market DOGE/USDT" in " ".join((await present.talk.say("paper")).split())


async def test_an_outage_at_the_first_question_is_one_sentence(present: Present, venue: Venue) -> None:
    venue.lasting = Fault("unavailable", on="")
    said = " ".join((await present.talk.say(STRATEGY)).split())
    assert "inance is not available, perhaps for maintenance: try again in some minutes" in said


async def test_a_clock_that_is_hours_wrong_here_lets_no_question_run_out(
    present: Present, venue: Venue, tmp_path: Path
) -> None:
    """After a restart nothing is settled before the exchange has told its time."""
    present.room.own_error_ms = 9 * HOUR_MS
    await present.talk.say(STRATEGY, "paper")
    assert "Buy BTC/USDT?" in present.go(after(0))
    present.close()
    again = Present(venue, tmp_path)
    again.room.own_error_ms = 9 * HOUR_MS
    again.talk.chat.player.tick(1.0)
    assert "No answer in time" not in again.go(after(0, 200), 20)
    assert "No answer in time" in again.go(after(0, 320), 20)
    again.close()
    present._desk = desk_at(tmp_path)
    present.desk = present._desk.__enter__()
