"""The engine over a real ledger: the same trades as a backtest, whatever restarts, and no order that was not allowed."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from runtime.candles import Candles
from runtime.core.calendar import moment
from runtime.ledger import Ledger, accounts, approvals, decisions, fills, open_ledger, strategies
from strategy_dsl.limits import Limits, Paper
from tests.candle_files import MONDAY_MS, without
from tests.made import OPEN, backtest_of, candles_of, walk_candles
from tests.runtime.world import SLIPPAGE, World

HOUR_MS = 3_600_000
BTC, ETH, SOL = "BTC/USDT", "ETH/USDT", "SOL/USDT"
HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\n"
PLAIN = HEAD + "buy when rsi(14) crosses below 45\nsell when rsi(14) > 58\nstop loss 3%\nask never\n"

STRATEGIES = {
    "plain": PLAIN,
    "parts": HEAD + """buy when rsi(14) crosses below 45
stop loss 3%
take profit 2% for 30%, 3% for 30%, 4% for 40%
exit after 30 bars
size 60% of equity
ask never
""",
    "trailing": HEAD + """buy when close > highest(high, 10)[1]
trailing stop 2 * atr(14)
exit after 48h
size risk 1% of equity
ask never
""",
    "longer": HEAD + """let trend = ema(close, 10) on 4h
buy dip when close crosses below trend
buy rise when close is rising 4 bars
sell dip when close > 2% above trend
sell when held > 20 and profit > 0%
stop loss 1.5 * atr(14), following
break even after 2%
cooldown 3h after a loss
only monday to friday between 06:00 and 22:00 Europe/London
at most 2 entries a day
size 500 USDT
ask never
""",
    "partial": HEAD + """buy when rsi(7) < 35
sell 50% when rsi(7) > 55
sell 25% when rsi(7) > 65
sell when rsi(7) > 75
stop loss 4%
trailing stop 2% after 3%
exit at 16:00 America/New_York
cooldown 6h after a stop
size 30% of equity
ask never
""",
    "two": """trade ETH/USDT and BTC/USDT on 1h
budget 10000 USDT
buy when rsi(14) crosses below 45 and close of BTC/USDT > lowest(close of BTC/USDT, 20)
sell when rsi(14) > 60
stop loss 3%
take profit 2% for 50%, 5% for 50%
at most 1 open position
size 90% of equity
ask never
""",
    "three": """trade ETH/USDT and BTC/USDT and SOL/USDT on 1h
budget 10000 USDT
buy when rsi(14) < 48
sell when rsi(14) > 56
stop loss 2%
take profit 1.5r
at most 3 open positions
size 33% of equity
ask never
""",
    "longer timeframe": """trade BTC/USDT on 4h
