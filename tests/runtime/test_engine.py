"""The engine over a real ledger: the same trades as a backtest, whatever restarts, and no order that was not allowed."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from runtime.candles import Candles
from runtime.core.calendar import moment
from runtime.ledger import Ledger, accounts, approvals, decisions, fills, open_ledger, people, replays, runs, strategies
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
    "short": """trade BTC/USDT perpetual on 1h
budget 10000 USDT
buy when rsi(7) crosses below 35
short when rsi(7) crosses above 65
reverse
stop loss 3%
take profit 4%
size 20% of equity
ask never
""",
    "limit": """trade BTC/USDT on 1h
budget 10000 USDT
buy when rsi(7) < 45
sell when rsi(7) > 60
order limit at 0.2% below close for 3 bars
stop loss 3%
size 20% of equity
ask never
""",
    "clock": """trade BTC/USDT on 1h
budget 10000 USDT
every 6h buy 100 USDT
every day at 12:00 UTC sell
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


def expected_sales(rules: str, candles: dict[str, Candles]) -> list[tuple[Any, ...]]:
    found = backtest_of(rules, *candles.values(), fee=0.001, slippage=SLIPPAGE)
    rows = [
        (each.market, each.entry_ms, each.exit_ms, each.entry_price, each.exit_price, each.quantity, each.kind)
        for each in found.trades if each.kind != "end"
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each[2], each[1], each[0]))


def same_sales(paper: list[tuple[Any, ...]], tested: list[tuple[Any, ...]], average: float = 1e-12) -> None:
    assert [(*each[:3], each[6]) for each in paper] == [(*each[:3], each[6]) for each in tested]
    for mine, theirs in zip(paper, tested, strict=True):
        assert mine[3:5] == pytest.approx(theirs[3:5], rel=average)
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
        machine = world.live(at).machine
        with world.ledger.read() as c:
            folds = {name: fills.position(c, run_id, name) for name in world.candles}
        cash = Decimal(10_000) + sum(each.cash for each in folds.values())
        assert machine.cash == pytest.approx(float(cash), abs=1e-6)
        for name, fold in folds.items():
            held = machine.positions().get(name)
            assert float(fold.quantity) == pytest.approx(0 if held is None else held.side * held.quantity, abs=1e-9)


@pytest.mark.parametrize("case", STRATEGIES)
def test_paper_trades_are_those_of_the_backtest(sqlite_ledger: Ledger, case: str) -> None:
    candles = candles_for(case, {"three": 250, "longer": 500}.get(case, 400))
    world = World(sqlite_ledger, candles)
    world.run(STRATEGIES[case])
    world.play(at_once=500)
    tested = expected_sales(STRATEGIES[case], candles) if case != "longer timeframe" else None
    if tested is None:
        tested = expected_sales(STRATEGIES[case], {BTC: world.markets.candles(BTC, "4h")})
    assert len(tested) > 7
    # averages of several buys differ by what each was rounded to its step
    same_sales(world.sales(), tested, 1e-9 if case == "clock" else 1e-12)
    conserved(world)


HOLED = """trade ETH/USDT and BTC/USDT on 1h
budget 10000 USDT
buy when rsi(7) < 45
sell when rsi(7) > 55
stop loss 3%
take profit 2% for 50%, 5% for 50%
exit after 30h
at most 1 open position
size 500 USDT
ask never
"""


@pytest.mark.parametrize("seed", [7, 9, 10])
def test_holes_in_one_market_move_nothing_in_the_other(sqlite_ledger: Ledger, seed: int) -> None:
    random = np.random.default_rng(seed)
    candles = {}
    for at, name in enumerate((ETH, BTC)):
        missing = {int(start) + more for start in random.integers(5, 240, 16) for more in range(random.integers(1, 4))}
        candles[name] = without(walk_candles(250, 2 * seed + at, name), *missing)
    world = World(sqlite_ledger, candles)
    world.run(HOLED)
    world.play(at_once=500)
    expected = expected_sales(HOLED, candles)
    assert len(expected) > 20
    same_sales(world.sales(), expected)
    conserved(world)


@pytest.mark.parametrize("case", ["parts", "two"])
def test_both_databases_hold_the_same_run(ledger: Ledger, case: str) -> None:
    candles = candles_for(case, 220)
    world = World(ledger, candles)
    world.run(STRATEGIES[case])
    world.play(at_once=30)
    same_sales(world.sales(), expected_sales(STRATEGIES[case], candles))
    conserved(world)


