"""`hold`, `rebalance` and `grid`; fills by hand. Holdings begin at the open after the first close."""

import pytest

from tests.candle_files import without
from tests.made import candles_of
from tests.reference.scenes import BTC, ETH, HOUR, SOL, brief, fills, flat, path, play

TWO = f"trade {BTC} and {ETH} on 1h\n"
THREE = f"trade {BTC}, {ETH} and {SOL} on 1h\n"
Case = tuple[str, dict[str, list[object]], list[object]]

HOLDS: dict[str, Case] = {
    "weights": (
        TWO + f"hold 60% {BTC}, 20% {ETH}",
        {BTC: flat(100, 4), ETH: flat(50, 4)},
        [(1, "buy", 6.0, 100, "rebalance", BTC), (1, "buy", 4.0, 50, "rebalance", ETH)],
    ),
    "by the clock": (
        TWO + f"hold 50% {BTC}, 50% {ETH}\nrebalance every 4h",
        {BTC: path(100, 100, 120, 120, 120, 120), ETH: flat(100, 6)},
        # at 4h: 600 and 500 of 1,100: 50 too much and 50 too little
        [
            (1, "buy", 5.0, 100, "rebalance", BTC), (1, "buy", 5.0, 100, "rebalance", ETH),
            (4, "sell", round(50 / 120, 6), 120, "rebalance", BTC), (4, "buy", 0.5, 100, "rebalance", ETH),
        ],
    ),
    "by drift, in points": (
        TWO + f"hold 50% {BTC}, 50% {ETH}\nrebalance when a weight drifts 5%",
        {BTC: path(100, 100, 120, 125, 125, 125), ETH: flat(100, 6)},
        # 600 of 1,100 is 4.5 points off, 625 of 1,125 is 5.6
        [
            (1, "buy", 5.0, 100, "rebalance", BTC), (1, "buy", 5.0, 100, "rebalance", ETH),
            (4, "sell", 0.5, 125, "rebalance", BTC), (4, "buy", 0.625, 100, "rebalance", ETH),
        ],
    ),
    "each, if": (
        TWO + "hold 40% each if close > 90\nrebalance every 2h",
        {BTC: path(100, 100, 100, 80, 80), ETH: path(80, 80, 80, 100, 100)},
        [
            (1, "buy", 4.0, 100, "rebalance", BTC), (4, "sell", 4.0, 80, "rebalance", BTC),
            (4, "buy", 3.68, 100, "rebalance", ETH),
        ],
    ),
    "best by, then the condition": (
        THREE + "hold best 2 by close if close < 150",
        {BTC: flat(100, 3), ETH: flat(200, 3), SOL: flat(50, 3)},
        [(1, "buy", 5.0, 100, "rebalance", BTC)],
    ),
    "otherwise": (
        TWO + f"hold 50% {BTC} if close > 110 otherwise 100% {ETH}\nrebalance every 2h",
        {BTC: path(100, 100, 100, 120, 120), ETH: flat(50, 5)},
        [
            (1, "buy", 20.0, 50, "rebalance", ETH), (4, "sell", 20.0, 50, "rebalance", ETH),
            (4, "buy", round(500 / 120, 6), 120, "rebalance", BTC),
        ],
    ),
    "otherwise cash": (
        TWO + f"hold 50% {BTC} if close > 110 otherwise cash\nrebalance every 2h",
        {BTC: path(100, 120, 120, 100, 100), ETH: flat(50, 5)},
        [(2, "buy", round(500 / 120, 6), 120, "rebalance", BTC), (4, "sell", round(500 / 120, 6), 100, "rebalance", BTC)],
    ),
    "a weight may be an expression": (
        TWO + f"hold volume / 10 {BTC}, 30% {ETH}",
        {BTC: [(100, 100, 100, 100, 2)] * 3, ETH: flat(50, 3)},
        [(1, "buy", 2.0, 100, "rebalance", BTC), (1, "buy", 6.0, 50, "rebalance", ETH)],
    ),
    "stopped out, it waits for the next rebalance": (
        TWO + f"hold 50% {BTC}, 50% {ETH}\nrebalance every 6h\nrebalance when a weight drifts 20%\nstop loss 10%",
        {BTC: [*flat(100, 2), (100, 100, 89, 90), *flat(90, 5)], ETH: flat(100, 8)},
        [
            (1, "buy", 5.0, 100, "rebalance", BTC), (1, "buy", 5.0, 100, "rebalance", ETH),
            (2, "sell", 5.0, 90, "stop", BTC),
            (6, "sell", 0.25, 100, "rebalance", ETH), (6, "buy", round(475 / 90, 6), 90, "rebalance", BTC),
        ],
    ),
    "windows hold back the buys": (
        TWO + f"hold 50% {BTC}, 50% {ETH}\nrebalance every 4h\nnever between 03:00 and 05:00 UTC",
        {BTC: path(100, 100, 120, 120, 120, 120), ETH: flat(100, 6)},
        [
            (1, "buy", 5.0, 100, "rebalance", BTC), (1, "buy", 5.0, 100, "rebalance", ETH),
            (4, "sell", round(50 / 120, 6), 120, "rebalance", BTC),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOLDS)
def test_hold_and_rebalance(case: str) -> None:
    text, rows, expected = HOLDS[case]
    assert brief(play(text, rows), markets=True) == expected


def test_all_of_the_equity_is_all_that_the_cash_covers_after_fees() -> None:
    found = play(TWO + f"hold 60% {BTC}, 40% {ETH}", {BTC: flat(100, 3), ETH: flat(100, 3)}, fee=0.01)
    bought = {each.market: each.quantity * each.price for each in found.fills}
    assert bought[BTC] == pytest.approx(600 / 1.01) and bought[ETH] == pytest.approx(400 / 1.01)
    assert sum(bought.values()) * 1.01 == pytest.approx(1000)


def test_without_a_word_it_rebalances_each_month() -> None:
    text = f"trade {BTC} and {ETH} on 1d\nhold 50% {BTC}, 50% {ETH}"
    found = play(text, {BTC: path(*[100.0] * 10, *[200.0] * 30), ETH: flat(100, 40)})
    days = [(each.time - found.equity[0][0] + 24 * HOUR) // (24 * HOUR) for each in found.fills]
    assert days == [1, 1, 31, 31]


def test_a_market_without_a_candle_is_rebalanced_at_its_next() -> None:
    holed = without(candles_of(flat(50, 6), ETH), 1, 2)
    found = play(TWO + f"hold 60% {BTC}, 20% {ETH}", {BTC: flat(100, 6), ETH: holed})
    assert brief(found, markets=True) == [(1, "buy", 6.0, 100, "rebalance", BTC), (3, "buy", 4.0, 50, "rebalance", ETH)]


GRID = "grid from 90 to 110 in 4 steps of 50 USDT\n"  # feet 90, 95, 100, 105
GRIDS: dict[str, tuple[str, list[object], list[object]]] = {
    "buys at the foot, sells at the top, again": (
        GRID,
        [
            (102, 102, 99, 101), (101, 104, 101, 103), (103, 106, 103, 106), (106, 106, 103, 104), (104, 111, 99, 105),
        ],
        # 100 is bought; 105 was above the price until the close of 106; then 105 is bought and sold at 110
        [
            (0, "buy", 0.5, 100, "grid"), (2, "sell", 0.5, 105, "grid"), (3, "buy", 0.47619, 105, "grid"),
            (4, "sell", 0.47619, 110, "grid"), (4, "buy", 0.5, 100, "grid"),
        ],
    ),
    "a deep candle fills every step from the top": (
        GRID,
        [(107, 107, 89, 92)],
        [
            (0, "buy", 0.47619, 105, "grid"), (0, "buy", 0.5, 100, "grid"), (0, "buy", 0.526316, 95, "grid"),
            (0, "buy", 0.555556, 90, "grid"),
        ],
    ),
    "a gap fills at the open, both ways": (
        GRID,
        [*flat(102), (98, 99, 97, 98), (107, 108, 106, 107)],
        [(1, "buy", round(50 / 98, 6), 98, "grid"), (2, "sell", round(50 / 98, 6), 107, "grid")],
    ),
    "steps above the price wait until it is above their foot": (GRID, [*flat(85), *flat(92), *flat(89)], [(2, "buy", 0.561798, 89, "grid")]),
    "a stop sells all of it": (
        GRID + "stop loss at 80",
        [(102, 102, 94, 96), (96, 96, 79, 85), *flat(85)],
        [
            (0, "buy", 0.5, 100, "grid"), (0, "buy", 0.526316, 95, "grid"), (1, "buy", 0.555556, 90, "grid"),
            (1, "sell", 1.581871, 80, "stop"),
        ],
    ),
    "windows hold back the buys, not the sales": (
        GRID + "only between 00:00 and 01:00 UTC",
        [(102, 102, 99, 101), (101, 106, 94, 100)],
        [(0, "buy", 0.5, 100, "grid"), (1, "sell", 0.5, 105, "grid")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GRIDS)
def test_grid(case: str) -> None:
    text, rows, expected = GRIDS[case]
    assert fills(text, rows) == expected


def test_each_step_of_a_grid_is_a_trade_of_its_own() -> None:
    found = play(GRID, [(102, 102, 99, 101), (101, 106, 101, 106)], fee=0.001)
    trade = found.trades[0]
    assert (trade.entry_price, trade.exit_price, trade.kind) == (100, 105, "grid")
    assert trade.pnl == pytest.approx(2.5 - 0.05 - 0.0525)
