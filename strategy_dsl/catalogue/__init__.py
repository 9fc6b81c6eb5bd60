"""Every function and value of the language, one row each.

A new function is one row in the file of its theme and nothing else, but for an implementation of our own.
"""

from strategy_dsl.catalogue.averages import AVERAGES
from strategy_dsl.catalogue.bands import BANDS
from strategy_dsl.catalogue.levels import LEVELS
from strategy_dsl.catalogue.oscillators import OSCILLATORS
from strategy_dsl.catalogue.row import Function, Line, Parameter
from strategy_dsl.catalogue.shapes import SHAPE_ROWS
from strategy_dsl.catalogue.statistics import ARITHMETIC, WINDOWS
from strategy_dsl.catalogue.timing import TIMING
from strategy_dsl.catalogue.trend import TREND
from strategy_dsl.catalogue.truth import TRUTH
from strategy_dsl.catalogue.values import OUTSIDE, PAST, POSITION, SERIES, STRATEGY, VALUES, Scope, Value
from strategy_dsl.catalogue.volume import VOLUME

THEMES = {
    "Averages": AVERAGES,
    "Oscillators": OSCILLATORS,
    "Trend": TREND,
    "Volatility, bands and channels": BANDS,
    "Volume": VOLUME,
    "Over the last n candles": WINDOWS,
    "Arithmetic": ARITHMETIC,
    "Conditions in time": TRUTH,
    "Levels": LEVELS,
    "Calendar": TIMING,
    "Candle shapes": SHAPE_ROWS,
}
"""The rows by theme, in the order of the manual."""

FUNCTIONS = {row.name: row for rows in THEMES.values() for row in rows}
"""Every function by name, the candle shapes too."""

SHAPES = {row.name: row for row in SHAPE_ROWS}
"""The candle shapes by name."""

BARE = {name: row for name, row in FUNCTIONS.items() if not row.parameters and not row.components}
"""The functions that take nothing and are written without parentheses: `hammer`, `obv`."""

COMPONENTS_OF = {name: row.components for name, row in FUNCTIONS.items() if row.components}
"""The lines of the functions that have several."""

__all__ = [
    "BARE",
    "COMPONENTS_OF",
    "FUNCTIONS",
    "OUTSIDE",
    "PAST",
    "POSITION",
    "SERIES",
    "SHAPES",
    "STRATEGY",
    "THEMES",
    "VALUES",
    "Function",
    "Line",
    "Parameter",
    "Scope",
    "Value",
]
