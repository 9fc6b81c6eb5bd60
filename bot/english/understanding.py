"""A text and who may read it: the phrasebook first and free, the model for wishes, each the other's check."""

from dataclasses import replace

from bot.english.loop import UNAVAILABLE, Asked, Check, Workshop, compile_english
from strategy_dsl.phrasebook.reader import followed, read
from strategy_dsl.phrasebook.reading import Reading

FREE = ("command", "answer", "refuse")
"""What the phrasebook settles alone: commands, questions and dangers never reach a model."""
WITHOUT = "I read it without the model."
TAKEN = "I asked enough: for “{question}” I took “{label}”."
ENOUGH = "I asked three times and still do not know enough. Say the whole wish anew in one message, please."


async def understood(asked: Asked, check: Check, shop: Workshop | None) -> Reading:
    """What a text asks for; without a `shop` by the phrasebook alone. Never raises for what a model does."""
    plain = read(asked.text, asked.current)
    if shop is None or plain.outcome in FREE or plain.command == "undo":
        return _no_more(asked, plain)
    found = await compile_english(replace(asked, plain=plain), check, shop)
    if found.command == UNAVAILABLE:
        return _no_more(asked, replace(plain, reasons=(*found.reasons, WITHOUT, *plain.reasons)))
    if found.outcome in ("answer", "command") and plain.rules is not None:
        # a wish that the phrasebook understood wholly is no question; nothing runs before the person has seen it
        return plain
    if found.questions and asked.questions_left <= 0:
        return _no_more(asked, plain if plain.questions else found)
    return found


def _no_more(asked: Asked, reading: Reading) -> Reading:
    """A reading that asks, while questions are left; else what its marked answers make, and said so."""
    if not reading.questions or asked.questions_left > 0:
        return reading
    text, taken = asked.text, list(reading.reasons)
    for _ in range(6):
        if not reading.questions or not reading.questions[0].options:
            break
        question = reading.questions[0]
        option = question.options[question.default]
        taken.append(TAKEN.format(question=question.text.splitlines()[0], label=option.label))
        if option.rules is not None:
            outcome = "edit" if asked.current is not None and reading.command != "compile" else "compile"
            return Reading(outcome, option.rules, reasons=tuple(taken))  # type: ignore[arg-type]
        text = followed(text, question, option.label)
        reading = read(text, asked.current)
    if reading.rules is not None:
        return replace(reading, reasons=(*taken, *reading.reasons))
    return Reading("clarify", not_understood=reading.not_understood, reasons=(ENOUGH,))
