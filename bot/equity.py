"""What a run was worth at each candle, folded from its fills: the ledger is the truth."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from runtime.candles import Floats, Times
from runtime.core.calendar import milliseconds
from runtime.ledger import fills, runs
from runtime.live_run import LiveRun


def equity_of_all(c: Connection, live: Sequence[LiveRun]) -> tuple[Times, Floats]:
    """The sum over several runs at every candle of any; before a run's first candle it counts with its budget."""
    each = [(equity_of(c, run), float(run.strategy.budget)) for run in live]
    if not each:
        return np.empty(0, np.int64), np.empty(0)
    times = np.unique(np.concatenate([found[0] for found, _ in each]))
    total = np.zeros(len(times))
    for (own, worth), budget in each:
        if len(own):
            at = np.searchsorted(own, times, side="right") - 1
            total += np.where(at >= 0, worth[np.maximum(at, 0)], budget)
        else:
            total += budget
    return times, total


def equity_of(c: Connection, run: LiveRun) -> tuple[Times, Floats]:
    """Openings of the run's candles (ms UTC) and its worth in quote currency at their closes, from its start on."""
    began = max(milliseconds(runs.get(c, run.id).started_at) - run.length_ms, 0)
    first = min(int(np.searchsorted(run.times, began)), max(run.next_index - 1, 0))
    times = run.times[first : run.next_index]
    worth = np.full(len(times), float(run.strategy.budget))
    closes = times + run.length_ms
    for market in run.program.markets:
        candles = run.candles[market]
        at = np.clip(np.searchsorted(candles.time, times, side="right") - 1, 0, len(candles) - 1)
        price = candles.close[at]
        held, paid = np.zeros(len(times)), np.zeros(len(times))
        for fill in fills.of_run(c, run.id):
            if fill.market == market:
                # a fill at an opening belongs to the candle that begins there
                since = int(np.searchsorted(closes, milliseconds(fill.at), side="right"))
                way = 1 if fill.side == "buy" else -1
                held[since:] += way * float(fill.quantity)
                paid[since:] += way * float(fill.quantity * fill.price) + float(fill.fee)
        worth += held * price - paid
    return times, worth
