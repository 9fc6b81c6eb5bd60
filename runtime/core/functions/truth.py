"""Conditions in time; where a doubt could change the answer it is unknown."""

from runtime.core.column import Column
from runtime.core.functions.inputs import Own, Parts, stepped
from runtime.core.kernels import arithmetic, logic, recursions


def _newly(given: Parts) -> Column:
    build, (now,) = given.build, given.series
    fresh = build.stepped(logic.opposite, [build.shifted(now, 1)])
    return build.stepped(logic.both, [now, fresh])


def _consecutive(given: Parts, sign: int) -> Column:
    return given.build.stepped(recursions.steps_in_a_row, given.series, sign)


TRUTH: dict[str, Own] = {
    "newly": _newly,
    "known": stepped(arithmetic.known),
    "count": stepped(recursions.count, "bars"),
    "bars_since": stepped(recursions.bars_since),
    "value_when": stepped(recursions.value_when),
    "streak": stepped(recursions.streak),
    "consecutive_up": lambda given: _consecutive(given, 1),
    "consecutive_down": lambda given: _consecutive(given, -1),
    "latch": stepped(recursions.latch),
}
"""By the name in the catalogue."""
