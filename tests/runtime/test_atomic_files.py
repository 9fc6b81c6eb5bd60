from pathlib import Path

import pytest

from runtime.atomic_files import replacing


def test_the_new_text_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    with pytest.raises(InterruptedError):
        _write_half(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def _write_half(target: Path) -> None:
    with replacing(target) as part:
        part.write_text("ne")
        raise InterruptedError
