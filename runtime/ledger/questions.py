"""Questions in a conversation: at most one is open per person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from runtime.ledger.records import add, changed, columns, first
from runtime.ledger.states import QuestionState
from runtime.ledger.tables import questions


@dataclass(frozen=True)
class Question:
    """Something Sayso asked a person; `answer` is any JSON value."""

    id: int
    person_id: int
    kind: str
    payload: dict[str, Any]
    state: QuestionState
    asked_at: datetime
    settled_at: datetime | None
    answer: Any


def ask(c: Connection, person_id: int, kind: str, payload: Mapping[str, Any], at: datetime) -> Question:
    """Ask the person, closing what was open before."""
    earlier = (questions.c.person_id == person_id) & (questions.c.state == "open")
    c.execute(update(questions).where(earlier).values(state="closed", settled_at=at))
    row = {"person_id": person_id, "kind": kind, "payload": payload, "state": "open", "asked_at": at}
    question = first(c, Question, _questions().where(questions.c.id == add(c, questions, row)))
    assert question is not None
    return question


def open_one(c: Connection, person_id: int) -> Question | None:
    """What the person was asked and has not answered."""
    waiting = (questions.c.person_id == person_id) & (questions.c.state == "open")
    return first(c, Question, _questions().where(waiting))


def settle(c: Connection, question_id: int, answer: Any, at: datetime) -> bool:
    """Write the answer down; False when the question is not open any more."""
    waiting = (questions.c.id == question_id) & (questions.c.state == "open")
    answered = {"state": "answered", "answer": answer, "settled_at": at}
    return changed(c, update(questions).where(waiting).values(**answered))


def _questions() -> Select[Question]:
    return select(*columns(Question, questions))
