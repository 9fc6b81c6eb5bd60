"""Sayso and the hand-written loops in one process, call by call in turn: `python benchmarks/peers/paired.py CANDLES`.

The fairest ratio on a busy machine: processes of their own meet different loads.
"""

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
    import run_sayso

    return hand_written, run_sayso


def main():
    """Prints the best of each and the median of the ratios of neighbouring calls."""
    hand_written, run_sayso = parts()
    candles = run_sayso.load(CANDLES)
    mine = {name: getattr(candles["BTC/USDT"], name).copy() for name in ("open", "high", "low", "close")}
    run_sayso.backtest(candles)
    hand_written.run(mine)
    pairs = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        hand_written.run(mine)
        between = time.perf_counter()
        run_sayso.backtest(candles)
        pairs.append((between - begin, time.perf_counter() - between))
    ratios = sorted(own / hand for hand, own in pairs)
    hand, own = (min(each) * 1000 for each in zip(*pairs, strict=True))
    print(f"hand-written {hand:.1f} ms, Sayso {own:.1f} ms, median ratio {ratios[TIMES // 2]:.2f}")


if __name__ == "__main__":
    main()
