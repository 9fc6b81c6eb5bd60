"""The phrasebook's one door: a text, and the rules in force if it may change them, become a Reading."""

from dataclasses import replace

from strategy_dsl.phrasebook import talk
from strategy_dsl.phrasebook.command_words import earlier_version, period_report
from strategy_dsl.phrasebook.dangers import danger
from strategy_dsl.phrasebook.edits import read_edit
from strategy_dsl.phrasebook.lexicon import Lexed, lexed
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.questions import MEANT, unit_question
from strategy_dsl.phrasebook.reading import Edit, Question, Reading
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.strategy import read_strategy
from strategy_dsl.phrasebook.wishes import vague_reading

MOST_CHARACTERS = 4000
TOO_LONG = "That is too long to read in one go. Say it in a few sentences, please."
CHANGING = word_set("make change set use move raise lower increase reduce decrease add remove drop swap replace")
LEAD_INS = {
    "market": "on {}",
    "stop": "stop {}",
    "target": "take profit {}",
    "size": "size {}",
    "timeframe": "on the {} chart",
}


def read(text: str, current: str | None = None) -> Reading:
    """What a text asks for; pure, and the same for the same text."""
    if len(text) > MOST_CHARACTERS:
        return Reading("clarify", reasons=(TOO_LONG,))
    said, answers = _without_answers(text)
    words = lexed(said)
    spoken = _spoken(words)
    if spoken is None or not _told(spoken, words):
        return spoken or _wished(said, words, answers, current)
    wished = _wished(said, words, answers, current)
    return wished if wished.outcome == "compile" else spoken


ASKING = word_set(
    "? why how did didnt would wouldnt should explain happened happens had when's whens if's what's whats"
)

LEADING = word_set("what whats define describe is are does do can tell")


def _told(spoken: Reading, words: Lexed) -> bool:
    """Whether a text taken for a question asks nothing: whole rules in it are rules (`what I do: buy when …`)."""
    asking = any(token.text in ASKING for token in words.tokens)
    return spoken.outcome == "answer" and not asking and words.tokens[:1] != () and words.tokens[0].text not in LEADING


NEVER_ASKED = ("injection", "disable_limits", "secrets")
"""Dangers that even a question may try: a question about the others is answered with the reason."""
BEGINNINGS = ("entry", "which_strategy", "exit")
"""Topics whose options are whole strategies."""


def followed(text: str, question: Question, reply: str) -> str:
    """The text to read once its question is answered, by a tap on an option or in the person's own words."""
    tapped = next((one.answer for one in question.options if reply in (one.label, one.answer)), None)
    plain = len(reply.split()) <= 2 and question.topic in LEAD_INS
    own = LEAD_INS[question.topic].format(reply) if plain else reply
    joined = f"{text.rstrip()}\n{tapped or own}"
    if tapped is not None and question.topic in BEGINNINGS and read(joined).not_understood:
        # the first words were about a strategy that is not there, such as `halve the size`
        return tapped
    return joined


