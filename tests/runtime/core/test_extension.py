"""Columns that grow candle by candle are, bit for bit, those computed over the whole from the same anchor."""

import numpy as np
import pytest

from runtime.candles import Floats
from runtime.core.column import Dated, Windowed
from runtime.core.columns import Columns, SharedColumns
from strategy_dsl import nodes
from tests.candle_files import without
from tests.made import walk_candles
from tests.runtime.core.catalogue_calls import COMPUTED, calls, expressions, first_lines, node_of
from tests.runtime.core.test_no_lookahead import EXPRESSIONS

WALK = walk_candles(220, 11)
OTHER = without(walk_candles(220, 12, "ETH/USDT"), 7, 8, 60, 61, 62, 63, 170, 203)
ANCHORS = (0, 130, 1)
"""How many candles are there before the first new one: none, many, one."""
PLAIN = set(expressions())
ALL = [
    *EXPRESSIONS,
    *expressions("long"),
    *(f"{call} of heikin_ashi" for call in first_lines()),
    *(f"({call} on 4h) of heikin_ashi" for call in ("close", "ema(close, 5)", "rsi(7)")),
    *(f"{name}(close of ETH/USDT, 5)" for name in ("ema", "sma", "rma", "dema", "kama", "stdev", "highest", "wma")),
    "rsi_of(close of ETH/USDT, 5)",
    "count(close of ETH/USDT > 100, 5)",
    "first close > open since close of ETH/USDT > open of ETH/USDT",
    "close of ETH/USDT is rising 2 bars",
    "close of ETH/USDT > 100 in last 4 bars",
    "(close of heikin_ashi) of ETH/USDT",
    "close on 1mo",
]


ANEW = {"ease_of_movement"}
"""Computed anew for every candle: pandas' running sums depend on where they begin."""


def pair(expression: str) -> tuple[nodes.Node, Floats]:
    node = node_of(expression)
    return node, Columns(WALK, {"BTC/USDT": WALK, "ETH/USDT": OTHER}).of(node)


def grown(node: nodes.Node, first: int) -> Floats:
    """The values read after each candle, one at a time, of both markets in step."""
    last_ms = int(WALK.time[first - 1]) if first else int(WALK.time[0]) - 1
    at = int(np.searchsorted(OTHER.time, last_ms, side="right"))
    shared = SharedColumns({"BTC/USDT": WALK.part(0, first), "ETH/USDT": OTHER.part(0, at)})
    column = shared.of("BTC/USDT").column(node)
    found = column.values().tolist()
    for index in range(first, len(WALK)):
        newer = {"BTC/USDT": WALK.part(index, index + 1)}
        if at < len(OTHER) and OTHER.time[at] == WALK.time[index]:
            newer["ETH/USDT"] = OTHER.part(at, at + 1)
            at += 1
        shared.extend(newer)
        found.append(column.last())
    assert column.values().tobytes() == np.array(found).tobytes(), "a value changed after it was read"
    return np.array(found)


@pytest.mark.parametrize("expression", ALL)
def test_growing_by_one_candle_gives_the_bits_of_the_whole(expression: str) -> None:
    node, whole = pair(expression)
    anchors = ANCHORS if expression in PLAIN else ANCHORS[1:2]
    for first in [200] if expression.split("(")[0] in ANEW else anchors:
        found = grown(node, first)
        different = np.flatnonzero(found.view(np.int64) != whole.view(np.int64))
        same = np.isnan(found[different]) & np.isnan(whole[different])
        assert same.all(), (first, different[~same][:5], found[different[~same][:5]], whole[different[~same][:5]])


LONG = without(walk_candles(900, 7, timeframe="4h"), *range(200, 230), *range(6, 900, 41), *range(600, 625))
DATED = [each for row in COMPUTED.values() if row.days is not None for each, _, _ in calls(row, "long")]


@pytest.mark.parametrize("expression", DATED)
def test_what_goes_by_the_calendar_grows_over_months_with_holes(expression: str) -> None:
    node = node_of(expression)
    whole = Columns(LONG).of(node)
    shared = SharedColumns({"BTC/USDT": LONG.part(0, 100)})
    column = shared.of("BTC/USDT").column(node)
    column.values()
    for index in range(100, len(LONG)):
        shared.extend({"BTC/USDT": LONG.part(index, index + 1)})
        np.testing.assert_equal(column.last(), whole[index], err_msg=f"{expression} at {index}")


@pytest.mark.parametrize("chunk", [7, 90])
def test_growing_by_several_candles_at_once_gives_the_same(chunk: int) -> None:
    shared = SharedColumns({"BTC/USDT": WALK.part(0, 100)})
    read = [(node_of(text), shared.of("BTC/USDT").column(node_of(text))) for text in expressions()]
    for start in range(100, len(WALK), chunk):
        shared.extend({"BTC/USDT": WALK.part(start, min(start + chunk, len(WALK)))})
        shared.prepare()
    whole = Columns(WALK)
    for node, column in read:
        np.testing.assert_array_equal(column.values().view(np.int64), whole.of(node).view(np.int64), err_msg=str(node))


def test_only_the_rows_that_say_so_are_computed_anew_for_every_candle() -> None:
    columns = Columns(WALK)
    found = set()
    for name, row in COMPUTED.items():
        for expression, _, _ in calls(row):
            columns.column(node_of(expression))
            for each in columns.span.members():
                if isinstance(each, Windowed) and each.reach is None and not isinstance(each, Dated):
                    found.add(name)
        columns = Columns(WALK)
    assert found == ANEW


HOLED = without(walk_candles(220, 3), 0, 12, 13, 24, 39, 40, 47, 100, 101, 102, 103, 104)
"""Holes where long candles begin, where they end, and a whole one."""


@pytest.mark.parametrize(
    "expression", ["open on 4h", "close on 4h", "sum(volume, 3) on 1d", "high on 1d", "ema(low, 3) on 4h"]
)
def test_long_candles_grow_over_holes(expression: str) -> None:
    node = node_of(expression)
    whole = Columns(HOLED).of(node)
    shared = SharedColumns({"BTC/USDT": HOLED.part(0, 1)})
    column = shared.of("BTC/USDT").column(node)
    for index in range(1, len(HOLED)):
        shared.extend({"BTC/USDT": HOLED.part(index, index + 1)})
        np.testing.assert_equal(column.last(), whole[index], err_msg=f"at {index}")
