"""Columns in nanoseconds a candle, beside TA-Lib and hand-written numba: `python -m benchmarks.columns`.

Runs on the year of minutes of ../shared/market-data. A condition's figure is that of its own kernel: what it is made
from is there already. A function's figure is that of the whole column. The last table is live: what one new candle
costs 200 markets with 50 rule sets each.
"""

import statistics
import time
from collections.abc import Callable

import numba
import numpy as np
import talib

from runtime.candles import Candles
from runtime.core.allocation import keep_freed_memory
from runtime.core.columns import Columns, SharedColumns
from runtime.feeds.files import load_candles
from strategy_dsl import nodes
from strategy_dsl.parser import parse_expression
from tests.candle_files import REAL_FOLDER

ENTRY, EXIT = "rsi(14) crosses below 30 and close > ema(close, 200)", "rsi(14) > 60"
MADE_FROM = ("close > open", "rsi(14) > 50", "volume > 1", "ema(close, 200)", "rsi(14)", "close on 1h")
CONDITIONS = (
    "close > 5000",
    "close > ema(close, 200)",
    "open < close < ema(close, 200)",
    "rsi(14) crosses below 30",
    "close crosses above ema(close, 200)",
    "close is within 1% of ema(close, 200)",
    "rsi(14) is between 40 and 60",
    "close is rising",
    "close is falling 5 bars",
    "close > open and rsi(14) > 50",
    "close > open or rsi(14) > 50",
    "not (close > open)",
    "at least 2 of (close > open, rsi(14) > 50, volume > 1)",
    "close > open for 3 bars",
    "close > open for 500 bars",
    "close > open in last 500 bars",
    "close > open then within 20 bars rsi(14) > 50",
    "first close > open since rsi(14) > 50",
    "newly(close > open)",
    "count(close > open, 50) > 30",
    "bars_since(close > open) < 5",
    "close > value_when(close > open, high)",
    "latch(close > open, rsi(14) > 50)",
    "close > since(close > open, highest(high))",
    "streak(close > open) > 3",
    "weekday is monday",
    "close[10] > close",
    "2 * close - open > high",
    "close > 2% above open",
    "close on 1h > close",
    "close of heikin_ashi > open of heikin_ashi",
)
FUNCTIONS: dict[str, Callable[[Candles], object]] = {
    "sma(close, 50)": lambda c: talib.SMA(c.close, 50),
    "ema(close, 200)": lambda c: talib.EMA(c.close, 200),
    "wma(close, 50)": lambda c: talib.WMA(c.close, 50),
    "rma(close, 14)": lambda c: talib.RMA(c.close, 14),
    "kama(close, 10)": lambda c: talib.KAMA(c.close, 10),
    "rsi(14)": lambda c: talib.RSI(c.close, 14),
    "macd(12, 26, 9).histogram": lambda c: talib.MACD(c.close, 12, 26, 9),
    "bollinger(20, 2).lower": lambda c: talib.BBANDS(c.close, 20, 2.0, 2.0),
    "atr(14)": lambda c: talib.ATR(c.high, c.low, c.close, 14),
    "adx(14)": lambda c: talib.ADX(c.high, c.low, c.close, 14),
    "stochastic(14, 3, 3).k": lambda c: talib.STOCH(c.high, c.low, c.close, 14, 3, 0, 3, 0),
    "cci(20)": lambda c: talib.CCI(c.high, c.low, c.close, 20),
    "mfi(14)": lambda c: talib.MFI(c.high, c.low, c.close, c.volume, 14),
    "highest(high, 20)": lambda c: talib.MAX(c.high, 20),
    "stdev(close, 20)": lambda c: talib.STDDEV(c.close, 20),
    "supertrend(10, 3).line": lambda c: talib.SUPERTREND(c.high, c.low, c.close, 10, 3.0),
}
OURS = ("obv", "psar(0.02, 0.2)", "vwap(day)", "previous_day(UTC).high", "donchian(20).upper", "change(close, 24)",
        "percentrank(close, 50)", "median(close, 20)", "alma(close, 9)", "hammer", "three_white_soldiers")  # fmt: skip
TEMPLATES = (
    "rsi({a}) crosses below {b} and close > ema(close, {e})", "rsi({a}) > {c}", "close < bollinger({a}, 2).lower",
    "ema(close, {a}) crosses above ema(close, {e})", "macd({a}, {b}, 9).histogram crosses above 0",
    "close > highest(high, {b})[1] and volume > 1.5 * mean(volume, {a})", "atr({a}) / close < 2% and adx({a}) > 25",
    "stochastic({a}, 3, 3).k < 20 and close is rising 2 bars", "close < ema(close, {a}) for 3 bars or rsi({a}) > 70",
)  # fmt: skip


def median(work: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = 7) -> float:
    """The median time in seconds, the first run left out; `before` is not counted."""
    taken = []
    for _ in range(times + 1):
        before()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def node(text: str) -> nodes.Node:
    found = parse_expression(text)
    assert found is not None, text
    return found


