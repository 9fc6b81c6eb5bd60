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
AT_ONCE = 11
"""Draws that share the columns of the exit rules; more would hold more memory."""
COIN = "RANDOM{}/ENTRY"
"""A made market that is only read: its close is 1 on the candles that were drawn, else 0."""


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
    if not _can_enter_anywhere(strategy) or len(sample) < FEWEST_TRADES:
        return None
    random = np.random.default_rng(seed)
    (market,) = {each.market for each in found.trades}
    candles, mean = history.candles[market], float(sample.returns.mean())
    as_well = 0
    for first in range(0, DRAWS, AT_ONCE):
        coins = {}
        for draw in range(first, min(DRAWS, first + AT_ONCE)):
            drawn = random.choice(len(candles), len(sample), replace=False)
            coins[COIN.format(draw)] = _coin(COIN.format(draw), candles, drawn)
        there = replace(history, candles={**history.candles, **coins})
        for coin in coins:
            returns = sample_of(there.run(_entered_by(coin, strategy)).trades).returns
            as_well += bool(len(returns)) and float(returns.mean()) >= mean
    return (1 + as_well) / (1 + DRAWS)


def _can_enter_anywhere(strategy: nodes.Strategy) -> bool:
    """Whether all entries are rules of one side on one market."""
    entries = strategy.entries()
    others = strategy.hold or strategy.grid or strategy.schedules or strategy.adds
    one_market = strategy.trade is not None and len(strategy.trade.markets) == 1
    return not others and len({each.action for each in entries}) == 1 and one_market


def _entered_by(coin: str, strategy: nodes.Strategy) -> nodes.Strategy:
    """The strategy that enters where a coin says."""
    held = nodes.Compare((nodes.OfMarket(nodes.Name("close"), coin), nodes.Number(Decimal(0))), (">",))
    return replace(strategy, rules=(replace(strategy.entries()[0], condition=held), *strategy.closers()))


def _coin(name: str, candles: Candles, drawn: np.ndarray) -> Candles:
    close = np.zeros(len(candles))
    close[drawn] = 1.0
    return Candles(name, candles.timeframe, candles.time, close, close, close, close, close)
