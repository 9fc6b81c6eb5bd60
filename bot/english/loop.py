"""English -> rules with the model: one named tool, our diagnostics fed back at most twice, then a question."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.english.budget import Purse
from bot.english.client import TOO_SLOW, Model, ModelError, Reply
from bot.english.model_settings import ModelSettings
from bot.english.prompt import MOST_QUESTIONS, MOST_READINGS, TOOL, TOPICS, first_message, repair_messages, system
from bot.english.provenance import Provenance, provenance
from bot.english.readings import ASK, CHECK, Judge, settled
from strategy_dsl.limits import Limits
from strategy_dsl.phrasebook.reading import Option, Outcome, Question, Reading

Check = Callable[[str], list[str]]
Odd = Callable[[str, str], tuple[str, ...]]
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
NO_RULES = "The outcome needs the rules text, at least one and at most three."
NOT_IN_FORCE = "There are no rules in force that could be changed: the outcome is `compile`, or a question."
WRONG_WAY = "{piece} points the other way than the words of the message. Turn it, or ask."
INVENTED = "{piece}: the message does not say it. Take it out, or ask."
UNREAD = "`{word}` of the message is not in the rules. Put it in, or list it in not_understood."
UNMEANT = "{piece}: that cannot be meant. Look whether a comparison is turned or a part is missing."
UNAVAILABLE = "model_unavailable"


@dataclass(frozen=True)
class Workshop:
    """The model, its settings, the person's money for it, and how readings are compared."""

    model: Model
    settings: ModelSettings
    purse: Purse
    judge: Judge


@dataclass(frozen=True)
class Asked:
    """What is asked of the loop: a text, the rules in force, the limits, and what came before."""

    text: str
    current: str | None
    limits: Limits
    questions_left: int = MOST_QUESTIONS
    plain: Reading | None = None
    """The phrasebook's reading of the same text, to cross-check the model."""


async def compile_english(asked: Asked, check: Check, shop: Workshop) -> Reading:
    """The reading of a text by the model; every way that it can fail is a Reading with a sentence.

    `check` gives the rendered problems of a rules text, none for rules that hold. The whole of it takes at most the
    settings' time.
    """
    try:
        async with asyncio.timeout(shop.settings.timeout_seconds):
            return await _tried(asked, check, shop)
    except TimeoutError:
        return Reading("clarify", reasons=(TOO_SLOW,), command=UNAVAILABLE)
    except ModelError as error:
        return Reading("clarify", reasons=(error.sentence,), command=UNAVAILABLE)


async def _tried(asked: Asked, check: Check, shop: Workshop) -> Reading:
    """Ask, judge, and have it mended at most as often as the settings say."""
    messages: list[Mapping[str, Any]] = [first_message(asked.text, asked.current, asked.limits, asked.questions_left)]
    last = Tried((), ())
    for _ in range(shop.settings.repairs + 1):
        reply = await _asked(shop, messages)
        given = _usable(reply)
        if given["outcome"] not in ("compile", "edit"):
            return _without_rules(given)
        last = await asyncio.to_thread(_judged, asked, given, check, shop.judge.odd)
        if not last.problems:
            break
        messages += repair_messages(reply.blocks, reply.tool_id, last.problems)
    return await _decided(asked, given, last, shop)


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


def _without_rules(given: Mapping[str, Any]) -> Reading:
    """A question, a refusal, an answer or a wish to operate the bot, which the model itself never does."""
    outcome = cast(Outcome, given["outcome"])
    command = "help" if outcome == "command" else None
    lost, notes = tuple(given["not_understood"]), tuple(given["notes"])
    return Reading(outcome, not_understood=lost, reasons=notes, questions=_question(given), command=command)


def _question(given: Mapping[str, Any]) -> tuple[Question, ...]:
    if given["outcome"] != "clarify" or not given["question"]:
        return ()
    topic = given["question_topic"] if given["question_topic"] in TOPICS[:-1] else "entry"
    options = tuple(Option(label[:50], None, label) for label in given["question_options"][:5] if label.strip())
    return (Question(topic, given["question"], options),)


@dataclass(frozen=True)
class Tried:
    """The readings of one answer that hold, each with what sets it apart, and what is wrong with the others."""

    readings: tuple[tuple[Reading, str], ...]
    problems: tuple[str, ...]
    doubtful: tuple[Reading, ...] = ()
    """Readings whose rules hold but say more or less than the text."""