@numba.njit(cache=True)
def by_hand(close: np.ndarray, length: int, slow: int) -> tuple[np.ndarray, np.ndarray]:
    """The entry and the exit of the rule as one would write them by hand: indicators first, then one loop."""
    size = len(close)
    rsi, ema = np.full(size, np.nan), np.full(size, np.nan)
    gain = loss = 0.0
    for i in range(1, size):
        step = close[i] - close[i - 1]
        up, down = max(step, 0.0), max(-step, 0.0)
        if i <= length:
            gain, loss = gain + up / length, loss + down / length
        else:
            gain, loss = (gain * (length - 1) + up) / length, (loss * (length - 1) + down) / length
        if i >= length:
            rsi[i] = 100.0 * gain / (gain + loss) if gain + loss > 0 else 50.0
    mean = close[:slow].mean()
    for i in range(slow - 1, size):
        if i >= slow:
            mean += 2.0 / (slow + 1) * (close[i] - mean)
        ema[i] = mean
    entry, leave = np.zeros(size), np.zeros(size)
    for i in range(1, size):
        entry[i] = rsi[i - 1] >= 30 and rsi[i] < 30 and close[i] > ema[i]
        leave[i] = rsi[i] > 60
    return entry, leave


def condition(candles: Candles, text: str) -> float:
    """Seconds of a condition's own kernels."""
    tree, held = node(text), []

    def before() -> None:
        held[:] = [Columns(candles)]
        for each in MADE_FROM:
            held[0].of(node(each))

    return median(lambda: held[0].of(tree), before, 5)


def scaled(candles: Candles, market: str, factor: float) -> Candles:
    """The candles of another market."""
    columns = (getattr(candles, each) * factor for each in ("open", "high", "low", "close", "volume"))
    return Candles(market, candles.timeframe, candles.time, *columns)


def live(markets: int = 200, rules_each: int = 50, history: int = 1_000) -> None:
    """What one candle costs many markets whose columns are kept."""
    chance = np.random.default_rng(5)
    year = load_candles(REAL_FOLDER / "bench" / "bench-1h.parquet", "BTC/USDT")
    names = [f"C{number}/USDT" for number in range(markets)]
    made = {name: scaled(year, name, 1 + at / 100) for at, name in enumerate(names)}

    def rule() -> nodes.Node:
        numbers = {
            "a": [7, 9, 10, 12, 14, 20, 21],
            "b": [20, 25, 26, 30, 35],
            "c": [60, 65, 70, 75],
            "e": [50, 100, 200],
        }
        return node(str(chance.choice(TEMPLATES)).format(**{key: chance.choice(each) for key, each in numbers.items()}))

    rule_sets = [(rule(), rule()) for _ in range(500)]
    shared = SharedColumns({name: each.part(0, history) for name, each in made.items()}, limit_bytes=10**10)
    pairs = []
    for at, name in enumerate(names):
        for number in range(rules_each):
            pairs += [shared.of(name).column(each) for each in rule_sets[(at * 7 + number * 10) % 500]]
    start = time.perf_counter()
    shared.prepare()
    print(f"\n{markets} markets, {markets * rules_each:,} strategy-market pairs, {history:,} candles each")
    print(f"{'first start, columns computed':44} {1e3 * (time.perf_counter() - start):10.0f} ms")
    extended, read = [], []
    for step in range(20):
        newer = {name: each.part(history + step, history + step + 1) for name, each in made.items()}
        start = time.perf_counter()
        shared.extend(newer)
        extended.append(time.perf_counter() - start)
        start = time.perf_counter()
        for each in pairs:
            each.last()
        read.append(time.perf_counter() - start)
    columns = sum(len(shared.of(name).span.members()) for name in names)
    print(f"{'one candle each, all columns':44} {1e3 * statistics.median(extended):10.1f} ms, {columns:,} columns")
    print(f"{'entry and exit condition of every pair read':44} {1e3 * statistics.median(read):10.1f} ms")


def main() -> None:
    """Prints the tables."""
    keep_freed_memory()
    candles = load_candles(REAL_FOLDER / "bench" / "bench-1m.parquet", "BTC/USDT")
    size = len(candles)
    entry, leave = node(ENTRY), node(EXIT)

    def rule() -> None:
        columns = Columns(candles)
        columns.of(entry), columns.of(leave)

    ours, theirs = median(rule), median(lambda: by_hand(candles.close, 14, 200))
    print(f"{size:,} candles; entry and exit of the rule: columns {1e3 * ours:.1f} ms, by hand {1e3 * theirs:.1f} ms, "
          f"ratio {ours / theirs:.2f}")  # fmt: skip
    print(f"\n{'function':30} {'ns a candle':>12} {'TA-Lib':>8} {'ratio':>6}")
    for text, library in FUNCTIONS.items():
        tree = node(text)
        one, other = (
            median(lambda tree=tree: Columns(candles).of(tree)),
            median(lambda library=library: library(candles)),
        )
        print(f"{text:30} {1e9 * one / size:12.2f} {1e9 * other / size:8.2f} {one / other:6.2f}")
    for text in OURS:
        tree = node(text)
        print(f"{text:30} {1e9 * median(lambda tree=tree: Columns(candles).of(tree), times=3) / size:12.2f}")
    print(f"\n{'condition':56} {'ns a candle':>12}")
    for text in CONDITIONS:
        print(f"{text:56} {1e9 * condition(candles, text) / size:12.2f}")
    live()


if __name__ == "__main__":
    main()
