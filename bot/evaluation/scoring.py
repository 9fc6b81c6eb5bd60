"""What a reading of one text is worth beside its gold: right, asked, missed or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from bot.evaluation.corpus import Row
from bot.evaluation.judgement import judged
from strategy_dsl.formatter import clause_lines
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Reading

Grade = Literal["right", "asked", "missed", "wrong", "open"]
GRADES: tuple[Grade, ...] = ("right", "asked", "missed", "wrong", "open")
"""`asked`: an acceptable outcome without rules where rules could have been written; `open`: not answered yet."""
WRONG_COSTS = 10
"""A wrong reading counts so many times a right one."""
NEVER_BY_DEFAULT = ("exit", "entry", "which_strategy", "leverage")
"""Topics on which the marked answer stands for nothing that the person said."""
ANSWERED = {"stop": ("stop",), "exit": ("exit", "stop", "target")}
"""What an answer to a question may add that no reading has: the text leaves it open, and any answer fits."""
OPERATIONS = ("undo", "delete", "pause", "resume", "close")
"""Operations of the gold's edits that no rules are written for."""
MOST_ANSWERS = 3
CHANGES = {
    "stop": {"stop", "trailing", "break_even"}, "target": {"targets", "rules"}, "size": {"size"},
    "market": {"trade", "open_positions"},
    "timeframe": {"trade", "rules", "lets"}, "entry": {"rules", "lets", "order", "schedules"},
    "exit": {"rules", "exits_after", "exits_at", "exits_when", "targets", "stop", "trailing"},
    "filter": {"rules", "windows", "lets"}, "side": {"trade", "rules", "reverse", "leverage", "open_positions"},
    "limits": {"open_positions", "entries_a_day", "cooldowns", "pauses", "halts", "budget"}, "trail": {"trailing"},
    "threshold": {"rules", "lets"}, "leverage": {"leverage", "trade"}, "order_type": {"order"},
}  # fmt: skip
"""The clauses that a change of something may touch."""


@dataclass(frozen=True)
class Score:
    """One text's grade, why, and whether rules came only after marked answers to questions."""

    row: Row
    reading: Reading
    grade: Grade
    why: str = ""
    drafted: bool = False

    @property
    def compiled(self) -> bool:
        """Whether an acceptable strategy was written, at once or after marked answers."""
        return self.row.kind == "strategy" and (self.drafted or self.reading.outcome == "compile") and not self.is_wrong

    @property
    def is_wrong(self) -> bool:
        """Whether rules were written that the text does not say."""
        return self.grade == "wrong"


def scored(row: Row, reading: Reading, current: str, names: ModuleType) -> Score:
    """The grade of a reading; `current` are the rules in force that an edit was read against."""
    allowed, outcome = row.gold["outcome"], reading.outcome
    if outcome not in allowed:
        dangerous = reading.rules is not None
        return Score(row, reading, "wrong" if dangerous else "missed", f"{outcome}, not {' or '.join(allowed)}")
    if reading.rules is not None:
        return _rules(row, reading, reading.rules, current, names)
    if _ordered(row, reading):
        return Score(row, reading, "right")
    topics = [each.topic for each in reading.questions]
    if unfit := [each for each in topics if each not in row.gold["ask"]]:
        return Score(row, reading, "missed", f"asks for {', '.join(unfit)}, which the text settles")
    if "compile" not in allowed and "edit" not in allowed:
        return Score(row, reading, "right")
    if row.kind == "strategy" and (offered := _offered(row, reading, names)) is not None:
        return offered
    settled = row.kind not in ("strategy", "edit") or _vague(row, reading)
    return Score(row, reading, "right" if settled else "asked", "; ".join(topics))


def _ordered(row: Row, reading: Reading) -> bool:
    """Whether an edit that is an operation by its gold (undo, delete, pause …) was read as the command of that name."""
    operation = (row.gold.get("edit") or {}).get("op")
    return row.kind == "edit" and operation in OPERATIONS and reading.command == operation


def _vague(row: Row, reading: Reading) -> bool:
    """Whether an edit that is vague by its gold was answered by a question that shows the rules of each answer."""
    vague = bool((row.gold.get("edit") or {}).get("vague"))
    return vague and any(len([each for each in question.options if each.rules]) > 1 for question in reading.questions)


def _rules(row: Row, reading: Reading, rules: str, current: str, names: ModuleType) -> Score:
    if reading.outcome == "edit":
        why = _edited(row.gold.get("edit") or {}, current, rules)
    else:
        why = "; ".join(judged(rules, row.gold, names).differences)
        if row.kind == "dangerous" and not (why or reading.reasons):
            why = "rules without a warning"
    return Score(row, reading, "wrong" if why else "right", why)


def _offered(row: Row, reading: Reading, names: ModuleType) -> Score | None:
    """Rules behind a question: one of several readings, or what the marked answers make."""
    texts = [each.rules for question in reading.questions for each in question.options if each.rules]
    if len(texts) > 1:
        topics = [each.topic for each in reading.questions]
        answered = [about for topic in topics for about in ANSWERED.get(topic, ())]
        fits = any(not judged(each, row.gold, names, answered=answered).differences for each in texts)
        drafted = fits and not set(topics) & set(NEVER_BY_DEFAULT)
        return Score(row, reading, "asked" if fits else "wrong", "" if fits else "no reading fits", drafted=drafted)
    rules, asked = _drafted(row.text, reading)
    if rules is None:
        return None
    why = "; ".join(judged(rules, row.gold, names, market_free="market" in asked).differences)
    return Score(row, reading, "wrong" if why else "asked", why or " ".join(asked), drafted=not why)


def _drafted(text: str, reading: Reading) -> tuple[str | None, list[str]]:
    """What the phrasebook makes of a text once its questions have their marked answers, and what was asked."""
    asked: list[str] = []
    while reading.rules is None and reading.questions and len(asked) < MOST_ANSWERS:
        question = reading.questions[0]
        if question.topic in NEVER_BY_DEFAULT or not question.options:
            return None, asked
        asked.append(question.topic)
        option = question.options[question.default]
        if option.rules:
            return option.rules, asked
        text = followed(text, question, option.label)
        reading = read(text)
    return reading.rules, asked


def _edited(gold: Mapping[str, Any], current: str, rules: str) -> str:
    """What is wrong with a change: a clause that it should not touch, or a number that did not arrive."""
    before, after = (dict.fromkeys(clause_lines(parse(text).strategy)) for text in (current, rules))
    touched = {field for field, line in (*before, *after) if ((field, line) in before) != ((field, line) in after)}
    if not touched:
        return "nothing changed"
    wanted = [gold, *(gold.get("also") or ())]
    fields = {field for each in wanted for field in CHANGES.get(str(each.get("what")), touched)}
    if stray := sorted(touched - fields):
        return f"changed {', '.join(stray)}"
    numbers = [each["value"] for each in wanted if isinstance(each.get("value"), int | float)]
    lines = " ".join(line for _, line in after if line not in {known for _, known in before})
    lost = [f"{each:g}" for each in numbers if f"{each:g}" not in lines.replace(",", "")]
    return f"{', '.join(lost)} did not arrive" if lost else ""