def _without_answers(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its lines "I mean …", and what they name."""
    lines = text.split("\n")
    answers = tuple(line.removeprefix(MEANT) for line in lines if line.startswith(MEANT))
    return "\n".join(line for line in lines if not line.startswith(MEANT)), answers


def _spoken(words: Lexed) -> Reading | None:
    """Commands, questions about a notion, dangers, then every other question and small talk."""
    command = talk.command(words) or talk.led(words)
    asked = talk.asked(words, command) if command is not None else None
    if asked is not None:
        return Reading("answer", command=asked) if asked == "why_not" else Reading("answer", reasons=(asked,))
    if command == "undo":
        return Reading("edit", command="undo", edits=(Edit("undo", ""),))
    if command is not None:
        return Reading("command", command=command)
    earlier = earlier_version(talk.bare(words))
    if earlier is not None:
        return Reading("edit", command="undo", edits=(Edit("undo", "version", after=earlier),))
    report = period_report(talk.bare(words))
    if report is not None:
        return Reading("answer", command=report)
    intent = talk.answer(words)
    if intent is not None and intent.startswith("concept"):
        return Reading("answer", command=intent)
    found = danger(words)
    if found is not None and found.name not in NEVER_ASKED and talk.wonders(words):
        return Reading("answer", reasons=(found.reason, found.safe))
    if found is not None:
        return Reading("refuse", reasons=(found.reason, found.safe), command=f"danger:{found.name}")
    return Reading("answer", command=intent) if intent is not None else None


def _wished(text: str, words: Lexed, answers: tuple[str, ...], current: str | None) -> Reading:
    """A wish: a change to the rules in force, or a strategy."""
    edited = read_edit(text, words, current)
    if edited is not None and current is None:
        # a way out may be said like a change, and with a way in beside it be a strategy
        whole = read_strategy(text, words, answers)
        return whole if whole.outcome == "compile" else edited
    if edited is not None and (edited.rules or edited.questions or edited.reasons):
        return edited
    if current is not None and (wish := vague_reading(text, current)) is not None:
        return wish
    if edited is not None:
        return edited
    reading = read_strategy(text, words, answers, changing=current is not None)
    reading = _in_which_unit(reading, words)
    if reading.questions and current is not None:
        # whatever is answered makes a strategy of its own, beside the one in force
        reading = replace(reading, command="compile")
    if _idle(reading, words, current):
        return Reading("answer", command=talk.intent(talk.bare(words), "off_topic"))
    if _only_told(reading, words):
        return Reading("answer", command=talk.intent(talk.bare(words), "off_topic"))
    if reading.outcome == "compile" or _whole_wish(reading):
        return reading
    if not _polite_question(words) and not _asks_of_the_bot(reading, words):
        return reading
    asked = Reading("answer", command=talk.intent(talk.bare(words)))
    return replace(asked, not_understood=reading.not_understood)


def _in_which_unit(reading: Reading, words: Lexed) -> Reading:
    """`buy 50 of SOL every week` may mean dollars or coins: it is asked."""
    for number, of, coin in zip(words.tokens, words.tokens[1:], words.tokens[2:], strict=False):
        bare = number.kind == "number" and number.unit == "" and of.text == "of" and coin.kind == "coin"
        if reading.rules is None or not bare or number.value is None:
            continue
        question = unit_question(reading.rules, plain(number.value), coin.text)
        if question is not None:
            return replace(reading, outcome="clarify", rules=None, questions=(question,))
    return reading


def _whole_wish(reading: Reading) -> bool:
    """Whether all was understood of it and only a fact is missing."""
    topics = {question.topic for question in reading.questions}
    clauses = {mark.clause for mark in reading.marks} - {"trade", "perpetual", "both"}
    return bool(topics and clauses) and not reading.not_understood and not reading.reasons


def _idle(reading: Reading, words: Lexed, current: str | None) -> bool:
    """Whether nothing of a text has to do with trading."""
    if current is not None and any(token.text in CHANGING for token in words.tokens):
        return False
    if reading.outcome != "clarify" or reading.reasons or {mark.clause for mark in reading.marks} - {"trade"}:
        return False
    texts = {token.text for token in words.tokens}
    named = any(token.kind in ("coin", "pair") for token in words.tokens)
    return not (texts & talk.TRADING or (named and texts & talk.FOR_A_COIN))


def _only_told(reading: Reading, words: Lexed) -> bool:
    """Whether a text that makes no rule only tells how something is."""
    clauses = {mark.clause for mark in reading.marks} - {"trade", "perpetual", "both"}
    return reading.outcome == "clarify" and not clauses and talk.states(words)


def _asks_of_the_bot(reading: Reading, words: Lexed) -> bool:
    """`can you trade stocks`, `could I run two of them`: no coin and no rule in it, so no wish for one."""
    listed = [token.text for token in words.tokens]
    if not listed or listed[0] not in talk.POLITE or set(listed) & MAKING:
        return False
    return not reading.marks or not {mark.clause for mark in reading.marks} - {"perpetual", "both"}


MAKING = word_set("make create build set setup write give change add remove use do start stop help please")


def _polite_question(words: Lexed) -> bool:
    """`can you …?` that turned out to be no complete wish."""
    first = words.tokens[0].text if words.tokens else ""
    return first in talk.POLITE and words.tokens[-1].text == "?"
