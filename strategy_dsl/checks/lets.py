"""Names that go round in a circle, or that grow beyond reading once they are put in."""

from collections.abc import Mapping

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.nodes import walk
from strategy_dsl.spans import NOWHERE, Span

MOST_PARTS = 3_000


def let_problems(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Circles and texts that are too large; nothing else can be checked while there are any."""
    if not strategy.lets:
        return []
    lets = {each.name: each for each in strategy.lets}
    spans = {name: let.span for name, let in lets.items()}
    uses = {name: _names(let.value, lets) for name, let in lets.items()}
    circle = _circle(uses)
    if circle is not None:
        return [Diagnostic("E208", f"`{circle}` is defined by itself", spans[circle], "goes round in a circle")]
    sizes: dict[str, int] = {}
    for name in _inner_first(uses):
        sizes[name] = sum(1 for _ in walk(lets[name].value)) + sum(sizes[each] for each in uses[name])
        if sizes[name] > MOST_PARTS:
            return [_too_large(f"`{name}`", spans[name])]
    total = sum(sizes[each] for each in _names(strategy, lets))
    return [_too_large("this strategy", NOWHERE)] if total > 10 * MOST_PARTS else []


def _too_large(what: str, span: Span) -> Diagnostic:
    hint = "each `let` is put in wherever it is named: name fewer of them"
    return Diagnostic("E107", f"{what} is too large once its `let`s are put in", span, "too large", hint)


def _names(node: nodes.Node, lets: Mapping[str, nodes.Let]) -> list[str]:
    """The `let`s that are named, as often as they are."""
    return [each.name for each in walk(node) if isinstance(each, nodes.Name) and each.name in lets]


def _circle(uses: Mapping[str, list[str]]) -> str | None:
    done: set[str] = set()

    def visit(name: str, through: tuple[str, ...]) -> str | None:
        if name in through:
            return name
        if name in done:
            return None
        for each in dict.fromkeys(uses[name]):
            if (found := visit(each, (*through, name))) is not None:
                return found
        done.add(name)
        return None

    return next((found for name in uses if (found := visit(name, ())) is not None), None)


def _inner_first(uses: Mapping[str, list[str]]) -> list[str]:
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for each in dict.fromkeys(uses[name]):
                visit(each)
            order.append(name)

    for name in uses:
        visit(name)
    return order
