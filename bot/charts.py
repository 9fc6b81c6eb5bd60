"""Pictures of a backtest and of an account, made to be read on a phone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.text_charts import money_decimals, money_text, terminal_chart
from bot.trade_marks import TradeMark
from runtime.atomic_files import replacing
from runtime.candles import Candles, Floats, Times
from runtime.core.metrics import drawdowns, max_drawdown, total_return
from runtime.feeds.simulated import SIMULATED_LABEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ChartError", "TradeMark", "backtest_picture", "equity_picture", "terminal_chart", "thinned"]

# matplotlib is imported where a picture is drawn: it costs 300 to 500 ms, and most messages carry none.

WIDTH_INCHES, DPI = 7.2, 150
INK, FAINT, LINE, GRID = "#1c2733", "#667382", "#34495e", "#e3e8ed"
OWN, WON, LOST, OPEN = "#0b6bcb", "#00876c", "#d4502c", "#667382"
"""Told apart by people who see red and green alike, and entries and exits also by shape."""

TITLE_SIZE, SMALLEST_TITLE, HEADING_SIZE, TEXT_SIZE = 21, 15, 16, 14
LEFT = 0.035
"""Where titles begin, in parts of the width."""

CROWD = 200
"""With more trades than this the price is drawn over them, or it could not be seen."""

LOG_FROM = 6.0
"""A panel whose highest value is so many times its lowest is drawn on a log scale, where falls can be compared."""

MOST_POINTS = 1_600


class ChartError(Exception):
    """Why a picture could not be written, in one sentence with the next step."""


def backtest_picture(
    path: Path,
    candles: Candles,
    trades: Sequence[TradeMark],
    equity: Floats,
    title: str,
    *,
    simulated: bool = False,
) -> None:
    """Write a PNG of 1080 x 1350: price with trades, equity against holding, drawdown.

    `equity` is the account at each candle's close. Under `title` stand market, timeframe, span and whether the
    market is simulated. Raises ChartError when the file cannot be written, ValueError for unequal lengths.
    """
    if not len(candles) or len(equity) != len(candles):
        raise ValueError("a picture needs one equity value for each candle")
    first, last = _day(candles.time[0]), _day(candles.time[-1])
    subtitle = f"{candles.market}  {candles.timeframe}  {first} to {last}" + (
        f"  ·  {SIMULATED_LABEL}" if simulated else ""
    )
    figure, (price, worth, fall) = _page(9.0, title, subtitle, (4.2, 3.0, 1.9))
    _draw_price(price, candles, trades)
    _draw_equity(worth, candles.time, equity, candles.close * (equity[0] / candles.close[0]))
    _draw_drawdown(fall, candles.time, equity)
    _write(path, figure)


def equity_picture(
    path: Path, times: Times, equity: Floats, title: str, *, currency: str = "", simulated: bool = False
) -> None:
    """Write a PNG of 1080 x 810 of an account's worth over `times` (ms UTC), for the daily summary.

    Raises ChartError when the file cannot be written, ValueError for unequal lengths.
    """
    if not len(times) or len(equity) != len(times):
        raise ValueError("a picture needs one equity value for each time")
    subtitle = f"{_day(times[0])} to {_day(times[-1])}" + (f"  ·  {SIMULATED_LABEL}" if simulated else "")
    figure, (worth,) = _page(5.4, title, subtitle, (1.0,))
    _draw_equity(worth, times, equity, None, currency)
    _write(path, figure)


def thinned(values: Floats, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Which values to draw so that about `most` points look like all of them: ends and local extremes stay."""
    if len(values) <= most:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), most // 2 + 1).astype(np.intp)
    extremes = [
        start + turn
        for start, stop in pairwise(edges)
        for turn in (int(values[start:stop].argmin()), int(values[start:stop].argmax()))
    ]
    return np.unique(np.array([0, *extremes, len(values) - 1], dtype=np.intp))


def _page(height_inches: float, title: str, subtitle: str, heights: tuple[float, ...]) -> "tuple[Figure, list[Axes]]":
    """An empty figure with its two title lines and one panel for each of `heights`, all sharing their times."""
    # 300 to 500 ms, see the top of the file; Figure() itself, as pyplot keeps every figure in global state
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI, facecolor="white")
    inch = 1 / height_inches
    _write_title(figure, 1 - 0.30 * inch, title)
    figure.text(LEFT, 1 - 0.67 * inch, subtitle, size=TEXT_SIZE, color=FAINT, va="center", parse_math=False)
    grid = figure.add_gridspec(
        len(heights),
        1,
        height_ratios=heights,
        hspace=0.34,
        left=0.165,
        right=0.965,
        top=1 - 1.35 * inch,
        bottom=0.5 * inch,
    )
    panels: list[Axes] = []
    for row in range(len(heights)):
        panels.append(figure.add_subplot(grid[row], sharex=panels[0] if panels else None))
        _dress(panels[-1], last=row == len(heights) - 1)
    return figure, panels


