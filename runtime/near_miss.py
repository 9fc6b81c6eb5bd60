"""How far a rule was from true."""

from collections.abc import Sequence

from runtime.core.machine.decisions import Reading
from strategy_dsl.program import Leaf


def missing(readings: Sequence[Reading]) -> list[Reading]:
    """The comparisons of a rule that failed; those that are unknown are not among them."""
    return [each for each in readings if each[0] == 0]


def distance_of(held: float, readings: Sequence[Reading], leaves: Sequence[Leaf] = ()) -> float | None:
    """The difference of both sides as a ratio of the right one, of the failing comparison that was furthest away.

    None where the rule did not fail, or where a failing comparison has no two sides to measure (a side that is unknown
    or not a number, a right side of 0), and where a crossing is over: one that has to come back first is not near.
    """
    if held != 0.0:
        return None
    found, fails = 0.0, False
    for place, (was_true, left, right) in enumerate(readings):
        leaf = leaves[place] if place < len(leaves) else None
        if (was_true if leaf is None else leaf.truth(was_true)) != 0:
            continue
        if left is None or not right or (leaf is not None and leaf.has_passed(left, right)):
            return None
        found, fails = max(found, abs(left - right) / abs(right)), True
    return found if fails else None
