"""Spans of time in ms UTC: from, up to but not at."""

from collections.abc import Sequence

Span = tuple[int, int]


def added(spans: Sequence[Span], span: Span) -> tuple[Span, ...]:
    """The spans with one more, joined where they touch, oldest first."""
    found: list[Span] = []
    for start, stop in sorted((*spans, span)):
        if stop <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return tuple(found)


def missing(spans: Sequence[Span], wanted: Span) -> list[Span]:
    """The parts of `wanted` that no span covers."""
    found, at = [], wanted[0]
    for start, stop in sorted(spans):
        if stop <= at:
            continue
        if start >= wanted[1]:
            break
        if start > at:
            found.append((at, start))
        at = max(at, stop)
    if at < wanted[1]:
        found.append((at, wanted[1]))
    return found


def covers(spans: Sequence[Span], moment_ms: int) -> bool:
    """Whether a moment lies in one of the spans."""
    return any(start <= moment_ms < stop for start, stop in spans)
