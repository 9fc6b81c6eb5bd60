"""What a reader of changes found: a step, or what it leaves open."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.changes import Step
from strategy_dsl.phrasebook.statements import Choice


@dataclass(frozen=True)
class Asked:
    """What a change leaves open: the choice, and the step that each of its answers makes."""

    choice: Choice
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Found:
    """One understood piece of a change: a step, or what is asked because it was vague."""

    step: Step | None = None
    vague: tuple[str, str] | None = None
    plain: bool = False
    asked: Asked | None = None
