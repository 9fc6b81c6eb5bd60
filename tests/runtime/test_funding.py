"""Funding of perpetuals: payments reckoned by hand, in the result of the trade, the same as in the reference."""

import numpy as np
import pytest

from runtime.backtest import Costs, run_backtest
from runtime.core.outside import Outside
from strategy_dsl.compiler import compile_rules
from strategy_dsl.parser import parse
from strategy_dsl.program import build_program
from tests.candle_files import MONDAY_MS, without
from tests.made import OPEN, backtest_of, candles_of, walk_candles
from tests.reference import values as reference
from tests.reference.machine import run
from tests.reference.test_against_engine import merged, same

HOUR = 3_600_000
HEAD = "trade BTC/USDT perpetual on 1h\nbudget 10000 USDT\nsize 1000 USDT\nstop loss 50%\n"


def rates(*points: tuple[float, float]) -> dict[str, Outside]:
    times = np.array([MONDAY_MS + round(at * HOUR) for at, _ in points], np.int64)
    return {"funding_rate": Outside(times, np.array([rate for _, rate in points]), 8 * HOUR)}


def rows(*opens: float, volumes: tuple[float, ...]) -> list[tuple[float, ...]]:
    return [(o, o, o, o, v) for o, v in zip(opens, volumes, strict=True)]


LONG = "buy when volume == 5\nsell when volume == 7\n"
SHORT = "short when volume == 5\ncover when volume == 7\n"
ROWS = rows(100, 100, 110, 120, 120, volumes=(5, 1, 1, 7, 1))
"""Bought at the open of candle 1 at 100, ten coins; sold at the open of candle 4 at 120."""


@pytest.mark.parametrize(
    ("points", "paid"),
    [
        # ten coins at 110, at 120
        ([(2, 0.001), (3, 0.002)], 10 * 110 * 0.001 + 10 * 120 * 0.002),
        # at the opening of the entry there is no position yet, at that of the exit there still is
        ([(1, 0.001)], 0.0),
        ([(4, 0.001)], 10 * 120 * 0.001),
        ([(4.01, 0.001)], 0.0),
        # inside a candle: the price of its open
        ([(1.5, 0.001)], 10 * 100 * 0.001),
        ([(2, -0.001)], -10 * 110 * 0.001),
    ],
)
def test_longs_pay_the_rate_on_what_they_hold_and_shorts_receive_it(points, paid: float) -> None:
    for rules, side in ((LONG, 1), (SHORT, -1)):
        found = backtest_of(HEAD + rules, candles_of(ROWS), outside=rates(*points))
        (trade,) = found.trades
        assert trade.pnl == pytest.approx(side * 200 - side * paid) and found.funding == pytest.approx(side * paid)
        assert found.equity[-1] == pytest.approx(10_000 + trade.pnl)


def test_equity_falls_at_the_moment_of_the_payment() -> None:
    found = backtest_of(HEAD + LONG, candles_of(ROWS), outside=rates((2, 0.01)))
    assert found.equity.tolist() == pytest.approx([10_000, 10_000, 10_100 - 11, 10_200 - 11, 10_200 - 11])


def test_in_a_hole_the_last_close_counts() -> None:
    candles = without(candles_of(rows(100, 100, 110, 120, 130, 140, volumes=(5, 1, 1, 1, 7, 1))), 3)
    found = backtest_of(HEAD + LONG, candles, outside=rates((3.5, 0.01)))
    assert found.funding == pytest.approx(10 * 110 * 0.01)


def test_a_part_takes_its_share_of_what_was_paid_before() -> None:
    rules = "buy when volume == 5\nsell 50% when volume == 6\nsell when volume == 7\n"
    made = candles_of(rows(100, 100, 100, 100, 100, 100, volumes=(5, 1, 6, 1, 7, 1)))
    found = backtest_of(HEAD + rules, made, outside=rates((2, 0.01), (4, 0.01)))
    # 10 on ten coins at 2h, 5 on five coins at 4h
    assert [each.pnl for each in found.trades] == pytest.approx([-5, -10])


def test_spot_pays_nothing() -> None:
    spot = HEAD.replace(" perpetual", "")
    assert backtest_of(spot + LONG, candles_of(ROWS), outside=rates((2, 0.01))).funding == 0


@pytest.mark.parametrize("seed", range(12))
def test_the_reference_pays_the_same(seed: int) -> None:
    markets = ["BTC/USDT", "ETH/USDT"] if seed % 2 else ["BTC/USDT"]
    random = np.random.default_rng(seed)
    side = ("buy", "short")[seed % 2]
    text = (
        f"trade {' and '.join(markets)} perpetual on 1h\nbudget 10,000 USDT\n{side} when close > open and volume > 15\n"
        "stop loss 2%\ntake profit 1% for 50%, 3%\nexit after 12 bars\nsize 10% of equity\nask never\n"
        + ("add 200 USDT at 1% above entry\n" if side == "buy" else "")
    )
    candles = {m: without(walk_candles(300, seed + k, m), *range(40 + k, 47)) for k, m in enumerate(markets)}
    times = MONDAY_MS + np.unique(random.integers(0, 300 * HOUR, 40) // (HOUR // 2) * (HOUR // 2))
    values = random.normal(0, 0.002, len(times))
    ours = {"funding_rate": Outside(times, values, HOUR)}
    theirs = {"funding_rate": reference.Outside(tuple(zip(times.tolist(), values.tolist(), strict=True)), HOUR)}
    program = build_program(compile_rules(text, OPEN).strategy)
    found = run_backtest(program, candles, 10_000.0, Costs(0.001), outside=ours)
    wanted = run(parse(text).strategy, candles, 10_000.0, 0.001, 0.0, theirs).trades
    same(
        merged([(t.market, t.entry_time, t.exit_time, t.kind, t.entry_price, t.exit_price, t.quantity, t.pnl) for t in wanted]),
        merged([(t.market, t.entry_ms, t.exit_ms, t.kind, t.entry_price, t.exit_price, t.quantity, t.pnl) for t in found.trades]),
    )  # fmt: skip
    assert found.funding
