"""A strategy's settings as plain data, under names that other programs know."""

from typing import Any

from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.timeframes import UNITS_MS, duration_ms

HOUR_MS = UNITS_MS["h"]


def gist(strategy: nodes.Strategy) -> dict[str, Any]:
    """Markets, timeframe, stop, targets, trail, size, time exit, window, limits and schedule."""
    return {
        "markets": list(strategy.trade.markets) if strategy.trade else None,
        "timeframe": strategy.trade.timeframe if strategy.trade else None,
        "stop": _level(strategy.stop.level) if strategy.stop and strategy.stop.level else None,
        "targets": [_target(each) for each in strategy.targets],
        "trail": _trail(strategy.trailing),
        "size": _size(strategy),
        "time_exit": _time_exit(strategy),
        "window": _window(strategy.windows),
        "limits": _limits(strategy),
        "schedule": None,
    }


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value == int(value) else value


def _value(value: nodes.Number | nodes.Percent) -> float | int:
    return _number(decimal_text(value.value))


def _level(level: nodes.Node) -> dict[str, Any]:
    match level:
        case nodes.Multiple(value):
            return {"kind": "r", "value": _number(decimal_text(value))}
        case nodes.Distance(nodes.Percent() as percent):
            return {"kind": "percent", "value": _value(percent)}
        case nodes.Distance(
            nodes.Arithmetic(nodes.Number() as times, "*", nodes.Call("atr", (nodes.Number() as length,)))
        ):
            return {"kind": "atr", "mult": _value(times), "length": _value(length)}
        case nodes.Distance(nodes.Call("atr", (nodes.Number() as length,))):
            return {"kind": "atr", "mult": 1, "length": _value(length)}
        case nodes.Distance(value) | nodes.AtPrice(value):
            return {"kind": "level", "expr": expression(value)}
    raise AssertionError(f"no gist of {type(level).__name__}")


def _target(target: nodes.Target) -> dict[str, Any]:
    portion = 1.0 if target.portion is None else float(target.portion.value) / 100
    found = _level(target.level)
    if found["kind"] == "atr":
        found = {"kind": "atr", "value": found["mult"], "length": found["length"]}
    return {**found, "portion": portion}


def _trail(trailing: nodes.TrailingStop | None) -> dict[str, Any] | None:
    if trailing is None:
        return None
    level = _level(nodes.Distance(trailing.distance))
    after = _level(trailing.after).get("value") if trailing.after else None
    return {"kind": level["kind"], "value": level.get("value", level.get("mult")), "after": after}


def _size(strategy: nodes.Strategy) -> dict[str, Any] | None:
    match strategy.size:
        case nodes.SizeEquity(percent):
            return {"kind": "equity_percent", "value": _value(percent)}
        case nodes.SizeRisk(percent):
            return {"kind": "risk_percent", "value": _value(percent)}
        case nodes.SizeMoney(nodes.Money(amount, currency)):
            quotes = {market.split("/")[1] for market in strategy.trade.markets} if strategy.trade else set()
            return {"kind": "quote" if currency in quotes else "base", "value": _number(decimal_text(amount))}
    return None


def _time_exit(strategy: nodes.Strategy) -> dict[str, Any] | None:
    for after in strategy.exits_after:
        if after.bars is not None:
            return {"bars": after.bars}
        return {"hours": _number(repr(duration_ms(after.duration or "0h") / HOUR_MS))}
    return next(({"at": at.clock, "tz": at.zone} for at in strategy.exits_at), None)


def _window(windows: tuple[nodes.Window, ...]) -> dict[str, Any] | None:
    for window in windows:
        if window.condition is not None:
            continue
        every_day = range(7)
        days = (
            [day for day in every_day if (day in window.days) == (window.gate == "only")]
            if window.days
            else list(every_day)
        )
        found: dict[str, Any] = {"weekdays": days}
        if window.hours:
            found |= {"from": window.hours.start, "to": window.hours.end, "tz": window.hours.zone}
        return found
    return None


def _limits(strategy: nodes.Strategy) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if strategy.open_positions:
        found["max_positions"] = strategy.open_positions.value
    if strategy.entries_a_day:
        found["max_trades_per_day"] = strategy.entries_a_day.value
    if strategy.cooldowns:
        found["cooldown_hours"] = _number(repr(duration_ms(strategy.cooldowns[0].duration) / HOUR_MS))
    return found
