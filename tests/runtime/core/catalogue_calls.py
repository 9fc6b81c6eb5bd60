"""Calls of every function of the catalogue, for sweeps."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from runtime.candles import Candles, Floats
from runtime.core.columns import Columns
from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, Function
from strategy_dsl.parser import parse

COMPUTED = {name: row for name, row in FUNCTIONS.items() if not row.needs_position()}
"""The rows that candles alone decide."""

WORDS = {
    "series": ("close", "volume"),
    "condition": ("close > open", "rsi(5) < 50"),
    "percent": ("1%", "0.2%"),
    "zone": ("UTC", "America/New_York"),
    "duration": ("5h", "45m"),
}
LENGTHS = {"short": (7, 10, 13, 16), "long": (21, 5, 34, 9)}
CLOCKS = ("09:00", "17:00")


@cache
def node_of(expression: str) -> nodes.Node:
    """An expression as the language writes it."""
    parsed = parse(f"trade BTC/USDT on 1h\nlet value = {expression}\n")
    assert not parsed.problems, (expression, parsed.problems)
    return parsed.strategy.lets[0].value


def column(expression: str, candles: Candles, *others: Candles) -> Floats:
    """The column of an expression, computed anew."""
    return Columns(candles, {each.market: each for each in (candles, *others)}).of(node_of(expression))


def arguments_of(row: Function, size: str) -> list[str]:
    """Arguments for a row: `smallest` that are allowed, `short` or `long`."""
    lengths, clocks, found = iter(LENGTHS.get(size, ())), iter(CLOCKS), []
    for each in row.parameters:
        match each.kind:
            case "length" | "number" if size == "smallest":
                found.append(f"{Decimal(str(max(each.low, 0))):f}")
            case "length":
                found.append(str(max(next(lengths), int(each.low))))
            case "number":
                found.append("2" if each.high >= 2 else "0.1")
            case "clock":
                found.append(next(clocks))
            case "word":
                found.append(each.words[0 if size == "short" else -1])
            case kind:
                found.append(WORDS[kind][size == "long"])
    if row.special == "since":
        found[1] = "highest(high)"
    return found


def calls(row: Function, size: str = "short") -> Iterator[tuple[str, str, dict[str, float]]]:
    """Each line of a row as an expression, with the line's name and the numeric arguments."""
    arguments = arguments_of(row, size)
    call = f"{row.name}({', '.join(arguments)})" if row.parameters else row.name
    pairs = zip(row.parameters, arguments, strict=True)
    numbers = {each.name: float(value) for each, value in pairs if each.kind in ("length", "number")}
    for component in row.components or ("",):
        yield (f"{call}.{component}" if component else call), component, numbers


def first_lines(size: str = "short") -> list[str]:
    """The first line of every row."""
    return [next(calls(row, size))[0] for row in COMPUTED.values()]


def expressions(size: str = "short") -> list[str]:
    """Every line of every row."""
    return [call for row in COMPUTED.values() for call, _, _ in calls(row, size)]
