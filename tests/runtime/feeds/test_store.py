"""The candle store: versions, spans, parts, damage, and several writers."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.feeds import versions
from runtime.feeds.columns import CandleFileError
from runtime.feeds.spans import added, missing
from runtime.feeds.store import CandleStore, Series
from tests.candle_files import MONDAY_MS, rising_candles, same, without
from tests.made import walk_candles

HOUR_MS = 3_600_000
HOURS = Series("binance", "BTC/USDT", "1h")
MINUTES = Series("binance", "BTC/USDT", "1m")


@pytest.fixture
def store(tmp_path: Path) -> CandleStore:
    return CandleStore(tmp_path / "candles")


def with_close(candles: Candles, index: int, close: float) -> Candles:
    changed = candles.close.copy()
    changed[index] = close
    columns = (candles.open, np.maximum(candles.high, changed), np.minimum(candles.low, changed), changed)
    return Candles(candles.market, candles.timeframe, candles.time, *columns, candles.volume)


@pytest.mark.parametrize(("series", "count"), [(HOURS, 20_000), (MINUTES, 100_000)])
def test_what_is_kept_is_read_back_bit_for_bit(store: CandleStore, series: Series, count: int) -> None:
    candles = walk_candles(count, 1, timeframe=series.timeframe)
    written = store.append(series, candles, 5)
    assert len(written.new) == count and not written.revised
    assert same(store.read(series), candles)
    assert store.listing() == [series]


def test_a_span_is_read_from_the_files_it_lies_in(store: CandleStore) -> None:
    candles = rising_candles(100_000, "1m")
    store.append(MINUTES, candles, 5)
    since, until = int(candles.time[44_000]), int(candles.time[90_000])
    assert same(store.read(MINUTES, since, until), candles.part(44_000, 90_000))
    assert len(store.read(MINUTES, until_ms=MONDAY_MS)) == 0
    assert len(list(store.folder.glob("*/*/*/*.parquet"))) == 3


def test_nothing_is_there_of_what_was_never_kept(store: CandleStore) -> None:
    assert len(store.read(HOURS)) == 0 and store.asked(HOURS) == () and store.listing() == []


def test_the_same_again_changes_nothing(store: CandleStore) -> None:
    candles = rising_candles(500)
    store.append(HOURS, candles, 5)
    before = {path: path.read_bytes() for path in store.folder.rglob("*.*")}
    written = store.append(HOURS, candles, 9)
    assert not written.new and not written.revised
    assert {path: path.read_bytes() for path in store.folder.rglob("*.*")} == before


def test_a_changed_candle_is_kept_beside_the_old_one(store: CandleStore) -> None:
    first = rising_candles(100)
    second, third = with_close(first, 40, 1.5), with_close(first, 40, 1.75)
    store.append(HOURS, first, 1_000)
    assert store.append(HOURS, second, 2_000).revised == (int(first.time[40]),)
    store.append(HOURS, third, 3_000)
    assert same(store.read(HOURS), third)
    for moment, expected in ((1_000, first), (1_999, first), (2_000, second), (2_999, second), (3_000, third)):
        assert same(store.read(HOURS, as_of_ms=moment), expected)
    assert len(store.read(HOURS, as_of_ms=999)) == 0


def test_a_change_back_is_a_version_of_its_own(store: CandleStore) -> None:
    first, second = rising_candles(10), with_close(rising_candles(10), 4, 1.5)
    for moment, candles in ((1, first), (2, second), (3, first)):
        store.append(HOURS, candles, moment)
    assert [float(store.read(HOURS, as_of_ms=moment).close[4]) for moment in (1, 2, 3)] == [104.5, 1.5, 104.5]


def test_versions_stay_in_order_when_the_clock_goes_back(store: CandleStore) -> None:
    store.append(HOURS, rising_candles(10), 9_000)
    written = store.append(HOURS, with_close(rising_candles(10), 4, 1.5), 50)
    assert written.seen_ms == 9_001 and store.append(HOURS, rising_candles(12), 60).seen_ms == 9_002
    assert store.read(HOURS, as_of_ms=9_001).close[4] == 1.5


def test_who_began_earlier_keeps_what_was_known_and_then_each_candle_as_first_seen(store: CandleStore) -> None:
    candles = rising_candles(4)
    store.append(HOURS, candles.part(0, 2), 100)
    store.append(HOURS, with_close(candles, 1, 7.0).part(0, 3), 200)
    store.append(HOURS, with_close(candles, 2, 8.0).part(1, 4), 300)
    seen = versions.first_since(store.versions(HOURS), 100)
    assert seen.values[:, 3].tolist() == candles.close.tolist()
    later = versions.first_since(store.versions(HOURS), 250)
    assert later.values[:, 3].tolist() == [100.5, 7.0, 102.5, 103.5]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(0, 2)), min_size=1, max_size=12))
def test_any_order_of_appends_gives_the_last_of_each(appends: list[tuple[int, int, int]]) -> None:
    base = rising_candles(60)
    expected: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = CandleStore(Path(folder))
        for moment, (start, count, add) in enumerate(appends):
            part = base.part(start, start + count)
            part = Candles(part.market, "1h", part.time, part.open, part.high, part.low, part.close, part.volume + add)
            store.append(HOURS, part, moment)
            expected |= dict(zip(part.time.tolist(), part.volume.tolist(), strict=True))
        read = store.read(HOURS)
        assert dict(zip(read.time.tolist(), read.volume.tolist(), strict=True)) == expected
        assert (np.diff(read.time) > 0).all()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8), st.integers(0, 20), st.integers(20, 40))
def test_spans_and_what_they_leave_are_the_whole(spans: list[tuple[int, int]], start: int, stop: int) -> None:
    joined: tuple[tuple[int, int], ...] = ()
    for span in spans:
        joined = added(joined, span)
    points = {point for first, last in spans for point in range(first, last)}
    assert {point for first, last in joined for point in range(first, last)} == points
    assert all(joined[at][1] < joined[at + 1][0] for at in range(len(joined) - 1))
    left = [point for first, last in missing(joined, (start, stop)) for point in range(first, last)]
    assert left == sorted(set(range(start, stop)) - points)


@pytest.mark.parametrize("market", ["../x/y", "BTC", "BTC/../..", "a/b/c", "BTC/USDT:", ""])
def test_names_that_are_no_markets_are_refused(store: CandleStore, market: str) -> None:
    with pytest.raises(CandleFileError, match="cannot be kept"):
        store.append(Series("binance", market, "1h"), rising_candles(2), 1)


def test_a_perpetual_keeps_its_name(store: CandleStore) -> None:
    perpetual = Series("binance", "BTC/USDT:USDT", "4h")
    store.append(perpetual, rising_candles(5, "4h"), 1)
    assert store.listing() == [perpetual]


def test_a_damaged_file_says_which_and_what_to_do(store: CandleStore) -> None:
    store.append(HOURS, rising_candles(100), 1)
    part = next(store.folder.rglob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(CandleFileError, match=r"2024.parquet is damaged: delete it"):
        store.read(HOURS)
    (part.parent / "series.json").write_text("{")
    with pytest.raises(CandleFileError, match=r"series.json is damaged"):
        store.asked(HOURS)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "candles").write_text("a file")
    with pytest.raises(CandleFileError, match="free some space or mend its rights"):
        CandleStore(tmp_path / "candles").append(HOURS, rising_candles(3), 1)


WRITER = """
import sys
from pathlib import Path
from runtime.feeds.store import CandleStore, Series
from tests.candle_files import rising_candles
store, base = CandleStore(Path(sys.argv[1])), rising_candles(1500, "1m")
print("ready", flush=True)
for at in range(int(sys.argv[2]), 1500, 10):
    store.append(Series("binance", "BTC/USDT", "1m"), base.part(at, at + 5), at, (int(base.time[at]), int(base.time[at]) + 300_000))