def story(world: World) -> tuple[object, ...]:
    """Everything that a run wrote, without the numbers of its rows."""
    with world.ledger.read() as c:
        decided = decisions.between(c, world.run_ids[0], 0, 10**14)
    return (
        [(each.market, each.rule, each.candle_time, each.outcome, each.trace) for each in decided],
        sorted(
            (each.market, each.candle_time, each.leg, each.quantity, each.state, each.planned_at, str(each.verdict),
             str(each.details))
            for each in world.intents().values()
        ),
        [(each.market, each.side, each.quantity, each.price, each.fee, each.at) for each in world.fills()],
        {name: each for name, each in world.live().data().items() if name != "versions"},
        [(each.kind, each.at, each.data.get("reason")) for each in world.told if each.kind != "played"],
    )  # fmt: skip


@pytest.mark.parametrize("case", ["parts", "longer", "partial", "three"])
def test_a_restart_after_any_candle_changes_nothing(sqlite_ledger: Ledger, case: str) -> None:
    candles = candles_for(case, 70 if case == "three" else 110)
    unbroken = World(sqlite_ledger, candles)
    unbroken.run(STRATEGIES[case], "unbroken")
    unbroken.play(at_once=110)
    assert unbroken.fills()
    for every in (1, 7) if case == "parts" else (1,):
        broken = World(sqlite_ledger, candles)
        broken.run(STRATEGIES[case], f"restarted every {every}")
        broken.play(at_once=1, restart_every=every)
        for mine, theirs in zip(story(broken), story(unbroken), strict=True):
            assert mine == theirs
        conserved(broken)


def test_every_rule_of_every_candle_is_decided_once(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, candles_for("two", 120))
    run_id = world.run(STRATEGIES["two"])
    world.play(at_once=13)
    with sqlite_ledger.read() as c:
        rows = decisions.between(c, run_id, 0, 10**14)
    assert len(rows) == 120 * 2 * 2
    assert len({(each.market, each.rule, each.candle_time) for each in rows}) == len(rows)
    entered = [each for each in rows if each.trace["action"] == "enter"]
    assert len(entered) == len([each for each in world.fills() if each.side == "buy"])


def test_two_strategies_on_one_market_keep_to_their_own_money(sqlite_ledger: Ledger) -> None:
    candles = candles_for("plain", 300)
    world = World(sqlite_ledger, candles)
    world.run(PLAIN, "one")
    world.run(STRATEGIES["parts"], "two")
    world.play(at_once=40, restart_every=120)
    same_sales(world.sales(0), expected_sales(PLAIN, candles))
    same_sales(world.sales(1), expected_sales(STRATEGIES["parts"], candles))
    conserved(world)


# questions

ASKED = (
    HEAD
    + "buy when volume == 5\nsell when volume == 7\nstop loss 50%\nask before buying, for 10m\nsize 50% of equity\n"
)


def bars(*volumes: float, market: str = BTC, price: float = 100.0) -> Candles:
    return candles_of([(price, price, price, price, each) for each in volumes], market)


def asked_world(ledger: Ledger, rules: str = ASKED, *volumes: float) -> World:
    world = World(ledger, {BTC: bars(*(volumes or (1, 5, 1, 5, 1, 7, 1, 1)))})
    world.run(rules)
    world.play()
    return world


def state_of(world: World, token: str) -> str:
    with world.ledger.read() as c:
        found = approvals.by_token(c, token)
    assert found is not None
    return found.state


