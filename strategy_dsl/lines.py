"""Splits a strategy's text into clauses, keeping every character at its place."""

import re
from typing import NamedTuple

from strategy_dsl.spans import Span

_COMMENT = re.compile(r'#[^\n]*|"[^"\n]*"')


class Line(NamedTuple):
    """One clause: its characters and where they stand in the whole text."""

    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The word that opens the clause."""
        match = re.match(r"[^\s]+", self.text)
        return match.group() if match else ""

    @property
    def span(self) -> Span:
        """The whole clause."""
        return Span(self.start, self.start + len(self.text))


def clauses(text: str) -> list[Line]:
    """The clauses of a text: comments are blanked, indented lines continue the clause above."""
    text = text.replace("\ufeff", " ")
    blanked = _COMMENT.sub(_blank_comment, text).replace("\r", " ").replace("\t", " ")
    found: list[Line] = []
    position = 0
    for raw in blanked.split("\n"):
        if raw.strip():
            continues = bool(found) and raw[0] == " "
            start = found.pop().start if continues else position + len(raw) - len(raw.lstrip())
            end = position + len(raw.rstrip())
            found.append(Line(blanked[start:end], start))
        position += len(raw) + 1
    return found


def _blank_comment(match: re.Match[str]) -> str:
    found = match.group()
    return " " * len(found) if found.startswith("#") else found
