"""What a condition says in the rules language, what it leaves open, and what later ones may lean on."""

import re
from dataclasses import dataclass, replace

from strategy_dsl.phrasebook.values import Operand

SIGNS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<="}


@dataclass(frozen=True)
class Choice:
    """An open choice: the first option stands in the text, the others would replace it."""

    topic: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Crossing:
    """The two sides of a crossing and its direction, `above` or `below`."""

    left: Operand
    right: Operand
    direction: str

    def text(self, direction: str = "") -> str:
        """The crossing in the rules language, in this or another direction."""
        return f"{self.left.text} crosses {direction or self.direction} {self.right.text}"

    def opposite(self) -> "Crossing":
        """The crossing the other way."""
        return replace(self, direction="below" if self.direction == "above" else "above")


@dataclass(frozen=True)
class Condition:
    """A condition in the rules language; `numbered` are the subjects compared with a plain number.

    `mirrored` is the same for the other side, where one phrase closes both: "out at zero".
    """

    text: str
    crossing: Crossing | None = None
    assumed: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    joined_by: str = ""
    numbered: tuple[Operand, ...] = ()
    sides: Crossing | None = None
    mirrored: str = ""


@dataclass(frozen=True)
class Memory:
    """What the conditions before said, so that "above 60" and "cross down" can lean on it."""

    numbered: tuple[Operand, ...] = ()
    crossing: Crossing | None = None
    sides: Crossing | None = None
    leaving: bool = False
    selling: bool = False

    def after(self, said: Condition) -> "Memory":
        """The memory once this condition is read too."""
        seen = tuple(one for one in dict.fromkeys(said.numbered) if one not in self.numbered)
        numbered, crossing = self.numbered + seen, said.crossing or self.crossing
        return Memory(numbered, crossing, said.sides or self.sides, self.leaving, self.selling)

    def apart(self) -> "Memory":
        """The memory for another clause: what stood alone is not leaned on there."""
        lone = self.sides is not None and self.sides.right.name == ITSELF
        return replace(self, sides=None) if lone else self


ITSELF = "itself"
"""The other side of what is compared with nothing: `the 50 EMA is rising`."""


def alone(value: Operand) -> Crossing:
    """A value that stands alone, for what follows to lean on: `the 50 EMA is rising and above the 200`."""
    return Crossing(value, Operand("0", "number", ITSELF), "above")


def together(parts: list[Condition]) -> Condition:
    """The parts as one, for all they have in common but the text."""
    return Condition(
        "",
        next((part.crossing for part in reversed(parts) if part.crossing), None),
        tuple(note for part in parts for note in part.assumed),
        tuple(choice for part in parts for choice in part.choices),
        numbered=tuple(one for part in parts for one in part.numbered),
        sides=next((part.sides for part in reversed(parts) if part.sides), None),
    )


def compared(left: Operand, operator: str, right: Operand) -> Condition:
    """`left operator right`."""
    numbered = (left,) if right.kind == "number" else ()
    sides = Crossing(left, right, "above" if ">" in operator else "below")
    text = f"{left.text} {operator} {right.text}"
    return Condition(text, None, (*left.assumed, *right.assumed), numbered=numbered, sides=sides)


def crossed(left: Operand, direction: str | None, right: Operand) -> Condition | None:
    """`left crosses above right`; without a direction it stays open which way."""
    if left.text == right.text:
        return None
    crossing = Crossing(left, right, direction or "above")
    choices: tuple[Choice, ...] = ()
    if direction is None:
        options = (("upwards", crossing.text("above")), ("downwards", crossing.text("below")))
        choices = (Choice("cross_or_level", f"Which way should it cross {spoken(right)}?", options),)
    numbered = (left,) if right.kind == "number" else ()
    assumed = (*left.assumed, *right.assumed)
    return Condition(crossing.text(), crossing, assumed, choices, numbered=numbered, sides=crossing)


def framed_alike(said: Condition) -> Condition | None:
    """`the daily 50 SMA crosses above the 200`: the second average is of the first one's timeframe too.

    None for `the 50 crosses above the daily 200`, where it is not said which candles the first one is of.
    """
    crossing = said.sides
    if crossing is None or {crossing.left.name, crossing.right.name} != {"average"}:
        return said
    left, right = crossing.left.text, crossing.right.text
    mark = left[left.find("{on:") :] if "{on:" in left else ""
    if bool(mark) == ("{on:" in right) or "{of" in left + right:
        return said
    if not mark:
        return None

    def framed(text: str) -> str:
        return text.replace(right, right + mark)

    both = replace(crossing, right=replace(crossing.right, text=framed(right)))
    options = [tuple((label, framed(text)) for label, text in one.options) for one in said.choices]
    return replace(
        said,
        text=framed(said.text),
        sides=both,
        crossing=both if said.crossing == crossing else said.crossing,
        choices=tuple(replace(one, options=told) for one, told in zip(said.choices, options, strict=True)),
    )


def placed(said: Condition, where: str) -> Condition:
    """A crossing with the condition of where it happens: `the MACD crosses up below zero`."""
    choices = tuple(
        replace(one, options=tuple((label, f"{text} and {where}") for label, text in one.options))
        for one in said.choices
    )
    return replace(said, text=f"{said.text} and {where}", choices=choices, joined_by="and")


def spoken(value: Operand) -> str:
    """A value as it may stand in a question to a person."""
    text = re.sub(r"\{[^}]*\}", "", value.text)
    return "its signal line" if text.endswith(".signal") else text
