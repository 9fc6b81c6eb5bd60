"""Deciding candle by candle on the live path gives the backtest, bit for bit; restarts and arrivals change nothing."""

import os
from random import Random

import pytest

from runtime.backtest import Backtest, Costs, Venue, run_backtest, with_markets
from runtime.candles import Candles
from runtime.core.machine.layout import ACTIONS
from runtime.core.machine.machine import ASKED, Answer, Order
from strategy_dsl.program import Program
from tests.reference.comparison import engine_program, strategy_in
from tests.reference.live_path import Grown, Live
from tests.reference.programs import random_candles
from tests.reference.whole_programs import whole_case

FACTOR = int(os.environ.get("SAYSO_EXAMPLES", "1"))
CASH = 10_000.0


def judged(backtest: Backtest, program: Program) -> list[tuple[object, ...]]:
    """The rows of decisions of a backtest."""
    assert backtest.decisions is not None
    return [
        (row["t"], program.markets[row["market"]], row["number"], repr(row["held"]), ACTIONS[row["action"]])
        for row in backtest.decisions.rows
    ]


def alike(live: Live, backtest: Backtest, program: Program) -> None:
    """The same decisions, trades, and equity, to the last bit."""
    said = [
        (t, each.market, each.rule, repr(each.held), short(each.action))
        for t, row in enumerate(live.decisions)
        for each in row
    ]
    expected = [(int(t), m, int(n), repr(float(eval_held(h))), short(a)) for t, m, n, h, a in judged(backtest, program)]
    for mine, other in zip(said, expected, strict=True):
        assert mine == other
    closed = [each for each in live.booked if each.pnl is not None]
    trades = [each for each in backtest.trades if each.kind != "end"]
    assert [(b.order.market, b.order.kind, b.quantity, b.price, b.pnl) for b in closed] == [
        (t.market, t.kind, t.quantity, t.exit_price, t.pnl) for t in trades
    ]
    # at the end a backtest values what is open as if it were left
    assert live.equity[:-1] == backtest.equity.tolist()[:-1]


def eval_held(text: object) -> float:
    """What numpy writes as `np.float64(nan)`."""
    return float(str(text).removeprefix("np.float64(").removesuffix(")"))


def short(action: str) -> str:
    """A decision's words without the amounts."""
    return action.split(":")[0]


def case_of(seed: int, venue: bool = False) -> tuple[Program, dict[str, Candles], Costs, tuple[int, ...]]:
    case = whole_case(seed, 120)
    if strategy_in(case.text) is None:
        pytest.skip("not a strategy")
    steps = {market: Venue(step=0.001) for market in case.candles} if venue else None
    costs = Costs(case.costs.fee, case.costs.slippage, venue=steps)
    return with_markets(engine_program(case.text), case.candles), case.candles, costs, case.events


@pytest.mark.parametrize("seed", range(60 * FACTOR))
def test_the_live_path_is_the_backtest(seed: int) -> None:
    program, candles, costs, events = case_of(seed, venue=seed % 2 == 0)
    live = Live(program, candles, CASH, costs, events, 0.1 * (seed % 3), Random(seed))
    live.play()
    alike(live, run_backtest(program, candles, CASH, costs, events, decisions=True), program)


@pytest.mark.parametrize("seed", range(12 * FACTOR))
def test_candles_that_come_one_by_one_give_the_backtest(seed: int) -> None:
    program, _, costs, events = case_of(seed)
    whole = whole_case(seed, 120).candles
    start, timeframe = int(next(iter(whole.values())).time[0]), program.timeframe
    candles = {m: random_candles(seed + k, m, 120, 0, start, timeframe) for k, m in enumerate(whole)}
    live = Grown(program, candles, CASH, costs, events)
    live.play()
    alike(live, run_backtest(program, candles, CASH, costs, events, decisions=True), program)


@pytest.mark.parametrize("seed", range(20 * FACTOR))
def test_traces_on_demand_are_those_that_a_live_run_stores(seed: int) -> None:
    program, candles, costs, events = case_of(seed)
    live = Live(program, candles, CASH, costs, events)
    live.play()
    backtest = run_backtest(program, candles, CASH, costs, events, decisions=True)
    assert backtest.decisions is not None
    for point in range(0, len(live.decisions), 17):
        found = backtest.decisions.on(int(backtest.time[point]))
        assert [repr(each) for each in found] == [repr(each) for each in live.decisions[point]]


def test_a_live_run_that_holds_many_entries_gets_room_for_them() -> None:
    text = "trade BTC/USDT on 1h\nbudget 10,000 USDT\nevery 1h buy 20 USDT\nstop loss 40% of each entry\nask never\n"
    program, candles = engine_program(text), {"BTC/USDT": random_candles(3, "BTC/USDT", 120)}
    costs = Costs(0.001)
    live = Live(program, candles, CASH, costs, (), 0.1, Random(1))
    live.play()
    alike(live, run_backtest(program, candles, CASH, costs, decisions=True), program)
    assert live.lots > 100


class Hesitant(Live):
    """A person who is asked about each entry, and answers later: yes, half, or no."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.questions: list[Order] = []
        self.money = 0.0

    def send(self, order: Order) -> Answer:
        """Asks before anything that opens."""
        if order.opens:
            self.questions.append(order)
            return ASKED
        return super().send(order)

    def maybe_restart(self) -> None:
        """Answers what was asked, whenever."""
        for order in list(self.questions):
            chance = self.random.random()
            if chance < 0.3:
                self.questions.remove(order)
                price = self.machine.mark(order.market) or order.price
                now = int(self.machine.times[0]) + 3_600_000 * (1 + len(self.equity))
                if chance < 0.1:
                    self.machine.forget(order)
                else:
                    share = 0.5 if chance < 0.2 else 1.0
                    self.booked += self.machine.take(order, share, price, now, super().send)
        super().maybe_restart()
        self.check()

    def check(self) -> None:
        """The money is what the fills say; nothing is below zero."""
        worth = self.cash
        for each in self.booked:
            way = 1 if each.order.side == "buy" else -1
            worth -= way * each.quantity * each.price + each.fee
        for held in self.machine.positions().values():
            assert held.quantity > 0
            worth += held.side * held.quantity * held.mark
        assert self.machine.equity() == pytest.approx(worth, rel=1e-9)
        account = self.machine.state.account[0]
        assert 0 <= account["waiting"] <= len(self.program.markets) + 8
        assert self.machine.cash > -1e-6 or self.machine.equity() < self.machine.cash + 1e-6 or account["cash"] > -CASH


@pytest.mark.parametrize("seed", range(40 * FACTOR))
def test_questions_leave_the_machine_sane(seed: int) -> None:
    program, candles, costs, events = case_of(seed)
    live = Hesitant(program, candles, CASH, costs, events, 0.1, Random(seed))
    live.play()
