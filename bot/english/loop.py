"""English -> rules with the model: one named tool, our diagnostics fed back at most twice, then a question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.english.budget import Purse
from bot.english.client import Model, ModelError, Reply
from bot.english.model_settings import ModelSettings
from bot.english.prompt import TOOL, TOPICS, first_message, repair_messages, system
from bot.english.provenance import Provenance, provenance
from strategy_dsl.limits import Limits
from strategy_dsl.phrasebook.reading import Option, Outcome, Question, Reading

Check = Callable[[str], list[str]]
UNREADABLE = "The model gave no usable answer. Say it in other words, or try again."
STOPS = {
    "max_tokens": "The model's answer was cut off, so I kept nothing of it. Say it in fewer words.",
    "refusal": "The model declined to write this. Say it in other words.",
    "model_context_window_exceeded": "That is too much text for the model. Say it in fewer words.",
    "pause_turn": "The model stopped half way, so I kept nothing of it. Try again.",
    "stop_sequence": UNREADABLE,
    "end_turn": UNREADABLE,
}
"""What a reply that ends without a tool call means to the person."""
REWORD = "I could not turn this into rules that hold together. Could you say it in other words?"
INVENTED = "{piece}: the message does not say it. Take it out, or ask."
UNREAD = "`{word}` of the message is not in the rules. Put it in, or list it in not_understood."


@dataclass(frozen=True)
class Workshop:
    """The model, its settings and the person's money for it."""

    model: Model
    settings: ModelSettings
    purse: Purse


async def compile_english(text: str, current: str | None, limits: Limits, check: Check, shop: Workshop) -> Reading:
    """The reading of a text by the model; every way that it can fail is a Reading with a sentence.

    `check` gives the rendered problems of a rules text, none for rules that hold.
    """
    messages: list[Mapping[str, Any]] = [first_message(text, current, limits)]
    last: Reading | None = None
    try:
        for _ in range(shop.settings.repairs + 1):
            reply = await _asked(shop, messages)
            given = _usable(reply)
            reading, problems = _judged(text, current, given, check)
            if not problems:
                return reading
            last = reading
            messages += repair_messages(reply.blocks, reply.tool_id, problems)
    except ModelError as error:
        return Reading("clarify", reasons=(error.sentence,), command="model_unavailable")
    return _given_up(last)


async def _asked(shop: Workshop, messages: Sequence[Mapping[str, Any]]) -> Reply:
    """One request, paid for from the purse."""
    blocks = system()
    characters = len(str(blocks)) + len(str(TOOL)) + len(str(messages))
    call = shop.purse.begin(shop.settings, characters)
    try:
        reply = await shop.model.ask(blocks, TOOL, messages)
    except ModelError as error:
        if not error.billed:
            shop.purse.free(call)
        raise
    shop.purse.end(call, shop.settings, reply)
    return reply


def _usable(reply: Reply) -> Mapping[str, Any]:
    """The tool's input, or a ModelError that says how the reply ended."""
    whole = reply.stop_reason == "tool_use" and reply.tool_input is not None
    if not whole or reply.tool_input is None:
        raise ModelError(STOPS.get(reply.stop_reason, UNREADABLE))
    wanted = TOOL["input_schema"]["properties"]
    if set(reply.tool_input) != set(wanted) or not all(
        _fits(reply.tool_input[name], schema) for name, schema in wanted.items()
    ):
        raise ModelError(UNREADABLE)
    return reply.tool_input


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    if schema["type"] == "array":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and value in schema.get("enum", (value,))


def _judged(text: str, current: str | None, given: Mapping[str, Any], check: Check) -> tuple[Reading, list[str]]:
    """The reading of one answer and what is wrong with it."""
    outcome = cast(Outcome, given["outcome"])
    lost = tuple(given["not_understood"])
    notes = tuple(given["notes"])
    if outcome not in ("compile", "edit"):
        return Reading(outcome, not_understood=lost, reasons=notes, questions=_question(given)), []
    rules = str(given["rules"])
    problems = check(rules)
    if problems:
        return Reading("clarify", not_understood=lost, reasons=tuple(problems)), problems
    origin = provenance(text, rules, current if outcome == "edit" else None)
    reading = _sourced(outcome, rules, origin, lost)
    problems = [INVENTED.format(piece=piece) for piece in origin.invented]
    problems += [UNREAD.format(word=word) for word in origin.unread if word not in " ".join(lost)]
    return reading, problems


def _sourced(outcome: Outcome, rules: str, origin: Provenance, lost: tuple[str, ...]) -> Reading:
    """The reading of rules that compile: a question where a number is of nobody's, or where words were lost."""
    unread = tuple(dict.fromkeys((*lost, *origin.unread)))
    if not origin.invented and not unread:
        return Reading(outcome, rules=rules, marks=origin.marks, assumed=origin.assumed)
    question: tuple[Question, ...] = ()
    if origin.invented:
        pieces = "; ".join(origin.invented)
        options = (Option("that is right", rules, "yes"), Option("no, I will say it", None, "no"))
        question = (Question("threshold", f"You did not say {pieces}. Is that what you want?", options, 1),)
    return Reading("clarify", marks=origin.marks, assumed=origin.assumed, not_understood=unread, questions=question)


def _question(given: Mapping[str, Any]) -> tuple[Question, ...]:
    if given["outcome"] != "clarify" or not given["question"]:
        return ()
    topic = given["question_topic"] if given["question_topic"] in TOPICS[:-1] else "entry"
    options = tuple(Option(label, None, label) for label in given["question_options"])
    return (Question(topic, given["question"], options),)


def _given_up(last: Reading | None) -> Reading:
    """After the last repair: a question to the person, and never rules that do not hold."""
    if last is None:
        return Reading("clarify", reasons=(REWORD,))
    if last.questions:
        return last
    return Reading("clarify", not_understood=last.not_understood, reasons=(REWORD, *last.reasons[:1]))
