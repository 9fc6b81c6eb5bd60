import pytest

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
