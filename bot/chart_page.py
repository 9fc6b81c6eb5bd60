"""The page that every picture is drawn on: colours, titles, panels, labels, and writing the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.text_charts import money_decimals, money_text
from runtime.atomic_files import replacing
from runtime.candles import Times

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# matplotlib is imported where a picture is drawn: it costs 300 to 500 ms, and most messages carry none.

WIDTH_INCHES, DPI = 7.2, 150
TITLE_SIZE, SMALLEST_TITLE, HEADING_SIZE, TEXT_SIZE = 21, 15, 16, 14
LEFT = 0.035
"""Where titles begin, in parts of the width."""

LOG_FROM = 6.0
"""A panel whose highest value is so many times its lowest is drawn on a log scale, where falls can be compared."""


@dataclass(frozen=True)
class Theme:
    """Colours of a picture. Won and lost are told apart by people who see red and green alike."""

    paper: str
    ink: str
    faint: str
    line: str
    grid: str
    own: str
    won: str
    lost: str


LIGHT = Theme("#ffffff", "#1c2733", "#667382", "#34495e", "#e3e8ed", "#0b6bcb", "#00876c", "#d4502c")
DARK = Theme("#17212b", "#f2f5f7", "#93a3b3", "#c3d0dc", "#2a3846", "#5cb2ff", "#3ec9a7", "#ff8562")


class ChartError(Exception):
    """Why a picture could not be written, in one sentence with the next step."""


def new_page(
    theme: Theme, height_inches: float, title: str, subtitle: str, heights: tuple[float, ...], foot: float = 0.5
) -> "tuple[Figure, list[Axes]]":
    """An empty figure with its two title lines and one panel for each of `heights`, all sharing their x axis.

    `foot` inches stay free below the last panel.
    """
    # 300 to 500 ms, see the top of the file; Figure() itself, as pyplot keeps every figure in global state
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI, facecolor=theme.paper)
    inch = 1 / height_inches
    _write_title(theme, figure, 1 - 0.30 * inch, title)
    figure.text(LEFT, 1 - 0.67 * inch, subtitle, size=TEXT_SIZE, color=theme.faint, va="center", parse_math=False)
    grid = figure.add_gridspec(
        len(heights),
        1,
        height_ratios=heights,
        hspace=0.34,
        left=0.165,
        right=0.965,
        top=1 - 1.35 * inch,
        bottom=foot * inch,
    )
    panels: list[Axes] = []
    for row in range(len(heights)):
        panels.append(figure.add_subplot(grid[row], sharex=panels[0] if panels else None))
        _dress(theme, panels[-1], last=row == len(heights) - 1)
    return figure, panels


def _dress(theme: Theme, panel: "Axes", last: bool) -> None:
    """Light grid, no box, few and large labels; those of the x axis under the last panel only."""
    panel.set_facecolor(theme.paper)
    panel.grid(color=theme.grid, linewidth=1)
    panel.set_axisbelow(True)
    for side in panel.spines.values():
        side.set_visible(False)
    panel.tick_params(length=0, labelsize=TEXT_SIZE, labelcolor=theme.faint, labelbottom=last)


def dated(panel: "Axes") -> None:
    """The x axis as few, short dates."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415 - see the top of the file

    found = AutoDateLocator(minticks=2, maxticks=5)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(found)
    panel.xaxis.set_major_formatter(
        ConciseDateFormatter(  # type: ignore[no-untyped-call]
            found,
            formats=["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S"],
            zero_formats=["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"],
            show_offset=False,
        )
    )


def scale_money(panel: "Axes", lowest: float, highest: float) -> bool:
    """Amounts as labels, on a log scale where the span is wide; whether it is."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator  # noqa: PLC0415

    wide = 0 < lowest * LOG_FROM < highest
    if wide:
        panel.set_yscale("log")
        panel.yaxis.set_minor_locator(NullLocator())
    subs = (1.0, 2.0, 5.0) if highest < lowest * 100 else (1.0,)
    panel.yaxis.set_major_locator(
        LogLocator(subs=subs) if wide else MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3)
    )
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(panel, value, wide)))
    return wide


def _tick(panel: "Axes", value: float, wide: bool) -> str:
    ticks = panel.yaxis.get_majorticklocs()
    step = abs(value) / 10 if wide or len(ticks) < 2 else float(ticks[1] - ticks[0])
    return money_text(value, money_decimals(step)).replace("-", "−")


def scale_words(theme: Theme, wide: bool) -> list[tuple[str, str]]:
    """What a heading says of a log scale."""
    return [("log scale", theme.faint)] if wide else []


def heading(theme: Theme, panel: "Axes", name: str, words: Sequence[tuple[str, str]]) -> None:
    """The panel's name in bold and, after it, words in the colours of what they explain."""
    previous = panel.annotate(
        name, (0, 1), (0, 10), "axes fraction", "offset points", size=HEADING_SIZE, weight="bold", color=theme.ink
    )
    for word, color in words:
        previous = panel.annotate(
            word, (1, 0), (12, 0), previous, "offset points", size=TEXT_SIZE, color=color, va="bottom", parse_math=False
        )


def _write_title(theme: Theme, figure: "Figure", bottom: float, title: str) -> None:
    """The title as large as the width allows, cut off with dots when even small letters do not fit."""
    words = _printable(title)
    line = figure.text(LEFT, bottom, words, weight="bold", color=theme.ink, va="center", parse_math=False)
    room = (1 - 2 * LEFT) * figure.bbox.width
    for size in range(TITLE_SIZE, SMALLEST_TITLE - 1, -1):
        line.set_fontsize(size)
        if line.get_window_extent().width <= room:
            return
    while words and line.get_window_extent().width > room:
        words = words[:-1].rstrip()
        line.set_text(words + "…")


def _printable(text: str) -> str:
    """The text with what the font cannot draw left out; matplotlib would show boxes and warn."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - see the top of the file

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    return " ".join("".join(sign for sign in text if sign.isspace() or ord(sign) in known).split())[:200]


def percent_text(fraction: float) -> str:
    """`+2.4%`, `−18.2%`, `+1,406%`, and 0.0% without a sign."""
    text = f"{fraction * 100:+,.{0 if abs(fraction) >= 10 else 1}f}%"
    return "0.0%" if text in ("+0.0%", "-0.0%") else text.replace("-", "−")


def dates(times: Times) -> NDArray[np.datetime64]:
    """Times in ms UTC as matplotlib wants them."""
    return times.astype("datetime64[ms]")


def day_text(time_ms: int) -> str:
    """`3 Mar 2024`."""
    when = datetime.fromtimestamp(int(time_ms) / 1000, UTC)
    return f"{when.day} {when:%b %Y}"


def write(path: Path, figure: "Figure") -> None:
    """Writes the PNG whole or not at all; raises ChartError."""
    try:
        with replacing(path) as part:
            figure.savefig(part, format="png", metadata={"Software": None})
    except OSError as error:
        reason = error.strerror or str(error)
        raise ChartError(
            f"the picture {path} cannot be written ({reason}): free some space or choose another folder"
        ) from error
