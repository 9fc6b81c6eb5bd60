"""What came of a text: rules, an edit, a question back, a refusal, an answer or a command."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["compile", "clarify", "refuse", "unsupported", "edit", "answer", "command"]


@dataclass(frozen=True)
class Mark:
    """A number, market, timeframe or trading word of the text and the clause that it went into."""

    value: str
    start: int
    end: int
    clause: str


@dataclass(frozen=True)
class Option:
    """One offered answer: `rules` when it settles everything, and the words to say in any case."""

    label: str
    rules: str | None = None
    answer: str = ""


@dataclass(frozen=True)
class Question:
    """One question back; `topic` says which choice is open, `default` is the index of the marked option."""

    topic: str
    text: str
    options: tuple[Option, ...] = ()
    default: int = 0


@dataclass(frozen=True)
class Edit:
    """One change to the rules: what was done to which clause, with the lines before and after."""

    operation: str
    clause: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Reading:
    """The outcome of reading one text; `rules` is set for `compile` and `edit` only."""

    outcome: Outcome
    rules: str | None = None
    marks: tuple[Mark, ...] = ()
    assumed: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    reasons: tuple[str, ...] = ()
    command: str | None = None
    edits: tuple[Edit, ...] = ()
    loosens: bool = False
