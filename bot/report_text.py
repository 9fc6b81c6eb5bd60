"""The report in characters: figures with their definitions and the monthly table, for the terminal and a phone."""

import textwrap
from collections.abc import Sequence
from math import prod

from runtime.core.metrics import Metrics, MonthReturn
from runtime.figures import FIGURES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PHONE = 38
"""Columns of fixed-width text that a phone shows without breaking lines."""

NARROW = 60
"""Below this width the table has a line for each month instead of one for each year."""


TIMES_FROM = 9.995
"""Above, a percent has more digits than a column of the table."""


def figure_lines(metrics: Metrics, width: int = PHONE) -> str:
    """Each figure on a line: its name and, to the right, its value."""
    names = max(len(each.label) for each in FIGURES)
    values = [each.text(metrics) for each in FIGURES]
    across = min(width, names + 2 + max(map(len, values)))
    rows = zip(FIGURES, values, strict=True)
    return "\n".join(f"{each.label:<{names}}{value:>{across - names}}" for each, value in rows)


def defined_figures(metrics: Metrics, width: int = 78) -> str:
    """Each figure with its value and, behind it, what it is."""
    names = max(len(each.label) for each in FIGURES)
    values = max(len(each.text(metrics)) for each in FIGURES)
    margin = names + values + 4
    lines = []
    for each in FIGURES:
        words = textwrap.wrap(each.definition, width - margin)
        lines.append(f"{each.label:<{names}}  {each.text(metrics):>{values}}  {words[0]}")
        lines += [f"{'':{margin}}{word}" for word in words[1:]]
    return "\n".join(lines)


def month_table(months: Sequence[MonthReturn], width: int = 78) -> str:
    """Returns in percent by year and month (UTC), with the year's compound return; at most `width` columns.

    Wide, each year is a line; on a phone each month is one, with years side by side.
    """
    found = {(each.year, each.month): each.fraction for each in months}
    years = sorted({each.year for each in months})
    if not years:
        return ""
    totals = {year: prod(1 + part for (of, _), part in found.items() if of == year) - 1 for year in years}
    return _by_year(found, years, totals, width) if width >= NARROW else _by_month(found, years, totals, width)


def _by_year(found: dict[tuple[int, int], float], years: list[int], totals: dict[int, float], width: int) -> str:
    for decimals in (1, 0):
        rows = [
            [_cell(found.get((year, month)), decimals) for month in range(1, 13)] + [_cell(totals[year], decimals)]
            for year in years
        ]
        across = max(4, *(len(cell) for row in rows for cell in row)) + 1
        if 4 + 13 * across <= width:
            break
    lines = ["%".ljust(4) + "".join(f"{name:>{across}}" for name in (*MONTHS, "Year"))]
    for year, row in zip(years, rows, strict=True):
        lines.append(f"{year}" + "".join(f"{cell:>{across}}" for cell in row))
    return "\n".join(lines)


def _by_month(found: dict[tuple[int, int], float], years: list[int], totals: dict[int, float], width: int) -> str:
    cells = [_cell(value, 1) for value in (*found.values(), *totals.values())]
    across = max(4, *map(len, cells)) + 1
    tables = []
    for some in _parts(years, max(1, (width - 4) // across)):
        lines = ["%".ljust(4) + "".join(f"{year:>{across}}" for year in some)]
        for month, name in enumerate(MONTHS, 1):
            row = [_cell(found.get((year, month)), 1) for year in some]
            if any(row):
                lines.append(f"{name:<4}" + "".join(f"{cell:>{across}}" for cell in row))
        lines.append("Year" + "".join(f"{_cell(totals[year], 1):>{across}}" for year in some))
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def _parts(years: list[int], most: int) -> list[tuple[int, ...]]:
    return [tuple(years[at : at + most]) for at in range(0, len(years), most)]


def _cell(fraction: float | None, decimals: int) -> str:
    """Percents as `1.2`, `-12`, `0.0`; from about 1,000% on times as `12x`; nothing for a month without candles."""
    if fraction is None:
        return ""
    if fraction >= TIMES_FROM:
        return f"{fraction + 1:.0f}x" if fraction < 98 else ">99x"
    text = f"{fraction * 100:,.{decimals}f}"
    return text.removeprefix("-") if not float(text.replace(",", "")) else text
