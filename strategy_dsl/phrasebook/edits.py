"""Changes to rules in force: read in pieces, laid onto the tree, checked, and shown as before and after."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.compiler import DEFAULT_BUDGET
from strategy_dsl.defaults import completed
from strategy_dsl.difference import difference
from strategy_dsl.formatter import expression, format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.loosening import loosened
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook import aim_words, changes
from strategy_dsl.phrasebook.changes import CannotChange
from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.draft import SPELLING, Draft, lengthened, settled
from strategy_dsl.phrasebook.edit_words import READERS
from strategy_dsl.phrasebook.found import Asked, Found
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.lexicon import Lexed, parted
from strategy_dsl.phrasebook.names import FILLERS, word_set
from strategy_dsl.phrasebook.old_words import old, replacing
from strategy_dsl.phrasebook.questions import which_question
from strategy_dsl.phrasebook.reading import Edit, Option, Question, Reading
from strategy_dsl.phrasebook.script import SETTINGS
from strategy_dsl.phrasebook.settings import size, timeframe
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.turned_words import turned
from strategy_dsl.phrasebook.unsupported import limitations
from strategy_dsl.phrasebook.vague import unprotected_question, vague_question
from strategy_dsl.phrasebook.verification import verified

AIMED = (aim_words.size_to, aim_words.sided_level, aim_words.length_to)
IDLE_VERBS = FILLERS | word_set(
    "set change move raise lower increase reduce decrease add also from instead update turn bring adjust enter"
    " tighten widen push pull nudge shift slide out new rather now actually switch cut put keep rule clause too"
    " then please and remove allow it"
) - {"remove"}


def read_edit(text: str, words: Lexed, current: str | None) -> Reading | None:
    """The reading of a change, or None where the text is none."""
    words = parted(words)
    pieces, unknown = _pieces(words, current)
    special = [piece for piece in pieces if not piece.plain]
    if not pieces or (current is None and not special):
        return None
    limits = tuple(limit.sentence for limit in limitations(words))
    lost = tuple(text[token.start : token.end] for token in unknown)
    if current is None:
        return None if unknown else Reading("clarify", questions=(which_question(),))
    if unknown or limits:
        return Reading("clarify", not_understood=lost, reasons=limits) if special else None
    return _applied(pieces, current, {token.text for token in words.tokens})


def _pieces(words: Lexed, current: str | None) -> tuple[list[Found], list[Token]]:
    c = Cursor(turned(words.tokens))
    frame = _frame(current)
    pieces: list[Found] = []
    unknown: list[Token] = []
    while not c.ended() and not (current is None and unknown):
        start = c.at
        found = next((piece for read in (*AIMED, *READERS) if (piece := read(c)) is not None), None)
        found = found or _clause(c, frame, current or "")
        if found is not None:
            said = old(c)
            pieces.append(replacing(found, said) if said else found)
            continue
        token = c.tokens[start]
        c.at = start + 1
        if token.kind not in ("sign",) and token.text not in IDLE_VERBS:
            unknown.append(token)
    return pieces, unknown


def _frame(current: str | None) -> str:
    trade = parse(current).strategy.trade if current else None
    return trade.timeframe if trade else "1h"


def _applied(pieces: list[Found], current: str, words: set[str]) -> Reading:
    """The steps laid onto the rules in force, one after the other."""
    old = parse(current).strategy
    new = old
    try:
        for piece in pieces:
            if piece.vague:
                return Reading("clarify", questions=(vague_question(new, *piece.vague),))
            if piece.asked:
                return Reading("clarify", questions=(_asked(piece.asked, new),))
            if piece.step:
                new = piece.step(new)
    except CannotChange as problem:
        asked: tuple[Question, ...] = (problem.question,) if problem.question else ()
        return Reading("clarify", reasons=(problem.reason,), questions=asked)
    if "instead" in words and "of" not in words and new.rules == old.rules and _only_added(old, new):
        return Reading("clarify", reasons=("In the place of what? Say for example: drop the take profit and …",))
    rules, problems = verified(format_strategy(new))
    if rules is None:
        return Reading("clarify", reasons=tuple(problem.message for problem in problems))
    if _unprotected(old, new):
        return Reading("clarify", questions=(unprotected_question(old, new),))
    lines = difference(old, new)
    if not lines:
        return Reading("clarify", reasons=("The rules say that already.",))
    twin = _twin(old, new) if not words & BESIDE else None
    if twin is not None:
        return Reading("clarify", questions=(_beside_question(twin, new),))
    odd = _backwards(words, old, new)
    if odd:
        return Reading("clarify", reasons=(odd,))
    looser = _grown(old, new) + loosened(
        completed(old, DEFAULT_BUDGET)[0], completed(new, DEFAULT_BUDGET)[0], Limits().paper
    )
    return Reading(
        "edit", rules=rules, edits=tuple(_edit(line) for line in lines), loosens=bool(looser), reasons=looser
    )


BESIDE = word_set("also too and or plus additionally add another besides either second extra")
"""With one of these a rule is meant to stand beside those that are there."""


def _twin(old: nodes.Strategy, new: nodes.Strategy) -> nodes.Rule | None:
    """The rule of old that does the same as an added one, about the same indicators: one of them may be meant alone."""
    if len(new.rules) != len(old.rules) + 1 or new.rules[: len(old.rules)] != old.rules:
        return None
    added, about = new.rules[-1], _indicators(new.rules[-1])
    same = [each for each in old.rules if each.action == added.action and about and _indicators(each) == about]
    return same[0] if len(same) == 1 else None


def _indicators(rule: nodes.Rule) -> set[str]:
    return {expression(each) for each in nodes.walk(rule.condition) if isinstance(each, nodes.Call)}


def _beside_question(twin: nodes.Rule, new: nodes.Strategy) -> Question:
    alone = replace(new, rules=tuple(each for each in new.rules if each is not twin))
    topic = "exit" if twin.action in ("sell", "cover") else "entry"
    options = (
        Option("Instead", format_strategy(alone), "instead"),
        Option("Both", format_strategy(new), "both"),
    )
    return Question(topic, f"In the place of “when {expression(twin.condition)}”, or beside it?", options)


def _unprotected(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """Whether the last stop of a strategy that buys is taken away."""
    none = (None, nodes.StopLoss(None))
    return new.opens() and old.stop not in none and new.stop in none and new.trailing is None


def _only_added(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """Whether nothing was replaced, although something was to stand in another's place."""
    lines = difference(old, new)
    return bool(lines) and all(line.startswith("added") for line in lines)


