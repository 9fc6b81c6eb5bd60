"""How near a rule was."""

import pytest

from runtime.live_run import program_of
from runtime.near_miss import distance_of


@pytest.mark.parametrize(
    ("held", "readings", "distance"),
    [
        (0.0, [[0.0, 33.0, 30.0]], 0.1),
        (0.0, [[1.0, 90.0, 30.0], [0.0, 98.0, 100.0]], 0.02),
        (0.0, [[0.0, 33.0, 30.0], [0.0, 50.0, 100.0]], 0.5),
        (0.0, [[0.0, -3.0, -2.0]], 0.5),
        (0.0, [[0.0, 33.0, 30.0], [None, None, 5.0]], 0.1),
        (0.0, [[0.0, 33.0, 0.0]], None),
        (0.0, [[0.0, 33.0, None], [0.0, 1.0, 2.0]], None),
        (0.0, [[0.0, None, 30.0]], None),
        (0.0, [], None),
        (1.0, [[0.0, 33.0, 30.0]], None),
        (float("nan"), [[0.0, 33.0, 30.0]], None),
    ],
)
def test_how_far_a_rule_was_from_true(held: float, readings: list, distance: float | None) -> None:
    found = distance_of(held, readings)
    assert found == distance if distance is None else found == pytest.approx(distance, rel=1e-12)


def test_what_must_not_be_is_near_by_its_opposite() -> None:
    program = program_of(
        "strategy x\n\ntrade BTC/USDT on 1h\n\nbuy when not rsi(14) > 30 and close > 1\nstop loss 3%\nsize 10% of equity\n"
    )
    leaves = program.entries[0].leaves
    assert leaves[0].claim == "the 14-bar RSI is not above 30"
    assert distance_of(0.0, [[1.0, 33.0, 30.0], [1.0, 5.0, 1.0]], leaves) == pytest.approx(0.1)
    assert distance_of(0.0, [[0.0, 27.0, 30.0], [0.0, 0.5, 1.0]], leaves) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("rule", "left", "distance"),
    [
        ("rsi(14) crosses below 30", 33.0, 0.1),
        ("rsi(14) crosses below 30", 29.9, None),
        ("rsi(14) crosses above 30", 27.0, 0.1),
        ("rsi(14) crosses above 30", 30.1, None),
        ("rsi(14) on 4h crosses above 30", 30.1, None),
        ("rsi(14) < 30", 33.0, 0.1),
    ],
)
def test_a_crossing_that_is_over_is_not_near(rule: str, left: float, distance: float | None) -> None:
    program = program_of(f"strategy x\n\ntrade BTC/USDT on 1h\n\nbuy when {rule}\nstop loss 3%\nsize 10% of equity\n")
    found = distance_of(0.0, [[0.0, left, 30.0]], program.entries[0].leaves)
    assert found == distance if distance is None else found == pytest.approx(distance, rel=1e-12)
