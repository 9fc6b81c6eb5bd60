import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.feeds.files import CandleFileError, gaps, load_candles, save_candles
from runtime.feeds.market_names import market_in
from strategy_dsl.timeframes import TIMEFRAMES
from tests.candle_files import MONDAY_MS, real_candles, rising_candles, same, without

HEADER = "timestamp,open,high,low,close,volume"
HOUR_MS = 3_600_000


def rows(count: int, start: int = MONDAY_MS) -> list[str]:
    return [f"{start + i * HOUR_MS},100,110,90,{100 + i},5" for i in range(count)]


def csv_file(folder: Path, lines: list[str], name: str = "BTCUSDT-1h.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def refusal(path: Path, **options: int) -> str:
    with pytest.raises(CandleFileError) as caught:
        load_candles(path, **options)
    text = str(caught.value)
    assert "\n" not in text and ". " not in text, "one sentence"
    assert path.name in text
    assert any(sign in text for sign in (": ", "; ", ", so ")), "it says what to do next"
    return text


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_what_was_saved_is_loaded_equal(tmp_path: Path, ending: str, timeframe: str) -> None:
    candles = without(rising_candles(50, timeframe, "SOL/USDC"), 7, 8, 30)
    path = tmp_path / f"some-SOLUSDC-{timeframe}{ending}"
    save_candles(candles, path)
    assert same(load_candles(path), candles)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_floats_survive_both_kinds_of_file(tmp_path: Path, data: st.DataObject) -> None:
    price = st.floats(1e-12, 1e12)
    prices = np.array(data.draw(st.lists(st.tuples(price, price, price, price), min_size=2, max_size=20)))
    prices.sort(axis=1)
    volume = np.array(data.draw(st.lists(st.floats(0, 1e15), min_size=len(prices), max_size=len(prices))))
    time_ms = MONDAY_MS + HOUR_MS * np.arange(len(prices))
    candles = Candles("BTC/USDT", "1h", time_ms, prices[:, 1], prices[:, 3], prices[:, 0], prices[:, 2], volume)
    for ending in (".parquet", ".csv"):
        save_candles(candles, tmp_path / f"BTCUSDT{ending}")
        assert same(load_candles(tmp_path / f"BTCUSDT{ending}"), candles)


@pytest.mark.parametrize(
    "times",
    [
        [1_704_067_200, 1_704_070_800],
        [1_704_067_200_000_000, 1_704_070_800_000_000],
        [1_704_067_200_000_000_000, 1_704_070_800_000_000_000],
        ["1704067200000.0", "1704070800000.0"],
        ["2024-01-01", "2024-01-01 01:00"],
        ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"],
        ["2024-01-01 02:00:00+02:00", "2024-01-01 03:00:00+02:00"],
        ["2024-01-01 00:00:00 UTC", "2024-01-01 01:00:00 UTC"],
    ],
)
def test_times_of_every_unit_mean_the_same(tmp_path: Path, times: list[object]) -> None:
    lines = ["Open,HIGH,low,Close,Volume,Date,extra", *(f"1,2,1,2,3,{moment},x" for moment in times)]
    candles = load_candles(csv_file(tmp_path, lines))
    assert candles.time.tolist() == [MONDAY_MS, MONDAY_MS + HOUR_MS]
    assert candles.high.tolist() == [2, 2] and candles.volume.tolist() == [3, 3]


@pytest.fixture
def far_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own clock is in New York."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_zone")
def test_text_without_a_zone_is_utc_wherever_the_machine_is(tmp_path: Path) -> None:
    lines = [HEADER, *(f"2024-01-01 0{hour}:00:00 UTC,1,2,1,2,3" for hour in range(3))]
    assert load_candles(csv_file(tmp_path, lines)).time[0] == MONDAY_MS


