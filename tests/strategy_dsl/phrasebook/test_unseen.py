"""Texts as people write them, none of the corpus: each with the rules it must become, or with what it must not become.

`unseen.txt` holds a text behind `> ` (a new line in it as `\\n`), then the lines of its rules that are no default, or
`= ` with the outcome, the words that were not understood and the questions. Every line was judged before it was kept.
"""

import re
from pathlib import Path

import pytest

from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Reading

FILE = Path(__file__).with_name("unseen.txt")
USUAL = {"size 5% of equity", "stop loss none", "ask before buying, for 5m, otherwise skip", "at most 1 open position"}
FEWEST = 660
NUMBER = re.compile(r"(?<![\w.,:/%-])\d+(?:\.\d+)?(?=[%,. ]|$)")


def told(reading: Reading) -> list[str]:
    """What came of a text, in the lines of the file."""
    if reading.rules is not None:
        return [line for line in reading.rules.splitlines() if line and line not in USUAL]
    found = [f"= {reading.outcome} {reading.command or ''}".rstrip()]
    found += [f"= not understood: {' | '.join(reading.not_understood)}"] if reading.not_understood else []
    found += [f"= asked: {question.topic}" for question in reading.questions]
    return found + [f"= reason: {reason}" for reason in reading.reasons]


def cases() -> list[tuple[str, list[str]]]:
    """Every text with its lines."""
    found: list[tuple[str, list[str]]] = []
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("> "):
            found.append((line[2:].replace("\\n", "\n"), []))
        elif line and not line.startswith("## "):
            found[-1][1].append(line)
    return found


CASES = cases()


@pytest.mark.parametrize(("text", "lines"), CASES, ids=[text for text, _ in CASES])
def test_an_unseen_text_becomes_exactly_this(text: str, lines: list[str]) -> None:
    assert told(read(text)) == lines


def test_no_fewer_of_them_become_rules() -> None:
    assert sum(not lines[0].startswith("=") for _, lines in CASES) >= FEWEST


def test_every_miss_says_why() -> None:
    for text, lines in CASES:
        missed = lines[0].startswith("= clarify") or lines[0].startswith("= unsupported")
        assert not missed or len(lines) > 1, text


def swapped() -> list[tuple[str, str]]:
    """Texts that compile beside themselves with two of their plain numbers exchanged."""
    found = []
    for text, lines in CASES:
        numbers = list(NUMBER.finditer(text))
        if lines[0].startswith("=") or len(numbers) < 2 or numbers[0].group() == numbers[-1].group():
            continue
        first, last = numbers[0], numbers[-1]
        other = (
            text[: first.start()] + last.group() + text[first.end() : last.start()] + first.group() + text[last.end() :]
        )
        found.append((text, other))
    return found


def test_two_numbers_exchanged_never_read_alike() -> None:
    assert len(swapped()) > 50
    for text, other in swapped():
        assert read(other).rules != read(text).rules, other


BEGINNERS = (
    "buy btc when it dips", "i want to buy eth on dips", "buy the dip", "buy btc cheap", "trade bitcoin for me", "buy btc",
    "short eth, stop 2%", "long btc with 3% stop", "halve the size", "make it less aggressive", "rsi",
)  # fmt: skip


@pytest.mark.parametrize("text", BEGINNERS)
def test_every_answer_to_a_question_leads_on(text: str) -> None:
    """Whoever taps what is offered is never told that something was not understood."""
    waiting, count = [(text, 0)], 0
    while waiting:
        said, asked = waiting.pop()
        reading = read(said)
        if asked:
            assert reading.rules or reading.questions, said
        if reading.questions and asked < 4:
            question = reading.questions[0]
            waiting += [
                (followed(said, question, each.label), asked + 1) for each in question.options if not each.rules
            ]
            count += len(question.options)
    assert count
