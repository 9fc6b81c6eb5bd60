"""The numbers, times and markets of a clause, to be marked as said or assumed."""

from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text, grouped, money_text
from strategy_dsl.nodes import walk
from strategy_dsl.words import words


def values_of(node: nodes.Node) -> tuple[str, ...]:
    """The numbers, times and markets of a clause, as a person would write them, each once."""
    found: list[str] = []
    for each in walk(node):
        found += _values(each)
    return tuple(dict.fromkeys(found))


def _values(node: nodes.Node) -> list[str]:
    match node:
        case nodes.Number() | nodes.Percent():
            return [words(node)]
        case nodes.Multiple(value):
            return [f"{decimal_text(value)}r"]
        case nodes.Duration(text) | nodes.Clock(text) | nodes.Zone(text):
            return [text]
        case nodes.Trade(markets, timeframe, _, _):
            return [*markets, timeframe]
        case nodes.Universe(count, _, excluded):
            return [str(count), *excluded]
        case nodes.OfMarket(_, market) | nodes.Weight(_, market):
            return [market]
        case nodes.Money():
            return [money_text(node)]
        case nodes.OnTimeframe(_, timeframe):
            return [timeframe]
        case nodes.Shifted(_, bars) | nodes.Throughout(_, bars) | nodes.Recently(_, bars) | nodes.Sequence(_, bars, _):
            return [str(bars)]
        case nodes.Moves(_, _, bars) if bars > 1:
            return [str(bars)]
        case nodes.ExitAfter(duration, bars):
            return [duration or str(bars)]
        case nodes.ExitAt(clock, zone):
            return [clock, zone]
        case nodes.Hours(start, end, zone):
            return [start, end, zone]
        case nodes.Cooldown(duration, _) | nodes.Ask(("buying" | "selling" | "every order"), duration, _):
            return [duration]
        case nodes.OpenPositions(value, _, _) | nodes.AtLeast(value, _):
            return [str(value)]
        case nodes.EntriesADay(value, zone):
            return [str(value)] if zone == "UTC" else [str(value), zone]
        case nodes.Leverage(times):
            return [f"{decimal_text(times)}x"]
        case _:
            return _later_values(node)


def _later_values(node: nodes.Node) -> list[str]:
    match node:
        case nodes.Order(_, _, duration, bars) if duration or bars:
            return [duration or str(bars)]
        case nodes.Window(_, _, _, _, event) if event:
            return [event]
        case nodes.Pause(_, duration, _, zone):
            return [duration or zone]
        case nodes.Timing(interval, _, day, clock, zone):
            return [interval] if interval else [*([str(day)] if day else []), clock, zone]
        case nodes.Hold() if node.best:
            return [str(node.best), *node.among]
        case nodes.Grid(low, high, steps, _):
            return [grouped(low), grouped(high), str(steps)]
        case nodes.Add():
            options = [node.apart, str(node.times) if node.times else None]
            return [each for each in [*options, decimal_text(node.factor) if node.factor else None] if each]
    return []