@pytest.mark.parametrize(
    "kind",
    [pa.timestamp("s"), pa.timestamp("ns"), pa.timestamp("us", "Europe/London"), pa.int64(), pa.float64(), pa.string()],
)
def test_parquet_times_of_every_type(tmp_path: Path, kind: pa.DataType) -> None:
    candles = rising_candles(30)
    moments = pa.array(candles.time).cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(kind):
        column = moments.cast(pa.timestamp(kind.unit)).cast(kind) if kind.tz is None else moments.cast(kind)
    else:
        column = pa.array(candles.time).cast(kind)
    columns = {name: getattr(candles, name) for name in ("open", "high", "low", "close", "volume")}
    path = tmp_path / "BTC_USDT-1h.parquet"
    pq.write_table(pa.table({"open_time": column, **columns}), path)
    assert same(load_candles(path), candles)


def test_semicolons_quotes_a_byte_order_mark_and_empty_lines_are_read(tmp_path: Path) -> None:
    lines = [
        "\ufeff" + '"Time";"Open";"High";"Low";"Close";"Volume"',
        "",
        *(row.replace(",", ";") for row in rows(3)),
        "",
    ]
    assert load_candles(csv_file(tmp_path, lines)).close.tolist() == [100, 101, 102]


def broken(change: Callable[[list[str]], list[str]]) -> Callable[[Path], Path]:
    return lambda folder: csv_file(folder, change([HEADER, *rows(10)]))


def swapped(line: int, text: str) -> Callable[[Path], Path]:
    return broken(lambda lines: [*lines[: line - 1], text, *lines[line:]])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (broken(lambda lines: lines[:1]), ["0 candles", "at least 2"]),
        (broken(lambda lines: lines[:2]), ["1 candle:", "at least 2"]),
        (broken(lambda lines: ["timestamp,open,high,low,volume", *lines[1:]]), ["no column close", "timestamp, open"]),
        (broken(lambda lines: lines[1:]), ["no column timestamp, open", "first line"]),
        (broken(lambda lines: [HEADER + ",Open", *(line + ",1" for line in lines[1:])]), ["column open twice"]),
        (swapped(4, "1704074400000,100,110,90"), ["line 4", "4 fields", "first line has 6"]),
        (swapped(4, "1704074400000,100,110,90,abc,5"), ["line 4", "'abc'", "close"]),
        (swapped(4, '1704074400000,"1,000",1110,90,100,5'), ["line 4", "'1,000'", "open"]),
        (swapped(4, "soon,100,110,90,100,5"), ["line 4", "'soon'"]),
        (lambda folder: csv_file(folder, [HEADER, "2024-01-01,1,1,1,1,1", "today,1,1,1,1,1"]), ["line 3", "'today'"]),
        (swapped(4, ",100,110,90,100,5"), ["line 4", "time is missing"]),
        (swapped(4, "1704074400000,100,110,90,,5"), ["line 4", "close is missing", "2024-01-01 02:00 UTC"]),
        (swapped(4, "1704074400000,100,110,90,nan,5"), ["line 4", "close is missing"]),
        (swapped(4, "1704074400000,100,inf,90,100,5"), ["line 4", "high is infinite"]),
        (swapped(4, "1704074400000,100,110,0,100,5"), ["line 4", "low is 0", "above zero"]),
        (swapped(4, "1704074400000,100,110,90,100,-5"), ["line 4", "volume is -5"]),
        (swapped(4, "1704074400000,100,80,90,100,5"), ["line 4", "high 80 is below low 90"]),
        (swapped(4, "1704074400000,100,110,101,105,5"), ["line 4", "open 100 is outside", "101 to 110"]),
        (swapped(4, "1704074400000,100,110,90,111,5"), ["line 4", "close 111 is outside"]),
        (swapped(4, "1704070800000,100,110,90,100,5"), ["line 4", "repeats the time", "01:00 UTC"]),
        (swapped(4, "1704067200000,100,110,90,100,5"), ["line 4", "older than the candle before", "sort"]),
        (swapped(4, "1704075000000,100,110,90,100,5"), ["line 4", "not a whole number of 1h", "split"]),
        (broken(lambda lines: [lines[0], *lines[:0:-1]]), ["newest candle to the oldest", "sort"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5, MONDAY_MS + 1_800_000)]), ["line 2", "UTC grid"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5, 4_102_444_800_000)]), ["line 2", "future", "unit"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5, 0)]), ["line 2", "1970-01-01", "before any exchange"]),
        (
            lambda folder: csv_file(folder, [HEADER, "1/2/2024,1,1,1,1,1", "1/3/2024,1,1,1,1,1"]),
            ["line 2", "'1/2/2024'"],
        ),
        (lambda folder: csv_file(folder, [HEADER, *["1704067200000.5,1,1,1,1,1"] * 2]), ["line 2", "whole ms"]),
        (lambda folder: csv_file(folder, ["<!DOCTYPE html><html>", "<body>404</body>"]), ["web page", "raw file"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5)], "data.csv"), ["which market", "BTC/USDT"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5)], "BTCUSDT.txt"), ["neither .parquet nor .csv"]),
        (lambda folder: csv_file(folder, [HEADER, *rows(5)], "BTCUSDT.parquet"), ["not a parquet file inside"]),
    ],
)
def test_each_fault_is_one_sentence_with_the_place(
    tmp_path: Path, make: Callable[[Path], Path], words: list[str]
) -> None:
    text = refusal(make(tmp_path))
    for word in words:
        assert word in text


