"""What every node is: frozen, hashable and equal by meaning; spans do not compare."""

from collections.abc import Iterator
from dataclasses import field, fields
from decimal import Decimal
from typing import Literal, get_origin

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from strategy_dsl.spans import NOWHERE, Span


@dataclass(frozen=True, config=ConfigDict(arbitrary_types_allowed=True))
class Node:
    """Anything that stands somewhere in the text."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


class _Parts(dict[type[Node], tuple[str, ...]]):
    def __missing__(self, kind: type[Node]) -> tuple[str, ...]:
        plain = {str, int, bool, Decimal, Span}
        inner = [each for each in fields(kind) if each.type not in plain and get_origin(each.type) is not Literal]
        self[kind] = found = tuple(each.name for each in inner)
        return found


PARTS = _Parts()
"""The fields of each kind of node in which other nodes may stand, in their order."""


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        inner = vars(each)
        for name in reversed(PARTS[type(each)]):
            value = inner[name]
            if isinstance(value, Node):
                stack.append(value)
            elif value and isinstance(value, tuple):
                stack += [child for child in reversed(value) if isinstance(child, Node)]
