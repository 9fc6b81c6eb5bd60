"""From an exchange into the store: going on where it stopped, filling holes, and saying which are the venue's."""

from dataclasses import dataclass

from runtime.candles import Candles
from runtime.feeds.exchange import ExchangeSource, Report, last_close, sane_candles
from runtime.feeds.files import gaps
from runtime.feeds.spans import Span, missing
from runtime.feeds.store import CandleStore, Series
from strategy_dsl.timeframes import timeframe_ms

SETTLE_MS = 2_000
"""A candle is taken this long after its close: trades of its last moment may still be on their way into it."""
NEAR = 500
"""Holes less than this many candles apart are asked for together."""


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought: new candles, candles that the venue has changed, and impossible ones left out."""

    new: int = 0
    revised: int = 0
    impossible: tuple[str, ...] = ()

    def __add__(self, other: "Fetched") -> "Fetched":
        """Both together."""
        return Fetched(self.new + other.new, self.revised + other.revised, self.impossible + other.impossible)


@dataclass(frozen=True)
class Repaired:
    """What a repair brought, and the holes that are the venue's: opening of the first, how many."""

    fetched: Fetched
    holes: tuple[tuple[int, int], ...]


def fetch_into(
    store: CandleStore,
    source: ExchangeSource,
    series: Series,
    since_ms: int,
    until_ms: int,
    report: Report | None = None,
) -> Fetched:
    """Brings the closed candles of a span that the venue was not asked for before; each page is kept at once."""
    source.check(series.market, series.timeframe)
    now = source.now_ms()
    end = min(until_ms, last_close(now - SETTLE_MS, series.timeframe))
    length, found = timeframe_ms(series.timeframe), Fetched()
    spans = missing(store.asked(series), (since_ms, end))
    done, whole = 0, sum(stop - start for start, stop in spans) // length
    for span in spans:
        for rows, covered in source.pages(series.market, series.timeframe, *span):
            found += keep(store, series, rows, now, covered)
            done += (covered[1] - covered[0]) // length
            if report is not None:
                report(min(done, whole), whole)
    return found


def keep(store: CandleStore, series: Series, rows: list[list[float]], seen_ms: int, asked: Span) -> Fetched:
    """Puts a page into the store, without what no candle can be."""
    candles, faults = sane_candles(series.market, series.timeframe, rows)
    written = store.append(series, candles, seen_ms, asked)
    return Fetched(len(written.new), len(written.revised), tuple(faults))


def repair(store: CandleStore, source: ExchangeSource, series: Series, report: Report | None = None) -> Repaired:
    """Asks the venue again for every hole between the first and the last candle."""
    source.check(series.market, series.timeframe)
    now, length, found = source.now_ms(), timeframe_ms(series.timeframe), Fetched()
    spans = _together(gaps(store.read(series)), length)
    for done, span in enumerate(spans, 1):
        for rows, covered in source.pages(series.market, series.timeframe, *span):
            found += keep(store, series, rows, now, covered)
        if report is not None:
            report(done, len(spans))
    return Repaired(found, tuple(gaps(store.read(series))))


def _together(holes: list[tuple[int, int]], length: int) -> list[Span]:
    spans: list[Span] = []
    for start, count in holes:
        stop = start + count * length
        if spans and start - spans[-1][1] < NEAR * length:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return spans


def whole_only(candles: Candles, now_ms: int) -> Candles:
    """Without a last candle that is not over yet, as files of an exchange often have one."""
    stop = len(candles)
    while stop and int(candles.time[stop - 1]) + timeframe_ms(candles.timeframe) > now_ms:
        stop -= 1
    return candles.part(0, stop)