def test_spacing_of_no_timeframe_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    every_seven = [f"{MONDAY_MS + i * 7 * 60_000},1,1,1,1,1" for i in range(5)]
    text = refusal(csv_file(tmp_path, [HEADER, *every_seven]))
    assert "7 minutes" in text and "1m, 3m, 5m" in text


def test_a_fault_far_down_a_long_file_is_found_with_its_line(tmp_path: Path) -> None:
    lines = [HEADER, *rows(30_000)]
    for text in ("soon,100,110,90,100,5", "1,100,110,90,x,5", "1,100", "1,100,110,90,100,\0"):
        lines[20_000] = text
        assert "line 20001" in refusal(csv_file(tmp_path, lines, "long-BTCUSDT.csv"))


def test_the_line_is_counted_with_its_empty_lines(tmp_path: Path) -> None:
    lines = [HEADER, *rows(3), "", "", "1704078000000,100,110,90,0,5"]
    assert "line 7" in refusal(csv_file(tmp_path, lines))


def test_files_that_are_something_else(tmp_path: Path) -> None:
    assert "check the name" in refusal(tmp_path / "none-BTCUSDT.csv")
    (tmp_path / "folder-BTCUSDT.csv").mkdir()
    assert "folder" in refusal(tmp_path / "folder-BTCUSDT.csv")
    contents = {
        "empty-BTCUSDT.csv": (b"", "is empty"),
        "empty-BTCUSDT.parquet": (b"", "is empty"),
        "packed-BTCUSDT.csv": (gzip.compress(b"timestamp"), "gzip-compressed"),
        "wide-BTCUSDT.csv": ("\n".join([HEADER, *rows(3)]).encode("utf-16"), "UTF-8"),
        "parquet-BTCUSDT.csv": (b"PAR1 and more", "parquet file inside"),
        "cut-BTCUSDT.parquet": (b"PAR1 and more", "damaged"),
    }
    for name, (content, word) in contents.items():
        (tmp_path / name).write_bytes(content)
        assert word in refusal(tmp_path / name)


