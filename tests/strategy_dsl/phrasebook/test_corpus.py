"""The phrasebook on the development corpus: acceptable outcomes, right questions, and rules that behave as the gold."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

import pytest

from bot.cli.evaluate import IN_FORCE
from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Reading
from tests.strategy_dsl.phrasebook import gold

pytestmark = pytest.mark.skipif(not gold.CORPUS.exists(), reason="the corpus is not beside this checkout")


@dataclass
class Score:
    """What the phrasebook did with the corpus."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unacceptable: list[str] = field(default_factory=list)
    wrong_topics: list[str] = field(default_factory=list)
    wrong_rules: list[str] = field(default_factory=list)
    compiled: list[str] = field(default_factory=list)
    drafted: list[str] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)


@cache
def score() -> Score:
    """Every message read once; edits with rules in force."""
    found = Score()
    for row, expected in gold.rows():
        kind, text = row["kind"], row["text"]
        reading = read(text, IN_FORCE if kind == "edit" else None)
        found.readings[row["id"]] = reading
        found.outcomes[kind][reading.outcome] += 1
        if reading.outcome not in expected["outcome"]:
            found.unacceptable.append(f"{row['id']} {reading.outcome} not in {expected['outcome']}: {text}")
        for question in reading.questions:
            if question.topic not in expected["ask"]:
                found.wrong_topics.append(f"{row['id']} {question.topic} not in {expected['ask']}: {text}")
        _judge(found, row["id"], text, reading, expected, kind)
    return found


def _judge(found: Score, name: str, text: str, reading: Reading, expected: dict[str, object], kind: str) -> None:
    """Rules, given or offered as the default answer to a question, against the gold."""
    offered = reading.questions[0] if reading.questions else None
    if kind == "edit" or (kind == "ambiguous" and offered is not None):
        return
    rules = reading.rules
    asked: list[str] = []
    while rules is None and offered is not None and offered.options and len(asked) < 4:
        if offered.topic in ("exit", "entry", "which_strategy", "leverage", "stop"):
            return
        asked.append(offered.topic)
        if offered.options[offered.default].rules:
            rules = offered.options[offered.default].rules
            break
        text = followed(text, offered, offered.options[offered.default].label)
        last = read(text)
        rules = last.rules
        offered = last.questions[0] if last.questions else None
    if rules is None:
        return
    (found.drafted if asked else found.compiled).append(f"{name} {' '.join(asked)}".rstrip())
    differences = gold.problems(rules, expected)
    if differences or "compile" not in expected["outcome"]:  # type: ignore[operator]
        found.wrong_rules.append(f"{name} {differences}: {text}\n{rules}")


def test_every_outcome_is_acceptable() -> None:
    assert score().unacceptable == []


def test_questions_are_on_topics_that_are_open() -> None:
    assert score().wrong_topics == []


def test_chat_makes_no_strategy() -> None:
    made = [row["id"] for row, _ in gold.rows() if row["kind"] == "chat" and score().readings[row["id"]].rules]
    assert made == []


def test_nothing_dangerous_is_accepted_as_it_stands() -> None:
    accepted = [
        row["id"]
        for row, _ in gold.rows()
        if row["kind"] == "dangerous" and score().readings[row["id"]].outcome in ("compile", "edit")
    ]
    assert accepted == []


def test_wrong_readings_are_at_most_one_in_a_hundred() -> None:
    assert len(score().wrong_rules) <= len(gold.rows()) / 100, "\n".join(score().wrong_rules)


def test_share_that_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    found = score()
    strategies = sum(row["kind"] == "strategy" for row, _ in gold.rows())
    with capsys.disabled():
        print(f"\n{len(found.compiled)} compiled and {len(found.drafted)} drafted up to the market, of {strategies}")
        for kind, outcomes in found.outcomes.items():
            print(f"  {kind}: {dict(outcomes)}")
    edits = [found.readings[row["id"]].outcome for row, _ in gold.rows() if row["kind"] == "edit"]
    assert len(found.compiled) >= 38
    assert sum(outcome in ("edit", "command") for outcome in edits) >= 0.6 * len(edits)
