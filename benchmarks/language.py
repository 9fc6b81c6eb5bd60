"""How long it takes to read, check, bound and read back a strategy: `python -m benchmarks.language`.

Prints the median of one 30-clause strategy, warm, and the time for 10,000 different strategies on one core.
"""

import random
import statistics
import time

from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.readback import readback

LIMITS = Limits.model_validate({"paper": {"leverage": 5}})
LONG = """strategy "everything at once"
trade BTC/USDT and ETH/USDT perpetual on 1h
budget 10,000 USDT
let trend = ema(close, 200) on 4h
let quiet = atr(14) / close < 1.5%
let squeeze = bollinger(20, 2).width < sma(bollinger(20, 2).width, 100)
buy dip when rsi(14) crosses below 30 and close > trend
buy breakout when close > highest(high, 20)[1] and volume > 1.5 * mean(volume, 20)
short fade when rsi(14) crosses above 70 and close < trend and (quiet or squeeze)
sell dip when rsi(14) > 60 or profit > 8%
sell 50% breakout when close < ema(close, 21) for 3 bars
cover when rsi(14) < 40
exit when at least 2 of (adx(14) < 20, volume < 100, macd(12, 26, 9).histogram is falling 3 bars)
alert "quiet" when quiet and squeeze
order limit at 0.2% below close for 3 bars
add 2% of equity at 1%, 2% and 3% below entry, each 1.2 times the last
stop loss 2.5%
take profit 4% for 50%, 8% for 25%, 3r
trailing stop 2% after 3%
break even after 1r
exit after 48h
exit at 16:00 America/New_York
size risk 1% of equity
leverage 1x
at most 2 open positions, highest change(close, 24) first
at most 3 entries a day
cooldown 4h after a loss
only monday to friday between 08:00 and 20:00 Europe/London
never when weekday is sunday
pause until tomorrow when day_loss > 2%
halt and close when drawdown > 15%
ask before buying, for 10m, otherwise skip
"""
TEMPLATES = (
    "trade BTC/USDT on 1h\nbuy when rsi({a}) crosses below {b}\nsell when rsi({a}) > {c}\nstop loss {d}%",
    "trade ETH/USDT on 4h\nbuy when ema(close, {a}) crosses above ema(close, {e})\nexit after {b} bars\nstop loss {d}%",
    "trade BTC/USDT and SOL/USDT on 15m\nbuy when close > highest(high, {b})[1] and volume > {d} * mean(volume, {a})\n"
    "stop loss {d} * atr({a})\ntake profit 2r\nsize risk 1% of equity",
    "trade BTC/USDT on 1d\nevery monday at 09:00 UTC buy {e} USDT if close < sma(close, {e})",
    "trade BTC/USDT and ETH/USDT on 1d\nhold best 1 by change(close, {a}) if change(close, {e}) > 0% otherwise cash",
)


def work(text: str) -> int:
    """Everything that happens to a text before a person sees it; gives the number of sentences."""
    return len(readback(compile_rules(text, LIMITS).strategy, lambda _, __: True))


def main() -> None:
    """Prints both figures."""
    work(LONG)
    times = []
    for _ in range(100):
        start = time.perf_counter()
        work(LONG)
        times.append(time.perf_counter() - start)
    clauses = len(LONG.splitlines())
    print(f"{clauses} clauses read, checked, bounded, read back: median {statistics.median(times) * 1000:.1f} ms warm")
    chance = random.Random(1)
    texts = [
        chance.choice(TEMPLATES).format(
            a=chance.randint(5, 50), b=chance.randint(10, 45), c=chance.randint(50, 90), d=chance.randint(1, 9),
            e=chance.randint(51, 250),
        )
        for _ in range(10_000)
    ]  # fmt: skip
    start = time.perf_counter()
    for text in texts:
        work(text)
    seconds = time.perf_counter() - start
    print(f"10,000 strategies, {len(set(texts)):,} of them different: {seconds:.1f} s on one core")


if __name__ == "__main__":
    main()
