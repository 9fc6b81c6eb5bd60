"""Sayso and the hand-written loops in one process, call by call in turn: `python benchmarks/peers/paired.py CANDLES`.

The fairest ratio on a busy machine: processes of their own meet different loads.
"""

import functools
import sys
import time

TIMES = 60
CANDLES = sys.argv[1]


def parts():
    """Both scripts, without the measuring that they do by themselves."""
    sys.argv = [sys.argv[0], "paired", CANDLES]
    import measure

    measure.measured = lambda *parts, **options: None
    import hand_written
    import run_hand_written
    import run_sayso

    return hand_written, run_hand_written, run_sayso


def compared(name, hand, own):
    """Prints the best of each and the median of the ratios of neighbouring calls."""
    hand(), own()
    pairs = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        hand()
        between = time.perf_counter()
        own()
        pairs.append((between - begin, time.perf_counter() - between))
    ratios = sorted(theirs / ours for ours, theirs in pairs)
    best_hand, best_own = (min(each) * 1000 for each in zip(*pairs, strict=True))
    print(
        f"{name}: hand-written {best_hand:.1f} ms, Sayso {best_own:.1f} ms, "
        f"best {best_own / best_hand:.2f}, median ratio {ratios[TIMES // 2]:.2f}"
    )


def main():
    """A backtest from text where the candles are of minutes, 100 combinations where they are of hours."""
    hand_written, run_hand_written, run_sayso = parts()
    candles = run_sayso.load(CANDLES)
    one = candles["BTC/USDT"]
    mine = {name: getattr(one, name).copy() for name in ("open", "high", "low", "close")}
    if one.timeframe == "1m":
        compared("year", lambda: hand_written.run(mine), lambda: run_sayso.backtest(candles))
        return
    own = functools.partial(run_sayso.combinations, candles)
    compared("100, each indicator once", lambda: run_hand_written.combinations(mine), own)
    compared("100, one by one", lambda: run_hand_written.one_by_one(mine), own)


if __name__ == "__main__":
    main()
