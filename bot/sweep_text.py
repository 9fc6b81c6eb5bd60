"""A sweep in words: best, middle and worst, and why the best is not what to expect."""

from typing import Any

from runtime.core.evidence.verdict import percent
from runtime.sweep import Cell, Sweep
from strategy_dsl.parameters import Parameter

WARNING = "The best is not the result to expect."


def parameter_lines(found: tuple[Parameter, ...], width: int = 78) -> str:
    """The numbers that can be tried, each on a line of at most `width` columns: name, value, what it is."""
    if not found:
        return ""
    names, values = (max(map(len, column)) for column in zip(*((e.name, e.text(e.value)) for e in found), strict=True))
    lines = [
        f"{each.name:<{names}}  {each.text(each.value):>{values}}"
        + (f"  {each.label}" if each.label != each.name else "")
        for each in found
    ]
    return "\n".join(line if len(line) <= width else f"{line[: width - 1]}…" for line in lines)


def sweep_table(found: Sweep) -> str:
    """Best, middle and worst cell with their values, 38 columns for two short names; above it what a number is."""
    names = [each.name for each in found.parameters]
    rows = [["", *names, "return", "trades"]]
    for title, cell in (("best", found.best), ("middle", found.median), ("worst", found.worst)):
        rows.append([title, *_values(found, cell), percent(cell.total), str(cell.trades)])
    across = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    named = [f"{each.name}: {each.label}" for each in found.parameters if each.name != each.label]
    lines = [
        f"{row[0]:<{across[0]}}" + "".join(f" {cell:>{wide}}" for cell, wide in zip(row[1:], across[1:], strict=True))
        for row in rows
    ]
    return "\n".join(named + lines)


def sweep_sentences(found: Sweep) -> tuple[str, ...]:
    """What the whole grid says: how many made money, the middle one, and the warning about the best."""
    count = len(found.cells)
    said = [
        f"{found.positive} of {count} combinations made money; the middle one made {percent(found.median.total)}.",
        f"{WARNING} The best of {count} looks good by luck alone.",
    ]
    if found.best.total <= 0:
        said[1] = "Even the best of them lost money."
    elif found.real is not None:
        tries = f"{found.independent:.0f} independent {'try' if round(found.independent) == 1 else 'tries'}"
        said.append(
            f"The {count} count as about {tries}; corrected for that, the confidence that the best is"
            f" more than luck is {found.real * 100:.0f}% (deflated Sharpe ratio)."
        )
    if found.walk is not None:
        said.append(
            f"Before each of the last {found.walk.folds} fifths of the history, taking what was best so far brought"
            f" {percent(found.walk.chosen)}; what was best there afterwards made {percent(found.walk.best)}."
        )
    return tuple(said)


def sweep_data(found: Sweep) -> dict[str, Any]:
    """The whole sweep for programs; fractions for percents, values as text in the unit of the rules."""
    return {
        "parameters": [
            {"name": each.name, "label": each.label, "written": each.text(each.value)} for each in found.parameters
        ],
        "combinations": len(found.cells),
        "made_money": found.positive,
        "best": _cell(found, found.best),
        "median": _cell(found, found.median),
        "worst": _cell(found, found.worst),
        "independent_tries": found.independent,
        "deflated_sharpe_probability": found.real,
        "walk_forward": None if found.walk is None else {"chosen": found.walk.chosen, "best": found.walk.best},
        "warning": WARNING,
        "cells": [_cell(found, each) for each in found.cells],
    }


def _values(found: Sweep, cell: Cell) -> list[str]:
    return [parameter.text(value) for parameter, value in zip(found.parameters, cell.values, strict=True)]


def _cell(found: Sweep, cell: Cell) -> dict[str, Any]:
    names = [each.name for each in found.parameters]
    return {
        **dict(zip(names, _values(found, cell), strict=True)),
        "return": cell.total,
        "max_drawdown": cell.drawdown,
        "trades": cell.trades,
        "mean_return": cell.mean,
    }
