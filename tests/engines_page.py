"""docs/engines.md: how often other engines trade unlike us on the same candles, and why. `python -m tests.engines_page`."""

import csv
from collections import Counter
from pathlib import Path

from runtime.backtest import Closed
from tests.candle_files import real_candles
from tests.other_engines import ENGINES, Loop, Played, Semantics
from tests.runtime.test_golden import GOLDEN, played

PAGE = Path(__file__).parents[1] / "docs" / "engines.md"
CASES = ("base-1h", "dense-1h", "dense-gap")
ELSEWHERE = "a trade of its own: another trade before it ended elsewhere"
NAMES = {"nautilus-open": "NautilusTrader", "jesse-warm1000": "jesse", "ref-numba": "the reference loop"}
SIZES = {
    "fill": "a tenth of the equity over the fill, as ours",
    "fill and fee": "the fee is inside the tenth",
    "signal close": "a tenth over the close that decided",
}
HEAD = """# Other engines on the same candles

The same rule (RSI(14) crosses below a level over an EMA; out over 60, at a stop or at a target), the same fees and a
tenth of the equity a trade, on real Bitcoin candles (`base-1h`, `dense-1h`) and on the same candles with holes
(`dense-gap`). We equal the reference loop and backtrader trade by trade: candles, reasons, prices and quantities to 1e-9.

Every other engine fills in its own documented way. A small loop plays each of these ways
(`tests/other_engines.py`) and must give that engine's every trade to its last printed digit, and every trade that
differs from ours must carry at least one of the causes below; else the tests fail. Sizes differ as the last column
says; this alone does not make a trade count as different.
"""


def theirs(engine: str, case: str) -> list[dict[str, str]]:
    """The trades of a golden file."""
    with (GOLDEN / f"{engine}.{case}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_they_play(case: str, how: Semantics) -> list[Played]:
    """The loop's trades."""
    preset, candles = case.split("-")
    return Loop(real_candles(f"bench/bench-{candles}.parquet", "BTC/USDT"), preset, how).run()


def same(mine: Closed, other: Played) -> bool:
    """Whether candles, reason and prices are ours; quantities follow from the money and the sizing."""
    times = (mine.entry_ms, mine.exit_ms, mine.kind) == (other.entry_time, other.exit_time, other.reason)
    prices = ((mine.entry_price, other.entry_price), (mine.exit_price, other.exit_price))
    return times and all(abs(a - b) <= 1e-9 * b for a, b in prices)


def causes(case: str, how: Semantics) -> tuple[int, Counter[str], list[Played]]:
    """How many trades differ from ours, how often each cause acted in them, and those without one.

    A trade of which we have none has no cause of its own but follows from an earlier one that ended elsewhere; so does
    one of ours that they do not have.
    """
    ours = {each.entry_ms: each for each in played(case).trades}
    found, unexplained, differ, apart = Counter[str](), list[Played](), 0, False
    others = {each.entry_time: each for each in as_they_play(case, how)}
    for time in sorted({*ours, *others}):
        if time not in others:
            differ += 1
            found[ELSEWHERE] += 1
            assert apart, "a trade of ours is missing before anything differed"
            continue
        other = others[time]
        if time in ours and same(ours[time], other):
            continue
        differ, apart = differ + 1, True
        why = set(other.why) if time in ours else {ELSEWHERE}
        found.update(why)
        if not why:
            unexplained.append(other)
    return differ, found, unexplained


def page() -> str:
    """The page."""
    lines = [
        HEAD,
        "| engine | set | its trades | unlike ours | causes (a trade can have several) | size |",
        "|---|---|---|---|---|---|",
    ]
    for engine, how in ENGINES.items():
        for case in CASES:
            differ, found, _ = causes(case, how)
            why = "; ".join(f"{count}: {cause}" for cause, count in sorted(found.items(), key=lambda e: (-e[1], e[0])))
            count = len(theirs(engine, case))
            lines.append(
                f"| {NAMES.get(engine, engine)} | {case} | {count} | {differ} | {why or '—'} | {SIZES[how.size_of]} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
