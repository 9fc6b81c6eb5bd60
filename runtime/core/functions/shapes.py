"""Candle shapes by plain rules, where TA-Lib's depend on the candles around or mean something else."""

from collections.abc import Callable

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.bands import body, lower_wick, upper_wick
from runtime.core.functions.inputs import Inputs, Own, windowed
from runtime.core.functions.windows import shifted, truth

Shape = Callable[[Floats, Floats, Floats, Floats], np.ndarray]
TWEEZER = 0.001
"""How near two lows or highs of a tweezer lie."""


def _hammer(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    size = body(o, c)
    return (h > low) & (lower_wick(o, low, c) >= 2 * size) & (upper_wick(o, h, c) <= size)


def _shooting_star(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    size = body(o, c)
    return (h > low) & (upper_wick(o, h, c) >= 2 * size) & (lower_wick(o, low, c) <= size)


def _bullish_pin_bar(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    return (h > low) & (lower_wick(o, low, c) >= (h - low) * 2 / 3)


def _bearish_pin_bar(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    return (h > low) & (upper_wick(o, h, c) >= (h - low) * 2 / 3)


def _doji(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    return (h > low) & (body(o, c) <= 0.1 * (h - low))


def _high_wave(o: Floats, h: Floats, low: Floats, c: Floats) -> np.ndarray:
    size = body(o, c)
    wicks = (upper_wick(o, h, c) > size) & (lower_wick(o, low, c) > size)
    return (h > low) & (size <= 0.25 * (h - low)) & wicks


def _bullish_engulfing(o: Floats, _: Floats, __: Floats, c: Floats) -> np.ndarray:
    po, pc = shifted(o, 1), shifted(c, 1)
    return (pc < po) & (c > o) & (o <= pc) & (c >= po) & (body(o, c) > np.abs(pc - po))


def _bearish_engulfing(o: Floats, _: Floats, __: Floats, c: Floats) -> np.ndarray:
    po, pc = shifted(o, 1), shifted(c, 1)
    return (pc > po) & (c < o) & (o >= pc) & (c <= po) & (body(o, c) > np.abs(pc - po))


def _piercing_line(o: Floats, _: Floats, __: Floats, c: Floats) -> np.ndarray:
    po, pc = shifted(o, 1), shifted(c, 1)
    return (pc < po) & (c > o) & (o <= pc) & (c > (po + pc) / 2) & (c < po)


def _dark_cloud_cover(o: Floats, _: Floats, __: Floats, c: Floats) -> np.ndarray:
    po, pc = shifted(o, 1), shifted(c, 1)
    return (pc > po) & (c < o) & (o >= pc) & (c < (po + pc) / 2) & (c > po)


def _inside_bar(_: Floats, h: Floats, low: Floats, __: Floats) -> np.ndarray:
    return (h <= shifted(h, 1)) & (low >= shifted(low, 1))


def _outside_bar(_: Floats, h: Floats, low: Floats, __: Floats) -> np.ndarray:
    return (h > shifted(h, 1)) & (low < shifted(low, 1))


def _tweezer_bottom(o: Floats, _: Floats, low: Floats, c: Floats) -> np.ndarray:
    near = np.abs(low - shifted(low, 1)) <= TWEEZER * shifted(low, 1)
    return (shifted(c, 1) < shifted(o, 1)) & (c > o) & near


def _tweezer_top(o: Floats, h: Floats, _: Floats, c: Floats) -> np.ndarray:
    near = np.abs(h - shifted(h, 1)) <= TWEEZER * shifted(h, 1)
    return (shifted(c, 1) > shifted(o, 1)) & (c < o) & near


def _row(shape: Shape, candles: int) -> Own:
    """A shape that looks at so many candles, unknown before there are as many."""

    def column(given: Inputs) -> Floats:
        found = shape(*given.series)
        return truth(found, *given.series, *(shifted(each, candles - 1) for each in given.series))

    return windowed(column, candles - 1)


SHAPES: dict[str, Own] = {
    "green": _row(lambda o, _, __, c: c > o, 1),
    "red": _row(lambda o, _, __, c: c < o, 1),
    "hammer": _row(_hammer, 1),
    "shooting_star": _row(_shooting_star, 1),
    "bullish_pin_bar": _row(_bullish_pin_bar, 1),
    "bearish_pin_bar": _row(_bearish_pin_bar, 1),
    "doji": _row(_doji, 1),
    "high_wave": _row(_high_wave, 1),
    "bullish_engulfing": _row(_bullish_engulfing, 2),
    "bearish_engulfing": _row(_bearish_engulfing, 2),
    "piercing_line": _row(_piercing_line, 2),
    "dark_cloud_cover": _row(_dark_cloud_cover, 2),
    "inside_bar": _row(_inside_bar, 2),
    "outside_bar": _row(_outside_bar, 2),
    "tweezer_bottom": _row(_tweezer_bottom, 2),
    "tweezer_top": _row(_tweezer_top, 2),
    "bullish_fair_value_gap": _row(lambda _, h, low, __: low > shifted(h, 2), 3),
    "bearish_fair_value_gap": _row(lambda _, h, low, __: h < shifted(low, 2), 3),
}
"""By the name in the catalogue."""
