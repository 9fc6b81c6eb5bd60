"""Problems of clocks, zones, lengths of time and schedules."""

from collections.abc import Iterator

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.spans import Span
from strategy_dsl.timeframes import TIMEFRAMES, duration_ms, is_clock, zone_exists


def _timings(strategy: nodes.Strategy) -> list[nodes.Timing]:
    rebalances = [each.timing for each in strategy.rebalances if each.timing is not None]
    return [each.timing for each in strategy.schedules] + rebalances


def clocks(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Times of day and zones that do not exist."""
    hours = [window.hours for window in strategy.windows if window.hours]
    places: list[tuple[str, tuple[str, ...], Span]] = [(each.zone, (each.start, each.end), each.span) for each in hours]
    places += [(each.zone, (each.clock,), each.span) for each in strategy.exits_at]
    places += [(each.zone, (each.clock,), each.span) for each in _timings(strategy)]
    places += [(each.zone, (), each.span) for each in strategy.pauses]
    if strategy.entries_a_day:
        places.append((strategy.entries_a_day.zone, (), strategy.entries_a_day.span))
    for zone, texts, span in places:
        if not zone_exists(zone):
            yield Diagnostic("E318", f"there is no time zone `{zone}`", span, "", "for example: UTC or Europe/London")
        for clock in texts:
            if not is_clock(clock):
                yield Diagnostic("E319", f"{clock} is not a time of day", span)


def open_days(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Windows that leave no day on which anything could be entered."""
    days = set(range(7))
    for window in strategy.windows:
        if window.days and window.gate == "only":
            days &= set(window.days)
        elif window.days and window.hours is None:
            days -= set(window.days)
    if not days:
        hint = "several windows must all allow an entry"
        yield Diagnostic("E337", "the windows leave no day to enter", strategy.windows[-1].span, "no day left", hint)


def lengths_of_time(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Lengths of time that are nothing, or not of a fixed length."""
    given: list[tuple[str | None, Span]] = [(each.duration, each.span) for each in strategy.exits_after]
    given += [(each.duration, each.span) for each in strategy.cooldowns]
    given += [(each.duration, each.span) for each in strategy.pauses]
    given += [(each.apart, each.span) for each in strategy.adds]
    given += [(each.event, each.span) for each in strategy.windows]
    given += [(each.interval, each.span) for each in _timings(strategy)]
    for one in (strategy.ask, strategy.order):
        if one is not None:
            given.append((one.duration, one.span))
    for text, span in given:
        if text is not None and (text.endswith("mo") or int(text[:-1]) == 0):
            hint = "use m, h, d or w, for example 48h"
            yield Diagnostic("E321", f"`{text}` cannot be used as a length of time here", span, "", hint)


def intervals(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Schedules that come round more often than candles close."""
    candle = TIMEFRAMES.get(strategy.trade.timeframe) if strategy.trade else None
    for each in _timings(strategy):
        interval = each.interval
        if interval is None or interval.endswith("mo") or candle is None or int(interval[:-1]) == 0:
            continue
        if duration_ms(interval) < candle and strategy.trade:
            message = f"every {interval} is more often than {strategy.trade.timeframe} candles close"
            yield Diagnostic(
                "E331", message, each.span, "", f"use at least {strategy.trade.timeframe}, or shorter candles"
            )
