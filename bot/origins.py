"""Which values of a strategy the person said: data that is stored with each version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.english.provenance import provenance
from strategy_dsl import nodes
from strategy_dsl.compiler import Compiled
from strategy_dsl.formatter import clause_lines
from strategy_dsl.readback import Sentence, readback

Origins = Mapping[str, Any]
"""`assumed`: for each clause the values that nobody said, `""` for a clause assumed as a whole."""


DIRECTIONS = ("crosses above", "crosses below")
"""What a crossing is marked with where the person did not say from which side."""
DEFAULT_LINES = {
    "stop": "stop loss none",
    "size": "size 5% of equity",
    "open_positions": "at most 1 open position",
    "ask": "ask before buying, for 5m, otherwise skip",
}
SAID_BY = {
    "stop": ("stop", "sl"),
    "size": ("5%", "5 %", "five percent"),
    "open_positions": ("position", "at once", "at a time", "one trade"),
    "ask": ("ask", "approv", "confirm"),
}
"""A clause that is just the default was said only if the person used one of its words."""


def origins_of(
    english: str, compiled: Compiled, source: str, before: Origins | None = None, was: nodes.Strategy | None = None
) -> dict[str, Any]:
    """The origins of a new version; what an edit left alone keeps the origin it had in the version before."""
    assumed: dict[str, list[str]] = {field: [""] for field in compiled.assumed}
    if source == "rules":
        return {"assumed": assumed, "source": source}
    found = provenance(english, compiled.text, None)
    fields = {line: field for field, line in clause_lines(compiled.strategy)}
    for entry in (*found.assumed, *found.invented):
        value, _, line = entry.partition(" in `")
        field = fields.get(line.removesuffix("`"))
        if field is not None and assumed.get(field) != [""]:
            assumed.setdefault(field, []).append(value if value in DIRECTIONS else _plain(value))
    for field, line in clause_lines(compiled.strategy):
        if line == DEFAULT_LINES.get(field) and not any(word in english.lower() for word in SAID_BY[field]):
            assumed[field] = [""]
    if before is not None and was is not None:
        assumed = _carried(assumed, before.get("assumed", {}), _alike(was, compiled.strategy))
    return {"assumed": assumed, "source": source}


def _alike(was: nodes.Strategy, now: nodes.Strategy) -> set[str]:
    """The fields whose clauses an edit left alone."""
    clauses = (clause_lines(was), clause_lines(now))
    before, after = ({field: [line for f, line in each if f == field] for field, _ in each} for each in clauses)
    return {field for field, lines in after.items() if before.get(field) == lines}


def _carried(now: dict[str, list[str]], before: Mapping[str, list[str]], alike: set[str]) -> dict[str, list[str]]:
    """After an edit only what was assumed before still is: the rest was said then or is said now."""
    kept = {field: list(before[field]) for field in alike if field in before}
    for field, values in now.items():
        if field in alike:
            continue
        was = before.get(field, [])
        left = was if was == [""] else [each for each in values if each in was]
        if left:
            kept[field] = left
    return kept


def _plain(value: str) -> str:
    text = value.replace(",", "").split(" ")[0]
    return text.removesuffix("%").lower()


def sentences(strategy: nodes.Strategy, origins: Origins) -> tuple[Sentence, ...]:
    """The readback with each value marked as the stored data says."""
    assumed: Mapping[str, list[str]] = origins.get("assumed", {})

    def said(field: str, value: str) -> bool:
        values = assumed.get(field, [])
        return "" not in values and _plain(value) not in values

    return tuple(_with_directions(each, assumed.get(each.field, ())) for each in readback(strategy, said))


def _with_directions(sentence: Sentence, assumed: Sequence[str]) -> Sentence:
    """The sentence, with the side of a crossing that nobody said marked as assumed too."""
    sides = tuple(each for each in assumed if each in DIRECTIONS)
    return replace(sentence, assumed=(*sentence.assumed, *sides)) if sides else sentence
