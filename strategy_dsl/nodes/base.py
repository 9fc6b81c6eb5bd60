"""What every node is: frozen, hashable and equal by meaning; spans do not compare."""

from collections.abc import Iterator
from dataclasses import field

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from strategy_dsl.spans import NOWHERE, Span


@dataclass(frozen=True, config=ConfigDict(arbitrary_types_allowed=True))
class Node:
    """Anything that stands somewhere in the text."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        children = []
        for value in vars(each).values():
            if isinstance(value, Node):
                children.append(value)
            elif isinstance(value, tuple):
                children += [child for child in value if isinstance(child, Node)]
        stack += reversed(children)
