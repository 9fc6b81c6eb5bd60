"""How far a rule was from true."""

from collections.abc import Sequence

from runtime.core.machine.decisions import Reading


def missing(readings: Sequence[Reading]) -> list[Reading]:
    """The comparisons of a rule that failed; those that are unknown are not among them."""
    return [each for each in readings if each[0] == 0]


def distance_of(held: float, readings: Sequence[Reading]) -> float | None:
    """The difference of both sides as a ratio of the right one, of the failing comparison that was furthest away.

    None where the rule did not fail, or where a failing comparison has no two sides to measure (a side that is unknown
    or not a number, a right side of 0).
    """
    if held != 0.0:
        return None
    found = 0.0
    failing = missing(readings)
    for _, left, right in failing:
        if left is None or not right:
            return None
        found = max(found, abs(left - right) / abs(right))
    return found if failing else None
