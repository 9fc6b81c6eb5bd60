from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.feeds.timeframes import resample, timeframe_of
from strategy_dsl.timeframes import TIMEFRAMES, timeframe_ms
from tests.candle_files import MONDAY_MS, real_candles, rising_candles, same, without

LONGER = [
    (short, long)
    for short in TIMEFRAMES
    for long in TIMEFRAMES
    if timeframe_ms(long) > timeframe_ms(short) and timeframe_ms(long) % timeframe_ms(short) == 0
]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(LONGER), st.integers(0, 400), st.integers(0, 300), st.sets(st.integers(0, 399), max_size=40))
def test_long_candles_are_what_their_short_ones_add_up_to(
    frames: tuple[str, str], count: int, offset: int, removed: set[int]
) -> None:
    short, long = frames
    start = MONDAY_MS + offset * timeframe_ms(short)
    candles = without(rising_candles(count, short, start_ms=start), *(place for place in removed if place < count))
    made = resample(candles, long)
    length = timeframe_ms(long)
    for index, opened in enumerate(made.time):
        inside = (candles.time >= opened) & (candles.time < opened + length)
        assert made.open[index] == candles.open[inside][0] and made.close[index] == candles.close[inside][-1]
        assert made.high[index] == candles.high[inside].max() and made.low[index] == candles.low[inside].min()
        assert made.volume[index] == candles.volume[inside].sum()
    if len(made):
        assert made.time[0] >= candles.time[0]
        assert made.time[-1] + length <= candles.time[-1] + timeframe_ms(short)


@pytest.mark.parametrize(("short", "long"), LONGER)
def test_whole_spans_give_exactly_the_whole_candles(short: str, long: str) -> None:
    many = timeframe_ms(long) // timeframe_ms(short)
    assert len(resample(rising_candles(many * 3, short), long)) == 3
    assert len(resample(rising_candles(many * 3 - 1, short), long)) == 2
    assert len(resample(rising_candles(many * 3, short, start_ms=MONDAY_MS + timeframe_ms(short)), long)) == 2
    assert len(resample(rising_candles(many - 1, short), long)) == 0


def test_weeks_begin_on_monday_and_days_at_midnight() -> None:
    hours = rising_candles(24 * 40, start_ms=MONDAY_MS + 5 * 3_600_000)
    for opened in resample(hours, "1w").time:
        when = datetime.fromtimestamp(opened / 1000, UTC)
        assert (when.weekday(), when.hour) == (0, 0)
    assert all(datetime.fromtimestamp(opened / 1000, UTC).hour == 0 for opened in resample(hours, "1d").time)


def test_a_timeframe_that_is_no_multiple_is_refused() -> None:
    with pytest.raises(ValueError, match="5m candles cannot be made of 3m"):
        resample(rising_candles(10, "3m"), "5m")


def test_the_same_timeframe_is_the_same_candles() -> None:
    candles = rising_candles(10)
    assert same(resample(candles, "1h"), candles)


def test_every_timeframe_is_known_by_its_length() -> None:
    assert [timeframe_of(length) for length in TIMEFRAMES.values()] == list(TIMEFRAMES)
    assert timeframe_of(7) is None


def test_real_minutes_make_the_real_hours() -> None:
    made = resample(real_candles("bitfinex-BTCUSD-1m-2018.parquet"), "1h")
    hours = real_candles("bitfinex-BTCUSD-1h-2018-2019.parquet")
    assert same(made, hours.part(0, len(made)))
    assert np.datetime64(int(made.time[-1]), "ms") == np.datetime64("2018-12-31T23:00")
