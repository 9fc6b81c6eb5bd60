"""Words for diagnostics: the nearest known name, short texts, and what a word may be."""

import difflib
from collections.abc import Iterable

from strategy_dsl import nodes
from strategy_dsl.catalogue import VALUES
from strategy_dsl.formatter import expression
from strategy_dsl.timeframes import DAYS

_ELEMENT_BY_ELEMENT = {"abs", "min", "max", "choose", "known", "sign", "sqrt", "log", "round"}


def element_by_element(node: nodes.Node) -> bool:
    """Whether a function works on each candle by itself."""
    return isinstance(node, nodes.Call) and node.function in _ELEMENT_BY_ELEMENT


def words_of(operand: nodes.Node) -> tuple[str, ...]:
    """What a value of words can be."""
    row = VALUES.get(base_name(operand))
    return row.words if row and row.words else DAYS


def word_kind(operand: nodes.Node) -> str:
    """How such words are called."""
    name = base_name(operand)
    return "a weekday" if words_of(operand) == DAYS else f"a value of `{name}`"


def base_name(operand: nodes.Node) -> str:
    """The name of the value below its suffixes."""
    while isinstance(operand, nodes.Shifted | nodes.OnTimeframe | nodes.OfMarket | nodes.OfCandles):
        operand = operand.operand
    return operand.name if isinstance(operand, nodes.Name) else ""


def spelled(value: nodes.Node) -> str:
    """A literal argument as it is written."""
    return value.name if isinstance(value, nodes.Name | nodes.Zone) else expression(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean …?` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(name[:40], list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def short(text: str, limit: int = 24) -> str:
    """At most `limit` characters of a text."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
