"""Voice notes over real HTTP: fetched, read by a program or a function, said back; what acts is never taken from them."""

import sys
from pathlib import Path

import pytest

from bot.transcriber import ByProgram, NotHeard, transcriber_of
from bot.voice import MOST_SECONDS, acts
from tests.bot.telegram.phone import phone_at

WISH = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"


def reads(audio: str) -> str:
    """A transcriber for files that hold their own words."""
    return Path(audio).read_text("utf-8")


FUNCTION = f"{__name__}:reads"
PROGRAM = f'{sys.executable} -c "import sys; print(open(sys.argv[1]).read())"'


async def speaks(phone, words: str, user: int = 42, seconds: int = 3) -> str:
    """A voice note arrives; what came back."""
    name = f"note{len(phone.api.files)}"
    phone.api.files[name] = words.encode()
    voice = {"file_id": name, "file_unique_id": name, "duration": seconds, "mime_type": "audio/ogg"}
    message = phone.text("", user)
    del message["text"]
    phone.update(message=message | {"voice": voice})
    await phone.settle()
    return phone.screen()


@pytest.mark.parametrize("setting", [FUNCTION, PROGRAM])
async def test_a_wish_is_heard_said_back_and_read(tmp_path, setting):
    async with phone_at(tmp_path, transcriber=setting) as phone:
        shown = await speaks(phone, WISH + "\n")
        assert shown.startswith(f"I heard: “{WISH}”")
        assert "this is what I understood" in shown
        assert "I heard: “status”" in await speaks(phone, "status")


async def test_without_a_transcriber_one_kind_sentence_comes(tmp_path):
    async with phone_at(tmp_path) as phone:
        assert await speaks(phone, WISH) == "I cannot listen to voice notes here. Please type it."
        assert await speaks(phone, WISH, user=7) == ""


async def test_what_acts_asks_again_and_a_tap_does_it(tmp_path):
    async with phone_at(tmp_path, transcriber=FUNCTION) as phone:
        await phone.says(WISH)
        for words in ("paper", "Panic!", "pause all", "close btc", "yes", "approve it", "live", "undo", "resume"):
            shown = await speaks(phone, words)
            assert "What acts is never taken from a voice" in shown, words
        assert "Nothing is running" in await phone.says("status")
        await speaks(phone, "paper")
        assert "runs now" in await phone.taps("Yes: paper")


async def test_a_question_about_an_order_is_never_answered_by_voice(tmp_path):
    async with phone_at(tmp_path, transcriber=FUNCTION) as phone:
        await phone.says(WISH, "paper", "skip")
        assert phone.waiting()
        for words in ("yes", "Approve.", "half", "no", "yes please"):
            assert "never taken from a voice" in await speaks(phone, words)
        assert phone.waiting()


async def test_a_spoken_secret_is_not_repeated(tmp_path):
    async with phone_at(tmp_path, transcriber=FUNCTION) as phone:
        shown = await speaks(phone, "my password is hunter2hunter2")
        assert "hunter2" not in shown and "That sounded like a password" in shown


async def test_every_failure_is_one_sentence(tmp_path):
    async with phone_at(tmp_path, transcriber=f"{sys.executable} -c 1/0") as phone:
        assert "could not read your voice note (exit code 1)" in await speaks(phone, "x")
        assert str(MOST_SECONDS) in await speaks(phone, "x", seconds=MOST_SECONDS + 1)
    async with phone_at(tmp_path / "b", transcriber="no-such-program-at-all") as phone:
        assert "could not read your voice note" in await speaks(phone, "x")
    async with phone_at(tmp_path / "c", transcriber="no.such.module:reads") as phone:
        assert "ModuleNotFoundError" in await speaks(phone, "x")
    async with phone_at(tmp_path / "d", transcriber=FUNCTION) as phone:
        assert "I heard no words" in await speaks(phone, "[BLANK_AUDIO]")
        phone.api.files.clear()
        voice = {"file_id": "gone", "file_unique_id": "gone", "duration": 3}
        message = phone.text("") | {"voice": voice}
        del message["text"]
        phone.update(message=message)
        await phone.settle()
        assert "could not read your voice note" in phone.screen()


async def test_a_program_gets_no_shell_and_no_endless_time(tmp_path):
    audio = tmp_path / "note; touch owned"
    audio.write_text("words")
    assert (
        await ByProgram((sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())"), 20).text_of(audio)
        == "words"
    )
    assert not (tmp_path / "owned").exists()
    with pytest.raises(NotHeard, match="too long"):
        await ByProgram((sys.executable, "-c", "import time; time.sleep(60)"), 0.5).text_of(audio)
    assert transcriber_of("  ") is None


@pytest.mark.parametrize(
    "text", ["what is rsi", "status", WISH, "make the stop 2%", "why not", "how am I doing?", "less aggressive"]
)
def test_what_only_asks_or_changes_rules_is_read(text):
    assert not acts(text, frozenset({"yes", "no"}))
