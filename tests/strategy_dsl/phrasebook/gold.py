"""Compare rules with the corpus's gold readings by behaviour: our tree, told in the gold's expression names."""

import importlib.util
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from strategy_dsl import nodes
from strategy_dsl.parser import parse

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
DOLLARS = {"USD", "USDT", "USDC", "BUSD"}
WARM_UP, SIZE = 700, 3000
STARTS = {"BTC": 40000.0, "ETH": 2000.0}
SERIES = {"close": "c", "open": "o", "high": "h", "low": "l", "volume": "v", "hl2": "hl2", "hlc3": "hlc3"}
SIMPLE = ("rsi", "mfi", "cci", "adx", "atr")
OVER = {"sma": "sma", "mean": "sma", "ema": "ema", "wma": "wma", "dema": "dema", "tema": "tema", "hma": "hma"}
PARTS = {
    ("bollinger", "upper"): "bb_upper({0},{1})",
    ("bollinger", "lower"): "bb_lower({0},{1})",
    ("bollinger", "middle"): "bb_mid({0})",
    ("macd", "line"): "macd_line({0},{1})",
    ("macd", "signal"): "macd_signal({0},{1},{2})",
    ("macd", "histogram"): "macd_hist({0},{1},{2})",
    ("stochastic", "k"): "stoch_k({0},{1})",
    ("donchian", "upper"): "donchian_high({0})",
    ("donchian", "lower"): "donchian_low({0})",
}


