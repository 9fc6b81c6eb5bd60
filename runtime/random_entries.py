"""Random entries with the same exits: what the entry rule itself adds."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from runtime.backtest import Backtest
from runtime.candles import Candles
from runtime.core.evidence.sample import sample_of
from runtime.variants import History
from strategy_dsl import nodes

DRAWS = 99
FEWEST_TRADES = 5
COIN = "RANDOM/ENTRY"
"""A made market that is only read: its close is 1 on the candles that were drawn, else 0."""

ENTRY = nodes.Compare((nodes.OfMarket(nodes.Name("close"), COIN), nodes.Number(Decimal(0))), (">",))


def random_entries(strategy: nodes.Strategy, history: History, found: Backtest, seed: int) -> float | None:
    """The probability that entries at random moments, with the same exits run anew, average at least as much.

    Each of 99 draws takes as many candles as `found` has trades, any candle as likely, in place of all entry rules;
    stops, targets, exit rules, sizes, pauses, windows and costs stay, and so does the market's drift, which both
    sides have. Compared is the average trade return; a draw without a trade does not do as well. None where there
    are fewer than 5 trades, several markets, or anything but rules of one side that opens positions.
    Source: the random-entry test of Aronson, Evidence-Based Technical Analysis (2006), as a Monte Carlo
    test: (1 + draws that do as well) / (1 + draws).
    """
    sample = sample_of(found.trades)
    plain = _with_random_entry(strategy)
    if plain is None or len(sample) < FEWEST_TRADES:
        return None
    random = np.random.default_rng(seed)
    (market,) = {each.market for each in found.trades}
    candles, mean = history.candles[market], float(sample.returns.mean())
    as_well = 0
    for _ in range(DRAWS):
        drawn = random.choice(len(candles), len(sample), replace=False)
        there = replace(history, candles={**history.candles, COIN: _coin(candles, drawn)})
        returns = sample_of(there.run(plain).trades).returns
        as_well += bool(len(returns)) and float(returns.mean()) >= mean
    return (1 + as_well) / (1 + DRAWS)


def _with_random_entry(strategy: nodes.Strategy) -> nodes.Strategy | None:
    """The strategy that enters where the coin says, None where entries are not rules of one side on one market."""
    entries = strategy.entries()
    others = strategy.hold or strategy.grid or strategy.schedules or strategy.adds
    if others or len({each.action for each in entries}) != 1 or not strategy.trade or len(strategy.trade.markets) != 1:
        return None
    return replace(strategy, rules=(replace(entries[0], condition=ENTRY), *strategy.closers()))


def _coin(candles: Candles, drawn: np.ndarray) -> Candles:
    close = np.zeros(len(candles))
    close[drawn] = 1.0
    return Candles(COIN, candles.timeframe, candles.time, close, close, close, close, close)
