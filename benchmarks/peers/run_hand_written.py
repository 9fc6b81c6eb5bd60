"""The hand-written loops."""

import sys

import hand_written
from measure import COMBINATIONS, candles_of, measured


def year(candles):
    """One backtest."""
    return len(hand_written.run(candles)[0])


def combinations(candles):
    """100 of them; an indicator is computed once for each of its lengths, as a person would."""
    close, total = candles["close"], 0
    average = hand_written.ema(close, 200)
    strengths = {length: hand_written.rsi(close, length) for length in sorted({each for each, _ in COMBINATIONS})}
    for length, below in COMBINATIONS:
        found, _ = hand_written.trade(
            candles["open"], candles["high"], candles["low"], close, strengths[length], average,
            float(below), 60.0, 0.03, 0.06, 0.1, 0.001, 100_000.0,
        )  # fmt: skip
        total += len(found)
    return total


def one_by_one(candles):
    """The same 100 with the indicators computed for each of them."""
    return sum(len(hand_written.run(candles, length, float(below))[0]) for length, below in COMBINATIONS)


if __name__ == "__main__":
    measured(candles_of, {"year": year, "combinations": combinations, "one_by_one": one_by_one}[sys.argv[1]])
