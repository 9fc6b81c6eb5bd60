"""Lark's tree -> values and conditions."""

from decimal import Decimal
from typing import Any

from lark import Token, Transformer, v_args
from lark.tree import Meta

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.spans import NOWHERE, Span


def decimal(token: Any) -> Decimal:
    """The number of a token such as `1,000`, `5%`, `3r` or `2x`."""
    return Decimal(str(token).replace(",", "").rstrip("%rx"))


def percent(token: Any) -> nodes.Percent | None:
    """The percent of a token that may be missing."""
    return None if token is None else nodes.Percent(decimal(token))


def plain(node: Any) -> Any:
    """The node without the parentheses it was written in."""
    return node.inner if isinstance(node, nodes.Group) else node


@v_args(meta=True)
class ExpressionBuilder(Transformer[Token, Any]):
    """Builds expressions; `problems` holds what the grammar alone cannot refuse."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset
        self.problems: list[Diagnostic] = []

    def at(self, meta: Meta) -> Span:
        """Where in the whole text this node stands."""
        if meta.empty:
            return NOWHERE
        return Span(self.offset + meta.start_pos, self.offset + meta.end_pos)

    def whole(self, meta: Meta, token: Any, least: int = 1) -> int:
        """A whole number of bars or things."""
        value = decimal(token)
        if value != value.to_integral_value() or not least <= value <= 100_000:
            message = f"`{token}` must be a whole number from {least} to 100,000"
            self.problems.append(Diagnostic("E106", message, self.at(meta), "not a count"))
            return least
        return int(value)

    def any_of(self, meta: Meta, children: list[Any]) -> nodes.AnyOf:
        for each in children:
            if isinstance(each, nodes.AllOf):
                self.problems.append(self.mixed(meta))
        return nodes.AnyOf(tuple(plain(each) for each in children), span=self.at(meta))

    def mixed(self, meta: Meta) -> Diagnostic:
        """`a and b or c` without parentheses can be read in two ways."""
        hint = "write `(a and b) or c` or `a and (b or c)`"
        return Diagnostic("E501", "`and` with `or` can be read in two ways", self.at(meta), "which one?", hint)

    def all_of(self, meta: Meta, children: list[Any]) -> nodes.AllOf:
        return nodes.AllOf(tuple(plain(each) for each in children), span=self.at(meta))

    def then_within(self, meta: Meta, children: list[Any]) -> nodes.Sequence:
        bars = self.whole(meta, children[1])
        return nodes.Sequence(plain(children[0]), bars, plain(children[2]), span=self.at(meta))

    def first_since(self, meta: Meta, children: list[Any]) -> nodes.FirstSince:
        return nodes.FirstSince(plain(children[0]), plain(children[1]), span=self.at(meta))

    def not_(self, meta: Meta, children: list[Any]) -> nodes.Not:
        return nodes.Not(plain(children[0]), span=self.at(meta))

    def throughout(self, meta: Meta, children: list[Any]) -> nodes.Throughout:
        return nodes.Throughout(plain(children[0]), self.whole(meta, children[1]), span=self.at(meta))

    def recently(self, meta: Meta, children: list[Any]) -> nodes.Recently:
        return nodes.Recently(plain(children[0]), self.whole(meta, children[2]), span=self.at(meta))

    def compare(self, meta: Meta, children: list[Any]) -> nodes.Compare:
        operators: Any = tuple(str(each) for each in children[1::2])
        return nodes.Compare(tuple(plain(each) for each in children[::2]), operators, span=self.at(meta))

    def crosses(self, meta: Meta, children: list[Any]) -> nodes.Crosses:
        side: Any = str(children[1])
        return nodes.Crosses(plain(children[0]), side, plain(children[2]), span=self.at(meta))

    def moves(self, meta: Meta, children: list[Any]) -> nodes.Moves:
        trend: Any = str(children[1])
        bars = 1 if children[2] is None else self.whole(meta, children[2])
        return nodes.Moves(plain(children[0]), trend, bars, span=self.at(meta))

    def near(self, meta: Meta, children: list[Any]) -> nodes.Near:
        tolerance = nodes.Percent(decimal(children[1]))
        return nodes.Near(plain(children[0]), tolerance, plain(children[2]), span=self.at(meta))

    def between(self, meta: Meta, children: list[Any]) -> nodes.Between:
        operand, low, high = (plain(each) for each in children)
        return nodes.Between(operand, low, high, span=self.at(meta))

    def is_word(self, meta: Meta, children: list[Any]) -> nodes.OneOf:
        return nodes.OneOf(plain(children[0]), (children[1],), span=self.at(meta))

    def in_words(self, meta: Meta, children: list[Any]) -> nodes.OneOf:
        return nodes.OneOf(plain(children[0]), tuple(children[1:]), span=self.at(meta))

    def word(self, _: Meta, children: list[Any]) -> str:
        return str(children[0])

    def arithmetic(self, meta: Meta, children: list[Any]) -> nodes.Arithmetic:
        operator: Any = str(children[1])
        return nodes.Arithmetic(plain(children[0]), operator, plain(children[2]), span=self.at(meta))

    def negative(self, meta: Meta, children: list[Any]) -> nodes.Negative:
        return nodes.Negative(plain(children[0]), span=self.at(meta))

    def share(self, meta: Meta, children: list[Any]) -> nodes.Share:
        relation: Any = str(children[1])
        return nodes.Share(nodes.Percent(decimal(children[0])), relation, plain(children[2]), span=self.at(meta))

    def share_of(self, meta: Meta, children: list[Any]) -> nodes.Share:
        return nodes.Share(nodes.Percent(decimal(children[0])), "of", plain(children[1]), span=self.at(meta))

    def number(self, meta: Meta, children: list[Any]) -> nodes.Number:
        return nodes.Number(decimal(children[0]), span=self.at(meta))

    def percent(self, meta: Meta, children: list[Any]) -> nodes.Percent:
        return nodes.Percent(decimal(children[0]), span=self.at(meta))

    def duration(self, meta: Meta, children: list[Any]) -> nodes.Duration:
        return nodes.Duration(str(children[0]), span=self.at(meta))

    def clock(self, meta: Meta, children: list[Any]) -> nodes.Clock:
        return nodes.Clock(str(children[0]), span=self.at(meta))

    def zone(self, meta: Meta, children: list[Any]) -> nodes.Zone:
        return nodes.Zone(str(children[0]), span=self.at(meta))

    def shifted(self, meta: Meta, children: list[Any]) -> nodes.Shifted:
        return nodes.Shifted(plain(children[0]), self.whole(meta, children[1], least=0), span=self.at(meta))

    def on_timeframe(self, meta: Meta, children: list[Any]) -> nodes.OnTimeframe:
        return nodes.OnTimeframe(plain(children[0]), str(children[1]), span=self.at(meta))

    def of_market(self, meta: Meta, children: list[Any]) -> nodes.OfMarket:
        return nodes.OfMarket(plain(children[0]), str(children[1]), span=self.at(meta))

    def of_candles(self, meta: Meta, children: list[Any]) -> nodes.OfCandles:
        return nodes.OfCandles(plain(children[0]), str(children[1]), span=self.at(meta))

    def name(self, meta: Meta, children: list[Any]) -> nodes.Name:
        return nodes.Name(str(children[0]), span=self.at(meta))

    def call(self, meta: Meta, children: list[Any]) -> nodes.Call:
        arguments = tuple(plain(each) for each in children[1:] if each is not None)
        return nodes.Call(str(children[0]), arguments, span=self.at(meta))

    def component(self, meta: Meta, children: list[Any]) -> nodes.Component:
        return nodes.Component(children[0], str(children[1]), span=self.at(meta))

    def group(self, meta: Meta, children: list[Any]) -> nodes.Group:
        return nodes.Group(plain(children[0]), span=self.at(meta))

    def at_least(self, meta: Meta, children: list[Any]) -> nodes.AtLeast:
        count = self.whole(meta, children[1])
        return nodes.AtLeast(count, tuple(plain(each) for each in children[2:]), span=self.at(meta))
