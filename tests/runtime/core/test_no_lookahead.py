"""Nothing known at a candle may change when later candles change or arrive, bit for bit."""

import numpy as np
import pytest

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns
from strategy_dsl import nodes
from strategy_dsl.catalogue import SERIES
from strategy_dsl.parser import parse
from tests.candle_files import without
from tests.made import changed_after, walk_candles
from tests.runtime.core.catalogue_calls import expressions, first_lines

WALK = walk_candles(420, 11)
OTHER = without(walk_candles(420, 12, "ETH/USDT"), 7, 8, 60, 61, 62, 63, 200, 333)
EXPRESSIONS = [
    *expressions(),
    *(f"{call} on 4h" for call in first_lines()),
    *(f"{call} of ETH/USDT" for call in first_lines()),
    *(name for name in SERIES if name != "weekday"),
    "weekday is monday",
    *(f"{call} of heikin_ashi" for call in ("open", "high", "ema(close, 5)", "hammer", "atr(5)")),
    "close on 4h of heikin_ashi",
    "close on 1d",
    "close on 1w",
    "high[1] on 4h",
    "(close > ema(close, 5)) on 4h",
    "(close on 4h) of ETH/USDT",
    "(close of ETH/USDT) on 4h",
    "(rsi(5) on 1d) on 4h",
    "close crosses above sma(close, 5)",
    "close crosses below sma(close, 5) on 4h",
    "close is rising 3 bars",
    "close is falling",
    "close > open for 3 bars",
    "close > open in last 5 bars",
    "close > open then within 6 bars close < open",
    "first close > open since rsi(7) < 40",
    "at least 2 of (close > open, rsi(7) > 50, volume > 10)",
    "not (close > highest(high, 5)[1]) or volume > 20",
    "close is within 1% of sma(close, 9)",
    "rsi(7) is between 40 and 60",
    "2% above close",
    "mean((close - low) / (high - low), 5)",
    "ema(close, 3)[4] - close / (close - close[1])",
]


def column(expression: str, *candles: Candles) -> Floats:
    """A fresh column of an expression, a value or a condition."""
    parsed = parse(f"trade BTC/USDT on 1h\nlet value = {expression}\n")
    assert not parsed.problems, parsed.problems
    return Columns(candles[0], {each.market: each for each in candles}).of(parsed.strategy.lets[0].value)


def shortened(candles: Candles, last_ms: int) -> Candles:
    return candles.part(0, int(np.searchsorted(candles.time, last_ms, side="right")))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_later_candles_change_nothing_earlier(expression: str) -> None:
    whole = column(expression, WALK, OTHER)
    assert len(whole) == len(WALK)
    # the walk is 17 days long
    if expression.split("(")[0] not in ("previous_month", "month_end_average"):
        assert not np.isnan(whole).all()
    for index in (3, 7, 61, 63, 130, 131, 132, 133, 300):
        last_ms = int(WALK.time[index])
        short = column(expression, WALK.part(0, index + 1), shortened(OTHER, last_ms))
        assert short.tobytes() == whole[: index + 1].tobytes(), f"candles after {index} were seen"
    other_index = int(np.searchsorted(OTHER.time, WALK.time[200], side="right")) - 1
    changed = column(expression, changed_after(WALK, 200, 1), changed_after(OTHER, other_index, 2))
    assert changed[:201].tobytes() == whole[:201].tobytes(), "the future was seen"


def test_a_longer_candle_is_seen_only_once_it_has_closed() -> None:
    seen = column("close on 4h", WALK)
    assert np.isnan(seen[:3]).all()
    for index in range(3, 60):
        closed = (index + 1) // 4 * 4 - 1
        assert seen[index] == WALK.close[closed]


def test_weeks_begin_on_monday() -> None:
    seen = column("open on 1w", WALK)
    assert np.isnan(seen[:167]).all()
    assert (seen[167:335] == WALK.open[0]).all()
    assert seen[335] == WALK.open[168]


def test_a_missing_candle_of_another_market_is_unknown_and_its_next_is_not_moved() -> None:
    seen = column("close of ETH/USDT", WALK, OTHER)
    for index in range(70):
        at = np.flatnonzero(OTHER.time == WALK.time[index])
        assert np.isnan(seen[index]) if not len(at) else seen[index] == OTHER.close[at[0]]


def test_another_market_without_any_candle_is_unknown() -> None:
    assert np.isnan(column("close of ETH/USDT", WALK, OTHER.part(0, 0))).all()
    assert np.isnan(column("(close of ETH/USDT) on 1w", WALK.part(0, 50), OTHER.part(0, 50))).all()


def test_a_longer_candle_with_a_hole_inside_is_still_that_candle() -> None:
    holed = without(WALK, 5, 11)
    seen = column("close on 4h", holed)
    at = {int(time): value for time, value in zip(holed.time, seen, strict=True)}
    assert at[int(WALK.time[7])] == WALK.close[7]
    # the candle at 11 is missing: its 4h candle ends at 12:00 with the close of 10
    assert at[int(WALK.time[12])] == WALK.close[10]
    assert at[int(WALK.time[10])] == WALK.close[7]


def test_every_shape_of_node_is_in_the_sweep() -> None:
    seen: set[type] = set()
    for expression in EXPRESSIONS:
        parsed = parse(f"trade BTC/USDT on 1h\nlet value = {expression}\n")
        seen |= {type(each) for each in nodes.walk(parsed.strategy.lets[0].value)}
    shapes = {
        nodes.Number, nodes.Percent, nodes.Name, nodes.Call, nodes.Component, nodes.Arithmetic, nodes.Share, nodes.Shifted,
        nodes.OnTimeframe, nodes.OfMarket, nodes.Compare, nodes.Crosses, nodes.Moves, nodes.Near, nodes.Between, nodes.OneOf,
        nodes.Not, nodes.AnyOf, nodes.AtLeast, nodes.Throughout, nodes.Recently, nodes.Sequence, nodes.FirstSince,
    }  # fmt: skip
    assert shapes <= seen
