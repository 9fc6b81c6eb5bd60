"""The numbers of a strategy that can be varied: found on the tree, named, and put back changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.nodes import walk

Path = tuple[str | int, ...]
"""Fields and places in tuples, from the strategy down to the node or number."""

Difference = tuple[Path, Any]
"""A place below a node, and what stands there instead."""

CLAUSES = {
    "lets": "let", "rules": "", "hold": "hold", "order": "order", "adds": "add", "stop": "stop loss",
    "targets": "take profit", "trailing": "trailing stop", "break_even": "break even", "exits_after": "exit after",
    "cooldowns": "cooldown", "windows": "",
}  # fmt: skip
"""What decides when to trade. Money, sizes, markets and who is asked are no parameters of an idea."""

LEFT_ALONE = (nodes.Money, nodes.SizeEquity, nodes.SizeRisk, nodes.Weight, nodes.Shifted, nodes.OneOf)
COUNTS = (nodes.Moves, nodes.Throughout, nodes.Recently, nodes.Sequence, nodes.ExitAfter)


@dataclass(frozen=True)
class Parameter:
    """One number: `name` is its `let` or its place in the list (`3`), `label` says what it is.

    `value` is in the unit it is written in (3 of `3%`, 24 of `24h`); `whole` when only whole numbers fit. The same
    argument of the same function, such as the 14 of every `rsi(14)`, is one parameter with several places.
    """

    name: str
    label: str
    value: Decimal
    unit: str
    whole: bool
    places: tuple[Path, ...]

    def text(self, value: Decimal) -> str:
        """A value as the language writes it: `14`, `3%`, `24h`."""
        return f"{decimal_text(value)}{self.unit}"

    def example(self) -> str:
        """What could be tried of it: `length=13,14,15`."""
        return f"{self.name}={','.join(self.text(each) for each in sorted({*self.steps(), self.value}))}"

    def steps(self) -> tuple[Decimal, ...]:
        """The values next to it: a tenth below and above, whole and at least one away where it must be whole."""
        tenth = abs(self.value) / 10
        step = max(Decimal(1), tenth.quantize(Decimal(1), ROUND_HALF_UP)) if self.whole else tenth
        beside = (self.value - step, self.value + step)
        return tuple(each for each in beside if each * self.value > 0)


def parameters(strategy: nodes.Strategy) -> tuple[Parameter, ...]:
    """Every number that can be varied, `let`s first under their names, then by number in the order of the text."""
    lengths = _named_lengths(strategy)
    found: dict[tuple[str, Decimal, str], Parameter] = {}
    for field, word in CLAUSES.items():
        for place in _places(getattr(strategy, field), (field,), word, None):
            own = place.label if not place.is_let else f"let {place.label}"
            whole = place.whole or (place.is_let and place.label in lengths)
            key = (own if place.shared or place.is_let else f"{own} {place.path}", place.value, place.unit)
            before = found.get(key)
            paths = (place.path,) if before is None else (*before.places, place.path)
            name = place.label if place.is_let else ""
            found[key] = Parameter(name, place.label, place.value, place.unit, whole, paths)
    named = [each for each in found.values() if each.name]
    rest = [each for each in found.values() if not each.name]
    return (*named, *(replace(each, name=str(number)) for number, each in enumerate(rest, 1)))


def with_value(strategy: nodes.Strategy, parameter: Parameter, value: Decimal) -> nodes.Strategy:
    """The same strategy with another number at all places of the parameter; what it means is for the checker."""
    for path in parameter.places:
        strategy = _put(strategy, path, value, parameter.unit)
    return strategy


def differences(was: Any, now: Any, path: Path = ()) -> tuple[Difference, ...]:
    """Where two trees differ, as far down as they have the same shape; spans do not count."""
    if was is now or was == now:
        return ()
    if type(was) is not type(now):
        return ((path, now),)
    if isinstance(was, tuple) and len(was) == len(now):
        pairs = [(at, *pair) for at, pair in enumerate(zip(was, now, strict=True))]
        return tuple(each for at, one, other in pairs for each in differences(one, other, (*path, at)))
    if isinstance(was, nodes.Node):
        fields = [name for name in vars(was) if name != "span"]
        return tuple(
            each for name in fields for each in differences(getattr(was, name), getattr(now, name), (*path, name))
        )
    return ((path, now),)


def changed(node: Any, several: Iterable[tuple[Difference, ...]]) -> Any:
    """A tree with all of these differences; each was valid by itself, so nothing is validated again."""
    for each in several:
        for path, value in each:
            node = _with(node, path, value)
    return node


def _with(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*node[:first], _with(node[first], rest, value), *node[first + 1 :])
    found = object.__new__(type(node))
    vars(found).update(vars(node))
    vars(found)[first] = _with(vars(node)[first], rest, value)
    return found


@dataclass(frozen=True)
class _Place:
    label: str
    value: Decimal
    unit: str
    whole: bool
    path: Path
    shared: bool = False
    is_let: bool = False


def _named_lengths(strategy: nodes.Strategy) -> set[str]:
    """The `let`s that are named where a function wants a number of candles."""
    calls = [each for each in walk(strategy) if isinstance(each, nodes.Call) and each.function in FUNCTIONS]
    return {
        value.name
        for call in calls
        for parameter, value in zip(FUNCTIONS[call.function].parameters, call.arguments, strict=False)
        if parameter.kind == "length" and isinstance(value, nodes.Name)
    }


def _places(value: Any, path: Path, label: str, around: nodes.Node | None) -> Iterator[_Place]:
    match value:
        case tuple():
            for at, each in enumerate(value):
                yield from _places(each, (*path, at), label, around)
        case nodes.Let(name, nodes.Number() | nodes.Percent() | nodes.Duration() as plain):
            yield from (replace(each, is_let=True) for each in _places(plain, (*path, "value"), name, value))
        case nodes.Number(number) if number and not _exact(around):
            yield _Place(_said(label, around), number, "", False, path)
        case nodes.Percent(number) if number:
            yield _Place(_said(label, around), number, "%", False, path)
        case nodes.Multiple(times):
            yield _Place(label, times, "r", False, path)
        case nodes.Duration(text):
            yield _Place(_said(label, around), Decimal(text[:-1]), text[-1], True, path)
        case nodes.Call():
            yield from _arguments(value, path, label)
        case nodes.Node() if not isinstance(value, (*LEFT_ALONE, nodes.Number, nodes.Percent)):
            yield from _fields(value, path, label, around)


def _arguments(call: nodes.Call, path: Path, label: str) -> Iterator[_Place]:
    row = FUNCTIONS.get(call.function)
    for at, (parameter, value) in enumerate(zip(row.parameters if row else (), call.arguments, strict=False)):
        inner = (*path, "arguments", at)
        if parameter.kind in ("series", "condition"):
            yield from _places(value, inner, label, call)
            continue
        for each in _places(value, inner, f"{parameter.name} of {call.function}", None):
            yield replace(each, whole=parameter.kind == "length" or each.whole, shared=True)


def _fields(node: nodes.Node, path: Path, label: str, around: nodes.Node | None) -> Iterator[_Place]:
    said = isinstance(node, nodes.Compare | nodes.Crosses | nodes.Near | nodes.Between)
    for name, value in vars(node).items():
        if name == "portion":
            continue
        if isinstance(node, COUNTS) and name == "bars" and value is not None:
            yield _Place(label or expression(node), Decimal(value), "", True, (*path, name))
        elif isinstance(node, nodes.ExitAfter | nodes.Cooldown) and name == "duration" and value is not None:
            yield _Place(label, Decimal(value[:-1]), value[-1], True, (*path, name))
        elif isinstance(value, nodes.Node | tuple):
            inner = f"{label} after" if name == "after" else label
            yield from _places(value, (*path, name), inner, node if said else around)


def _exact(around: nodes.Node | None) -> bool:
    """Whether a number beside it is met or not, as in `hour == 9`; there is nothing near it."""
    return isinstance(around, nodes.Compare) and bool({"==", "!="} & set(around.operators))


def _said(label: str, around: nodes.Node | None) -> str:
    return label if around is None or isinstance(around, nodes.Let) else expression(around)


def _put(node: Any, path: Path, value: Decimal, unit: str) -> Any:
    """The same tree with the number at the end of a path changed."""
    if not path:
        match node:
            case nodes.Number() | nodes.Percent() | nodes.Multiple():
                return replace(node, value=value)
            case nodes.Duration():
                return replace(node, text=f"{decimal_text(value)}{unit}")
        return f"{decimal_text(value)}{unit}" if isinstance(node, str) else int(value)
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*node[:first], _put(node[first], rest, value, unit), *node[first + 1 :])
    return replace(node, **{first: _put(getattr(node, first), rest, value, unit)})
