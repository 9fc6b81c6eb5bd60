"""One plain verdict over all tests, with the reason in one sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from runtime.candles import Candles, Floats, Times
from runtime.core.evidence.deflated import deflated
from runtime.core.evidence.interval import interval
from runtime.core.evidence.neighbours import Neighbourhood
from runtime.core.evidence.order import account_returns, shuffled_drawdown
from runtime.core.evidence.sample import Sample, effective_count, sample_of
from runtime.core.evidence.split import Split, split
from runtime.core.evidence.timing import random_timing
from runtime.core.trades import Closed

Verdict = Literal["not enough trades to tell", "looks like luck", "loses so far", "holds up so far"]

ENOUGH_TRADES = 30
"""Independent ones."""

FEWEST_FOR_A_RANGE = 5
"""With fewer trades the scatter itself is unknown, and a range would look far too sure."""

RARE = 0.05
"""What luck does more often than this is not told from luck."""

FEWEST_LATER = 5
MOST_NEIGHBOURS_LOSE = 0.5


@dataclass(frozen=True)
class Evidence:
    """What trades prove, as fractions (0.01 for one percent) and probabilities; None where nothing can be said.

    `low` and `high` hold the true average return a trade in nine cases of ten; `timing` is how often random timing
    does as well; `drawdown` is what 95% of random orders of the trades stay within; `real` is the deflated Sharpe
    probability after `tried` variants.
    """

    verdict: Verdict
    sentence: str
    trades: int
    independent: float
    mean: float | None
    low: float | None
    high: float | None
    timing: float | None
    later: Split
    drawdown: float | None
    tried: int
    real: float | None


def judge(
    trades: Sequence[Closed],
    candles: Mapping[str, Candles],
    times: Times,
    equity: Floats,
    seed: int,
    tried: int = 1,
    around: Callable[[], Neighbourhood | None] = lambda: None,
) -> Evidence:
    """All tests of a run, and the verdict.

    `equity` is worth at each candle of `times` (ms UTC, one length); `tried` counts the variants of these rules that
    were looked at, this one included; `around` runs the neighbours and is asked only where everything else holds.
    """
    sample = sample_of(trades)
    independent = effective_count(sample)
    enough = len(sample) >= FEWEST_FOR_A_RANGE
    low, high = interval(sample.returns, independent, seed) if enough else (None, None)
    later = split(sample, int(times[0]), int(times[-1]))
    timing = random_timing(trades, candles) if enough else None
    real = deflated(sample.returns, independent, tried) if enough else None
    verdict, sentence = _verdict(sample, independent, low, high, timing, later, tried, real, around)
    return Evidence(
        verdict,
        sentence,
        len(sample),
        independent,
        float(sample.returns.mean()) if len(sample) else None,
        low,
        high,
        timing,
        later,
        shuffled_drawdown(account_returns(trades, times, equity), seed),
        tried,
        real,
    )


def _verdict(
    sample: Sample,
    independent: float,
    low: float | None,
    high: float | None,
    timing: float | None,
    later: Split,
    tried: int,
    real: float | None,
    around: Callable[[], Neighbourhood | None],
) -> tuple[Verdict, str]:
    if low is None or high is None or independent < ENOUGH_TRADES:
        return "not enough trades to tell", _too_few(len(sample), independent)
    said = f"{len(sample)} trades averaged {percent(float(sample.returns.mean()))} after fees"
    if high < 0:
        return "loses so far", f"{said}, more than bad luck explains."
    if low <= 0:
        return "looks like luck", f"{said}; they scatter too much to tell a gain from a loss."
    if timing is not None and timing > RARE:
        return "looks like luck", f"{said}, but the same trades at random moments do as well {often(timing)}."
    if tried > 1 and real is not None and real < 1 - RARE:
        return "looks like luck", f"{said}, but of {tried} versions tried, the best one looks this good by chance."
    if later.after >= FEWEST_LATER and later.after_mean is not None and later.after_mean <= 0:
        return "looks like luck", f"{said}, but the newest {later.after} of them averaged {percent(later.after_mean)}."
    near = around()
    if near is not None and near.share < MOST_NEIGHBOURS_LOSE:
        lost, of = len(near.neighbours) - near.positive, len(near.neighbours)
        return "looks like luck", f"{said}, but {lost} of {of} small changes of its numbers lose money."
    return "holds up so far", f"{said}, and no test here explains that by luck."


def _too_few(count: int, independent: float) -> str:
    if not count:
        return f"No trade has closed yet, so nothing is proven: about {ENOUGH_TRADES} are needed to say more."
    if count >= ENOUGH_TRADES:
        return (
            f"{count} trades count as only {independent:.0f} independent ones, because they overlap or come in runs:"
            f" about {ENOUGH_TRADES} are needed to say more."
        )
    proves = "1 trade proves" if count == 1 else f"{count} trades prove"
    return f"{proves} very little: about {ENOUGH_TRADES} are needed to tell skill from luck."


def often(probability: float) -> str:
    """`1 time in 8`, `2 times in 3`, `almost always`."""
    if probability >= 0.95:
        return "almost always"
    if probability >= 0.4:
        return f"{round(probability * 10)} times in 10"
    return f"1 time in {round(1 / max(probability, 0.001)):,}" if probability >= 0.001 else "less than 1 time in 1,000"


def percent(fraction: float) -> str:
    """`+1.4%`, with as many decimals as it takes to show something else than zero, two at most."""
    decimals = 1 if abs(fraction) >= 0.00095 or fraction == 0 else 2
    text = f"{fraction * 100:+.{decimals}f}%"
    return text.replace("+0.00%", "0.0%").replace("-0.00%", "0.0%").replace("+0.0%", "0.0%")
