"""Oscillators composed of TA-Lib's parts."""

import numpy as np

from runtime.candles import Floats
from runtime.core.functions.averages import ema
from runtime.core.functions.inputs import Inputs, Own
from runtime.core.functions.talib_calls import ta, ta_lines
from runtime.core.functions.windows import divided


def _stochastic_rsi(given: Inputs) -> Floats:
    strength = ta("RSI", given.series[0], timeperiod=given.whole("rsi_length"))
    numbers = {
        "fastk_period": given.numbers["length"],
        "slowk_period": given.numbers["smoothing"],
        "slowd_period": given.numbers["signal"],
    }
    return ta_lines("STOCH", [strength] * 3, numbers)["kd".index(given.component)]


def _kdj(given: Inputs) -> Floats:
    raw = ta_lines(
        "STOCH", given.series, {"fastk_period": given.numbers["length"], "slowk_period": 1, "slowd_period": 1}
    )
    k = ta("RMA", raw[0], timeperiod=given.whole("smoothing"))
    if given.component == "k":
        return k
    d = ta("RMA", k, timeperiod=given.whole("signal"))
    return d if given.component == "d" else 3 * k - 2 * d


def _ppo(given: Inputs) -> Floats:
    close = given.series[0]
    fast, slow = sorted((given.whole("fast"), given.whole("slow")))
    slower = ema(close, slow)
    line = divided(ema(close, fast) - slower, slower)
    signal = ema(line, given.whole("signal")) if given.component != "line" else line
    return {"line": line, "signal": signal, "histogram": line - signal}[given.component]


def _trix(given: Inputs) -> Floats:
    return ta("TRIX", given.series[0], timeperiod=given.whole("length")) / 100


def _inverse_fisher(given: Inputs) -> Floats:
    return np.tanh(0.1 * (given.series[0] - 50))


OSCILLATORS: dict[str, Own] = {
    "stochastic_rsi": _stochastic_rsi,
    "kdj": _kdj,
    "ppo": _ppo,
    "trix": _trix,
    "inverse_fisher": _inverse_fisher,
}
"""By the name in the catalogue."""
