"""Runs the catalogue's implementations on arrays; NaN is unknown."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.averages import AVERAGES
from runtime.core.functions.bands import BANDS
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.levels import LEVELS
from runtime.core.functions.oscillators import OSCILLATORS
from runtime.core.functions.shapes import SHAPES
from runtime.core.functions.statistics import STATISTICS
from runtime.core.functions.talib_calls import by_stretch, pattern, ta_lines
from runtime.core.functions.timing import TIMING
from runtime.core.functions.trend import TREND
from runtime.core.functions.truth import TRUTH, since
from runtime.core.functions.volume import VOLUME
from runtime.core.functions.windows import shifted
from strategy_dsl.catalogue import Function

__all__ = ["compute", "shifted", "since"]

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


def compute(
    row: Function,
    series: Sequence[Floats],
    numbers: Mapping[str, float],
    component: str,
    texts: Mapping[str, str] | None = None,
) -> Floats:
    """The values of one line of a function; every array has the candles' length.

    `series` are the inputs in order, `numbers` the implementation's keyword arguments, `texts` words and clocks.
    A function that cannot be known yet gives NaN, never an error; after an unknown value it begins anew.
    """
    library, _, name = row.implementation.partition(":")
    match library:
        case "sayso":
            return _OWN[name](Inputs(series, numbers, component, texts or {}))
        case "pandas_ta":
            history = row.first_value(
                {each.name: numbers[each.keywords[0]] for each in row.parameters if each.keywords}
            )
            return by_stretch(lambda *known: _pandas_ta(name, known, numbers, history or 0), *series)
    if name.startswith("CDL"):
        return pattern(name, series, row.first_value({}) or 0)
    return ta_lines(name, series, numbers)[row.components.index(component) if row.components else 0]


def _pandas_ta(name: str, series: Sequence[Floats], numbers: Mapping[str, float], history: int) -> Floats:
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
