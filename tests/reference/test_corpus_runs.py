"""The strategies that people asked for: on made candles the reference, the backtest and the live path do the same."""

from pathlib import Path
from random import Random

import pytest

from runtime.backtest import Costs, run_backtest, with_markets
from runtime.candles import Candles
from runtime.ready import not_on_paper
from strategy_dsl.program import Program
from tests.reference.comparison import agree, by_engine, by_reference, engine_program, strategy_in
from tests.reference.live_path import Live
from tests.reference.programs import random_candles
from tests.reference.test_live_is_backtest import alike

FILES = sorted((Path(__file__).parents[1] / "golden" / "corpus").glob("*.txt"))
CASH, COSTS, COUNT = 10_000.0, Costs(0.001, 0.0005), 150


def rules_of(path: Path) -> str:
    """The rules of a file."""
    return path.read_text().split("--- rules ---\n")[1].split("--- readback ---")[0]


def made(program: Program, text: str) -> dict[str, Candles]:
    """Random candles of every market that is read; a universe has three."""
    markets = program.reads or ("BTC/USDT", "ETH/USDT", "SOL/USDT")
    return {m: random_candles(7 + k, m, COUNT, k, timeframe=program.timeframe) for k, m in enumerate(markets)}


@pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])
def test_the_reference_the_backtest_and_the_live_path_agree(path: Path) -> None:
    text = rules_of(path)
    strategy = strategy_in(text)
    assert strategy is not None
    if any("`top`" not in each.message for each in not_on_paper(strategy)):
        pytest.skip("it needs a source from outside")
    program = engine_program(text)
    candles = made(program, text)
    program = with_markets(program, candles)
    ours = by_reference(strategy, candles, CASH, COSTS)
    theirs, _ = by_engine(program, candles, CASH, COSTS)
    agree(ours, theirs)
    live = Live(program, candles, CASH, COSTS, (), 0.05, Random(1))
    live.play()
    alike(live, run_backtest(program, candles, CASH, COSTS, decisions=True), program)
