"""Compiled loops over candles, cached on disk; one shape of arguments for all.

A kernel fills `out[start:stop]` from `series` (arrays that reach at least to `stop`), fixed `numbers` and its `state`,
eight floats that it leaves as it will need them at `stop`. It starts anew where `start` is 0. Called once over all
candles or again and again for the newest one it does the same operations in the same order, so the bits are the same.
NaN is unknown; conditions are 1.0, 0.0 and NaN.
"""