def _asked(asked: Asked, strategy: nodes.Strategy) -> Question:
    """The question of a change that leaves something open, with the rules that each answer makes."""
    options = [
        Option(label, format_strategy(step(strategy)), label)
        for (label, _), step in zip(asked.choice.options, asked.steps, strict=True)
    ]
    return Question(asked.choice.topic, asked.choice.text, tuple(options))


def _grown(old: nodes.Strategy, new: nodes.Strategy) -> tuple[str, ...]:
    """A larger size or a wider stop in ATRs, which the worst case in money may not know."""
    found = []
    match old.size, new.size:
        case (nodes.SizeEquity(was), nodes.SizeEquity(now)) | (nodes.SizeRisk(was), nodes.SizeRisk(now)):
            found += ["each entry is larger"] if now.value > was.value else []
        case (nodes.SizeMoney(was), nodes.SizeMoney(now)):
            found += ["each entry is larger"] if now.amount > was.amount else []
    match old.stop, new.stop:
        case (
            nodes.StopLoss(nodes.Distance(nodes.Arithmetic(nodes.Number(near), "*", _))),
            nodes.StopLoss(nodes.Distance(nodes.Arithmetic(nodes.Number(far), "*", _))),
        ) if far > near:
            found.append("the stop loss is further away")
    return tuple(found)


def _backwards(words: set[str], old: nodes.Strategy, new: nodes.Strategy) -> str | None:
    """A change that goes the other way than its verb, such as tightening 1.5% to 2%."""
    was, now = _stop_percent(old), _stop_percent(new)
    if was is None or now is None:
        return None
    if words & {"tighten", "tighter"} and now > was:
        return f"The stop loss is {was}% now, so {now}% would be wider. Which do you mean?"
    if words & {"widen", "wider", "loosen"} and now < was:
        return f"The stop loss is {was}% now, so {now}% would be tighter. Which do you mean?"
    return None


def _stop_percent(strategy: nodes.Strategy) -> Decimal | None:
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value))):
            return value
    return None


def _edit(line: str) -> Edit:
    before, arrow, after = line.partition(" → ")
    if arrow:
        return Edit("set", before.split()[0], before, after)
    kind, _, text = line.partition(": ")
    if kind == "added":
        return Edit("add", text.split()[0], "", text)
    return Edit("remove", text.split()[0], text, "")


def _clause(c: Cursor, frame: str, context: str) -> Found | None:
    """A clause said as in a new strategy: it is set, or added where several may stand."""
    for read in (*SETTINGS, size, timeframe):
        item = read(c)
        if item is not None:
            known = item.kind in SPELLING or item.kind in ("timeframe", "bracket")
            if item.kind == "leverage":
                return _leveraged(item)
            if known and len(item.choices) == 1:
                return _open_clause(item, frame, context)
            return _set(item, frame, context) if known and not item.choices else None
    return None


def _leveraged(item: Item) -> Found:
    """The leverage that was said, on a perpetual; what the limits allow is theirs to say."""
    times = item.choices[0].options[-1][1] if item.choices else item.text

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        return changes.merged(f"leverage {times}")(changes.on_perpetual(strategy))

    return Found(step)


def _open_clause(item: Item, frame: str, context: str) -> Found | None:
    """A clause with an open choice: each answer sets it."""
    choice = item.choices[0]
    found = [_set(replace(item, text=text, choices=()), frame, context) for _, text in choice.options]
    steps = tuple(one.step for one in found if one is not None and one.step is not None)
    return Found(asked=Asked(choice, steps)) if len(steps) == len(choice.options) else None


def _set(item: Item, frame: str, context: str) -> Found | None:
    if item.kind == "timeframe":
        return Found(changes.on_timeframe(item.text), plain=True)
    if item.kind == "bracket":
        stop, _, goal = item.text.partition("|")
        lines = [f"stop loss {stop}", f"take profit {goal}"]
    else:
        lines = [SPELLING[item.kind].format(item.text)]
    draft = lengthened(Draft(clauses={"any": tuple(lines)}), context)
    if any("{" in settled(line, frame) for line in draft.clauses["any"]):
        return None
    return Found(changes.in_order([changes.merged(settled(line, frame)) for line in draft.clauses["any"]]), plain=True)
