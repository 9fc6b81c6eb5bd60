"""Recovery phrases in the ways in which people type them, and sentences that are none."""

import pytest

from bot.secret_words import secret_in

WORDS = "abandon ability able about above absent absorb abstract absurd abuse access accident"


@pytest.mark.parametrize(
    "text",
    [
        f"my seed phrase is {WORDS}",
        f"this is my recovery phrase {WORDS}",
        f"mnemonic {WORDS}",
        f"recovery: {WORDS}",
        WORDS,
        " ".join(f"{number}. {word}" for number, word in enumerate(WORDS.split(), 1)),
        f"{WORDS} {WORDS}",
    ],
)
def test_a_recovery_phrase_is_known(text: str) -> None:
    assert secret_in(text) == "a recovery phrase"


@pytest.mark.parametrize(
    "text",
    [
        "what is a seed phrase",
        "buy bitcoin when rsi drops below thirty and sell when price rises over seventy",
        "please alert when bitcoin price drops below seventy thousand dollars today okay thanks",
        "buy the recovery after each large drop once price rises over the average with rising volume, stop below the low",
    ],
)
def test_sentences_are_none(text: str) -> None:
    assert secret_in(text) is None
