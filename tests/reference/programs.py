"""Random sensible strategies that the engine can run, as text."""

import math
from random import Random

import numpy as np

from runtime.candles import Candles
from strategy_dsl.timeframes import timeframe_ms
from tests.candle_files import MONDAY_MS

ENTRIES = (
    "rsi(5) crosses below {score}",
    "rsi(4) < {score}",
    "close > sma(close, {short})",
    "close crosses above ema(close, {short})",
    "close > highest(high, {short})[1]",
    "close < bollinger({short}, 1.5).lower",
    "close is falling 2 bars",
    "(close > open) for 2 bars and volume > mean(volume, 5)",
    "close < open then within 3 bars close > open",
    "at least 2 of (close > open, volume > volume[1], rsi(5) < {score})",
    "first close > open since close < open",
    "(close > sma(close, 3)) on 4h",
    "newly(close > sma(close, 5))",
    "close is within 1% of sma(close, {short})",
    "change(close, 3) < -1% or close > 1% above ema(close, {short})",
    "bars_since(close < open) > 1",
    "count(close > open, 5) >= 3",
    "macd(3, 6, 2).line > macd(3, 6, 2).signal",
)
EXITS = (
    "rsi(5) > {high}",
    "close < sma(close, {short})",
    "profit > {small}%",
    "held >= {short}",
    "close < 1% below position_high",
    "close crosses below ema(close, {short})",
    "close > {small}% above entry_price",
    "close is falling",
)
STOPS = (
    "{small}%",
    "{times} * atr(5)",
    "at lowest(low, {short})",
    "{times} * atr(5), following",
    "at lowest(low, {short}), following",
    "none",
)
TARGETS = (
    "{big}%",
    "2r",
    "{small}% for 50%, {big}% for 50%",
    "{small}% for 30%, {big}%",
    "at highest(high, {short})",
    "{times} * atr(5)",
    "1r for 50%, 3r",
)
TRAILS = ("{small}%", "{small}% after {small}%", "{times} * atr(5)", "{small}% after 1r")
WINDOWS = (
    "only monday to friday between 08:00 and 20:00 Europe/London",
    "never saturday, sunday",
    "only between 22:00 and 06:00 America/New_York",
    "only when close > sma(close, 10)",
    "never when rsi(5) > 80",
    "never tuesday between 23:00 and 05:00 UTC",
)
SIZES = ("{percent}% of equity", "100% of equity", "500 USDT", "risk 0.1% of equity", "0.5 BTC", "50% of equity")


def filled(random: Random, text: str) -> str:
    """A text with numbers put in."""
    numbers = {
        "score": random.choice((25, 35, 45, 55)),
        "high": random.choice((55, 65, 75)),
        "short": random.choice((2, 3, 5, 9)),
        "small": random.choice((0.5, 1, 1.5, 2)),
        "big": random.choice((2.5, 3, 4)),
        "times": random.choice((1, 1.5, 2)),
        "percent": random.choice((5, 10, 25)),
    }
    return text.format(**numbers)


def trails(lines: list[str]) -> bool:
    """Whether a trailing stop works from the start."""
    return any(line.startswith("trailing stop") and "after" not in line for line in lines)


def program_text(seed: int) -> str:
    """One strategy."""
    random = Random(seed)

    def maybe(share: float) -> bool:
        return random.random() < share

    def one(texts: tuple[str, ...]) -> str:
        return filled(random, random.choice(texts))

    two = maybe(0.5)
    lines = [f"trade BTC/USDT{' and ETH/USDT' if two else ''} on 1h", "budget 10,000 USDT"]
    names = ["", " dip"] if maybe(0.3) else [""] * random.choice((1, 2))
    lines += [f"buy{name} when {one(ENTRIES)}" for name in names]
    for _ in range(random.choice((1, 1, 2, 3))):
        portion = random.choice((" 50%", " 25%")) if maybe(0.3) else ""
        name = " dip" if " dip" in names and maybe(0.3) else ""
        verb = "exit" if maybe(0.2) and not name else "sell"
        lines.append(f"{verb}{portion}{name} when {one(EXITS)}")
    stop = one(STOPS)
    lines.append(f"stop loss {stop}")
    measured = stop != "none" and not stop.startswith("at")
    target, trail, even = one(TARGETS), one(TRAILS), random.choice(("1r", "1%", "0.5 * atr(5)"))
    if maybe(0.6) and (measured or target[1:2] != "r"):
        lines.append(f"take profit {target}")
    if maybe(0.4) and (measured or not trail.endswith("1r")):
        lines.append(f"trailing stop {trail}")
    if maybe(0.25) and stop != "none" and (measured or even != "1r"):
        lines.append(f"break even after {even}")
    if maybe(0.3):
        lines.append(f"exit after {random.choice(('6h', '90m', '1d', '5 bars', '1 bars', '20 bars'))}")
    if maybe(0.2):
        lines.append(f"exit at {random.choice(('16:00 America/New_York', '09:30 Europe/London', '00:00 UTC'))}")
    size = one(SIZES)
    costly = size.startswith(("100%", "risk", "0.5"))
    if (two and (costly or "BTC" in size or size.startswith("100%"))) or (
        "risk" in size and (not measured or trails(lines))
    ):
        size = "10% of equity"
    lines.append(f"size {size}")
    if two and maybe(0.5):
        lines.append("at most 1 open position")
    if maybe(0.2):
        lines.append(f"at most {random.choice((1, 2))} entries a day")
    if maybe(0.3):
        lines.append(
            f"cooldown {random.choice(('1h', '3h', '150m'))}{random.choice(('', ' after a loss', ' after a stop'))}"
        )
    lines += [random.choice(WINDOWS)] if maybe(0.35) else []
    lines.append("ask never")
    return "\n".join(lines) + "\n"


def random_candles(
    seed: int, market: str, count: int = 300, holes: int = 0, start_ms: int = MONDAY_MS, timeframe: str = "1h"
) -> Candles:
    """A random walk with gaps between candles and holes in time, on which no two prices are equal."""
    random, price, rows = Random(seed), 100.0, []
    for _ in range(count):
        opened = price * (1 + (random.gauss(0, 0.006) if random.random() < 0.15 else 0))
        price = opened * math.exp(random.gauss(0, 0.012))
        high = max(opened, price) * (1 + abs(random.gauss(0, 0.006)))
        low = min(opened, price) * (1 - abs(random.gauss(0, 0.006)))
        rows.append((opened, high, low, price, random.uniform(1, 50)))
    missing = set(random.sample(range(5, count - 5), holes))
    kept = [i for i in range(count) if i not in missing]
    table = np.array([rows[i] for i in kept])
    time = start_ms + timeframe_ms(timeframe) * np.array(kept, dtype=np.int64)
    return Candles(market, timeframe, time, *(np.ascontiguousarray(table[:, k]) for k in range(5)))
