"""The functions of the language over plain lists with None for unknown, by their textbook (and TA-Lib's) definitions."""

import itertools
import math
from collections.abc import Callable

Values = list[float | None]


def over_windows(x: Values, n: int, reduce: Callable[[list[float]], float | None]) -> Values:
    """A number of the last n values; unknown while one of them is."""
    found: Values = []
    for i in range(len(x)):
        window = x[max(0, i - n + 1) : i + 1]
        known = [each for each in window if each is not None]
        found.append(reduce(known) if len(known) == n else None)
    return found


def mean_of(window: list[float]) -> float:
    """The plain mean."""
    return sum(window) / len(window)


def deviation_of(window: list[float]) -> float:
    """The population deviation."""
    mean = mean_of(window)
    return math.sqrt(sum((each - mean) ** 2 for each in window) / len(window))


def sma(x: Values, n: int) -> Values:
    """The plain mean."""
    return over_windows(x, n, mean_of)


def stdev(x: Values, n: int) -> Values:
    """The population deviation."""
    return over_windows(x, n, deviation_of)


def highest(x: Values, n: int) -> Values:
    """The largest of the last n."""
    return over_windows(x, n, max)


def lowest(x: Values, n: int) -> Values:
    """The smallest of the last n."""
    return over_windows(x, n, min)


def wma(x: Values, n: int) -> Values:
    """The newest weighs n, the oldest 1."""
    return over_windows(x, n, lambda w: sum((k + 1) * each for k, each in enumerate(w)) / (n * (n + 1) / 2))


def smoothed(x: Values, n: int, weight: float) -> Values:
    """Recursive mean, seeded with the mean of the first n known values."""
    found: Values = []
    seed: list[float] = []
    mean: float | None = None
    for value in x:
        if value is None:
            found.append(None)
            continue
        if mean is None:
            seed.append(value)
            if len(seed) == n:
                mean = mean_of(seed)
        else:
            mean += weight * (value - mean)
        found.append(mean)
    return found


def ema(x: Values, n: int) -> Values:
    """Weights fall by 2 / (n + 1)."""
    return smoothed(x, n, 2 / (n + 1))


def wilder(x: Values, n: int) -> Values:
    """Wilder's mean."""
    return smoothed(x, n, 1 / n)


def combined(f: Callable[..., float | None], *lists: Values) -> Values:
    """Element by element; unknown where one of them is."""
    return [None if any(each is None for each in row) else f(*row) for row in zip(*lists, strict=True)]


def dema(x: Values, n: int) -> Values:
    """2 ema - ema of ema."""
    e = ema(x, n)
    return combined(lambda a, b: 2 * a - b, e, ema(e, n))


def tema(x: Values, n: int) -> Values:
    """3 ema - 3 ema of ema + ema of ema of ema."""
    e = ema(x, n)
    f = ema(e, n)
    return combined(lambda a, b, c: 3 * a - 3 * b + c, e, f, ema(f, n))


