"""Places in a strategy's text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Characters from `start` up to but not including `end`, counted from 0."""

    start: int
    end: int

    def line_of(self, text: str) -> int:
        """The line, counted from 1, on which this span begins."""
        return text.count("\n", 0, self.start) + 1


NOWHERE = Span(0, 0)
