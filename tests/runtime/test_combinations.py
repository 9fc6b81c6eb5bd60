"""Combinations put together from what single values change equal those that are read, checked and encoded as texts."""

import random
from decimal import Decimal
from functools import partial

import numpy as np
import pytest

from runtime.backtest import Costs, run_backtest
from runtime.cells import Cells, program_on
from runtime.combinations import Combinations
from runtime.core.metrics import drawdowns, largest_drawdown
from runtime.variants import History
from strategy_dsl.checks.check import check
from strategy_dsl.compiler import compile_rules
from strategy_dsl.formatter import format_strategy
from strategy_dsl.parameters import parameters
from strategy_dsl.program import build_program
from strategy_dsl.ranges import Choice
from tests.made import OPEN, walk_candles

HEAD = "trade BTC/USDT perpetual on 1h\nbudget 10000 USDT\nsize 10% of equity\n"
RULES = {
    "issue": "buy when rsi(14) crosses below 45 and close < ema(close, 50)\nsell when rsi(14) > 55\nstop loss 3%\n"
    "take profit 6%\n",
    "lets": "let length = 14\nlet dip = 35\nlet wide = 3%\nbuy when rsi(length) < dip\nsell when rsi(length) > 60\n"
    "stop loss wide\ntake profit 1% for 50%, 4%\n",
    "expanding let": "let trend = ema(close, 40)\nlet dip = 35\nbuy when close > trend and rsi(9) < dip\nexit after 9 bars\n",
    "position": "buy when rsi(14) crosses below 40\nsell when profit > 2% or held > 30\nstop loss 4%\n"
    "trailing stop 2% after 1%\nbreak even after 1r\ncooldown 5h after a loss\n",
    "bars": "buy when close is falling 3 bars and volume > 1.1 * mean(volume, 20)\nexit after 6h\nstop loss 2 * atr(14)\n",
    "equal numbers": "buy when rsi(14) < 40 and close > sma(close, 14)\nsell when sma(close, 20) < close\nstop loss 5%\n",
    "contradiction": "buy when rsi(14) > 30 and rsi(14) < 45\nsell when close is within 1% of ema(close, 20)\n",
    "adds": "buy when rsi(14) < 40\nadd 100 USDT at 1%, 2% below entry\nstop loss 8%\nsell when rsi(14) > 55\n",
    "limit order": "buy when rsi(14) < 40\norder limit at close * 0.995 for 4 bars\nsell when rsi(14) > 60\nstop loss 6%\n",
    "short": "short when rsi(14) crosses above 60\ncover when rsi(14) < 45\nstop loss 4%\n",
}
HISTORY = History({"BTC/USDT": walk_candles(900, 5)}, 10_000.0, Costs(0.001))


def strategy_of(rules: str):
    return compile_rules(HEAD + rules, OPEN).strategy


def combinations_of(strategy, chosen: list[Choice]) -> Combinations:
    return Combinations(strategy, chosen, partial(program_on, history=HISTORY))


def some_choices(strategy, seed: int) -> list[Choice]:
    """Two or three numbers with a few values each, now and then one that is out of bounds."""
    chance = random.Random(seed)
    known = [each for each in parameters(strategy) if each.value > 0]
    found = []
    for each in chance.sample(known, min(len(known), chance.choice((2, 2, 3)))):
        steps = [chance.choice((1, 2, 3)) if each.whole else each.value / 8 for _ in range(2)]
        values = {each.value, *(each.value + step * k for k, step in enumerate(steps, 1))}
        if chance.random() < 0.15:
            values.add(each.value * 50)
        found.append((each, tuple(sorted(values))))
    return found


def brute_problem(every: Combinations) -> bool:
    return any(each.severity == "error" for at in every.all() for each in check(every.of(at)))


@pytest.mark.parametrize("name", RULES)
def test_combinations_equal_their_texts(name: str) -> None:
    strategy = strategy_of(RULES[name])
    fast = traded = 0
    for seed in range(6):
        every = combinations_of(strategy, some_choices(strategy, seed))
        assert (every.problem is not None) == brute_problem(every)
        if every.problem is not None:
            continue
        cells = Cells(every, HISTORY)
        fast += not every.apart
        order = list(every.all())
        random.Random(seed).shuffle(order)
        for at in order[:9]:
            text = format_strategy(every.of(at))
            alone = run_backtest(
                build_program(compile_rules(text, OPEN).strategy), HISTORY.candles, HISTORY.cash, HISTORY.costs
            )
            trades, equity = cells.run(at)
            assert trades == alone.trades
            assert equity.tobytes() == alone.equity.tobytes()
            traded += len(trades)
    assert traded > 20
    assert fast or name == "expanding let"


def test_values_that_change_how_much_there_is_are_read_apart() -> None:
    """`rsi(14)` here and `rsi(14)` there are one column until one of them becomes `rsi(15)`."""
    strategy = strategy_of("buy when close < 2% below sma(close, 20)\nsell when close > sma(close, 20)\nstop loss 9%\n")
    every = combinations_of(strategy, [(parameters(strategy)[0], (parameters(strategy)[0].value,))])
    assert not every.apart
    expanding = strategy_of(RULES["expanding let"])
    found = {each.label: each for each in parameters(expanding)}
    length = next(each for label, each in found.items() if label == "length of ema")
    assert combinations_of(expanding, [(length, (length.value, length.value + 1))]).apart


def test_values_that_are_sound_alone_but_not_together_are_found() -> None:
    strategy = strategy_of(RULES["contradiction"])
    found = {each.label: each for each in parameters(strategy)}
    lowest, highest = found["rsi(14) > 30"], found["rsi(14) < 45"]
    every = combinations_of(strategy, [(lowest, (Decimal(30), Decimal(46))), (highest, (Decimal(55), Decimal(45)))])
    assert every.problem is not None and every.problem.endswith("cannot be above 46 and below 45 at once")
    assert f"with {lowest.name}=46, {highest.name}=45" in every.problem


def test_the_largest_drawdown_is_to_the_bit_that_of_all() -> None:
    for seed in range(50):
        equity = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, 300)))
        assert largest_drawdown(equity) == float(drawdowns(equity).max())


def test_what_one_combination_alone_reads_is_not_kept() -> None:
    strategy = strategy_of(RULES["issue"])
    found = {each.label: each for each in parameters(strategy)}
    lengths = found["length of rsi"], tuple(map(Decimal, range(10, 20)))
    levels = found["rsi(14) crosses below 45"], tuple(map(Decimal, range(40, 50)))
    history = History(HISTORY.candles, HISTORY.cash, HISTORY.costs)
    every = Combinations(strategy, [lengths, levels], partial(program_on, history=history))
    cells = Cells(every, history)
    for at in every.all():
        cells.run(at)
    # an RSI and what sells of each length, the average and its comparison, and the last combination
    assert history.columns.used_bytes() < 40 * 900 * 8