def hma(x: Values, n: int) -> Values:
    """wma of (2 wma(n/2) - wma(n)) over the root of n."""
    return wma(combined(lambda a, b: 2 * a - b, wma(x, n // 2), wma(x, n)), int(math.sqrt(n)))


def kama(x: Values, n: int) -> Values:
    """Kaufman: efficiency over n steps decides between the weights of 2 and 30 bars."""
    found: Values = [None] * len(x)
    mean: float | None = None
    for i in range(len(x)):
        window = x[max(0, i - n) : i + 1]
        if len(window) <= n or any(each is None for each in window):
            continue
        mean = window[-2] if mean is None else mean
        travelled = sum(abs(b - a) for a, b in itertools.pairwise(window))
        moved = window[-1] - window[0]
        efficiency = 1.0 if travelled <= moved or travelled == 0 else abs(moved / travelled)
        weight = (efficiency * (2 / 3 - 2 / 31) + 2 / 31) ** 2
        mean += weight * (window[-1] - mean)
        found[i] = mean
    return found


def shifted(x: Values, n: int) -> Values:
    """The value n candles earlier."""
    return [x[i - n] if i >= n else None for i in range(len(x))]


def change(x: Values, n: int) -> Values:
    """x / x[n] - 1 as a ratio; unknown against zero."""
    return combined(lambda now, then: None if then == 0 else now / then - 1, x, shifted(x, n))


def zscore(x: Values, n: int) -> Values:
    """Deviations from the mean; unknown where nothing deviates."""
    return combined(lambda v, m, d: None if d == 0 else (v - m) / d, x, sma(x, n), stdev(x, n))


def percentrank(x: Values, n: int) -> Values:
    """The share of the n values before this one that are at or below it, 0 to 100."""
    return over_windows(x, n + 1, lambda w: 100 * sum(1 for each in w[:-1] if each <= w[-1]) / n)


def rsi(close: Values, n: int) -> Values:
    """Wilder; 50 where the market has not moved."""
    steps = combined(lambda a, b: a - b, close, shifted(close, 1))
    up = wilder([None if each is None else max(each, 0.0) for each in steps], n)
    down = wilder([None if each is None else max(-each, 0.0) for each in steps], n)
    return combined(lambda u, d: 50.0 if u + d == 0 else 100 * u / (u + d), up, down)


def true_range(high: Values, low: Values, close: Values) -> Values:
    """Unknown on the first candle, as in TA-Lib."""
    return combined(lambda h, lo, c: max(h - lo, abs(h - c), abs(lo - c)), high, low, shifted(close, 1))


def atr(high: Values, low: Values, close: Values, n: int) -> Values:
    """Wilder's mean of the true range."""
    return wilder(true_range(high, low, close), n)


def cci(high: Values, low: Values, close: Values, n: int) -> Values:
    """Distance of the typical price from its mean, in 0.015 mean deviations."""
    typical = combined(lambda h, lo, c: (h + lo + c) / 3, high, low, close)

    def one(window: list[float]) -> float:
        mean = mean_of(window)
        deviation = mean_of([abs(each - mean) for each in window])
        return 0.0 if deviation == 0 or window[-1] == mean else (window[-1] - mean) / (0.015 * deviation)

    return over_windows(typical, n, one)


def mfi(high: Values, low: Values, close: Values, volume: Values, n: int) -> Values:
    """RSI weighted with volume."""
    typical = combined(lambda h, lo, c: (h + lo + c) / 3, high, low, close)
    steps = combined(lambda a, b: a - b, typical, shifted(typical, 1))
    flow = combined(lambda t, v: t * v, typical, volume)
    up = combined(lambda s, f: f if s > 0 else 0.0, steps, flow)
    down = combined(lambda s, f: f if s < 0 else 0.0, steps, flow)
    sums = over_windows(up, n, sum), over_windows(down, n, sum)
    return combined(lambda u, d: 0.0 if u + d < 1 else 100 * u / (u + d), *sums)


def williams_r(high: Values, low: Values, close: Values, n: int) -> Values:
    """Where the close lies in the range, -100 to 0."""
    return combined(
        lambda h, lo, c: 0.0 if h == lo else -100 * (h - c) / (h - lo), highest(high, n), lowest(low, n), close
    )


def stochastic(high: Values, low: Values, close: Values, n: int, smooth: int, signal: int) -> dict[str, Values]:
    """%K smoothed with a plain mean and its signal; both unknown until the signal is known."""
    raw = combined(
        lambda h, lo, c: 0.0 if h == lo else 100 * (c - lo) / (h - lo), highest(high, n), lowest(low, n), close
    )
    k = sma(raw, smooth)
    d = sma(k, signal)
    return {"k": [None if b is None else a for a, b in zip(k, d, strict=True)], "d": d}


def macd(close: Values, fast: int, slow: int, signal: int) -> dict[str, Values]:
    """TA-Lib's: the fast average starts at the slow one's first bar; all lines unknown until the signal is known."""
    if slow < fast:
        fast, slow = slow, fast
    first = next((i for i, each in enumerate(close) if each is not None), len(close))
    late = [None if i < first + slow - fast else each for i, each in enumerate(close)]
    line = combined(lambda a, b: a - b, ema(late, fast), ema(close, slow))
    mean = ema(line, signal)
    line = [None if b is None else a for a, b in zip(line, mean, strict=True)]
    return {"line": line, "signal": mean, "histogram": combined(lambda a, b: a - b, line, mean)}


def adx(high: Values, low: Values, close: Values, n: int) -> Values:
    """Wilder's, with TA-Lib's seeds: sums of the first n - 1 steps, then the mean of the first n DX."""
    found: Values = [None] * len(close)
    plus = minus = spread = 0.0
    strengths: list[float] = []
    mean: float | None = None
    for i in range(1, len(close)):
        up, down = high[i] - high[i - 1], low[i - 1] - low[i]
        step_up = up if up > 0 and up > down else 0.0
        step_down = down if down > 0 and down > up else 0.0
        ranged = max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1]))
        fall = 0.0 if i < n else 1 / n
        plus, minus = plus - plus * fall + step_up, minus - minus * fall + step_down
        spread = spread - spread * fall + ranged
        if i < n:
            continue
        both = (plus + minus) / spread if spread else 0.0
        strength = 100 * abs(plus - minus) / (plus + minus) if both else None
        if mean is None:
            strengths.append(strength or 0.0)
            if len(strengths) == n:
                mean = mean_of(strengths)
        elif strength is not None:
            mean = (mean * (n - 1) + strength) / n
        found[i] = mean
    return found


def bollinger(close: Values, n: int, deviations: float) -> dict[str, Values]:
    """The plain mean plus and minus k population deviations."""
    middle, spread = sma(close, n), stdev(close, n)
    return {
        "upper": combined(lambda m, d: m + deviations * d, middle, spread),
        "middle": middle,
        "lower": combined(lambda m, d: m - deviations * d, middle, spread),
    }


def donchian(high: Values, low: Values, n: int) -> dict[str, Values]:
    """Of the n candles before this one."""
    upper, lower = shifted(highest(high, n), 1), shifted(lowest(low, n), 1)
    return {"upper": upper, "lower": lower, "middle": combined(lambda a, b: (a + b) / 2, upper, lower)}


def supertrend(high: Values, low: Values, close: Values, n: int, times: float) -> dict[str, Values]:
    """Bands around hl2 that only tighten while the close keeps to their side; direction 1 up, -1 down."""
    ranges = atr(high, low, close, n)
    line: Values = [None] * len(close)
    direction: Values = [None] * len(close)
    upper = lower = way = None
    for i, spread in enumerate(ranges):
        if spread is None:
            continue
        middle = (high[i] + low[i]) / 2
        above, below = middle + times * spread, middle - times * spread
        if way is None:
            upper, lower, way = above, below, (1 if close[i] > middle else -1)
        else:
            upper = above if above < upper or close[i - 1] > upper else upper
            lower = below if below > lower or close[i - 1] < lower else lower
            way = -1 if way == 1 and close[i] < lower else 1 if way == -1 and close[i] > upper else way
        direction[i], line[i] = way, (lower if way == 1 else upper)
    return {"line": line, "direction": direction}
