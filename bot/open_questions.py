"""What a text answers: the options of an open question, tapped, numbered, or in the person's own words."""

from runtime.ledger import questions
from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Option, Question


def chosen(question: questions.Question, text: str) -> Option | None:
    """The option that a text names by its label or number."""
    options = _question_of(question).options
    number = text.strip().rstrip(".")
    if number.isdigit():
        return options[int(number) - 1] if 1 <= int(number) <= len(options) else None
    return next((each for each in options if each.label.lower() == text.lower()), None)


def _question_of(question: questions.Question) -> Question:
    payload = question.payload
    options = tuple(Option(each["label"], each["rules"], each["answer"]) for each in payload["options"])
    return Question(payload["topic"], payload["question"], options)


def answer_of(question: questions.Question, text: str, rules: str | None) -> str | None:
    """The first text with its answer, where this text answers the open question.

    A text that means something by itself is no answer, and neither is one that makes nothing clearer.
    """
    asked = _question_of(question)
    if (option := chosen(question, text)) is not None:
        return followed(question.payload["text"], asked, option.label)
    alone = read(text, rules)
    if alone.outcome != "clarify":
        return None
    full = followed(question.payload["text"], asked, text)
    together = read(full, rules)
    if together.outcome in ("compile", "edit"):
        return full
    return full if together.questions and not alone.questions else None
