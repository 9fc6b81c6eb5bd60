"""Is the verdict honest? Run with `.venv/bin/python benchmarks/evidence.py [WALKS]`. No test depends on it.

On random walks no rule knows anything, so every `holds up so far` is false. On walks with a planted edge (after a
mark that the rule sees, prices rise for some candles) the verdict should find it.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from runtime.backtest import Costs
from runtime.candles import Candles
from runtime.core.evidence import Evidence
from runtime.report import report_on
from runtime.variants import History
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits, Paper

LIMITS = Limits(paper=Paper(drawdown_percent=100, daily_loss_percent=100, daily_halt_percent=100))
HEAD = "trade BTC/USDT on 1h\nbudget 10000 USDT\nsize 10% of equity\n"
RULES = {
    "dip": "buy when rsi(14) crosses below 35\nsell when rsi(14) > 55\nstop loss 5%\n",
    "stop and target": "buy when close crosses above sma(close, 20)\nstop loss 3%\ntake profit 6%\n",
    "tight target": "buy when close crosses below sma(close, 20)\nstop loss 8%\ntake profit 2%\n",
    "trend": "buy when ema(close, 10) crosses above ema(close, 30)\n"
    "sell when ema(close, 10) crosses below ema(close, 30)\nstop loss 20%\n",
}
MARK = "buy when volume > 1000\nexit after 6h\nstop loss 20%\n"
START_MS = 1_704_067_200_000
VERDICTS = ("holds up so far", "looks like luck", "loses so far", "not enough trades to tell")
Result = tuple[Counter[str], int, int]
MOVE = 0.012
"""Standard deviation of an hourly return, as wild as a small coin."""


def walk(count: int, seed: int, drift: float = 0.0, edge: float = 0.0) -> Candles:
    """A random walk whose prices rise by `drift` a candle, and by `edge` in each of the 6 candles after a mark."""
    random = np.random.default_rng(seed)
    steps = random.normal(drift - MOVE**2 / 2, MOVE, count)
    volume = random.uniform(1, 100, count)
    marks = np.sort(random.choice(np.arange(10, count - 10, 10), 60, replace=False))
    volume[marks] = 2_000.0
    for later in range(1, 7):
        steps[marks + later] += edge
    close = 100 * np.exp(np.cumsum(steps))
    opened = np.append(100.0, close[:-1])
    spread = np.abs(random.normal(0, MOVE / 2, (2, count)))
    high, low = np.maximum(opened, close) * (1 + spread[0]), np.minimum(opened, close) * (1 - spread[1])
    time = START_MS + 3_600_000 * np.arange(count, dtype=np.int64)
    return Candles("BTC/USDT", "1h", time, opened, high, low, close, volume)


def verdicts(rules: str, walks: int, made: Callable[[int], Candles]) -> Result:
    """The verdicts on so many walks of one market."""
    strategy = compile_rules(HEAD + rules, LIMITS).strategy
    return counted(
        report_on(strategy, History({"BTC/USDT": made(seed)}, 10_000.0, Costs(0, 0))).evidence for seed in range(walks)
    )


def tell(name: str, walks: int, result: Result) -> None:
    """One line a case, in percent of the walks."""
    found, above, timed = result
    shares = [found[each] for each in VERDICTS]
    print(f"{name:34}" + "".join(f"{100 * each / walks:9.1f}" for each in (*shares, above, timed)), flush=True)


def together(seed: int) -> dict[str, Candles]:
    """Five random walks that share nine tenths of their variance, as coins do on a bad day."""
    common = np.log(walk(3_000, seed).close / 100)
    found = {}
    for number in range(5):
        own = walk(3_000, 1_000_000 + 5 * seed + number)
        close = 100 * np.exp(np.sqrt(0.9) * common + np.sqrt(0.1) * np.log(own.close / 100))
        opened = np.append(100.0, close[:-1])
        high, low = np.maximum(opened, close) * 1.003, np.minimum(opened, close) * 0.997
        market = f"C{number}/USDT"
        found[market] = Candles(market, "1h", own.time, opened, high, low, close, own.volume)
    return found


def five_markets(walks: int) -> Result:
    """The dip rule on five markets at once: many trades, few independent ones."""
    head = HEAD.replace("BTC/USDT", ", ".join(f"C{number}/USDT" for number in range(5)))
    strategy = compile_rules(f"{head}at most 5 open positions\n{RULES['dip']}", LIMITS).strategy
    return counted(
        report_on(strategy, History(together(seed), 10_000.0, Costs(0, 0))).evidence for seed in range(walks)
    )


def best_of(walks: int, *, told: bool) -> Result:
    """The most profitable of 20 lengths, told or not told that 20 were tried."""
    tries = [compile_rules(HEAD + RULES["dip"].replace("14", str(length)), LIMITS).strategy for length in range(6, 26)]

    def proof(seed: int) -> Evidence:
        history = History({"BTC/USDT": walk(3_000, seed)}, 10_000.0, Costs(0, 0))
        best = max(tries, key=lambda each: history.run(each).equity[-1])
        return report_on(best, history, len(tries) if told else 1).evidence

    return counted(proof(seed) for seed in range(walks))


def counted(proofs: Iterable[Evidence]) -> Result:
    """How often each verdict fell; how often the interval alone was above 0, and random timing alone rare."""
    found: Counter[str] = Counter()
    above = timed = 0
    for proof in proofs:
        found[proof.verdict] += 1
        above += proof.low is not None and proof.low > 0
        timed += proof.timing is not None and proof.timing <= 0.05
    return found, above, timed


def main() -> None:
    """Prints the table."""
    walks = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{walks} walks of 3,000 candles a line, no fees, in percent; the last two are single tests")
    print(f"{'':34}{'holds up':>9}{'luck':>9}{'loses':>9}{'too few':>9}{'interval':>9}{'timing':>9}")
    for name, rules in RULES.items():
        tell(f"random walk, {name}", walks, verdicts(rules, walks, lambda seed: walk(3_000, seed)))
    for name, rules in RULES.items():
        rising = verdicts(rules, walks, lambda seed: walk(3_000, seed, drift=0.0008))
        tell(f"rising walk, {name}", walks, rising)
    tell("five walks that move together", walks, five_markets(walks))
    tell("best of 20 lengths, not counted", walks, best_of(walks, told=False))
    tell("best of 20 lengths, counted", walks, best_of(walks, told=True))
    for edge in (0.0, 0.002, 0.004, 0.006):
        planted = verdicts(MARK, walks, lambda seed, edge=edge: walk(3_000, seed, edge=edge))
        tell(f"planted {edge * 6 * 100:.1f}% a trade, 60 trades", walks, planted)


if __name__ == "__main__":
    main()
