"""Changes, talk, dangers, vague wishes and injections as people write them: what comes of each, line by line.

`spoken.txt` holds 160 texts written before the code was looked at. The first half of each kind was worked with; the
second half (`held out`) was measured once at the end, and the few that were mended after that are marked `mended`. A
text that is not understood stands as such: the file says what happens, not what should.
"""

from collections import Counter
from pathlib import Path

import pytest

from bot.cli.evaluate import IN_FORCE
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.reading import Reading
from tests.strategy_dsl.phrasebook.test_edits import canonical

FILE = Path(__file__).with_name("spoken.txt")
BEFORE = canonical(IN_FORCE).splitlines()
FEWEST = {"edit": 45, "chat": 30, "dangerous": 28, "ambiguous": 26, "injection": 20}
"""So many of each kind come to what a careful trader would accept, at least."""
MISSED = "not understood:"


def told(kind: str, text: str) -> list[str]:
    """What came of a text, in the lines of the file."""
    reading: Reading = read(text, IN_FORCE if kind == "edit" else None)
    found = [f"= {reading.outcome} {reading.command or ''}".rstrip()]
    if reading.rules is not None:
        after = canonical(reading.rules).splitlines()
        before = BEFORE if kind == "edit" else []
        found += [f"- {line}" for line in before if line not in after and line]
        return found + [f"+ {line}" for line in after if line not in before and line]
    if not reading.questions and reading.not_understood:
        found.append(f"{MISSED} {' | '.join(reading.not_understood)}")
    return found + [f"asked: {question.topic}" for question in reading.questions]


def cases() -> list[tuple[str, str, list[str]]]:
    """Every text with its kind and its lines."""
    found: list[tuple[str, str, list[str]]] = []
    kind = ""
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = line.split()[1].rstrip(":")
        elif line.startswith("> "):
            found.append((kind, line[2:], []))
        elif line and not line.startswith("# "):
            found[-1][2].append(line)
    return found


CASES = cases()


@pytest.mark.parametrize(("kind", "text", "lines"), CASES, ids=[text for _, text, _ in CASES])
def test_a_spoken_text_comes_to_exactly_this(kind: str, text: str, lines: list[str]) -> None:
    assert told(kind, text) == lines


def test_no_talk_and_no_danger_makes_rules() -> None:
    for kind, text, lines in CASES:
        if kind in ("chat", "dangerous", "injection", "ambiguous"):
            assert not any(line.startswith("+ ") for line in lines), text


def test_no_fewer_of_each_kind_are_understood() -> None:
    understood = Counter(
        kind
        for kind, _, lines in CASES
        if not (lines[0] == "= clarify" and any(line.startswith(MISSED) for line in lines))
    )
    assert all(understood[kind] >= fewest for kind, fewest in FEWEST.items()), understood
