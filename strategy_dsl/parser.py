"""Text -> tree. Every clause is read on its own, so all problems are found in one go."""

import difflib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from lark import Lark, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from strategy_dsl import nodes
from strategy_dsl.builder import Builder, Kept
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.lines import Line, clauses
from strategy_dsl.spans import Span
from strategy_dsl.syntax_words import EXAMPLES, expected_words

MAX_TEXT = 20_000
MAX_CLAUSE = 2_000
MAX_CLAUSES = 200
MAX_DEPTH = 60
MAX_DIGITS = 30


class Parsed(NamedTuple):
    """What could be read, and what could not."""

    strategy: nodes.Strategy
    problems: tuple[Diagnostic, ...]


@cache
def grammar() -> Lark:
    """The clause grammar; that it has no conflict is checked by the suite, since checking takes half of building."""
    return build_grammar(strict=False)


def build_grammar(*, strict: bool) -> Lark:
    """A parser for clauses; `strict` refuses a grammar in which anything is settled by chance."""
    source = resources.files("strategy_dsl").joinpath("grammar.lark").read_text("utf-8")
    return Lark(source, start="clause", parser="lalr", strict=strict, propagate_positions=True, maybe_placeholders=True)


def parse(text: str) -> Parsed:
    """Reads a whole strategy; never raises, whatever the text is."""
    if len(text) > MAX_TEXT:
        message = f"this text has {len(text):,} characters; a strategy has at most {MAX_TEXT:,}"
        return Parsed(nodes.Strategy(), (Diagnostic("E101", message, None),))
    lines = clauses(text)
    problems: list[Diagnostic] = []
    if len(lines) > MAX_CLAUSES:
        message = f"this text has {len(lines)} clauses; a strategy has at most {MAX_CLAUSES}"
        return Parsed(nodes.Strategy(), (Diagnostic("E101", message, None),))
    found = [node for line in lines if (node := _read(line, problems)) is not None]
    strategy = _assemble(found, problems)
    return Parsed(strategy, tuple(problems))


def parse_expression(text: str) -> nodes.Node | None:
    """One expression on its own, or None where it cannot be read."""
    problems: list[Diagnostic] = []
    rule = _read(Line(f"exit when {text}", 0), problems)
    return rule.condition if isinstance(rule, nodes.Rule) and not problems else None


def _read(line: Line, problems: list[Diagnostic]) -> nodes.Node | None:
    node, found = _clause(line.text, line.start)
    problems.extend(found)
    return node


@lru_cache(maxsize=512)
def _clause(text: str, start: int) -> tuple[nodes.Node | None, tuple[Diagnostic, ...]]:
    """One clause at its place; kept, since an edit, a sweep and every restart read most clauses again as they were."""
    line = Line(text, start)
    if (problem := _refused(line)) is not None:
        return None, (problem,)
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        return None, (_syntax_problem(line, error),)
    if _too_deep(tree) or _too_long_number(text):
        message = "this clause is nested too deeply or has a number too long to read"
        return None, (Diagnostic("E104", message, line.span),)
    builder = Builder(start)
    node: nodes.Node = builder.transform(tree)
    return node, tuple(builder.problems)


def _refused(line: Line) -> Diagnostic | None:
    keyword = line.keyword
    span = Span(line.start, line.start + len(keyword))
    if len(line.text) > MAX_CLAUSE:
        return Diagnostic("E101", f"this clause has {len(line.text):,} characters; {MAX_CLAUSE:,} is the most", span)
    if keyword in EXAMPLES:
        return None
    near = difflib.get_close_matches(keyword.lower()[:30], EXAMPLES, n=1)
    hint = f"did you mean `{near[0]}`? for example: {EXAMPLES[near[0]]}" if near else _openers()
    return Diagnostic("E102", f"no clause begins with `{_short(keyword)}`", span, "not a clause", hint)


def _openers() -> str:
    return "a clause begins with one of: " + ", ".join(EXAMPLES)


def _short(word: str) -> str:
    clean = "".join(each if each.isprintable() else "?" for each in word)
    return clean if len(clean) <= 24 else clean[:23] + "…"


def _syntax_problem(line: Line, error: UnexpectedInput) -> Diagnostic:
    at = len(line.text) if (error.pos_in_stream or 0) < 0 else error.pos_in_stream or 0
    accepted: set[str] = set()
    width = 1
    if isinstance(error, UnexpectedToken):
        accepted = set(error.accepts or error.expected)
        width = max(1, len(str(error.token)))
        if error.token.type == "$END":
            at, width = len(line.text), 1
    elif isinstance(error, UnexpectedCharacters):
        accepted = set(error.allowed or ())
    found = line.text[at : at + width].strip()
    subject = f"`{_short(found)}` does not fit here" if found else "something is missing at the end"
    span = Span(line.start + at, line.start + at + width)
    hint = f"for example: {EXAMPLES[line.keyword]}"
    return Diagnostic("E105", f"{subject}; expected {expected_words(accepted)}", span, "here", hint)


def _too_deep(tree: Tree) -> bool:  # type: ignore[type-arg]
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        stack.extend((child, depth + 1) for child in node.children if isinstance(child, Tree))
    return False


def _too_long_number(text: str) -> bool:
    run = 0
    for each in text:
        run = run + 1 if each.isdigit() else 0
        if run > MAX_DIGITS:
            return True
    return False


_MANY: dict[type, str] = {
    nodes.Let: "lets",
    nodes.Rule: "rules",
    nodes.Schedule: "schedules",
    nodes.Rebalance: "rebalances",
    nodes.Alert: "alerts",
    nodes.Add: "adds",
    nodes.ExitAfter: "exits_after",
    nodes.ExitAt: "exits_at",
    nodes.Cooldown: "cooldowns",
    nodes.Window: "windows",
    nodes.Pause: "pauses",
    nodes.Halt: "halts",
}
_ONE: dict[type, str] = {
    nodes.Trade: "trade",
    nodes.Reverse: "reverse",
    nodes.Hold: "hold",
    nodes.Grid: "grid",
    nodes.Order: "order",
    nodes.StopLoss: "stop",
    nodes.TrailingStop: "trailing",
    nodes.BreakEven: "break_even",
    nodes.SizeEquity: "size",
    nodes.SizeMoney: "size",
    nodes.SizeRisk: "size",
    nodes.SizeVolatility: "size",
    nodes.Leverage: "leverage",
    nodes.OpenPositions: "open_positions",
    nodes.EntriesADay: "entries_a_day",
    nodes.Ask: "ask",
}


def _assemble(found: list[nodes.Node], problems: list[Diagnostic]) -> nodes.Strategy:
    values: dict[str, object] = {}
    for node in found:
        name, value = _field(node)
        if name in _MANY.values():
            values[name] = (*_listed(values.get(name)), value)
        elif name in values:
            message = f"two values for `{name.replace('_', ' ')}`; a strategy has one"
            problems.append(Diagnostic("E301", message, node.span, "the second one", "keep the one you mean"))
        else:
            values[name] = value
    build: Callable[..., nodes.Strategy] = nodes.Strategy
    return build(**values)


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _field(node: nodes.Node) -> tuple[str, object]:
    if isinstance(node, Kept):
        return node.field, node.value
    for table in (_MANY, _ONE):
        if type(node) in table:
            return table[type(node)], node
    raise AssertionError(f"no place for {type(node).__name__}")
