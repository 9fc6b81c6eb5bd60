"""`sayso candles` as a person uses it, against a fake exchange over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import ccxt
import pytest

from bot.cli.command import FAILED, OK, PROBLEMS
from bot.cli.entry import main
from runtime.core.machine.tape import Venue as MarketRules
from runtime.exchange_rules import read_exchange_rules, venue_of
from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.files import load_candles, save_candles
from runtime.feeds.store import CandleStore, Series
from tests.candle_files import MONDAY_MS, rising_candles, same, without
from tests.emulators.venue import Venue
from tests.emulators.venue_http import running_venue

HOUR_MS = 3_600_000
MINUTES = rising_candles(30_000, "1m")
HOURS = Series("binance", "BTC/USDT", "1h")


@pytest.fixture
def venue() -> Iterator[Venue]:
    with running_venue({"BTC/USDT": MINUTES}, int(MINUTES.time[-1]) + 90_000) as running:
        yield running


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: None)


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = OK) -> str:
    assert main(["candles", *argv]) == code
    out = capsys.readouterr()
    return out.out + out.err


def test_an_empty_store_says_how_to_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "sayso candles fetch" in said(capsys, "list")
    assert said(capsys, "check").startswith("The store is empty")


def test_fetch_saves_the_market_s_steps_and_minimums(capsys: pytest.CaptureFixture[str], venue: Venue) -> None:
    said(capsys, "fetch", "BTC/USDT", "1h", "--since", "2024-01-01", "--url", venue.base_url, "--rules", "rules.json")
    assert read_exchange_rules(Path("rules.json")) == {"BTC/USDT": ccxt_venue(venue)}


def ccxt_venue(venue: Venue) -> MarketRules:
    rules, mode = ExchangeSource("binance", venue.base_url).rules("BTC/USDT", "1h")
    found = venue_of(rules, mode)
    assert found.step > 0
    return found


def test_fetch_list_export_and_fetch_again(capsys: pytest.CaptureFixture[str], venue: Venue) -> None:
    fetch = ("fetch", "BTC/USDT", "1h", "--since", "2024-01-01", "--url", venue.base_url)
    assert "binance BTC/USDT 1h: 500 candles, 500 new, 0 were here, 0 missing" in said(capsys, *fetch)
    assert "500 candles, 0 new, 500 were here" in said(capsys, *fetch)
    assert "binance BTC/USDT 1h      500  2024-01-01 00:00  2024-01-21 19:00" in said(capsys, "list")
    assert "500 candles -> b.csv" in said(capsys, "export", "BTC/USDT", "1h", "--out", "b.csv")
    assert same(load_candles(Path("b.csv"), "BTC/USDT"), CandleStore(Path("sayso-data/candles")).read(HOURS))
    part = ("--since", "2024-01-02", "--until", "2024-01-03T12:00", "--out", "c.parquet")
    said(capsys, "export", "BTC/USDT", "1h", *part)
    assert len(load_candles(Path("c.parquet"), "BTC/USDT")) == 36


def test_files_come_in_and_their_differences_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    save_candles(rising_candles(300), Path("BTCUSDT-1h.csv"))
    assert "300 candles in the file, 300 new" in said(capsys, "import", "BTCUSDT-1h.csv")
    changed = rising_candles(310)
    changed.volume[7] += 1
    save_candles(changed, Path("BTCUSDT-1h.parquet"))
    words = said(capsys, "import", "BTCUSDT-1h.parquet")
    assert "10 new" in words and "1 were different here; both versions are kept" in words
    data = json.loads(said(capsys, "list", "--json"))
    assert [(each["candles"], each["revised"], each["missing"]) for each in data] == [(310, 1, 0)]


def test_an_unfinished_last_candle_of_a_file_is_not_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.cli.candles
    from runtime.core.calendar import moment

    save_candles(rising_candles(300), Path("BTCUSDT-1h.csv"))
    monkeypatch.setattr(bot.cli.candles, "system_clock", lambda: moment(MONDAY_MS + 299 * HOUR_MS + 60_000))
    assert "299 candles in the file" in said(capsys, "import", "BTCUSDT-1h.csv")


def test_as_of_gives_what_was_known_then(capsys: pytest.CaptureFixture[str]) -> None:
    store, old = CandleStore(Path("sayso-data/candles")), rising_candles(50)
    new = rising_candles(50)
    new.volume[3] = 99.0
    store.append(HOURS, old, MONDAY_MS + 100 * HOUR_MS)
    store.append(HOURS, new, MONDAY_MS + 200 * HOUR_MS)
    said(capsys, "export", "BTC/USDT", "1h", "--as-of", "2024-01-06", "--out", "then.csv")
    said(capsys, "export", "BTC/USDT", "1h", "--out", "now.csv")
    said(capsys, "export", "BTC/USDT", "1h", "--first-since", "2024-01-02", "--out", "run.csv")
    assert same(load_candles(Path("run.csv"), "BTC/USDT"), old)
    assert load_candles(Path("then.csv"), "BTC/USDT").volume[3] == 4.0
    assert load_candles(Path("now.csv"), "BTC/USDT").volume[3] == 99.0


def test_repair_fills_holes_and_tells_the_venues_own(capsys: pytest.CaptureFixture[str], venue: Venue) -> None:
    store, ours = CandleStore(Path("sayso-data/candles")), Series("binance", "BTC/USDT", "1m")
    store.append(ours, without(MINUTES, 5, 6, 70), 1)
    venue.candles["BTC/USDT"] = without(MINUTES, 70)
    assert "2 candles missing from 2024-01-01 00:05 UTC, not asked for" in said(capsys, "check")
    words = said(capsys, "repair", "--url", venue.base_url)
    assert "2 filled, 1 binance does not have itself" in words
    assert "1 candle missing from 2024-01-01 01:10 UTC" in words
    assert "01:10 UTC, which the exchange does not have" in said(capsys, "check", "BTC/USDT", "1m")


def test_damage_is_found_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    store = CandleStore(Path("sayso-data/candles"))
    store.append(HOURS, rising_candles(50), 1)
    part = next(store.folder.rglob("*.parquet"))
    part.write_bytes(b"PAR1 not really")
    assert "is damaged: delete it and run `sayso candles repair`" in said(capsys, "check", code=PROBLEMS)
    assert "is damaged" in said(capsys, "export", "BTC/USDT", "1h", "--out", "x.csv", code=FAILED)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("export", "BTC/USDT", "1h", "--out", "x.csv"), "has no candles of binance BTC/USDT 1h"),
        (("repair", "BTC/USDT"), "name the timeframe, too"),
        (("check", "BTC/USDT", "1h"), "`sayso candles list` shows what it has"),
        (("import", "none.csv"), "there is no file none.csv"),
        (("fetch", "BTCUSDT", "1h", "--since", "2024-01-01", "--exchange", "binanse"), "did you mean binance?"),
        (("fetch", "BTC/USDT", "1h", "--since", "2024-01-01", "--url", "http://127.0.0.1:9"), "cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr("bot.cli.candles.ExchangeSource", partial(ExchangeSource, attempts=1))
    text = said(capsys, *argv, code=FAILED)
    assert words in text and "Traceback" not in text and text.startswith("sayso: ")


@pytest.mark.slow
def test_a_fetch_that_is_killed_goes_on_where_it_was(venue: Venue, capsys: pytest.CaptureFixture[str]) -> None:
    """A real process, killed without a word after every few pages, asks for no page twice but the last."""
    venue.most_rows = 500
    argv = ["candles", "fetch", "BTC/USDT", "1m", "--since", "2024-01-01", "--url", venue.base_url]
    kills = 0
    for pages in (3, 11, 12, 20, 37):
        process = subprocess.Popen([sys.executable, "-m", "bot", *argv], stderr=subprocess.DEVNULL)
        while len(venue.asked("klines")) < pages and process.poll() is None:
            time.sleep(0.002)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait(10)
    assert kills >= 4
    assert "30,000 candles" in said(capsys, *argv[1:])
    assert same(CandleStore(Path("sayso-data/candles")).read(Series("binance", "BTC/USDT", "1m")), MINUTES)
    starts = [int(each.query["startTime"]) for each in venue.asked("klines")]
    assert len(starts) - len(set(starts)) <= kills, "at most the page under way is asked for again"
    assert len(set(starts)) <= 60 + kills
