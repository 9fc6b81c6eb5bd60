"""A question about a wish that is open: its options, and whether a text answers it."""

from bot.replies import Button, Reply
from runtime.ledger import questions
from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Option, Question


def chosen(question: questions.Question, text: str) -> Option | None:
    """The option that a text names by its label or number."""
    options = question_of(question).options
    number = text.strip().rstrip(".")
    if number.isdigit():
        return options[int(number) - 1] if 1 <= int(number) <= len(options) else None
    return next((each for each in options if each.label.lower() == text.lower()), None)


def rows_of(question: Question) -> tuple[tuple[Button, ...], ...]:
    """One button for each option."""
    return tuple((Button(each.label, f"say:{each.label}"[:64]),) for each in question.options)


def which(question: questions.Question) -> Reply:
    """A bare yes chooses nothing where there is something to choose."""
    return Reply("Which one? Tap it, or say its number.", rows_of(question_of(question)))


def question_of(question: questions.Question) -> Question:
    """A stored question as it was asked."""
    payload = question.payload
    options = tuple(Option(each["label"], each["rules"], each["answer"]) for each in payload["options"])
    return Question(payload["topic"], payload["question"], options)


def answer_of(question: questions.Question, text: str, rules: str | None) -> str | None:
    """The first text with its answer, where this text answers the open question.

    A text that means something by itself is no answer, and neither is one that makes nothing clearer.
    """
    asked = question_of(question)
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
