"""How many candles an expression looks back, and whether there ever were so many."""

from collections.abc import Mapping

from strategy_dsl import nodes
from strategy_dsl.catalogue import BARE, FUNCTIONS, Function
from strategy_dsl.checks.places import Place, places
from strategy_dsl.checks.wording import short
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import expression
from strategy_dsl.timeframes import MONTH, TIMEFRAMES, UNITS_MS

MOST_YEARS = 10
YEAR_MS = 365 * UNITS_MS["d"]
MONTH_MS = 31 * UNITS_MS["d"]


def too_long(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Expressions that need more history than markets have."""
    return [problem for place in places(strategy) for problem in looks_too_far(strategy, place)]


def looks_too_far(strategy: nodes.Strategy, place: Place) -> list[Diagnostic]:
    """The same of one expression."""
    lets = {each.name: each.value for each in strategy.lets}
    span = History(lets, TIMEFRAMES.get(strategy.trade.timeframe, 0) if strategy.trade else 0).of(place.node)
    if span <= MOST_YEARS * YEAR_MS:
        return []
    text = short(expression(place.node), 40)
    message = f"`{text}` looks back {span // YEAR_MS} years; no market has candles that old"
    hint = "use a shorter length, or shorter candles"
    return [Diagnostic("E334", message, place.node.span, "too long", hint)]


class History:
    """Reckons in ms how far back an expression looks from the close of a candle."""

    def __init__(self, lets: Mapping[str, nodes.Node], candle_ms: int) -> None:
        self.lets = lets
        self.candle_ms = candle_ms
        self._open: tuple[str, ...] = ()

    def of(self, node: nodes.Node) -> int:
        """The reach of any expression, in ms."""
        match node:
            case nodes.Name(name):
                return self._name(name)
            case nodes.Call():
                return self._call(node, "")
            case nodes.Component(call, component):
                return self._call(call, component)
            case nodes.OnTimeframe(operand, timeframe):
                longer = MONTH_MS if timeframe == MONTH else TIMEFRAMES.get(timeframe, 0)
                return longer + self.on(longer).of(operand)
            case _:
                return self.bars(node) * self.candle_ms + max((self.of(each) for each in _children(node)), default=0)

    def on(self, candle_ms: int) -> "History":
        """The same reckoning on candles of another length."""
        return History(self.lets, candle_ms)

    def bars(self, node: nodes.Node) -> int:
        """How many candles a node looks back itself, besides what it is made of."""
        match node:
            case nodes.Shifted(_, bars) | nodes.Moves(_, _, bars) | nodes.Sequence(_, bars, _):
                return bars
            case nodes.Throughout(_, bars) | nodes.Recently(_, bars):
                return bars - 1
            case nodes.Crosses():
                return 1
        return 0

    def row_ms(self, row: Function, numbers: Mapping[str, float], component: str, word: str) -> int:
        """How far a function looks back itself, in ms."""
        return (row.first_value(numbers, component) or 0) * self.candle_ms

    def _name(self, name: str) -> int:
        if name in BARE:
            return self._call(nodes.Call(name, ()), "")
        if name not in self.lets or name in self._open:
            return 0
        around, self._open = self._open, (*self._open, name)
        found = self.of(self.lets[name])
        self._open = around
        return found

    def _call(self, call: nodes.Call, component: str) -> int:
        row = FUNCTIONS.get(call.function)
        inner = max((self.of(each) for each in call.arguments), default=0)
        if row is None or len(row.parameters) != len(call.arguments):
            return inner
        numbers = {
            parameter.name: float(value.value)
            for parameter, value in zip(row.parameters, call.arguments, strict=True)
            if isinstance(value, nodes.Number)
        }
        words = [value.name for value in call.arguments if isinstance(value, nodes.Name)]
        return inner + self.row_ms(row, numbers, component, words[0] if words else "")


def _children(node: nodes.Node) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for name in nodes.PARTS[type(node)]:
        value = getattr(node, name)
        found += [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, nodes.Node)]
    return found
