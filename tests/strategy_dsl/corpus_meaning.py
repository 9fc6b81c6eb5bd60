"""The product's comparison with gold readings, with what is particular about rows of this corpus."""

from typing import Any

from bot.evaluation import comparison
from bot.evaluation.meaning import Meaning, Particular, read_markets

PARTICULAR = {
    # depends on how another trade ended
    "s042": Particular(left_out=frozenset({"second_try"})),
    "s089": Particular(gate_only=True),
    "s154": Particular(level_where="h > shift(h,1)"),
}


def nearest(row: dict[str, Any], reading: dict[str, Any], meanings: list[Meaning]) -> list[str]:
    """What differs from a reading on the first candles on which anything does, or what was never true on any."""
    differing, silent = comparison.nearest(row, reading, meanings, PARTICULAR.get(row["id"], Particular()))
    return differing or [f"{each}: equal, but never true" for each in silent]


__all__ = ["Meaning", "nearest", "read_markets"]
