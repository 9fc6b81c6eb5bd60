"""A strategy's settings as plain data, under names that other programs know."""

from dataclasses import replace
from typing import Any

from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.timeframes import DAYS, UNITS_MS, duration_ms, duration_words

HOUR_MS = UNITS_MS["h"]


def gist(strategy: nodes.Strategy) -> dict[str, Any]:
    """Markets, timeframe, stop, targets, trail, size, time exit, window, limits and schedule."""
    return {
        "markets": list(strategy.trade.markets) if strategy.trade else None,
        "timeframe": strategy.trade.timeframe if strategy.trade else None,
        "stop": _level(strategy.stop.level) if strategy.stop and strategy.stop.level else None,
        "targets": [_target(each) for each in strategy.targets] + _at_a_profit(strategy),
        "trail": _trail(strategy.trailing),
        "size": _size(strategy),
        "time_exit": _time_exit(strategy),
        "window": _window(strategy.windows),
        "limits": _limits(strategy),
        "schedule": _schedule(strategy),
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


def _at_a_profit(strategy: nodes.Strategy) -> list[dict[str, Any]]:
    """`sell when profit > 3%` as a target that is looked at when a candle closes."""
    return [
        {"kind": "percent", "value": gain, "portion": float(rule.portion.value) / 100 if rule.portion else 1.0}
        for rule in strategy.closers()
        if (gain := _gain(rule.condition)) is not None
    ]


def _gain(condition: nodes.Node) -> float | int | None:
    match condition:
        case nodes.Compare((nodes.Name("profit"), nodes.Percent() as percent), ((">" | ">="),)):
            return _value(percent)
    return None


def _trail(trailing: nodes.TrailingStop | None) -> dict[str, Any] | None:
    if trailing is None:
        return None
    level = _level(nodes.Distance(trailing.distance))
    found = {"kind": level["kind"], "value": level.get("value", level.get("mult")), **_activation(trailing.after)}
    return found | ({"length": level["length"]} if "length" in level else {})


def _activation(after: nodes.Node | None) -> dict[str, Any]:
    match after:
        case None:
            return {"after": None}
        case nodes.Once(nodes.Compare((nodes.Name("high" | "close"), nodes.Number() as price), ((">" | ">="),))):
            return {"after": None, "after_price": _value(price)}
        case nodes.Once(condition):
            gain = _gain(condition)
            return {"after": gain} if gain is not None else {"after": None, "after_condition": expression(condition)}
    return {"after": _level(after).get("value")}


def _size(strategy: nodes.Strategy) -> dict[str, Any] | None:
    match strategy.size:
        case nodes.SizeEquity(percent):
            return {"kind": "equity_percent", "value": _value(percent)}
        case nodes.SizeRisk(percent):
            return {"kind": "risk_percent", "value": _value(percent)}
        case nodes.SizeMoney(nodes.Money(amount, currency)):
            quotes = {market.split("/")[1] for market in strategy.trade.markets} if strategy.trade else set()
            return {"kind": "quote" if currency in quotes else "base", "value": _number(decimal_text(amount))}
    return _size_of_plan(strategy)


def _size_of_plan(strategy: nodes.Strategy) -> dict[str, Any] | None:
    """The amount of the first scheduled entry, or the one weight of every holding."""
    amounts = [each.amount for each in strategy.schedules if each.amount is not None]
    if amounts:
        return _size(replace(strategy, size=_sized(amounts[0]), schedules=()))
    if strategy.hold and isinstance(strategy.hold.each, nodes.Percent):
        return {"kind": "equity_percent", "value": _value(strategy.hold.each)}
    return None


def _sized(amount: nodes.Money | nodes.SizeEquity) -> nodes.SizeMoney | nodes.SizeEquity:
    return nodes.SizeMoney(amount) if isinstance(amount, nodes.Money) else amount


def _time_exit(strategy: nodes.Strategy) -> dict[str, Any] | None:
    for after in strategy.exits_after:
        if after.bars is not None:
            return {"bars": after.bars}
        return {"hours": _hours(after.duration or "0h")}
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
    elif strategy.hold:
        hold = strategy.hold
        found["max_positions"] = hold.best or len(hold.weights or (strategy.trade.markets if strategy.trade else ()))
    if strategy.entries_a_day:
        found["max_trades_per_day"] = strategy.entries_a_day.value
    if strategy.cooldowns:
        found["cooldown_hours"] = _hours(strategy.cooldowns[0].duration)
    if strategy.leverage:
        found["leverage"] = _number(decimal_text(strategy.leverage.times))
    return found | _breakers(strategy)


def _breakers(strategy: nodes.Strategy) -> dict[str, Any]:
    """Losses that stop new entries, and the hours for which something else does."""
    found: dict[str, Any] = {}
    breakers: tuple[nodes.Pause | nodes.Halt, ...] = (*strategy.pauses, *strategy.halts)
    for breaker in breakers:
        match breaker.condition:
            case nodes.Compare((nodes.Name("day_loss"), nodes.Percent() as percent), ((">" | ">="),)):
                found["daily_loss_percent"] = _value(percent)
            case nodes.Compare((nodes.Name("drawdown"), nodes.Percent() as percent), ((">" | ">="),)):
                found["max_drawdown_percent"] = _value(percent)
            case _ if isinstance(breaker, nodes.Pause) and breaker.duration:
                found["pause_hours"] = _hours(breaker.duration)
    return found


def _hours(duration: str) -> float | int:
    return _number(repr(duration_ms(duration) / HOUR_MS))


def _schedule(strategy: nodes.Strategy) -> dict[str, Any] | None:
    """When the first scheduled order or the first rebalancing is due."""
    plans: tuple[nodes.Schedule | nodes.Rebalance, ...] = (*strategy.schedules, *strategy.rebalances)
    timings = [each.timing for each in plans if each.timing]
    return {"every": _every(timings[0]), "at": timings[0].clock} if timings else None


def _every(timing: nodes.Timing) -> str:
    if timing.interval:
        return duration_words(timing.interval)
    if timing.day_of_month is not None:
        return "month"
    names = [DAYS[each] for each in timing.days]
    return "day" if len(names) == len(DAYS) else " and ".join(names)
