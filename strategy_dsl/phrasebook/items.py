"""A piece of the text that was understood: which clause it is of, what it says there, and where it stands."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.statements import Choice, Condition


@dataclass(frozen=True)
class Item:
    """`kind` is the clause, `text` its words in the rules language; `start` and `end` are token places.

    `neutral` is a word of leaving that names no side: `exit`, `close`, `out`.
    """

    kind: str
    text: str = ""
    assumed: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    condition: Condition | None = None
    introduced: bool = False
    neutral: bool = False
    start: int = 0
    end: int = 0
