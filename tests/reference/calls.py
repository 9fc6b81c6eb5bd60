"""Calls of functions: their arguments as lists, then the plain definitions of `functions` and `sessions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strategy_dsl import nodes
from strategy_dsl.timeframes import duration_ms
from tests.reference import functions as f
from tests.reference import sessions
from tests.reference.kleene import all_of, not_
from tests.reference.views import calendar

if TYPE_CHECKING:
    from tests.reference.values import World
    from tests.reference.views import View

OVER_SERIES: dict[str, Any] = {
    "sma": f.sma, "ema": f.ema, "wma": f.wma, "dema": f.dema, "tema": f.tema, "hma": f.hma, "kama": f.kama,
    "highest": f.highest, "lowest": f.lowest, "mean": f.sma, "stdev": f.stdev, "change": f.change, "roc": f.change,
    "zscore": f.zscore, "percentrank": f.percentrank,
}  # fmt: skip
OVER_CANDLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "rsi": (f.rsi, ("close",)), "mfi": (f.mfi, ("high", "low", "close", "volume")),
    "cci": (f.cci, ("high", "low", "close")), "williams_r": (f.williams_r, ("high", "low", "close")),
    "adx": (f.adx, ("high", "low", "close")), "atr": (f.atr, ("high", "low", "close")),
    "stochastic": (f.stochastic, ("high", "low", "close")), "macd": (f.macd, ("close",)),
    "bollinger": (f.bollinger, ("close",)), "donchian": (f.donchian, ("high", "low")),
    "supertrend": (f.supertrend, ("high", "low", "close")),
}  # fmt: skip


def column(world: World, node: nodes.Call | nodes.Component, view: View, size: int) -> list[Any]:
    """The values of a call on the first `size` candles of a view."""
    call, component = (node.call, node.component) if isinstance(node, nodes.Component) else (node, "")
    name, arguments = call.function, tuple(world.written(each) for each in call.arguments)
    if name in OVER_SERIES:
        return OVER_SERIES[name](series(world, arguments[0], view, size), count(arguments[1]))
    if name in OVER_CANDLES:
        function, inputs = OVER_CANDLES[name]
        found = function(*(getattr(view, each)[:size] for each in inputs), *(number(each) for each in arguments))
        if component and component not in found:
            return world.fallback(node, view)[:size]
        return found[component] if component else found
    if name in ("previous_day", "session"):
        texts = [each.text if isinstance(each, nodes.Clock) else each.name for each in arguments]
        return getattr(sessions, name)(view, *texts)[component][:size]
    if name == "vwap":
        zone = arguments[1].name if len(arguments) > 1 else "UTC"
        return sessions.vwap(view, zone)[:size]
    if name in ("hour", "weekday", "day_of_month", "month"):
        return [calendar(name, view.time[i], arguments[0].name) for i in range(size)]
    if name in POINTWISE:
        return [POINTWISE[name](world, arguments, view, i) for i in range(size)]
    return world.fallback(node, view)[:size]


def series(world: World, node: nodes.Node, view: View, size: int) -> list[Any]:
    """An argument on the first `size` candles."""
    return [world.value(node, view, i) for i in range(size)]


def number(node: nodes.Node) -> float | int:
    """A fixed argument; whole where it is a count."""
    value = float(node.value)
    return int(value) if value.is_integer() else value


def count(node: nodes.Node) -> int:
    """A whole number of candles."""
    return int(node.value)


def absolute(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    value = world.value(args[0], view, i)
    return None if value is None else abs(value)


def smallest(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    values = [world.value(each, view, i) for each in args]
    return None if None in values else min(values)


def largest(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    values = [world.value(each, view, i) for each in args]
    return None if None in values else max(values)


def choose(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    asked = world.value(args[0], view, i)
    return None if asked is None else world.value(args[1] if asked else args[2], view, i)


def known(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    return world.value(args[0], view, i) is not None


def newly(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    return all_of([world.value(args[0], view, i), not_(world.value(args[0], view, i - 1))])


def counted(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    values = world.past(args[0], view, i, count(args[1]))
    return None if None in values else float(sum(values))


def last_true(world: World, node: nodes.Node, view: View, i: int) -> int | None:
    """The last candle on which a condition held; None where it never did or where an unknown one comes later."""
    for j in range(i, -1, -1):
        held = world.value(node, view, j)
        if held is not False:
            return j if held else None
    return None


def bars_since(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    at = last_true(world, args[0], view, i)
    return None if at is None else float(i - at)


def value_when(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    at = last_true(world, args[0], view, i)
    return None if at is None else world.value(args[1], view, at)


def since(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    """`since(C, lowest(low))`: over the candles from the last one with C up to this one, both included."""
    at = last_true(world, args[0], view, i)
    if at is None:
        return None
    values = [world.value(args[1].arguments[0], view, j) for j in range(at, i + 1)]
    if None in values:
        return None
    pick = {"highest": max, "lowest": min, "mean": f.mean_of, "stdev": f.deviation_of}[args[1].function]
    return pick(values)


def at_entry(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    """The value on the candle that decided the entry."""
    decided = world.recorded.get((view.market, view.last[i]), {}).get("decided")
    return None if decided is None else world.at(args[0], view.market, decided)


def losses_since(world: World, args: tuple[nodes.Node, ...], view: View, i: int) -> Any:
    """How many trades were lost in so much time before this close."""
    lost = world.recorded.get((view.market, view.last[i]), {}).get("losses")
    if lost is None:
        return None
    begin = view.end[i] - duration_ms(args[0].text)
    return float(sum(1 for time in lost if time > begin))


POINTWISE: dict[str, Any] = {
    "abs": absolute, "min": smallest, "max": largest, "choose": choose, "known": known, "newly": newly,
    "count": counted, "bars_since": bars_since, "value_when": value_when, "since": since, "at_entry": at_entry,
    "losses_since": losses_since,
}  # fmt: skip
