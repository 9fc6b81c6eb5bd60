"""What a backtest makes of the candles that a run has seen, from its start on: how far the run has drifted from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.backtest import closed
from runtime.brokers.paper import PAPER_SLIPPAGE, STEP
from runtime.candles import Candles, Times
from runtime.core.machine import layout as at
from runtime.core.machine.rules import encoded
from runtime.core.machine.tape import Costs, Venue, reel
from runtime.live_run import LiveRun
from runtime.player import Player


@dataclass(frozen=True)
class AsTested:
    """The finished (parts of) trades of the backtest, and what they made after fees in quote currency."""

    trades: int
    result: float


def as_tested(run: LiveRun, started_ms: int) -> AsTested | None:
    """The run's rules on its own candles, without questions, limits and outages; None before the first candle.

    It begins where the run began, with columns that know the candles before, as the run's do.
    """
    first = int(np.searchsorted(run.times + run.length_ms, started_ms, side="right"))
    if run.next_index - first < 1:
        return None
    opened, seen = int(run.times[first]), int(run.times[run.next_index - 1])
    plan, markets = encoded(run.program), run.program.markets
    cuts = {market: _cut(run.candles[market].time, opened, seen) for market in markets}
    candles: dict[str, Candles] = {
        market: run.candles[market].part(cut.start, cut.stop) for market, cut in cuts.items()
    }
    if not all(map(len, candles.values())):
        return None
    shared = run.machine.shared
    columns = {market: [shared.of(market).of(node)[cut] for node in plan.columns] for market, cut in cuts.items()}
    costs = Costs(run.fee, PAPER_SLIPPAGE, venue=dict.fromkeys(markets, Venue(step=float(STEP))))
    player = Player(
        plan, reel(plan, candles, columns, costs, run.machine.events, before=run.candles), float(run.strategy.budget)
    )
    player.play()
    ended = [each for each in closed(markets, player.trades) if each.kind != at.KINDS[at.END]]
    return AsTested(len(ended), sum(each.pnl for each in ended))


def _cut(time: "np.ndarray[Any, Any] | Times", opened: int, seen: int) -> slice:
    return slice(int(np.searchsorted(time, opened)), int(np.searchsorted(time, seen, side="right")))
