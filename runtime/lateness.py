"""What a person is told about a market that is live: candles that are late, clocks that differ, changed candles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from runtime.feeds.store import Series
from runtime.live_markets import LiveMarkets
from runtime.live_run import PATIENCE_MS
from strategy_dsl.timeframes import timeframe_ms

DOWN_SECONDS = 120.0
"""An exchange that gives nothing for so long is told even where no candle is due."""
SKEW_MS = 2_000
"""A computer's clock that is further off than this is told."""


@dataclass(frozen=True)
class Notice:
    """One thing to tell, in figures."""

    kind: Literal["late", "back", "skew", "revised"]
    data: dict[str, Any]


class Lateness:
    """What one person has been told; `look` is called often and says everything once."""

    def __init__(self) -> None:
        self._late_since: int | None = None
        self._skew_told = False
        self._revised: int | None = None

    def look(self, markets: LiveMarkets, wanted: Collection[tuple[str, str]]) -> list[Notice]:
        """What is new to tell about the markets and timeframes that the person's strategies need."""
        series = [each for each in markets.follower.newest() if (each.market, each.timeframe) in wanted]
        found = [*self._lateness(markets, series), *self._skew(markets)]
        first = len(markets.revised) if self._revised is None else self._revised
        self._revised = len(markets.revised)
        changed = [each for each in markets.revised[first:] if each.series in series]
        if changed:
            data = {"market": changed[0].series.market, "timeframe": changed[0].series.timeframe}
            found.append(Notice("revised", {**data, "opened_ms": changed[0].opened_ms, "count": len(changed)}))
        return found

    def _lateness(self, markets: LiveMarkets, wanted: list[Series]) -> list[Notice]:
        now, follower = markets.now_ms(), markets.follower
        late: list[tuple[Series, int, str]] = []
        for series in wanted:
            newest, problem = follower.newest()[series]
            due = newest + 2 * timeframe_ms(series.timeframe)
            if now >= due + PATIENCE_MS:
                late.append((series, due, problem))
        failing = follower.failing_since
        down = failing is not None and follower.monotonic() - failing >= DOWN_SECONDS
        if (late or (down and wanted)) and self._late_since is None:
            self._late_since = min((due for _, due, _ in late), default=now)
            reason = follower.problem or next((problem for _, _, problem in late if problem), "")
            names = [f"{series.market} {series.timeframe}" for series, _, _ in late]
            return [Notice("late", {"names": names, "since_ms": self._late_since, "reason": reason})]
        if self._late_since is not None and not late and not follower.problem:
            minutes = max(1, round((now - self._late_since) / 60_000))
            self._late_since = None
            return [Notice("back", {"minutes": minutes})]
        return []

    def _skew(self, markets: LiveMarkets) -> list[Notice]:
        skew = markets.follower.clock.skew_ms
        if abs(skew) <= SKEW_MS:
            self._skew_told = False
            return []
        if self._skew_told:
            return []
        self._skew_told = True
        return [Notice("skew", {"seconds": abs(skew) / 1000, "behind": skew > 0})]