budget 10000 USDT
buy when close > ema(close, 5)
sell when close < ema(close, 5)
stop loss 5%
ask never
""",
}  # fmt: skip
MARKETS = {"two": (ETH, BTC), "three": (ETH, BTC, SOL)}
SEEDS = {BTC: 1, ETH: 2, SOL: 3}


def candles_for(case: str, count: int) -> dict[str, Candles]:
    return {name: walk_candles(count, SEEDS[name], name) for name in MARKETS.get(case, (BTC,))}


@pytest.fixture
def sqlite_ledger(sqlite_ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(sqlite_ledger_url)
    yield opened
    opened.close()


def tested_sales(rules: str, candles: dict[str, Candles]) -> list[tuple[Any, ...]]:
    found = backtest_of(rules, *candles.values(), fee=0.001, slippage=SLIPPAGE)
    rows = [
        (each.market, each.entry_ms, each.exit_ms, each.entry_price, each.exit_price, each.quantity, each.kind)
        for each in found.trades if each.kind != "close"
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each[2], each[1], each[0]))


def same_sales(paper: list[tuple[Any, ...]], tested: list[tuple[Any, ...]]) -> None:
    assert [(*each[:3], each[6]) for each in paper] == [(*each[:3], each[6]) for each in tested]
    for mine, theirs in zip(paper, tested, strict=True):
        assert mine[3:5] == pytest.approx(theirs[3:5], rel=1e-12)
        assert mine[5] == pytest.approx(theirs[5], abs=5e-8, rel=1e-7)


def conserved(world: World) -> None:
    """I1, I2, I4, I5: every fill has one approved intent, older than itself, and the money adds up."""
    for at, run_id in enumerate(world.run_ids):
        booked, plans = world.fills(at), world.intents(at)
        assert len({each.intent_id for each in booked}) == len(booked)
        for each in booked:
            intent = plans[each.intent_id]
            assert intent.verdict is not None and intent.verdict["approved"] is True
            assert all(held for *_, held in intent.verdict["checks"])
            assert intent.state == "FILLED"
            assert intent.planned_at <= each.at
            assert each.quantity <= intent.quantity or each.side == "sell"
        filled = {each.intent_id for each in booked}
        assert {each.id for each in plans.values() if each.state == "FILLED"} == filled
        machine = world.live(at).machine.state
        with world.ledger.read() as c:
            folds = {name: fills.position(c, run_id, name) for name in world.candles}
        cash = Decimal(10_000) + sum(each.cash for each in folds.values())
        assert machine.cash == pytest.approx(float(cash), abs=1e-6)
        for name, fold in folds.items():
            held = machine.positions.get(name)
            assert fold.quantity == (0 if held is None else Decimal(str(held.quantity)))
            assert fold.quantity >= 0


@pytest.mark.parametrize("case", STRATEGIES)
def test_paper_trades_are_those_of_the_backtest(sqlite_ledger: Ledger, case: str) -> None:
    candles = candles_for(case, 500)
    world = World(sqlite_ledger, candles)
    world.run(STRATEGIES[case])
    world.play(at_once=500)
    tested = tested_sales(STRATEGIES[case], candles) if case != "longer timeframe" else None
    if tested is None:
        tested = tested_sales(STRATEGIES[case], {BTC: world.markets.candles(BTC, "4h")})
    assert len(tested) > 7
    same_sales(world.sales(), tested)
    conserved(world)


@pytest.mark.parametrize("case", ["parts", "two"])
def test_both_databases_hold_the_same_run(ledger: Ledger, case: str) -> None:
    candles = candles_for(case, 220)
    world = World(ledger, candles)
    world.run(STRATEGIES[case])
    world.play(at_once=30)
    same_sales(world.sales(), tested_sales(STRATEGIES[case], candles))
    conserved(world)


def all_rows(world: World, at: int = 0) -> tuple[object, ...]:
    run_id = world.run_ids[at]
    with world.ledger.read() as c:
        decided = decisions.between(c, run_id, 0, 10**14)
        plans = sorted((each for each in world.intents(at).values()), key=lambda each: each.id)
        return decided, plans, world.fills(at), world.live(at).data()


@pytest.mark.parametrize("case", ["parts", "longer", "partial", "three"])
def test_a_restart_after_any_candle_changes_nothing(ledger: Ledger, case: str, database_kind: str) -> None:
    candles = candles_for(case, 140)
    unbroken = World(ledger, candles)
    unbroken.run(STRATEGIES[case])
    unbroken.play(at_once=140)
    with ledger.write() as c:
        # the second run is another strategy of the same person on a market of its own
        from runtime.ledger import runs

        runs.end(c, unbroken.run_ids[0], unbroken.start)
    for every in (1,) if database_kind == "postgresql" else (1, 7):
        broken = World(ledger, candles)
        broken.run(STRATEGIES[case], f"restarted every {every}")
        broken.play(at_once=1, restart_every=every)
        mine, theirs = all_rows(broken), all_rows(unbroken_view(unbroken))
        for left, right in zip(mine, theirs, strict=True):
            assert comparable(left) == comparable(right)
        conserved(broken)
        with ledger.write() as c:
            runs.end(c, broken.run_ids[0], broken.start)


def unbroken_view(world: World) -> World:
    """The ended run, opened again for reading."""
    from sqlalchemy import update

    from runtime.ledger.tables import runs as table

    with world.ledger.write() as c:
        c.execute(update(table).where(table.c.id == world.run_ids[0]).values(ended_at=None))
    return world


def comparable(rows: object) -> object:
    return rows