def _judged(asked: Asked, given: Mapping[str, Any], check: Check, odd: Odd) -> Tried:
    """Every reading of one answer: compiled, then matched with the words of the text."""
    texts = tuple(dict.fromkeys(text for text in given["rules"] if text.strip()))
    if not 0 < len(texts) <= MOST_READINGS:
        return Tried((), (NO_RULES,))
    if given["outcome"] == "edit" and asked.current is None:
        return Tried((), (NOT_IN_FORCE,))
    good: list[tuple[Reading, str]] = []
    doubtful: list[Reading] = []
    problems: list[str] = []
    for number, rules in enumerate(texts, 1):
        label = given["differences"][number - 1] if len(given["differences"]) >= len(texts) > 1 else ""
        reading, wrong = _one(asked, given, rules, check, odd)
        if not wrong:
            good.append((reading, label))
            continue
        if reading.rules is not None:
            doubtful.append(reading)
        problems += [f"Reading {number}: {each}" if len(texts) > 1 else each for each in wrong]
    return Tried(tuple(good), tuple(problems), tuple(doubtful))


def _one(asked: Asked, given: Mapping[str, Any], rules: str, check: Check, odd: Odd) -> tuple[Reading, list[str]]:
    outcome, lost = cast(Outcome, given["outcome"]), tuple(given["not_understood"])
    if problems := check(rules):
        return Reading("clarify", not_understood=lost, reasons=tuple(problems)), problems
    origin = provenance(asked.text, rules, asked.current if outcome == "edit" else None)
    unread = tuple(dict.fromkeys((*lost, *origin.unread)))
    strange = odd(rules, asked.text) if outcome == "compile" else ()
    reading = Reading(
        outcome, rules=rules, marks=origin.marks, assumed=origin.assumed, not_understood=unread,
        questions=_doubts(rules, origin, strange),
    )  # fmt: skip
    named = " ".join(lost).lower()
    problems = [INVENTED.format(piece=piece) for piece in origin.invented]
    problems += [UNREAD.format(word=word) for word in origin.unread if word.lower() not in named]
    problems += [WRONG_WAY.format(piece=piece) for piece in origin.turned]
    problems += [UNMEANT.format(piece=piece) for piece in strange]
    return reading, problems


def _doubts(rules: str, origin: Provenance, strange: tuple[str, ...]) -> tuple[Question, ...]:
    """What only the person can settle once the model stands by it; never taken over in silence."""
    doubts = [f"You did not say {'; '.join(origin.invented)}."] if origin.invented else []
    doubts += [f"{each} seems to point the other way than your words." for each in origin.turned]
    doubts += [f"{each}." for each in strange]
    if not doubts:
        return ()
    options = (Option("that is right", rules, "yes"), Option("no, I will say it", None, "no"))
    return (Question("threshold", f"{' '.join(doubts)} Is that what you want?", options, 1),)


async def _decided(asked: Asked, given: Mapping[str, Any], last: Tried, shop: Workshop) -> Reading:
    """What holds after the last answer: rules, a question between readings, or what was not understood."""
    if not last.readings:
        return _given_up(last)
    lost = tuple(given["not_understood"])
    if lost:
        # never dropped in silence: rules for a part of a text are no rules for the text
        return replace(last.readings[0][0], outcome="clarify", rules=None, not_understood=lost)
    found, words = list(last.readings), ASK
    plain = asked.plain
    if plain is not None and plain.rules is not None and plain.outcome == given["outcome"]:
        found.append((plain, ""))
        words = CHECK if len(found) == 2 else ASK
    if len(found) == 1:
        return found[0][0]
    topic = str(given["question_topic"])
    return await asyncio.to_thread(settled, found[:MOST_READINGS], shop.judge, words, topic, asked.questions_left)


def _given_up(last: Tried) -> Reading:
    """After the last repair: a question to the person, and never rules that do not hold."""
    if last.doubtful:
        found = last.doubtful[0]
        command = found.outcome if found.questions else None
        return replace(found, outcome="clarify", rules=None, command=command)
    return Reading("clarify", reasons=(REWORD, *last.problems[:1]))
