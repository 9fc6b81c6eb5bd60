"""The fast part of the fuzz; `make prove` runs the million."""

from tests.fuzz import fuzz


def test_nothing_but_diagnostics_comes_of_any_text():
    grammar_is_warm = fuzz(5, seed=1)
    assert grammar_is_warm.inputs == 5
    found = fuzz(3_000, seed=2)
    assert found.inputs == 3_000
