"""Several readings of one text: settled by what they would have done, asked about, or the safest taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.english.behaviour import Behaviour, same, topic
from bot.english.dry_run import unmeant
from strategy_dsl.compiler import Compiled
from strategy_dsl.formatter import clause_lines
from strategy_dsl.phrasebook.reading import Option, Question, Reading

ASK = "Your words can be read in {count} ways that trade differently. Which one do you mean?"
CHECK = "I read this in two ways that trade differently. Which one do you mean?"
SAFEST = "Your words can be read in {count} ways; I took the one that risks least: {label}."
LETTERS = "ABC"
LONGEST_LABEL = 50
"""A button holds 64 bytes, `say:` in front of it."""


@dataclass(frozen=True)
class Judge:
    """How readings are compared: our compiler, which raises StrategyError, and a run on recent candles."""

    compiled: Callable[[str], Compiled]
    behave: Callable[[Compiled], Behaviour]

    def odd(self, rules: str, text: str) -> tuple[str, ...]:
        """What cannot be meant about rules that hold and are to say a text."""
        return unmeant(self.compiled(rules), text)


@dataclass(frozen=True)
class Candidate:
    """One reading that holds, what sets it apart in words, and what it would have done."""

    reading: Reading
    label: str
    compiled: Compiled
    behaviour: Behaviour


def settled(found: Sequence[tuple[Reading, str]], judge: Judge, words: str, named: str, questions_left: int) -> Reading:
    """One reading where all that hold would have done the same; else a question, or the safest of them.

    `found` are readings whose rules hold with what sets each apart, the likeliest first; `words` is the question's
    text and `named` its topic, "none" to find it by what differs.
    """
    tried = [_candidate(reading, label, judge) for reading, label in found]
    different: list[Candidate] = []
    for each in tried:
        if not any(_alike(each, other) for other in different):
            different.append(each)
    if len(different) == 1:
        return different[0].reading
    if questions_left <= 0:
        return _safest(different)
    return _asked(different, words, named)


def _candidate(reading: Reading, label: str, judge: Judge) -> Candidate:
    compiled = judge.compiled(reading.rules or "")
    return Candidate(reading, label, compiled, judge.behave(compiled))


def _alike(one: Candidate, other: Candidate) -> bool:
    return one.compiled.text == other.compiled.text or same(one.behaviour, other.behaviour)


def _safest(tried: Sequence[Candidate]) -> Reading:
    """The least worst case; of equal ones the fewest entries."""
    best = min(tried, key=lambda each: (each.behaviour.risk, each.behaviour.bought + each.behaviour.shorted))
    label = best.label or LETTERS[tried.index(best)]
    marked = SAFEST.format(count=len(tried), label=label)
    return replace(best.reading, reasons=(marked, *best.reading.reasons))


def _asked(tried: Sequence[Candidate], words: str, named: str) -> Reading:
    """The question with a button for each reading, what each would have done, and the likeliest marked."""
    about = named if named != "none" else topic(tried[0].compiled.strategy, tried[1].compiled.strategy)
    lines = [words.format(count=len(tried))]
    options = []
    for letter, each in zip(LETTERS, tried, strict=False):
        label = each.label or _apart(each, tried)
        lines.append(f"{letter}: {label}. In the last 90 days it {each.behaviour.told()}.")
        options.append(Option(f"{letter}: {label}"[:LONGEST_LABEL], each.compiled.text, label))
    decide = min(tried, key=lambda each: each.behaviour.risk)
    options.append(Option("You decide", decide.compiled.text, "you decide"))
    question = Question(about, "\n".join(lines), tuple(options), 0)
    # what a tap on a button makes: a strategy of its own, or a change
    return Reading("clarify", questions=(question,), command=tried[0].reading.outcome)


def _apart(one: Candidate, tried: Sequence[Candidate]) -> str:
    """The clauses that only this reading has."""
    others = {line for each in tried if each is not one for _, line in clause_lines(each.compiled.strategy)}
    mine = [line for _, line in clause_lines(one.compiled.strategy) if line not in others]
    return "; ".join(mine) or "without the other's clauses"