def _dress(panel: "Axes", last: bool) -> None:
    """Light grid, no box, few and large labels; dates under the last panel only."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415 - see the top of the file

    panel.grid(color=GRID, linewidth=1)
    panel.set_axisbelow(True)
    for side in panel.spines.values():
        side.set_visible(False)
    panel.tick_params(length=0, labelsize=TEXT_SIZE, labelcolor=FAINT, labelbottom=last)
    dates = AutoDateLocator(minticks=2, maxticks=5)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(dates)
    panel.xaxis.set_major_formatter(
        ConciseDateFormatter(  # type: ignore[no-untyped-call]
            dates,
            formats=["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S"],
            zero_formats=["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"],
            show_offset=False,
        )
    )


def _scale_money(panel: "Axes", lowest: float, highest: float) -> bool:
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


def _draw_price(panel: "Axes", candles: Candles, trades: Sequence[TradeMark]) -> None:
    shown = thinned(candles.close)
    panel.plot(
        _dates(candles.time[shown]),
        candles.close[shown],
        color=LINE,
        linewidth=1.3,
        zorder=4 if len(trades) > CROWD else 2,
    )
    panel.margins(y=0.09)
    wide = _scale_money(panel, float(candles.close.min()), float(candles.close.max()))
    for kind, sign, side in (("entry", "^", -1), ("exit", "v", 1)):
        for won, color in ((True, WON), (False, LOST), (None, OPEN)):
            marks = [mark for mark in trades if mark.kind == kind and mark.won is won]
            if marks:
                _draw_marks(panel, marks, sign, side, color, len(trades))
    meaning = [("▲ bought", INK), ("▼ sold", INK), ("won", WON), ("lost", LOST)] if trades else []
    _heading(panel, "Price", [*meaning, *_scale_words(wide)])


def _draw_marks(panel: "Axes", marks: Sequence[TradeMark], sign: str, side: int, color: str, of: int) -> None:
    """Triangles whose tips touch the price, entries from below and exits from above; smaller where there are many."""
    from matplotlib.transforms import ScaledTranslation  # noqa: PLC0415 - see the top of the file

    across = float(np.clip(100 / np.sqrt(of), 4.5, 12))
    off = ScaledTranslation(0, side * across / 2 / 72, panel.figure.dpi_scale_trans)
    times = _dates(np.array([mark.time_ms for mark in marks], dtype=np.int64))
    panel.scatter(
        times,
        [mark.price for mark in marks],
        s=across**2,
        c=color,
        marker=sign,
        edgecolors="white",
        linewidths=across / 15,
        zorder=3,
        transform=panel.transData + off,
    )


def _draw_equity(panel: "Axes", times: Times, equity: Floats, holding: Floats | None, currency: str = "") -> None:
    change, both = _percent(total_return(equity)), equity
    words = [(f"{money_text(float(equity[-1]), 2)} {currency}".strip(), INK), (change, OWN)]
    if holding is not None:
        shown, both = thinned(holding), np.concatenate([equity, holding])
        panel.plot(_dates(times[shown]), holding[shown], color=FAINT, linewidth=1.6)
        words = [(f"this strategy {change}", OWN), (f"holding {_percent(total_return(holding))}", FAINT)]
    shown = thinned(equity)
    panel.axhline(equity[0], color=FAINT, linewidth=1, linestyle=(0, (1, 2)))
    panel.plot(_dates(times[shown]), equity[shown], color=OWN, linewidth=2.4)
    _heading(panel, "Equity", [*words, *_scale_words(_scale_money(panel, float(both.min()), float(both.max())))])


def _scale_words(wide: bool) -> list[tuple[str, str]]:
    return [("log scale", FAINT)] if wide else []


def _draw_drawdown(panel: "Axes", times: Times, equity: Floats) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see the top of the file

    below = -100 * drawdowns(equity)
    shown, deepest = thinned(below), max_drawdown(times, equity)
    panel.fill_between(_dates(times[shown]), below[shown], 0, color=LOST, alpha=0.28, linewidth=0)
    panel.plot(_dates(times[shown]), below[shown], color=LOST, linewidth=1.3)
    panel.set_ylim(min(float(below.min()) * 1.08, -0.5), 0)
    panel.yaxis.set_major_locator(MaxNLocator(4 if deepest.fraction > 0 else 1, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}%".replace("-", "−"))
    words = f"deepest {_percent(-deepest.fraction)} on {_day(deepest.trough_ms)}" if deepest.fraction > 0 else "none"
    _heading(panel, "Drawdown", [(words, LOST if deepest.fraction > 0 else FAINT)])


def _heading(panel: "Axes", name: str, words: Sequence[tuple[str, str]]) -> None:
    """The panel's name in bold and, after it, words in the colours of what they explain."""
    previous = panel.annotate(
        name, (0, 1), (0, 10), "axes fraction", "offset points", size=HEADING_SIZE, weight="bold", color=INK
    )
    for word, color in words:
        previous = panel.annotate(
            word, (1, 0), (12, 0), previous, "offset points", size=TEXT_SIZE, color=color, va="bottom", parse_math=False
        )


def _write_title(figure: "Figure", bottom: float, title: str) -> None:
    """The title as large as the width allows, cut off with dots when even small letters do not fit."""
    words = _printable(title)
    line = figure.text(LEFT, bottom, words, weight="bold", color=INK, va="center", parse_math=False)
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


def _percent(fraction: float) -> str:
    """`+2.4%`, `−18.2%`, `+1,406%`, and 0.0% without a sign."""
    text = f"{fraction * 100:+,.{0 if abs(fraction) >= 10 else 1}f}%"
    return "0.0%" if text in ("+0.0%", "-0.0%") else text.replace("-", "−")


def _dates(times: Times) -> NDArray[np.datetime64]:
    return times.astype("datetime64[ms]")


def _day(time_ms: int) -> str:
    when = datetime.fromtimestamp(int(time_ms) / 1000, UTC)
    return f"{when.day} {when:%b %Y}"


def _write(path: Path, figure: "Figure") -> None:
    try:
        with replacing(path) as part:
            figure.savefig(part, format="png", metadata={"Software": None})
    except OSError as error:
        reason = error.strerror or str(error)
        raise ChartError(
            f"the picture {path} cannot be written ({reason}): free some space or choose another folder"
        ) from error
