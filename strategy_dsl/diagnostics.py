"""What is wrong with a strategy, said so that a person and a model can both mend it."""

import textwrap
from dataclasses import dataclass
from typing import Literal

from strategy_dsl.spans import Span


@dataclass(frozen=True)
class Diagnostic:
    """One problem: a stable code, a sentence, the place, a label under it and a way out."""

    code: str
    message: str
    span: Span | None
    label: str = ""
    hint: str = ""
    severity: Literal["error", "warning"] = "error"


class StrategyError(Exception):
    """A strategy that does not compile; carries every problem found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], text: str) -> None:
        super().__init__("; ".join(each.message for each in diagnostics))
        self.diagnostics = diagnostics
        self.text = text


WIDE = 72
PHONE = 38
"""Characters of a line of fixed width on a phone."""


def render(diagnostic: Diagnostic, text: str, width: int = 0) -> str:
    """The problem with its line and a marker under the place; wrapped to `width` characters, 0 for not at all."""
    parts = [_wrapped(f"{diagnostic.code} {diagnostic.message}", width), *_picture(diagnostic, text, width)]
    if diagnostic.hint:
        parts.append(_wrapped(f"  hint: {diagnostic.hint}", width))
    return "\n".join(parts)


def _wrapped(text: str, width: int) -> str:
    if not width:
        return text
    return textwrap.fill(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _picture(diagnostic: Diagnostic, text: str, width: int) -> list[str]:
    span = diagnostic.span
    if span is None:
        return []
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[start : end if end >= 0 else len(text)]
    marked = max(1, min(span.end, start + len(line)) - span.start)
    gutter = f"  {span.line_of(text)} | "
    lead, line, column = _window(line, span.start - start, width - len(gutter) if width else WIDE)
    if not (lead or line):
        return []
    marker = " " * (len(gutter) + column) + "^" * min(marked, max(1, len(line) - column))
    beside = f"{marker} {diagnostic.label}".rstrip()
    if width and len(beside) > width:
        return [f"{gutter}{line}", marker, f"{' ' * len(gutter)}{diagnostic.label}".rstrip()]
    return [f"{gutter}{line}", beside]


def _window(line: str, column: int, limit: int) -> tuple[str, str, int]:
    """The part of a long line around `column`, and the column within it."""
    line = "".join(each if each.isprintable() else " " for each in line)
    if len(line) <= limit:
        return line, line, column
    begin = max(0, min(column - limit // 4, len(line) - limit + 1))
    return "…", ("…" if begin else "") + line[begin : begin + limit - 1], column - begin + (1 if begin else 0)