def test_a_question_stops_the_market_until_it_is_answered(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    (question,) = world.waiting()
    assert world.play() == 0
    world.restart()
    assert world.play() == 0
    assert [each.token for each in world.waiting()] == [question.token]
    assert world.fills() == []
    assert [each.state for each in world.intents().values()] == ["WAITING"]


@pytest.mark.parametrize(
    ("answer", "outcome", "quantity"),
    [("approve", "done", "49.97501249"), ("half", "done", "24.98750624"), ("reject", "rejected", None)],
)
def test_answers(ledger: Ledger, answer: str, outcome: str, quantity: str | None) -> None:
    world = asked_world(ledger)
    (question,) = world.waiting()
    world.restart()
    assert world.answer(question.token, answer) == outcome
    assert [str(each.quantity) for each in world.fills()] == ([] if quantity is None else [quantity])
    # the second answer, of whatever kind, does nothing
    for again in ("approve", "half", "reject"):
        assert world.answer(question.token, again) == "late"
    assert len(world.fills()) == (0 if quantity is None else 1)
    (intent,) = world.intents().values()
    assert intent.state == ("SKIPPED" if quantity is None else "FILLED")
    world.play()
    conserved(world)


def test_an_unknown_token_does_nothing(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    assert world.answer("made up", "approve") == "unknown"
    assert len(world.waiting()) == 1


@pytest.mark.parametrize(
    ("otherwise", "filled"), [("skip", None), ("take half", "24.98750624"), ("take", "49.97501249")]
)
def test_a_question_that_runs_out_does_what_was_said(sqlite_ledger: Ledger, otherwise: str, filled: str | None) -> None:
    world = asked_world(sqlite_ledger, ASKED.replace("for 10m", f"for 10m, otherwise {otherwise}"))
    (question,) = world.waiting()
    with world.ledger.write() as c:
        assert world.engine().expire(c) == 1
        assert world.engine().clock(c) == question.expires_at
        assert world.engine().expire(c) == 0
    assert state_of(world, question.token) == "expired"
    assert [str(each.quantity) for each in world.fills()] == ([] if filled is None else [filled])
    assert world.answer(question.token, "approve") == "late"
    assert len(world.fills()) == (0 if filled is None else 1)
    assert world.play() > 0


def test_an_answer_after_the_end_is_late_though_nobody_has_noticed_the_end(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    (question,) = world.waiting()
    with world.ledger.write() as c:
        replays.move(c, world.replay_id, question.expires_at, 0)
    assert world.answer(question.token, "approve") == "late"
    assert world.fills() == []


def test_the_questions_of_somebody_else_do_not_run_out_with_mine(sqlite_ledger: Ledger) -> None:
    mine = asked_world(sqlite_ledger)
    theirs = World(sqlite_ledger, mine.candles)
    with sqlite_ledger.write() as c:
        other = people.ensure_person(c, "telegram", "42", "42", "somebody", "owner", mine.start)
        account = accounts.ensure_account(c, other.id, "paper", "USDT", Decimal(10_000), mine.start)
        theirs.person, theirs.account_id = other, account.id
        theirs.replay_id = replays.create(c, account.id, {"seed": 0, "files": {}}, 1.0, mine.start).id
        replays.move(c, theirs.replay_id, mine.start, 0)
    theirs.restart()
    theirs.run(ASKED, "theirs")
    theirs.play()
    assert len(mine.waiting()) == len(theirs.waiting()) == 1
    with sqlite_ledger.write() as c:
        assert mine.engine().expire(c) == 1
    assert mine.waiting() == []
    assert len(theirs.waiting()) == 1
    assert theirs.answer(theirs.waiting()[0].token, "approve") == "done"


def test_rules_edited_while_a_question_is_open_take_it_back(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    (question,) = world.waiting()
    world.edit(ASKED.replace("50%\nask", "40%\nask"))
    assert world.waiting() == []
    assert state_of(world, question.token) == "withdrawn"
    assert world.answer(question.token, "approve") == "late"
    assert world.fills() == []
    world.play()
    (later,) = world.waiting()
    assert world.answer(later.token, "approve") == "done"
    with sqlite_ledger.read() as c:
        assert strategies.version(c, world.intents()[later.intent_id or ""].version_id).number == 2


def test_a_question_whose_run_has_ended_stops_nothing_and_does_nothing(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    (question,) = world.waiting()
    with sqlite_ledger.write() as c:
        runs.end(c, world.run_ids[0], world.start)
    assert world.waiting() == []
    assert world.answer(question.token, "approve") == "late"
    second = world.run(ASKED, "another")
    world.play()
    (later,) = world.waiting()
    assert later.payload["run_id"] == second
    with sqlite_ledger.write() as c:
        assert world.engine().expire(c) == 1
    assert world.fills() == []


def test_asking_before_selling_and_a_sale_that_came_first(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger, ASKED.replace("before buying", "before selling"), 1, 5, 1, 7, 1, 1, 1)
    (question,) = world.waiting()
    assert question.payload["order"]["kind"] == "signal"
    with world.ledger.write() as c:
        assert world.engine().close(c, world.live(), BTC, "by hand")
    assert world.waiting() == []
    assert world.answer(question.token, "approve") == "late"
    assert [each.side for each in world.fills()] == ["buy", "sell"]
    conserved(world)


def test_two_questions_about_the_same_coins_sell_them_once(sqlite_ledger: Ledger) -> None:
    rules = (
        HEAD + "buy when volume == 5\nsell 60% when volume == 7\nsell 60% when volume > 6\nsell 60% when volume > 5\n"
    )
    world = asked_world(sqlite_ledger, rules + "stop loss 50%\nask before selling\n", 1, 5, 1, 7, 1, 1, 1)
    tokens = [each.token for each in world.waiting()]
    # two of them leave nothing to sell for the third
    assert len(tokens) == 2
    assert [world.answer(each, "approve") for each in tokens] == ["done", "done"]
    assert not world.live().machine.positions()
    assert world.play() > 0
    conserved(world)


def test_more_parts_than_there_is_without_asking(sqlite_ledger: Ledger) -> None:
    rules = (
        HEAD + "buy when volume == 5\nsell 60% when volume == 7\nsell 60% when volume > 6\nsell 60% when volume > 5\n"
    )
    world = asked_world(sqlite_ledger, rules + "stop loss 50%\nask never\n", 1, 5, 1, 7, 1, 1, 1)
    assert [each.side for each in world.fills()] == ["buy", "sell", "sell"]
    assert "refused" not in world.kinds()
    conserved(world)


def test_what_parts_leave_by_rounding_goes_with_the_last_part(sqlite_ledger: Ledger) -> None:
    rules = (
        HEAD + "buy when volume == 5\nstop loss 50%\ntake profit 1% for 30%, 2% for 30%, 3% for 40%\nsize 77.77 USDT\n"
    )
    rows = [
        (63.0, 63.0, 63.0, 63.0, 5.0),
        (63, 63, 63, 63, 1),
        (63, 63.7, 63, 63, 1),
        (63, 64.4, 63, 63, 1),
        (63, 66, 63, 63, 1),
    ]
    world = World(sqlite_ledger, {BTC: candles_of([*rows, (63, 63, 63, 63, 5), (63, 63, 63, 63, 1)])})
    world.run(rules + "ask never\n")
    world.play()
    assert [each.side for each in world.fills()] == ["buy", "sell", "sell", "sell", "buy"]
    conserved(world)


def test_a_price_that_ran_away_while_asking_is_refused_by_the_gate(sqlite_ledger: Ledger) -> None:
    rows = [(100, 100, 100, 100, 5), (103, 103, 103, 103, 1), (103, 103, 103, 103, 1)]
    world = World(sqlite_ledger, {BTC: candles_of(rows)}, Limits())
    world.run(ASKED)
    world.play()
    assert world.waiting() == []
    (intent,) = world.intents().values()
    assert intent.state == "REJECTED"
    assert intent.verdict is not None and intent.verdict["approved"] is False
    (told,) = [each for each in world.told if each.kind == "refused"]
    assert told.data["reason"] == "price moved since the decision: 3% asked, 2% allowed"


# stopping


def panic(world: World) -> int:
    with world.ledger.write() as c:
        return world.engine().panic(c, "you said panic")


def resume(world: World) -> None:
    with world.ledger.write() as c:
        world.engine().resume(c)


@pytest.mark.parametrize("restarts", [False, True])
def test_panic_sells_all_and_blocks_until_resume(ledger: Ledger, restarts: bool) -> None:
    volumes = [1, 5, 1, 1, 5, 5, 1, 5, 1, 1]
    world = World(ledger, {BTC: bars(*volumes), ETH: bars(*volumes, market=ETH)})
    rules = "trade BTC/USDT and ETH/USDT on 1h\nbudget 10000 USDT\nbuy when volume == 5\nstop loss 50%\nask never\n"
    world.run(rules)
    world.play(3)
    assert len(world.live().machine.positions()) == 2
    assert panic(world) == 2
    if restarts:
        world.restart()
    assert (world.state(), world.live().machine.positions()) == ("HALTED", {})
    assert panic(world) == 0
    world.play(3, at_once=1, restart_every=int(restarts))
    assert len(world.fills()) == 4
    resume(world)
    if restarts:
        world.restart()
    world.play()
    assert len(world.fills()) == 6
    assert world.state() == "ACTIVE"
    conserved(world)


def test_panic_takes_open_questions_back(sqlite_ledger: Ledger) -> None:
    world = asked_world(sqlite_ledger)
    (question,) = world.waiting()
    panic(world)
    assert state_of(world, question.token) == "withdrawn"
    assert world.answer(question.token, "approve") == "late"
    world.play()
    assert world.fills() == []


def falling(*closes: float) -> Candles:
    opens = (closes[0], *closes)
    return candles_of(
        [
            (a, max(a, b), min(a, b), b, 5 if at % 2 == 0 else 1)
            for at, (a, b) in enumerate(zip(opens, closes, strict=False))
        ]
    )


def limits(**values: int) -> Limits:
    return Limits(paper=Paper.model_validate({**OPEN.paper.model_dump(), **values}))


ALL_IN = HEAD + "buy when volume == 5\nsell when volume == 7\nstop loss 90%\nsize 100% of equity\nask never\n"
BREAKERS = [
    (limits(daily_loss_percent=3, daily_halt_percent=5), [100, 100, 97.2, 96.8, 96.8], ["ACTIVE", "REDUCING"], 3),
    (limits(daily_loss_percent=3, daily_halt_percent=5), [100, 100, 97.2, 94, 94], ["ACTIVE", "HALTED"], 3),
    (limits(drawdown_percent=10), [100, 100, 91, 89, 89], ["ACTIVE", "HALTED"], 3),
    (limits(drawdown_percent=10), [100, 100, 120, 109, 107], ["ACTIVE", "ACTIVE", "HALTED"], 3),
]  # fmt: skip


@pytest.mark.parametrize(("hard", "closes", "states", "after"), BREAKERS)
@pytest.mark.parametrize("restarts", [False, True])
def test_breakers_fire_within_a_candle_and_stay(
    sqlite_ledger: Ledger, hard: Limits, closes: list[float], states: list[str], after: int, restarts: bool
) -> None:
    path = [*closes, *[closes[-1]] * 40]
    world = World(sqlite_ledger, {BTC: falling(*path)}, hard)
    world.run(ALL_IN)
    world.play(after)
    found = []
    for _ in states:
        found.append(world.state())
        world.play(1)
        if restarts:
            world.restart()
    assert found == states
    # another UTC day and a price at rest change nothing
    world.play(at_once=1, restart_every=int(restarts) * 5)
    assert world.state() == states[-1]
    (told,) = [each for each in world.told if each.kind == "halted"]
    assert "limit is" in told.data["reason"] or "stop at" in told.data["reason"]
    assert len(world.fills()) == 1
    resume(world)
    assert world.state() == "ACTIVE"


def test_a_stopped_account_still_lets_stops_and_signals_sell(sqlite_ledger: Ledger) -> None:
    rows = [
        (100, 100, 100, 100, 5),
        (100, 100, 90, 92, 1),
        (92, 92, 92, 92, 7),
        (92, 92, 92, 92, 5),
        (92, 92, 92, 92, 1),
    ]
    world = World(sqlite_ledger, {BTC: candles_of(rows)}, limits(daily_loss_percent=3, daily_halt_percent=5))
    world.run(ALL_IN)
    world.play()
    assert world.state() == "HALTED"
    assert [each.side for each in world.fills()] == ["buy", "sell"]
    assert "the account is halted" in {each.trace["action"] for each in decided(world)}


def decided(world: World) -> list[decisions.Decision]:
    with world.ledger.read() as c:
        return decisions.between(c, world.run_ids[0], 0, 10**14)


def test_stale_data_after_a_hole_buys_nothing(sqlite_ledger: Ledger) -> None:
    holed = without(bars(1, 5, 1, 1, 1, 5, 1, 1, 5, 1, 1), 2, 3, 4, 6, 7)
    world = World(sqlite_ledger, {BTC: holed}, Limits())
    world.run(ASKED.replace("before buying, for 10m", "never"))
    world.play()
    # three candles are missing after the first signal and two after the second; none after the third
    states = [
        (each.candle_time - MONDAY_MS) // HOUR_MS for each in world.intents().values() if each.state == "REJECTED"
    ]
    assert states == [2]
    (told,) = [each for each in world.told if each.kind == "refused"]
    assert told.data["reason"] == "age of the newest candle: 3 candles asked, 2 candles allowed"
    assert [(int(each.at.timestamp() * 1000) - MONDAY_MS) // HOUR_MS for each in world.fills()] == [8]


def test_the_sixth_buy_of_a_minute_and_the_last_of_a_day_are_refused(sqlite_ledger: Ledger) -> None:
    names = [f"{name}/USDT" for name in ("BTC", "ETH", "SOL", "XRP", "ADA", "DOT", "LTC")]
    candles = {name: bars(1, 5, 7, 1, 5, 1, 1, market=name) for name in names}
    rules = f"trade {' and '.join(names)} on 1h\nbudget 10000 USDT\nbuy when volume == 5\nsell when volume == 7\nask never\n"
    world = World(sqlite_ledger, candles, limits(orders_a_minute=5, orders_a_day=8))
    world.run(rules)
    world.play()
    reasons = [each.data["reason"] for each in world.told if each.kind == "refused"]
    assert [each.side for each in world.fills()].count("buy") == 8
    assert reasons[:2] == ["buys in a minute: 5 asked, below 5 allowed"] * 2
    assert set(reasons[2:]) == {"buys today: 8 asked, below 8 allowed"}


def test_buys_of_a_day_are_counted_over_all_strategies(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(1, 5, 7, 5, 7, 1, 1)}, limits(orders_a_day=3))
    for name in ("one", "two"):
        world.run(ALL_IN, name)
    world.play()
    bought = [each for at in (0, 1) for each in world.fills(at) if each.side == "buy"]
    assert len(bought) == 3


def test_tighter_limits_do_not_keep_a_run_from_starting_and_hold_its_next_order(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(1, 5, 1, 7, 5, 1, 1)})
    world.run(ALL_IN)
    world.play(3)
    assert len(world.fills()) == 1
    world.limits = limits(order_percent=10)
    world.restart()
    world.play()
    # the way out is open; the next way in is refused
    assert [each.side for each in world.fills()] == ["buy", "sell"]
    assert [each.kind for each in world.told if each.kind == "refused"] == ["refused"]


# days


def test_a_day_is_told_once_and_with_all_its_decisions(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(*[1] * 80)})
    run_id = world.run(PLAIN)
    counts: list[int] = []

    def tell(c: Any, event: Any) -> None:
        if event.kind == "day":
            counts.append(len(decisions.between(c, run_id, 0, 10**14)))

    world.engine().tell = tell
    world.play(at_once=500)
    # at midnight the 24th candle has closed; what it decides is of the new day
    assert counts == [23 * 2, 47 * 2, 71 * 2]


def test_a_question_that_runs_out_after_midnight_loses_no_day(sqlite_ledger: Ledger) -> None:
    volumes = [*[1] * 22, 5, *[1] * 30]
    world = asked_world(sqlite_ledger, ASKED.replace("for 10m", "for 3h"), *volumes)
    assert len(world.waiting()) == 1
    with world.ledger.write() as c:
        world.engine().expire(c)
        assert world.engine().clock(c) == moment(MONDAY_MS) + timedelta(hours=26)
    world.restart()
    world.play()
    assert [each.data["date"] for each in world.told if each.kind == "day"] == ["2024-01-01", "2024-01-02"]


def test_the_end_of_the_candles_is_told_once(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(1, 5, 1, 5)})
    world.run(ALL_IN)
    assert world.play() == 4
    assert world.play() == 0
    world.restart()
    assert world.play() == 0
    assert {each.key for each in world.told if each.kind == "ended"} == {f"ended-{world.replay_id}"}


def test_an_order_on_the_last_candle_has_no_open_to_fill_at_and_says_so(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(1, 1, 1, 5)})
    world.run(ALL_IN)
    world.play()
    assert "the market's data ends here" in {each.trace["action"] for each in decided(world)}
    assert world.intents() == {}


def test_alerts_come_once_when_they_become_true(sqlite_ledger: Ledger) -> None:
    world = World(sqlite_ledger, {BTC: bars(1, 5, 5, 1, 5, 1)})
    world.run(HEAD + 'alert "five" when volume == 5\n')
    world.play(at_once=1, restart_every=1)
    told = [each for each in world.told if each.kind == "alert"]
    assert [each.data["text"] for each in told] == ["five", "five"]
    assert world.fills() == []
