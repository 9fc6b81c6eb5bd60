"""Candles on which nothing can happen are passed over: all that is left behind equals playing each of them."""

import numpy as np
import pytest

from runtime.candles import Candles
from runtime.core.columns import SharedColumns
from runtime.core.machine.calm import can_hold, can_sleep
from runtime.core.machine.rules import encoded
from runtime.core.machine.tape import Costs, reel
from runtime.player import Player
from strategy_dsl.compiler import compile_rules
from strategy_dsl.program import build_program
from tests.made import OPEN, walk_candles

ONE = "trade BTC/USDT on 1h\nbuy when rsi(9) crosses below 35\nsize 10% of equity\n"
TWO = "trade BTC/USDT and ETH/USDT on 1h\nbuy when rsi(9) crosses below 35\nsize 10% of equity\n"
SHORT = "trade BTC/USDT perpetual on 1h\nshort when rsi(9) crosses above 65\nsize 10% of equity\n"
WAYS = {
    "rule": "sell when rsi(9) > 60\nstop loss 40%\n",
    "stop and target": "sell when rsi(9) > 70\nstop loss 3%\ntake profit 4%\n",
    "targets in parts": "stop loss 3%\ntake profit 1% for 50%, 3% for 25%, 6%\n",
    "multiples": "stop loss 2 * atr(14)\ntake profit 2r\n",
    "trailing": "stop loss 4%\ntrailing stop 2% after 1%\n",
    "after bars": "stop loss 4%\nexit after 9 bars\n",
    "limit order": "order limit at close * 0.995 for 4 bars\nsell when rsi(9) > 60\nstop loss 3%\n",
    "cooldown": "sell when rsi(9) > 60\nstop loss 2%\ncooldown 9h after a loss\nat most 1 entry a day\n",
    "window": "sell when rsi(9) > 60\nstop loss 3%\nonly between 08:00 and 20:00 UTC\n",
}


SET_ANEW = frozenset({"day", "day_equity", "mark", "opened_before", "row"})
"""What a flat market last saw: the next candle that is played sets it, and after the last one there is none."""


def with_holes(candles: Candles, seed: int) -> Candles:
    """The same without some of its candles."""
    kept = np.sort(np.random.default_rng(seed).choice(len(candles), len(candles) * 9 // 10, replace=False))
    columns = (getattr(candles, name)[kept] for name in ("time", "open", "high", "low", "close", "volume"))
    return Candles(candles.market, candles.timeframe, *columns)


def played(rules: str, seed: int, every_candle: bool) -> Player:
    """A run; one that keeps its decisions plays every candle."""
    program = build_program(compile_rules(rules, OPEN).strategy)
    candles = {
        market: with_holes(walk_candles(1_500, seed + at, market=market), seed) if at else walk_candles(1_500, seed)
        for at, market in enumerate(program.markets)
    }
    plan, shared = encoded(program), SharedColumns(candles)
    columns = {market: [shared.of(market).of(node) for node in plan.columns] for market in program.markets}
    player = Player(plan, reel(plan, candles, columns, Costs(0.001, 0.0005)), 10_000.0, keep=every_candle)
    player.play()
    return player


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("head", [ONE, TWO, SHORT], ids=["one", "two", "short"])
def test_passing_over_is_playing(head: str, way: str) -> None:
    traded = 0
    rules = head + WAYS[way].replace(
        "sell when rsi(9) >", "cover when rsi(9) <" if head == SHORT else "sell when rsi(9) >"
    )
    for seed in (1, 22, 333):
        calm, all_of_them = played(rules, seed, every_candle=False), played(rules, seed, every_candle=True)
        assert calm.trades.tobytes() == all_of_them.trades.tobytes()
        assert calm.worth.tobytes() == all_of_them.worth.tobytes()
        assert calm.exposure.tobytes() == all_of_them.exposure.tobytes()
        for name, was in all_of_them.state._asdict().items():
            now = getattr(calm.state, name)
            if name == "lots":
                # there may be room for more of them; none is left at the end
                assert not calm.state.positions["lots"].any() and not all_of_them.state.positions["lots"].any()
                continue
            for field in was.dtype.names or ():
                if field not in SET_ANEW:
                    assert now[field].tobytes() == was[field].tobytes(), f"{name} {field}"
            if was.dtype.names is None:
                assert now.tobytes() == was.tobytes(), name
        for name in ("signals", "funding", "ambiguous", "settled"):
            assert calm.desk.control[0][name] == all_of_them.desk.control[0][name], name
        traded += len(calm.trades)
    assert traded > 30


def test_these_runs_do_pass_candles_over() -> None:
    """Both ways of passing over are used above, and not where every candle is played."""
    world = played(ONE + WAYS["stop and target"], 1, every_candle=False)
    assert can_sleep(world.address) and can_hold(world.address)
    every = played(ONE + WAYS["stop and target"], 1, every_candle=True)
    assert not can_sleep(every.address)
