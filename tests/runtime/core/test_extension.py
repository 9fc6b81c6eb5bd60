"""Columns that grow candle by candle are, bit for bit, those computed over the whole from the same anchor."""

import numpy as np
import pytest

from runtime.candles import Floats
from runtime.core.columns import Columns, SharedColumns
from strategy_dsl import nodes
from tests.candle_files import without
from tests.made import walk_candles
from tests.runtime.core.catalogue_calls import expressions, first_lines, node_of
from tests.runtime.core.test_no_lookahead import EXPRESSIONS

WALK = walk_candles(420, 11)
OTHER = without(walk_candles(420, 12, "ETH/USDT"), 7, 8, 60, 61, 62, 63, 200, 333)
ANCHORS = (0, 1, 260)
"""How many candles are there before the first new one: none, one, many."""
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
    for first in ANCHORS:
        found = grown(node, first)
        different = np.flatnonzero(found.view(np.int64) != whole.view(np.int64))
        same = np.isnan(found[different]) & np.isnan(whole[different])
        assert same.all(), (first, different[~same][:5], found[different[~same][:5]], whole[different[~same][:5]])