def test_a_parquet_file_cut_anywhere_or_with_a_flipped_byte_never_passes_as_another(tmp_path: Path) -> None:
    good, bad = tmp_path / "BTCUSDT.parquet", tmp_path / "bad-BTCUSDT.parquet"
    save_candles(rising_candles(300), good)
    content = good.read_bytes()
    for cut in range(4, len(content), len(content) // 40):
        bad.write_bytes(content[:cut])
        refusal(bad)


def test_parquet_rows_are_named_and_wrong_types_are_refused(tmp_path: Path) -> None:
    candles = rising_candles(10)
    columns = {name: getattr(candles, name) for name in ("open", "high", "low", "close", "volume")}
    path = tmp_path / "BTCUSDT.parquet"
    pq.write_table(pa.table({"timestamp": candles.time, **columns, "close": pa.array([True] * 9 + [None])}), path)
    assert "row" in refusal(path) or "close" in refusal(path)
    pq.write_table(pa.table({"timestamp": candles.time, **columns, "close": ["a"] * 10}), path)
    assert "no numbers in column close" in refusal(path)
    pq.write_table(pa.table({"timestamp": pa.array([[1]] * 10), **columns}), path)
    assert "times of type list" in refusal(path)
    broken_high = candles.high.copy()
    broken_high[6] = 1
    pq.write_table(pa.table({"timestamp": candles.time, **columns, "high": broken_high}), path)
    assert "row 7 (2024-01-01 06:00 UTC)" in refusal(path)


def test_candles_after_the_given_now_are_in_the_future(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [HEADER, *rows(5)])
    assert len(load_candles(path, now_ms=MONDAY_MS + 4 * HOUR_MS)) == 5
    assert "line 5" in refusal(path, now_ms=MONDAY_MS + 2 * HOUR_MS)


def test_days_that_begin_elsewhere_and_weeks_that_begin_on_thursday_are_refused(tmp_path: Path) -> None:
    save_candles(rising_candles(5, "1d", start_ms=MONDAY_MS + 8 * HOUR_MS), tmp_path / "BTCUSDT.csv")
    assert "00:00 UTC" in refusal(tmp_path / "BTCUSDT.csv")
    save_candles(rising_candles(5, "1w", start_ms=MONDAY_MS + 72 * HOUR_MS), tmp_path / "BTCUSDT.csv")
    assert "Monday" in refusal(tmp_path / "BTCUSDT.csv")


@given(st.sets(st.integers(1, 98), max_size=60))
def test_gaps_name_every_missing_candle_once(removed: set[int]) -> None:
    candles = rising_candles(100)
    found = gaps(without(candles, *removed))
    named = {(start - MONDAY_MS) // HOUR_MS + step for start, count in found for step in range(count)}
    assert named == removed
    assert sum(count for _, count in found) == len(removed)


@pytest.mark.parametrize(
    ("name", "market"),
    [
        ("binance-BTCUSDT-1h", "BTC/USDT"),
        ("BTC_USDT-1h", "BTC/USDT"),
        ("binance-BTC-USDT-1h", "BTC/USDT"),
        ("kraken_xbteur_15m", "XBT/EUR"),
        ("bitstamp-ETHBTC-1d", "ETH/BTC"),
        ("BNBUSD", "BNB/USD"),
        ("BTCBUSD", "BTC/BUSD"),
        ("SOLFDUSD-5m", "SOL/FDUSD"),
        ("1h-data", None),
        ("candles", None),
        ("USDT", None),
    ],
)
def test_market_names(name: str, market: str | None) -> None:
    assert market_in(name) == market


def test_a_folder_that_takes_no_files_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CandleFileError, match="cannot be written"):
        save_candles(rising_candles(3), tmp_path / "missing" / "BTCUSDT.parquet")
    with pytest.raises(CandleFileError, match="endings"):
        save_candles(rising_candles(3), tmp_path / "BTCUSDT.xls")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "BTCUSDT.csv"
    save_candles(rising_candles(3), path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.csv.write_csv", full)
    with pytest.raises(CandleFileError, match="No space left on device"):
        save_candles(rising_candles(9), path)
    assert len(load_candles(path)) == 3 and list(tmp_path.iterdir()) == [path]


def test_real_files_have_the_holes_their_description_says() -> None:
    found = gaps(real_candles("binance-BTCUSDT-1h.parquet"))
    assert (len(found), sum(count for _, count in found), max(count for _, count in found)) == (28, 128, 33)
    minutes = gaps(real_candles("bitfinex-BTCUSD-1m-2018.parquet"))
    assert (len(minutes), sum(count for _, count in minutes), max(count for _, count in minutes)) == (3992, 5101, 67)


def test_a_year_of_minutes_is_read_quickly() -> None:
    real_candles("bench/bench-1h.parquet", "BTC/USDT")
    begun = time.perf_counter()
    candles = real_candles("bench/bench-1m.parquet", "BTC/USDT")
    assert len(candles) == 525_600 and candles.timeframe == "1m"
    assert time.perf_counter() - begun < 2, "measured 0.1 s; this is to notice a loop over rows"


def test_loading_keeps_a_given_market(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [HEADER, *rows(5)])
    assert load_candles(path, "ETH/EUR").market == "ETH/EUR"
    assert same(load_candles(path), replace(load_candles(path, "X/Y"), market="BTC/USDT"))
