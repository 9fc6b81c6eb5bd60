"""Pictures of a backtest and of an account, made to be read on a phone."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.chart_page import (
    DARK,
    LIGHT,
    ChartError,
    Theme,
    dated,
    dates,
    day_text,
    heading,
    new_page,
    percent_text,
    scale_money,
    scale_words,
    write,
)
from bot.text_charts import money_text, terminal_chart
from bot.trade_marks import TradeMark
from runtime.candles import Candles, Floats, Times
from runtime.core.metrics import drawdowns, max_drawdown, total_return
from runtime.feeds.simulated import SIMULATED_LABEL
from strategy_dsl.timeframes import UNITS_MS, timeframe_ms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ChartError", "TradeMark", "backtest_picture", "equity_picture", "terminal_chart", "thinned"]

# matplotlib is imported where a picture is drawn: it costs 300 to 500 ms, and most messages carry none.

CROWD = 200
"""With more trades than this the price is drawn over them, or it could not be seen."""

FEW_CANDLES = 120
"""Up to so many are drawn as candles; more would be thinner than the lines between them on a phone."""

MOST_POINTS = 1_600


def backtest_picture(
    path: Path,
    candles: Candles,
    trades: Sequence[TradeMark],
    equity: Floats,
    title: str,
    *,
    simulated: bool = False,
    dark: bool = False,
) -> None:
    """Write a PNG of 1080 x 1350: price with trades, equity against holding, drawdown.

    `equity` is the account at each candle's close. Under `title` stand market, timeframe, span and whether the
    market is simulated. Raises ChartError when the file cannot be written, ValueError for unequal lengths.
    """
    if not len(candles) or len(equity) != len(candles):
        raise ValueError("a picture needs one equity value for each candle")
    theme = DARK if dark else LIGHT
    first, last = day_text(candles.time[0]), day_text(candles.time[-1])
    subtitle = f"{candles.market}  {candles.timeframe}  {first} to {last}" + (
        f"  ·  {SIMULATED_LABEL}" if simulated else ""
    )
    figure, (price, worth, fall) = new_page(theme, 9.0, title, subtitle, (4.2, 3.0, 1.9))
    _draw_price(theme, price, candles, trades)
    _draw_equity(theme, worth, candles.time, equity, candles.close * (equity[0] / candles.close[0]))
    _draw_drawdown(theme, fall, candles.time, equity)
    dated(figure.axes[-1])
    write(path, figure)


def equity_picture(
    path: Path,
    times: Times,
    equity: Floats,
    title: str,
    *,
    currency: str = "",
    simulated: bool = False,
    dark: bool = False,
) -> None:
    """Write a PNG of 1080 x 810 of an account's worth over `times` (ms UTC), for the daily summary.

    Raises ChartError when the file cannot be written, ValueError for unequal lengths.
    """
    if not len(times) or len(equity) != len(times):
        raise ValueError("a picture needs one equity value for each time")
    theme = DARK if dark else LIGHT
    subtitle = f"{day_text(times[0])} to {day_text(times[-1])}" + (f"  ·  {SIMULATED_LABEL}" if simulated else "")
    figure, (worth,) = new_page(theme, 5.4, title, subtitle, (1.0,))
    _draw_equity(theme, worth, times, equity, None, currency)
    dated(figure.axes[-1])
    write(path, figure)


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


def _draw_price(theme: Theme, panel: "Axes", candles: Candles, trades: Sequence[TradeMark]) -> None:
    if len(candles) <= FEW_CANDLES:
        _draw_candles(theme, panel, candles)
    else:
        shown = thinned(candles.close)
        level = 4 if len(trades) > CROWD else 2
        panel.plot(dates(candles.time[shown]), candles.close[shown], color=theme.line, linewidth=1.3, zorder=level)
    panel.margins(y=0.09)
    wide = scale_money(panel, float(candles.low.min()), float(candles.high.max()))
    for kind, sign, side in (("entry", "^", -1), ("exit", "v", 1)):
        for won, color in ((True, theme.won), (False, theme.lost), (None, theme.faint)):
            marks = [mark for mark in trades if mark.kind == kind and mark.won is won]
            if marks:
                _draw_marks(theme, panel, marks, sign, side, color, len(trades))
    meaning = (
        [("▲ bought", theme.ink), ("▼ sold", theme.ink), ("won", theme.won), ("lost", theme.lost)] if trades else []
    )
    heading(theme, panel, "Price", [*meaning, *scale_words(theme, wide)])


def _draw_candles(theme: Theme, panel: "Axes", candles: Candles) -> None:
    """A wick and a body each, hollow where the price rose: colours are for trades."""
    from matplotlib.dates import date2num  # noqa: PLC0415 - see the top of the file

    times: Floats = date2num(dates(candles.time))  # type: ignore[no-untyped-call]
    apart = 0.6 * timeframe_ms(candles.timeframe) / UNITS_MS["d"]
    panel.vlines(times, candles.low, candles.high, color=theme.line, linewidth=1)
    bottom, height = np.minimum(candles.open, candles.close), np.abs(candles.close - candles.open)
    rose = candles.close >= candles.open
    for some, fill in ((rose, theme.paper), (~rose, theme.line)):
        panel.bar(
            times[some],
            height[some],
            apart,
            bottom[some],
            color=fill,
            edgecolor=theme.line,
            linewidth=1,
            zorder=2,
        )


def _draw_marks(
    theme: Theme, panel: "Axes", marks: Sequence[TradeMark], sign: str, side: int, color: str, of: int
) -> None:
    """Triangles whose tips touch the price, entries from below and exits from above; smaller where there are many."""
    from matplotlib.transforms import ScaledTranslation  # noqa: PLC0415 - see the top of the file

    across = float(np.clip(100 / np.sqrt(of), 4.5, 12))
    off = ScaledTranslation(0, side * across / 2 / 72, panel.figure.dpi_scale_trans)
    times = dates(np.array([mark.time_ms for mark in marks], dtype=np.int64))
    panel.scatter(
        times,
        [mark.price for mark in marks],
        s=across**2,
        c=color,
        marker=sign,
        edgecolors=theme.paper,
        linewidths=across / 15,
        zorder=3,
        transform=panel.transData + off,
    )


def _draw_equity(
    theme: Theme, panel: "Axes", times: Times, equity: Floats, holding: Floats | None, currency: str = ""
) -> None:
    change, both = percent_text(total_return(equity)), equity
    words = [(f"{money_text(float(equity[-1]), 2)} {currency}".strip(), theme.ink), (change, theme.own)]
    if holding is not None:
        shown, both = thinned(holding), np.concatenate([equity, holding])
        panel.plot(dates(times[shown]), holding[shown], color=theme.faint, linewidth=1.6)
        words = [
            (f"this strategy {change}", theme.own),
            (f"holding {percent_text(total_return(holding))}", theme.faint),
        ]
    shown = thinned(equity)
    panel.axhline(equity[0], color=theme.faint, linewidth=1, linestyle=(0, (1, 2)))
    panel.plot(dates(times[shown]), equity[shown], color=theme.own, linewidth=2.4)
    heading(
        theme, panel, "Equity", [*words, *scale_words(theme, scale_money(panel, float(both.min()), float(both.max())))]
    )


def _draw_drawdown(theme: Theme, panel: "Axes", times: Times, equity: Floats) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see the top of the file

    below = -100 * drawdowns(equity)
    shown, deepest = thinned(below), max_drawdown(times, equity)
    panel.fill_between(dates(times[shown]), below[shown], 0, color=theme.lost, alpha=0.28, linewidth=0)
    panel.plot(dates(times[shown]), below[shown], color=theme.lost, linewidth=1.3)
    panel.set_ylim(min(float(below.min()) * 1.08, -0.5), 0)
    panel.yaxis.set_major_locator(MaxNLocator(4 if deepest.fraction > 0 else 1, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}%".replace("-", "−"))
    words = (
        f"deepest {percent_text(-deepest.fraction)} on {day_text(deepest.trough_ms)}"
        if deepest.fraction > 0
        else "none"
    )
    heading(theme, panel, "Drawdown", [(words, theme.lost if deepest.fraction > 0 else theme.faint)])
