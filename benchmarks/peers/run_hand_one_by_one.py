"""The hand-written loops, 100 whole backtests one after another."""

from measure import candles_of, measured
from run_hand_written import one_by_one

measured(candles_of, one_by_one)
