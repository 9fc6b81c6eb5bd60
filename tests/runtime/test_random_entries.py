import numpy as np
import pytest

from runtime.backtest import Costs
from runtime.random_entries import random_entries
from runtime.variants import History
from strategy_dsl.compiler import compile_rules
from tests.made import OPEN, candles_of, walk_candles

HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 10% of equity\n"


def probability(rules: str, candles, seed: int = 1):
    strategy = compile_rules(HEAD + rules, OPEN).strategy
    history = History({"BTC/USDT": candles}, 10_000.0, Costs(0))
    return random_entries(strategy, history, history.run(strategy), seed)


def saw():
    """Up two, down one, up three, down four and so on: a market where the moment is everything."""
    closes = 100 + np.tile([0.0, 3, 6, 9, 6, 3], 60)
    return candles_of(
        [
            (before, max(before, after), min(before, after), after)
            for before, after in zip(np.append(100, closes[:-1]), closes, strict=True)
        ]
    )


def test_a_rule_that_knows_the_moment_is_rarely_met_by_chance() -> None:
    assert probability("buy when close == 100\nexit after 3h\nstop loss 50%\n", saw()) == pytest.approx(0.01)
    assert probability("buy when close == 109\nexit after 3h\nstop loss 50%\n", saw()) == 1


def test_on_random_walks_it_is_as_rare_as_it_says() -> None:
    rules = "buy when rsi(14) crosses below 40\nsell when rsi(14) > 50\nstop loss 5%\n"
    found = [probability(rules, walk_candles(400, seed, gaps=False)) for seed in range(25)]
    known = [each for each in found if each is not None]
    assert len(known) > 18
    assert sum(each <= 0.1 for each in known) <= 6 and 0.3 < np.mean(known) < 0.7


@pytest.mark.parametrize(
    "rules", ["buy when close > 1000000\nstop loss 5%\n", "buy when close == 100\nexit after 300h\nstop loss 90%\n"]
)
def test_few_trades_say_nothing(rules: str) -> None:
    assert probability(rules, saw()) is None


def test_several_markets_are_not_tested() -> None:
    strategy = compile_rules(
        HEAD.replace("BTC/USDT", "BTC/USDT, ETH/USDT") + "buy when rsi(5) < 30\nsell when rsi(5) > 50\nstop loss 5%\n",
        OPEN,
    ).strategy
    markets = {market: walk_candles(300, 1, market) for market in ("BTC/USDT", "ETH/USDT")}
    history = History(markets, 10_000.0, Costs(0))
    assert random_entries(strategy, history, history.run(strategy), 1) is None