"""


def writer(folder: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(first)], stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_lose_nothing(store: CandleStore) -> None:
    both = [writer(store.folder, first) for first in (0, 5)]
    assert [each.wait(60) for each in both] == [0, 0]
    assert same(store.read(MINUTES), rising_candles(1500, "1m"))
    assert store.asked(MINUTES) == ((MONDAY_MS, MONDAY_MS + 1500 * 60_000),)
    for each in both:
        each.stdout.close()


@pytest.mark.parametrize("delay_ms", [3, 20, 45, 80, 130, 210])
def test_killed_at_any_moment_it_holds_whole_candles_and_goes_on(store: CandleStore, delay_ms: int) -> None:
    running = writer(store.folder, 0)
    running.stdout.readline()
    time.sleep(delay_ms / 1000)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    running.stdout.close()
    base = rising_candles(1500, "1m")
    kept = store.read(MINUTES)
    places = np.searchsorted(base.time, kept.time)
    assert same(kept, without(base, *(set(range(1500)) - set(places.tolist()))))
    asked = sum(stop - start for start, stop in store.asked(MINUTES)) // 60_000
    assert asked <= len(kept) <= asked + 5, "a span is noted only when its candles are there"
    store.append(MINUTES, base, 99_999)
    assert same(store.read(MINUTES), base)
    assert not list(store.folder.rglob(".*.part"))


def test_what_a_series_knows_beside_its_candles_is_plain(store: CandleStore) -> None:
    store.append(HOURS, rising_candles(3), 70, (MONDAY_MS, MONDAY_MS + 3 * HOUR_MS))
    about = json.loads(next(store.folder.rglob("series.json")).read_text())
    assert about == {"seen": 70, "asked": [[MONDAY_MS, MONDAY_MS + 3 * HOUR_MS]]}
