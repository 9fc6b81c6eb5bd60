"""Conversations as a person has them on a phone: what is shown is a golden file, and together they show everything."""

from pathlib import Path

import pytest

from bot.commands import COMMANDS, matched
from tests.emulators.telegram_api import is_valid
from tests.transcripts import FOLDER, blank_ledger, played, read

SCRIPTS = sorted(FOLDER.glob("*.txt"))
TEMPLATES = {each.stem for each in (Path(__file__).parents[3] / "bot" / "templates").glob("*.jinja")}
UNSEEN = {
    "welcome": "the terminal's own",
    "failed": "only a bug shows it",
    "market_failed": "only a bug shows it",
    "heard": "voice notes, in test_voice.py",
    "comment": "a comment of the model, in test_comments.py",
}
"""Templates that no transcript can show."""


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    return blank_ledger(tmp_path_factory.mktemp("blank"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_a_conversation_is_as_it_was(path, blank):
    found = await played(read(path), blank)
    assert found.text == path.read_text("utf-8"), "`python -m tests.transcripts` writes it anew: read the difference"
    for step in found.steps:
        assert all(is_valid(each.html) for each in step.shown)


def test_there_are_thirty_of_them_and_each_card_has_one_name():
    assert len(SCRIPTS) >= 30
    cards = [step.card for path in SCRIPTS for step in read(path).steps if step.card]
    assert len(cards) == len(set(cards))


def test_together_they_say_every_command():
    said = [step.words for path in SCRIPTS for step in read(path).steps if step.verb in ("you", "tap", "group")]
    assert set(COMMANDS) - {found[0].name for each in said if (found := matched(each)) is not None} == set()


def test_together_they_show_every_template():
    assert TEMPLATES - {name for path in SCRIPTS for name in read(path).templates} == set(UNSEEN)
