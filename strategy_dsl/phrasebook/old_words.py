"""What a change says it replaces: `… instead of the percent one`, `…, not 14`, `… rather than the RSI exit`."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.changes import FIELD_OF, CannotChange
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES, word_set
from strategy_dsl.phrasebook.rule_changes import without_exit
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token

DESCRIBED = ARTICLES | word_set(
    "current present old usual fixed flat normal percent percentage plain regular existing previous same what it is now"
    " simple static hard one amount usdt dollar dollars number value long at just above below over under when crosses"
)
NOUNS = (
    "break_even", "trail", "stop_move", "target", "size", "risk", "rsi", "macd", "adx", "cci", "mfi", "volume", "ema",
    "sma", "ma", "atr", "bollinger", "stochastic",
)  # fmt: skip
BEHIND = word_set(
    "one amount candles candle periods period bars bar chart volume level times x of average now charts at a"
)
SIDES = word_set("exit sell")


@dataclass(frozen=True)
class Old:
    """What is replaced: a number or a span as it is written, a clause or an indicator, on the way out or anywhere."""

    number: str = ""
    noun: str = ""
    leaving: bool = False


@reader
def old(c: Cursor) -> Old | None:
    """`instead of 60`, `not 1.5`, `rather than the take profit`, behind a change."""
    c.sign(",")
    c.skip(frozenset({"and"}))
    if not _joint(c):
        return None
    start = c.at
    noun, number = "", ""
    for _ in range(3):
        c.skip(DESCRIBED)
        noun = noun or c.says(*NOUNS) or ""
        token = c.take("number") or c.take("span")
        number = number or (_written(token) if token is not None else "")
        c.skip(BEHIND)
    leaving = c.peek().text in SIDES
    c.skip(SIDES | {"rule", "condition", "filter"})
    edge = c.ended() or c.peek().kind == "sign" or bool(c.phrase("and"))
    if c.at == start or not edge:
        return None
    return Old(number, {"stop_move": "stop", "risk": "size"}.get(noun, noun), leaving)


def _joint(c: Cursor) -> bool:
    words = (c.peek().text, c.peek(1).text)
    if words in (("instead", "of"), ("rather", "than"), ("and", "not"), ("no", "longer")):
        c.at += 2
        return True
    if (*words, c.peek(2).text) == ("in", "place", "of"):
        c.at += 3
        return True
    if words[0] == "not":
        c.at += 1
        return True
    return False


def _written(token: Token) -> str:
    return token.text if token.kind == "span" else plain(abs(token.value or Decimal(0)))


def replacing(found: Found, said: Old) -> Found:
    """The change, only where what it replaces was there; what it does not replace itself is taken out."""
    inner = found.step
    if inner is None:
        return found

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        new = inner(strategy)
        if said.number:
            new = _without_number(strategy, new, said.number)
        return _without_noun(strategy, new, said) if said.noun else new

    return replace(found, step=step)


def _lines(strategy: nodes.Strategy) -> list[tuple[str, str]]:
    return list(clause_lines(strategy))


def _gone(old: nodes.Strategy, new: nodes.Strategy) -> list[str]:
    kept = {line for _, line in _lines(new)}
    return [line for _, line in _lines(old) if line not in kept]


def _without_number(strategy: nodes.Strategy, new: nodes.Strategy, number: str) -> nodes.Strategy:
    """The new rules, where a line with this number went; else without the one line of the same kind that has it."""
    pattern = re.compile(rf"(?<![\w.]){re.escape(number)}(?![\w.]*\d)")
    if any(pattern.search(line.replace(",", "")) for line in _gone(strategy, new)):
        return new
    before = {line for _, line in _lines(strategy)}
    added = [(field, line) for field, line in _lines(new) if line not in before]
    kinds = {(field, line.split()[0]) for field, line in added}
    alike = [line for field, line in _lines(strategy) if (field, line.split()[0]) in kinds and pattern.search(line)]
    if len(alike) != 1:
        raise CannotChange(f"There is no {number} in what that would replace.")
    return parse("\n".join(line for _, line in _lines(new) if line != alike[0])).strategy


def _without_noun(strategy: nodes.Strategy, new: nodes.Strategy, said: Old) -> nodes.Strategy:
    """The new rules without the clause that was named, unless the change replaced it already."""
    gone = " ".join(_gone(strategy, new))
    field = FIELD_OF.get(said.noun)
    if field is not None:
        same = getattr(strategy, field) == getattr(new, field)
        return changes.without(said.noun)(new) if same and field != "size" else new
    if re.search(rf"\b{said.noun}\b", gone):
        return new
    return without_exit(said.noun)(new) if said.leaving else changes.without(said.noun)(new)
