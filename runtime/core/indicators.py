"""From a row of the catalogue and its arguments to a column; NaN is unknown."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from runtime.candles import Floats
from runtime.core.builder import Builder
from runtime.core.column import Column, Given
from runtime.core.functions.averages import AVERAGES
from runtime.core.functions.bands import BANDS
from runtime.core.functions.inputs import Own, Parts
from runtime.core.functions.levels import LEVELS
from runtime.core.functions.oscillators import OSCILLATORS
from runtime.core.functions.shapes import SHAPES
from runtime.core.functions.statistics import STATISTICS
from runtime.core.functions.talib_calls import by_stretch
from runtime.core.functions.timing import TIMING
from runtime.core.functions.trend import TREND
from runtime.core.functions.truth import TRUTH
from runtime.core.functions.volume import VOLUME
from runtime.core.span import Span
from strategy_dsl.catalogue import Function

_OWN: dict[str, Own] = {
    **AVERAGES,
    **OSCILLATORS,
    **TREND,
    **BANDS,
    **VOLUME,
    **STATISTICS,
    **TRUTH,
    **LEVELS,
    **TIMING,
    **SHAPES,
}


def indicator(
    build: Builder,
    row: Function,
    series: Sequence[Column],
    numbers: Mapping[str, float],
    component: str,
    texts: Mapping[str, str],
) -> Column:
    """The column of one line of a function.

    `series` are the inputs in order, `numbers` the implementation's keyword arguments, `texts` words and clocks.
    A function that cannot be known yet gives NaN, never an error. Recursive averages skip an unknown value and go on;
    all else begins anew after it.
    """
    library, _, name = row.implementation.partition(":")
    match library:
        case "sayso":
            days = row.days(numbers, texts.get("period", "")) if row.days else 0
            return _OWN[name](Parts(build, tuple(series), numbers, component, texts, days))
        case "pandas_ta":
            return _pandas_ta(build, row, name, series, numbers)
    if name.startswith("CDL"):
        return build.pattern(name, tuple(series), row.first_value({}) or 0)
    line = row.components.index(component) if row.components else 0
    return build.ta(name, *series, line=line, **numbers)


def compute(
    row: Function,
    series: Sequence[Floats],
    numbers: Mapping[str, float],
    component: str,
    texts: Mapping[str, str] | None = None,
) -> Floats:
    """The values of one line of a function on arrays of one length, as `indicator` gives them."""
    span = Span(len(series[0]))
    columns = [Given(span, each) for each in series]
    return indicator(Builder(span), row, columns, numbers, component, texts or {}).values()


def _pandas_ta(
    build: Builder, row: Function, name: str, series: Sequence[Column], numbers: Mapping[str, float]
) -> Column:
    history = row.first_value({each.name: numbers[each.keywords[0]] for each in row.parameters if each.keywords}) or 0

    def column(*arrays: Floats) -> Floats:
        known = ~np.logical_or.reduce([np.isnan(each) for each in arrays])
        return by_stretch(known, arrays, lambda *parts: _pandas_ta_values(name, parts, numbers, history))

    return build.windowed(column, None, *series)


def _pandas_ta_values(name: str, series: Sequence[Floats], numbers: Mapping[str, float], history: int) -> Floats:
    # 0.3 s to import: only strategies that use one of its functions pay for it
    with warnings.catch_warnings():
        # the library uses what pandas is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        import pandas as pd  # noqa: PLC0415
        import pandas_ta_classic as ta  # noqa: PLC0415

    whole = {key: int(value) for key, value in numbers.items()}
    found = getattr(ta, name)(*(pd.Series(each) for each in series), talib=False, **whole)
    out = np.full(len(series[0]), np.nan)
    if found is not None:
        # some values it knows only once later candles are there
        out[history:] = found.to_numpy(dtype=np.float64)[history:]
    return out
