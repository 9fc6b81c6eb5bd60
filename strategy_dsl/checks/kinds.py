"""Unit and bounds of every expression; unknown names, wrong arguments and unit clashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.catalogue import BARE, FUNCTIONS, VALUES, Function, Parameter, Scope, Value
from strategy_dsl.checks.intervals import added, comparable, divided, multiplied, negative, same_market, scaled
from strategy_dsl.checks.wording import element_by_element, nearest, short, spelled, word_kind, words_of
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import decimal_text, expression
from strategy_dsl.nodes import walk
from strategy_dsl.spans import Span
from strategy_dsl.timeframes import MONTH, TIMEFRAMES, is_clock, zone_exists
from strategy_dsl.units import CONDITION, Kind, Unit

UNKNOWN = Kind(Unit.NUMBER)
_LOOKS_BACK = (
    nodes.Call,
    nodes.Component,
    nodes.Shifted,
    nodes.OnTimeframe,
    nodes.OfMarket,
    nodes.OfCandles,
    nodes.Crosses,
    nodes.Moves,
    nodes.Throughout,
    nodes.Recently,
    nodes.Sequence,
    nodes.FirstSince,
)
_LITERALS: dict[str, tuple[type[nodes.Node], str]] = {
    "clock": (nodes.Clock, "a time such as 09:30"),
    "zone": (nodes.Zone, "a zone such as UTC or Europe/London"),
    "word": (nodes.Name, "a word"),
    "duration": (nodes.Duration, "a length of time such as 3d"),
}
_NOW_ONLY: frozenset[Scope] = frozenset({"position", "past", "strategy", "order"})
MOST_HINTS = 20
CANDLE_KINDS = ("heikin_ashi",)


@dataclass
class Kinds:
    """Infers kinds for one strategy; `problems` grows as it goes."""

    lets: Mapping[str, nodes.Node]
    timeframe: str
    own_market: str | None = None
    problems: list[Diagnostic] = field(default_factory=list)
    scopes: frozenset[Scope] = frozenset({"candles"})
    _open_lets: tuple[str, ...] = ()
    _looking_back: bool = False

    def complain(self, code: str, message: str, span: Span, label: str = "", hint: str = "") -> Kind:
        """Records a problem and gives a kind that causes no further ones."""
        self.problems.append(Diagnostic(code, message, span, label, hint))
        return UNKNOWN

    def _near(self, name: str, known: list[str]) -> str:
        # looking for the nearest name takes a millisecond; a text with many unknown ones has another problem
        return nearest(name, known) if len(self.problems) < MOST_HINTS else ""

    def condition(self, node: nodes.Node) -> None:
        """Checks an expression that must be true or false."""
        self._expect_condition(node)

    def quantity(self, node: nodes.Node) -> Kind:
        """Checks an expression that must be a quantity, and gives its kind."""
        return self._number(node)

    def of(self, node: nodes.Node) -> Kind:
        """The kind of any expression."""
        if self._looking_back or not isinstance(node, _LOOKS_BACK) or element_by_element(node):
            return self._of(node)
        self._without_position(node)
        self._looking_back = True
        try:
            return self._of(node)
        finally:
            self._looking_back = False

    def _of(self, node: nodes.Node) -> Kind:
        match node:
            case nodes.Number(value):
                return Kind(Unit.NUMBER, float(value), float(value))
            case nodes.Percent(value):
                return Kind(Unit.PERCENT, float(value) / 100, float(value) / 100)
            case nodes.Duration():
                return Kind(Unit.DURATION, 0)
            case nodes.Name():
                return self._name(node)
            case nodes.Call():
                return self._call(node, None)
            case nodes.Component(call, component):
                return self._call(call, component, node)
            case nodes.Negative() | nodes.Arithmetic() | nodes.Share():
                return self._arithmetic(node)
            case nodes.Shifted(operand, _):
                return self.of(operand)
            case nodes.OnTimeframe(operand, timeframe):
                return self._on_timeframe(node, operand, timeframe)
            case nodes.OfMarket(operand, market):
                kind = self.of(operand)
                named = None if market == self.own_market else market
                return replace(kind, market=named) if kind.unit is Unit.PRICE else kind
            case nodes.OfCandles(operand, candles):
                return self._of_candles(node, operand, candles)
            case _:
                return self._condition(node)

    def _without_position(self, node: nodes.Node, through: tuple[str, ...] = ()) -> None:
        for each in walk(node):
            if not isinstance(each, nodes.Name):
                continue
            if each.name in self.lets and each.name not in through:
                self._without_position(self.lets[each.name], (*through, each.name))
            elif each.name not in self.lets and each.name in VALUES and VALUES[each.name].scope in _NOW_ONLY:
                hint = "a value of the position can be compared as it is now: `close < entry_price`"
                message = f"`{each.name}` has no history to look back on"
                self.complain("E212", message, each.span, "only as it is now", hint)

    def _name(self, node: nodes.Name) -> Kind:
        if node.name in self.lets:
            return self._let(node)
        if (row := VALUES.get(node.name) or BARE.get(node.name)) is None:
            return self._unknown_name(node)
        if isinstance(row, Value) and row.scope not in self.scopes:
            return self._out_of_place(node, node.name, row.scope)
        return Kind(row.unit, row.low, row.high)

    def _out_of_place(self, node: nodes.Node, name: str, scope: Scope) -> Kind:
        if scope == "order":
            hint = "for example: order stop at next_open + 0.5 * atr(14) for 1 bar"
            return self.complain("E213", f"`{name}` is known only to an order", node.span, "not here", hint)
        message = f"`{name}` is unknown while there is no position"
        hint = "use it in `sell when` or `exit when`"
        return self.complain("E210", message, node.span, "no position here", hint)

    def _let(self, node: nodes.Name) -> Kind:
        if node.name in self._open_lets:
            return self.complain("E208", f"`{node.name}` is defined by itself", node.span, "goes round in a circle")
        self._open_lets = (*self._open_lets, node.name)
        kind = self.of(self.lets[node.name])
        self._open_lets = self._open_lets[:-1]
        return kind

    def _unknown_name(self, node: nodes.Name) -> Kind:
        if node.name in FUNCTIONS:
            hint = f"for example: {FUNCTIONS[node.name].example}"
            return self.complain(
                "E203", f"`{node.name}` needs its arguments in parentheses", node.span, "a function", hint
            )
        hint = self._near(node.name, [*VALUES, *self.lets, *FUNCTIONS])
        return self.complain("E202", f"there is no value called `{short(node.name)}`", node.span, "not a value", hint)

    def _call(self, node: nodes.Call, component: str | None, whole: nodes.Component | None = None) -> Kind:
        row = FUNCTIONS.get(node.function)
        if row is None:
            hint = self._near(node.function, [*FUNCTIONS, *VALUES])
            span = Span(node.span.start, node.span.start + len(node.function))
            return self.complain(
                "E201", f"there is no function called `{short(node.function)}`", span, "not a function", hint
            )
        if row.name == "at_entry" and "position" not in self.scopes:
            self._out_of_place(node, row.name, "position")
        kinds = self._arguments(row, node)
        self._component(row, component, node.span if whole is None else whole.span)
        if row.unit is Unit.SAME:
            parts = [
                (k, a) for p, k, a in zip(row.parameters, kinds, node.arguments, strict=False) if p.kind == "series"
            ]
            self._alike(node, [kind for kind, _ in parts], tuple(part for _, part in parts))
        return row.kind(component, kinds)

    def _component(self, row: Function, component: str | None, span: Span) -> None:
        if row.components and component is None:
            hint = f"for example: {row.example}"
            self.complain(
                "E206",
                f"`{row.name}` has several lines: {', '.join(row.components)}",
                span,
                "which one?",
                hint,
            )
        elif component is not None and component not in row.components:
            lines = ", ".join(row.components) or "none"
            self.complain("E207", f"`{row.name}` has no line `{short(component)}`", span, "", f"its lines: {lines}")

    def _since(self, row: Function, node: nodes.Call) -> list[Kind]:
        """`since(C, highest(high))`: the second argument is a call with its first argument only."""
        condition, inner = node.arguments
        self._expect_condition(condition)
        folded = FUNCTIONS.get(inner.function) if isinstance(inner, nodes.Call) else None
        if not isinstance(inner, nodes.Call) or folded is None or not folded.since_phrase or len(inner.arguments) != 1:
            known = ", ".join(each.name for each in FUNCTIONS.values() if each.since_phrase)
            message = f"the second argument of `since` is one of {known} with one argument"
            self.complain("E205", message, inner.span, "does not fit", f"for example: {row.example}")
            return [CONDITION, UNKNOWN]
        return [CONDITION, folded.kind(None, [self._argument(folded, folded.parameters[0], inner.arguments[0])])]

    def _arguments(self, row: Function, node: nodes.Call) -> list[Kind]:
        if len(node.arguments) != len(row.parameters):
            wanted = ", ".join(each.name for each in row.parameters)
            count = len(row.parameters)
            message = (
                f"`{row.name}` takes {count} argument{'' if count == 1 else 's'} ({wanted}), not {len(node.arguments)}"
            )
            self.complain("E204", message, node.span, "", f"for example: {row.example}")
            return []
        if row.special == "since":
            return self._since(row, node)
        return [
            self._argument(row, parameter, value)
            for parameter, value in zip(row.parameters, node.arguments, strict=True)
        ]

    def _argument(self, row: Function, parameter: Parameter, value: nodes.Node) -> Kind:
        if parameter.kind == "series":
            return self._number(value)
        if parameter.kind == "condition":
            self._expect_condition(value)
            return CONDITION
        if parameter.kind in _LITERALS:
            return self._literal(row, parameter, value)
        if not isinstance(value, nodes.Percent if parameter.kind == "percent" else nodes.Number):
            wanted = "a percent such as 1%" if parameter.kind == "percent" else "a plain number"
            message = f"`{parameter.name}` of `{row.name}` must be {wanted}"
            return self.complain("E205", message, value.span, "not a number")
        whole = parameter.kind == "length" and value.value != value.value.to_integral_value()
        if whole or not parameter.low <= value.value <= parameter.high:
            low, high = (decimal_text(Decimal(str(bound))) for bound in (parameter.low, parameter.high))
            kind = {"length": "a whole number", "percent": "a percent"}.get(parameter.kind, "a number")
            message = f"`{parameter.name}` of `{row.name}` must be {kind} from {low} to {high}"
            return self.complain("E205", message, value.span, "out of range")
        return UNKNOWN

    def _literal(self, row: Function, parameter: Parameter, value: nodes.Node) -> Kind:
        wanted = _LITERALS[parameter.kind]
        fits = isinstance(value, wanted[0]) and (not parameter.words or spelled(value) in parameter.words)
        if not fits:
            example = " or ".join(parameter.words) if parameter.words else wanted[1]
            message = f"`{parameter.name}` of `{row.name}` must be {example}"
            self.complain("E205", message, value.span, "does not fit", f"for example: {row.example}")
        elif isinstance(value, nodes.Zone) and not zone_exists(value.name):
            hint = "for example: UTC or Europe/London"
            self.complain("E318", f"there is no time zone `{value.name}`", value.span, "", hint)
        elif isinstance(value, nodes.Clock) and not is_clock(value.text):
            self.complain("E319", f"{value.text} is not a time of day", value.span)
        return UNKNOWN

    def _number(self, node: nodes.Node) -> Kind:
        kind = self.of(node)
        if kind.unit is Unit.CONDITION:
            return self.complain(
                "E402",
                f"`{short(expression(node))}` is true or false, not a quantity",
                node.span,
                "a condition",
            )
        return kind

    def _expect_condition(self, node: nodes.Node) -> None:
        before = len(self.problems)
        kind = self.of(node)
        if kind.unit is not Unit.CONDITION and len(self.problems) == before:
            hint = f"compare it, for example: {short(expression(node), 40)} > 0"
            self.complain(
                "E401",
                f"`{short(expression(node), 40)}` is {kind.unit.value}, not a condition",
                node.span,
                "true when?",
                hint,
            )

    def _on_timeframe(self, node: nodes.Node, operand: nodes.Node, timeframe: str) -> Kind:
        own, other = TIMEFRAMES.get(self.timeframe), TIMEFRAMES.get(timeframe)
        if timeframe == MONTH and (own is None or TIMEFRAMES["1d"] % own == 0):
            pass
        elif other is None:
            self.complain(
                "E209",
                f"there is no timeframe `{timeframe}`",
                node.span,
                "",
                f"one of: {', '.join((*TIMEFRAMES, MONTH))}",
            )
        elif own is not None and (other < own or other % own):
            hint = "`on` takes a longer timeframe that the strategy's own divides"
            self.complain("E209", f"{timeframe} is not a whole multiple of {self.timeframe}", node.span, "", hint)
        around, self.timeframe = self.timeframe, timeframe
        kind = self.of(operand)
        self.timeframe = around
        return kind

    def _of_candles(self, node: nodes.Node, operand: nodes.Node, candles: str) -> Kind:
        if candles not in CANDLE_KINDS:
            hint = nearest(candles, CANDLE_KINDS) or f"for example: close of {CANDLE_KINDS[0]}"
            self.complain("E214", f"there are no candles called `{short(candles)}`", node.span, "", hint)
        return self.of(operand)

    def _arithmetic(self, node: nodes.Negative | nodes.Arithmetic | nodes.Share) -> Kind:
        match node:
            case nodes.Negative(operand):
                kind = self._number(operand)
                return negative(kind)
            case nodes.Share(percent, relation, operand):
                kind = self._number(operand)
                factor = {"above": 1 + float(percent.value) / 100, "below": 1 - float(percent.value) / 100}
                return scaled(kind, factor.get(relation, float(percent.value) / 100))
            case nodes.Arithmetic(left, operator, right):
                return self._operation(node, self._number(left), operator, self._number(right))

    def _operation(self, node: nodes.Arithmetic, left: Kind, operator: str, right: Kind) -> Kind:
        if operator in "+-":
            if not comparable(left, right):
                if not same_market(left, right):
                    return self._two_markets(node.span)
                message = f"{left.unit.value} and {right.unit.value} cannot be added or subtracted"
                return self.complain("E403", message, node.span, "different kinds")
            return added(left, right, 1 if operator == "+" else -1)
        return multiplied(left, right) if operator == "*" else divided(left, right)

    def _condition(self, node: nodes.Node) -> Kind:
        match node:
            case nodes.Compare(operands, _):
                self._alike(node, [self._number(each) for each in operands], operands)
            case nodes.Crosses(left, _, right):
                self._alike(node, [self._number(left), self._number(right)], (left, right))
            case nodes.Near(left, _, right):
                self._alike(node, [self._number(left), self._number(right)], (left, right))
            case nodes.Between(operand, low, high):
                parts = (operand, low, high)
                self._alike(node, [self._number(each) for each in parts], parts)
            case nodes.Moves(operand, _, _):
                self._number(operand)
            case nodes.OneOf(operand, words):
                self._words(operand, words, node.span)
            case nodes.AtLeast(count, conditions):
                if count > len(conditions):
                    self.complain("E404", f"at least {count} of {len(conditions)} conditions can never be", node.span)
                self._each(conditions)
            case nodes.AllOf(conditions) | nodes.AnyOf(conditions):
                self._each(conditions)
            case nodes.Not(condition) | nodes.Throughout(condition, _) | nodes.Recently(condition, _):
                self._expect_condition(condition)
            case nodes.Sequence(first, _, second) | nodes.FirstSince(second, first):
                self._each((first, second))
        return CONDITION

    def _each(self, conditions: Iterable[nodes.Node]) -> None:
        for each in conditions:
            self._expect_condition(each)

    def _words(self, operand: nodes.Node, words: tuple[str, ...], span: Span) -> None:
        kind = self.of(operand)
        if kind.unit is not Unit.WORD:
            self.complain(
                "E405",
                f"`{short(expression(operand))}` is {kind.unit.value}, which no word can equal",
                span,
                "",
                "compare it with a number",
            )
            return
        known = words_of(operand)
        for word in words:
            if word not in known:
                hint = nearest(word, known) or f"one of: {', '.join(known)}"
                self.complain("E406", f"`{short(word)}` is not {word_kind(operand)}", span, "", hint)

    def _alike(self, node: nodes.Node, kinds: list[Kind], parts: tuple[nodes.Node, ...]) -> None:
        for left, right, a, b in zip(kinds, kinds[1:], parts, parts[1:], strict=False):
            if Unit.WORD in (left.unit, right.unit):
                self.complain("E405", "a word is compared with `is`", node.span, "", "for example: weekday is monday")
            elif not same_market(left, right):
                self._two_markets(node.span)
            elif not comparable(left, right):
                self._clash(node.span, left, right, a, b)

    def _two_markets(self, span: Span) -> Kind:
        hint = "divide one by the other, or compare what is alike: change(close, 24) > change(close, 24) of ETH/USDT"
        return self.complain("E410", "these are prices of two markets", span, "not comparable", hint)

    def _clash(self, span: Span, left: Kind, right: Kind, a: nodes.Node, b: nodes.Node) -> None:
        for kind, other, node in ((left, right, b), (right, left, a)):
            if kind.unit is Unit.PERCENT and other.unit is Unit.NUMBER:
                hint = f"write `{short(expression(node))}%`"
                self.complain(
                    "E407",
                    f"a percent is compared with the bare number {short(expression(node))}",
                    span,
                    "1 means 100% here",
                    hint,
                )
                return
        message = f"{left.unit.value} cannot be compared with {right.unit.value}"
        hint = "compare like with like, for example: close > ema(close, 50)"
        self.complain("E408", message, span, "different kinds", hint)
