"""The picture of a sweep: a heat map for two numbers, a line for one."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.chart_page import DARK, LEFT, LIGHT, TEXT_SIZE, Theme, heading, new_page, percent_text, write
from bot.sweep_text import WARNING
from runtime.candles import Floats
from runtime.sweep import Sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FRAMED = "Framed: as written. "
DASHED = "Dashed: as written. "
MOST_LABELS = 6
MOST_WORDS = 36
"""Cells with their figures written in; with more, a phone could not show them."""


def sweep_picture(path: Path, found: Sweep, title: str, *, dark: bool = False) -> None:
    """Write a PNG of 1080 x 1080: the return of every combination, blue where it made money and red where it lost.

    The colours are even around 0, and the values as written in the rules have a frame. Raises ChartError when the
    file cannot be written, ValueError for more than two numbers.
    """
    if not 1 <= len(found.grid) <= 2:
        raise ValueError("a picture shows one number or two")
    theme = DARK if dark else LIGHT
    share = f"{found.positive} of {len(found.cells)} made money, the middle one {percent_text(found.median.total)}"
    figure, (panel,) = new_page(theme, 7.2, title, share, (1.0,), foot=1.25)
    inside = all(each.value in values for each, values in zip(found.parameters, found.grid, strict=True))
    said = (FRAMED if len(found.grid) == 2 else DASHED) if inside else ""
    figure.text(LEFT, 0.045, said + WARNING, size=TEXT_SIZE, color=theme.faint)
    panel.grid(visible=False)
    totals = np.array([each.total for each in found.cells]).reshape([len(values) for values in found.grid])
    (_draw_line if len(found.grid) == 1 else _draw_map)(theme, panel, found, totals)
    write(path, figure)


def _draw_map(theme: Theme, panel: "Axes", found: Sweep, totals: Floats) -> None:
    """The second number runs to the right, the first upwards."""
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415 - costs 300 ms, few calls draw
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    shades = LinearSegmentedColormap.from_list("gains", [theme.lost, theme.grid, theme.own])
    most = max(float(np.abs(totals).max()), 1e-9)
    panel.imshow(totals, cmap=shades, vmin=-most, vmax=most, aspect="auto", origin="lower")
    up, right = found.parameters
    for axis, parameter, values in ((panel.yaxis, up, found.grid[0]), (panel.xaxis, right, found.grid[1])):
        places = _spread(len(values))
        axis.set_ticks(places, [parameter.text(values[at]) for at in places])
    panel.set_xlabel(_label(right.name, right.label), size=TEXT_SIZE, color=theme.ink)
    if totals.size <= MOST_WORDS:
        for row, column in np.ndindex(*totals.shape):
            strong = abs(totals[row, column]) > most * 0.6
            words = percent_text(float(totals[row, column]))
            color = theme.paper if strong else theme.ink
            panel.text(column, row, words, size=TEXT_SIZE, ha="center", va="center", color=color)
    if up.value in found.grid[0] and right.value in found.grid[1]:
        corner = (found.grid[1].index(right.value) - 0.5, found.grid[0].index(up.value) - 0.5)
        panel.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=theme.ink, linewidth=2.5))
    ends = [
        (f"best {percent_text(found.best.total)}", theme.own),
        (f"worst {percent_text(found.worst.total)}", theme.lost),
    ]
    heading(theme, panel, _label(up.name, up.label), ends)


def _draw_line(theme: Theme, panel: "Axes", found: Sweep, totals: Floats) -> None:
    parameter, values = found.parameters[0], [float(each) for each in found.grid[0]]
    panel.grid(visible=True, axis="y")
    panel.axhline(0, color=theme.faint, linewidth=1)
    panel.plot(
        values, totals * 100, color=theme.own, linewidth=2.4, marker="o", markersize=6 if len(values) < 50 else 0
    )
    if parameter.value in found.grid[0]:
        panel.axvline(float(parameter.value), color=theme.ink, linewidth=1.2, linestyle=(0, (3, 3)))
    places = _spread(len(values))
    panel.set_xticks([values[at] for at in places], [parameter.text(found.grid[0][at]) for at in places])
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}%".replace("-", "−"))
    panel.set_xlabel(_label(parameter.name, parameter.label), size=TEXT_SIZE, color=theme.ink)
    heading(theme, panel, "Return", [(f"best {percent_text(found.best.total)}", theme.own)])


def _label(name: str, label: str) -> str:
    """What stands at an axis: the `let`'s name, or what the number belongs to."""
    text = label if name.isdigit() else name.replace("_", " ")
    return text if len(text) <= 30 else f"{text[:29]}…"


def _spread(count: int) -> list[int]:
    """At most `MOST_LABELS` places of so many, both ends among them."""
    return sorted({round(each) for each in np.linspace(0, count - 1, min(count, MOST_LABELS)).tolist()})
