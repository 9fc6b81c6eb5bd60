"""Volume and the price it was traded at."""

from collections.abc import Iterable

import numpy as np

from runtime.candles import Floats
from runtime.core.column import Column
from runtime.core.functions.averages import sma
from runtime.core.functions.inputs import Inputs, Own, Parts, dated, stepped
from runtime.core.functions.local_time import local_ms, periods, sessions
from runtime.core.functions.windows import divided, ratio
from runtime.core.kernels import recursions


def _volume_ratio(given: Parts) -> Column:
    volume = given.series[0]
    return ratio(given.build, volume, sma(given.build, volume, given.whole("length")))


def _vwap(given: Inputs) -> Floats:
    time = given.series[4]
    spans = periods(local_ms(time, given.texts.get("zone", "UTC")), given.texts["period"])
    return _weighted(given, ((each.start, each.stop) for each in spans if each.whole))


def _session_vwap(given: Inputs) -> Floats:
    texts = given.texts
    spans = sessions(local_ms(given.series[4], texts["zone"]), texts["start"], texts["end"])
    found = _weighted(given, ((each.start, each.stop) for each in spans if each.whole))
    for each, following in zip(spans, [*(after.start for after in spans[1:]), len(found)], strict=False):
        found[each.stop : following] = found[each.stop - 1]
    return found


def _weighted(given: Inputs, spans: Iterable[tuple[int, int]]) -> Floats:
    high, low, close, volume, _ = given.series
    typical = (high + low + close) / 3
    out = np.full(len(close), np.nan)
    for start, stop in spans:
        cut = slice(start, stop)
        out[cut] = divided(np.cumsum(typical[cut] * volume[cut]), np.cumsum(volume[cut]))
    return out


VOLUME: dict[str, Own] = {
    "obv": stepped(recursions.on_balance),
    "volume_ratio": _volume_ratio,
    "vwap": dated(_vwap),
    "session_vwap": dated(_session_vwap),
}
"""By the name in the catalogue."""