def rows() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every message of the corpus with its gold."""
    texts = [json.loads(line) for line in (CORPUS / "dev.jsonl").read_text("utf-8").splitlines()]
    golds = [json.loads(line) for line in (CORPUS / "dev_gold.jsonl").read_text("utf-8").splitlines()]
    return list(zip(texts, golds, strict=True))


@cache
def api() -> ModuleType:
    """The gold's own evaluator."""
    spec = importlib.util.spec_from_file_location("gold_api", CORPUS / "gold_api.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def bars(timeframe: str, market: str, seed: int) -> Any:
    """Random candles of one market and timeframe."""
    step = api().timeframe_ms(timeframe)
    start = STARTS.get(market.split("/")[0], 100.0)
    walk = api().random_walk(seed, step, size=SIZE, price=start)
    return api().World({market: walk}).bars(market, step)


def told(node: nodes.Node) -> str:
    """A node in the gold's names."""
    match node:
        case nodes.Number(value):
            return str(value)
        case nodes.Percent(value):
            return str(value / 100)
        case nodes.Name(name):
            return SERIES[name]
        case nodes.Group(inner):
            return told(inner)
        case nodes.Call("change", (series, length)):
            return f"(pct_change({told(series)},{told(length)})/100)"
        case nodes.Call("highest" | "lowest" | "stdev" as name, (series, length)):
            return f"{name}({told(series)},{told(length)})"
        case nodes.Call(name, (series, length)) if name in OVER:
            return f"{OVER[name]}({told(series)},{told(length)})"
        case nodes.Call(name, (length,)) if name in SIMPLE:
            return f"{name}({told(length)})"
        case nodes.Component(nodes.Call(name, arguments), part):
            return PARTS[name, part].format(*(told(one) for one in arguments))
        case nodes.Negative(operand):
            return f"(-{told(operand)})"
        case nodes.Arithmetic(left, operator, right):
            return f"({told(left)} {operator} {told(right)})"
        case nodes.Share(percent, relation, operand):
            share = percent.value / 100
            factor = {"above": 1 + share, "below": 1 - share, "of": share}[relation]
            return f"({factor}*{told(operand)})"
        case nodes.Shifted(operand, count):
            return f"shift({told(operand)},{count})"
        case nodes.OnTimeframe(operand, timeframe):
            return f'tf("{timeframe}",{json.dumps(told(operand))})'
    return _condition(node)


def _condition(node: nodes.Node) -> str:
    match node:
        case nodes.Crosses(left, side, right):
            return f"crosses_{side}({told(left)},{told(right)})"
        case nodes.Compare(operands, operators):
            pairs = zip(operands, operators, operands[1:], strict=False)
            return " & ".join(f"({told(a)} {sign} {told(b)})" for a, sign, b in pairs)
        case nodes.Moves(operand, direction, count):
            return f"{direction}({told(operand)},{count})"
        case nodes.AllOf(conditions):
            return " & ".join(f"({told(one)})" for one in conditions)
        case nodes.AnyOf(conditions):
            return " | ".join(f"({told(one)})" for one in conditions)
        case nodes.Not(condition):
            return f"~({told(condition)})"
        case nodes.Throughout(condition, count):
            return f"held_for({told(condition)},{count})"
        case nodes.Recently(condition, count):
            return f"within({told(condition)},{count})"
    raise KeyError(f"no gold name for {type(node).__name__}")


def rule(strategy: nodes.Strategy, action: str) -> str | None:
    """All rules of one action as one gold expression; sales of a part stand in the gold's `other`."""
    conditions = [told(one.condition) for one in strategy.rules if one.action == action and not one.portion]
    return " | ".join(f"({one})" for one in conditions) or None


def same_signal(ours: str | None, theirs: str | None, timeframe: str, market: str) -> bool:
    """Whether two expressions are true on the same candles once both are warm."""
    if ours is None or theirs is None:
        return ours is theirs
    for seed in (1, 2, 3):
        candles = bars(timeframe, market, seed)
        a, b = (np.asarray(candles.full(text), bool)[WARM_UP:] for text in (ours, theirs))
        if not np.array_equal(a, b):
            return False
    return True


def problems(rules: str, gold: Mapping[str, Any], market_free: bool) -> list[str]:
    """What differs from the nearest reading; nothing when some reading fits."""
    strategy = parse(rules).strategy
    per_reading = [_differences(strategy, reading, market_free) for reading in gold["readings"]]
    best = min(per_reading, key=len, default=["no reading"])
    return best + ([] if gold["readings"][0].get("partial") else _lost_numbers(rules, gold))


def _differences(strategy: nodes.Strategy, reading: Mapping[str, Any], market_free: bool) -> list[str]:
    assert strategy.trade is not None
    found = []
    if reading.get("markets") and not market_free and not _same_markets(strategy.trade.markets, reading["markets"]):
        found.append("markets")
    if reading.get("timeframe") not in (None, strategy.trade.timeframe):
        return [*found, "timeframe"]
    market = strategy.trade.markets[0]
    for action, field in (("buy", "long_entry"), ("sell", "long_exit")):
        if reading.get("partial") and reading.get(field) is None:
            continue
        if not same_signal(rule(strategy, action), reading.get(field), strategy.trade.timeframe, market):
            found.append(field)
    if reading.get("short_entry"):
        found.append("short_entry")
    return found + [name for name, differs in SETTINGS.items() if differs(strategy, reading)]


def _same_markets(ours: tuple[str, ...], theirs: list[str]) -> bool:
    def plain(market: str) -> str:
        base, _, quote = market.partition("/")
        return f"{base}/{'USD' if quote in DOLLARS else quote}"

    return {plain(one) for one in ours} == {plain(one) for one in theirs}


def _level(level: nodes.Node | None) -> dict[str, Any] | None:
    match level:
        case None:
            return None
        case nodes.Distance(nodes.Percent(value)):
            return {"kind": "percent", "value": float(value)}
        case nodes.Distance(nodes.Arithmetic(nodes.Number(times), "*", nodes.Call("atr", (length,)))):
            return {"kind": "atr", "value": float(times), "length": float(told(length))}
        case nodes.Multiple(value):
            return {"kind": "r", "value": float(value)}
        case nodes.AtPrice(price):
            return {"kind": "level", "expr": told(price)}
    return {"kind": "other"}


def _fits(ours: dict[str, Any] | None, theirs: Mapping[str, Any] | None) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    wanted = dict(theirs)
    if "mult" in wanted:
        wanted["value"] = wanted.pop("mult")
    if ours["kind"] != wanted["kind"]:
        return False
    if ours["kind"] == "level":
        return ours["expr"].replace(" ", "") == str(wanted["expr"]).replace(" ", "")
    return all(wanted.get(key) in (None, value) for key, value in ours.items() if key != "kind")


def _stop_differs(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    ours = _level(strategy.stop.level if strategy.stop else None)
    return not _fits(ours, reading.get("stop"))


def _targets_differ(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("targets") or []
    if len(theirs) != len(strategy.targets):
        return True
    for ours, wanted in zip(strategy.targets, theirs, strict=True):
        portion = float(ours.portion.value) / 100 if ours.portion else 1.0
        if not _fits(_level(ours.level), {key: value for key, value in wanted.items() if key != "portion"}):
            return True
        if portion != wanted.get("portion", 1.0):
            return True
    return False


def _trail_differs(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("trail")
    if strategy.trailing is None or theirs is None:
        return strategy.trailing is not None or theirs is not None
    after = _level(strategy.trailing.after)
    ours = _level(nodes.Distance(strategy.trailing.distance))
    wanted = {key: value for key, value in theirs.items() if not key.startswith("after")}
    return not _fits(ours, wanted) or (after["value"] if after else None) != theirs.get("after")


def _size_differs(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("size")
    if theirs is None:
        return strategy.size != nodes.SizeEquity(nodes.Percent(Decimal(5)))
    match strategy.size:
        case nodes.SizeEquity(percent):
            ours = ("equity_percent", percent.value)
        case nodes.SizeRisk(percent):
            ours = ("risk_percent", percent.value)
        case nodes.SizeMoney(money):
            ours = ("quote" if money.currency in DOLLARS else "base", money.amount)
        case _:
            return True
    return ours[0] != theirs["kind"] or theirs["value"] not in (None, float(ours[1]))


def _time_exit_differs(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("time_exit")
    ours: list[dict[str, Any]] = []
    for one in strategy.exits_after:
        hours = api().timeframe_ms(one.duration) / 3_600_000 if one.duration else None
        ours.append({"hours": hours} if hours else {"bars": one.bars})
    ours += [{"at": one.clock, "tz": one.zone} for one in strategy.exits_at]
    return ours != ([theirs] if theirs else [])


def _window_differs(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("window")
    if theirs is None:
        return bool(strategy.windows)
    days: set[int] = set(range(7))
    clock: tuple[str | None, str | None] = (None, None)
    for one in strategy.windows:
        if one.days:
            days &= set(one.days) if one.gate == "only" else set(range(7)) - set(one.days)
        if one.hours:
            clock = (one.hours.start, one.hours.end)
    wanted = set(theirs.get("weekdays") or range(7))
    return days != wanted or clock != (theirs.get("from"), theirs.get("to"))


def _limits_differ(strategy: nodes.Strategy, reading: Mapping[str, Any]) -> bool:
    theirs = reading.get("limits") or {}
    ours: dict[str, Any] = {}
    if strategy.entries_a_day:
        ours["max_trades_per_day"] = strategy.entries_a_day.value
    for one in strategy.cooldowns:
        ours["cooldown_hours"] = api().timeframe_ms(one.duration) / 3_600_000
    if strategy.open_positions and "max_positions" in theirs:
        ours["max_positions"] = strategy.open_positions.value
    return ours != theirs


SETTINGS = {
    "stop": _stop_differs,
    "targets": _targets_differ,
    "trail": _trail_differs,
    "size": _size_differs,
    "time_exit": _time_exit_differs,
    "window": _window_differs,
    "limits": _limits_differ,
}


def _lost_numbers(rules: str, gold: Mapping[str, Any]) -> list[str]:
    """Numbers of the text that the rules do not hold, in any way of writing them."""
    there = {float(one) for one in _numbers(rules)}
    spans = " ".join(gold.get("spans") or [])
    lost = []
    for number in gold.get("numbers") or []:
        forms = {abs(float(number)), round(1 + number / 100, 9), round(1 - number / 100, 9), round(number * 100, 9)}
        if not forms & {round(one, 9) for one in there} and str(number) not in spans:
            lost.append(f"number {number}")
    return lost


def _numbers(rules: str) -> list[str]:
    import re

    return [one.replace(",", "") for one in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", rules)]
