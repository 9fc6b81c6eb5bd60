"""`trade top 50 by volume in USDT`: chosen anew each UTC day from the day before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.clock import day_of
from tests.reference.views import DAY_MS

if TYPE_CHECKING:
    from tests.reference.machine import Run


def chosen(run: Run, now: int) -> tuple[str, ...]:
    """The markets that may be entered now: all that are named, or the largest of yesterday by traded money."""
    universe = run.strategy.trade.universe
    if universe is None:
        return run.markets
    yesterday = day_of(now - DAY_MS, "UTC")
    traded = {}
    for market in run.markets:
        view = run.world.view(market)
        if market in universe.excluded or not market.endswith(f"/{universe.quote}"):
            continue
        rows = [i for i in range(len(view)) if day_of(view.time[i], "UTC") == yesterday]
        traded[market] = sum(view.close[i] * view.volume[i] for i in rows)
    known = sorted((market for market in traded if traded[market] > 0), key=lambda market: -traded[market])
    return tuple(known[: universe.count])
