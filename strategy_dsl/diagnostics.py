"""What is wrong with a strategy, said so that a person and a model can both mend it."""

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


def render(diagnostic: Diagnostic, text: str) -> str:
    """The problem with its line and a marker under the place, at most 60 characters wide where it can."""
    head = f"{diagnostic.code} {diagnostic.message}"
    parts = [head, *_picture(diagnostic, text)]
    if diagnostic.hint:
        parts.append(f"  hint: {diagnostic.hint}")
    return "\n".join(parts)


def _picture(diagnostic: Diagnostic, text: str) -> list[str]:
    span = diagnostic.span
    if span is None:
        return []
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[start : end if end >= 0 else len(text)]
    number = span.line_of(text)
    width = max(1, min(span.end, start + len(line)) - span.start)
    lead, line, column = _window(line, span.start - start, width)
    gutter = f"  {number} | "
    marker = " " * (len(gutter) + column) + "^" * min(width, max(1, len(line) - column))
    return [f"{gutter}{line}", f"{marker} {diagnostic.label}".rstrip()] if lead or line else []


def _window(line: str, column: int, width: int, limit: int = 72) -> tuple[str, str, int]:
    """The part of a long line around `column`, and the column within it."""
    line = "".join(each if each.isprintable() else " " for each in line)
    if len(line) <= limit:
        return line, line, column
    begin = max(0, min(column - 20, len(line) - limit + 1))
    return "…", ("…" if begin else "") + line[begin : begin + limit - 1], column - begin + (1 if begin else 0)
