"""Lark's tree -> nodes, clause by clause."""

from decimal import Decimal
from typing import Any, Literal

from lark import Token, Transformer, v_args
from lark.tree import Meta
from pydantic.dataclasses import dataclass

from strategy_dsl import nodes
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.spans import NOWHERE, Span

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Title(nodes.Node):
    """A clause whose value is kept without a node of its own: the name, targets, counts."""

    kind: Literal["name", "targets", "open_positions", "entries_a_day"]
    value: Any


def _decimal(token: Any) -> Decimal:
    return Decimal(str(token).replace(",", "").rstrip("%r"))


def _percent(token: Any) -> nodes.Percent | None:
    return None if token is None else nodes.Percent(_decimal(token))


def _plain(node: Any) -> Any:
    return node.inner if isinstance(node, nodes.Group) else node


@v_args(meta=True)
class Builder(Transformer[Token, Any]):
    """Builds the node of one clause; `problems` holds what the grammar alone cannot refuse."""

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
        value = _decimal(token)
        if value != value.to_integral_value() or not least <= value <= 100_000:
            message = f"`{token}` must be a whole number from {least} to 100,000"
            self.problems.append(Diagnostic("E106", message, self.at(meta), "not a count"))
            return least
        return int(value)

    # clauses

    def title(self, meta: Meta, children: list[Any]) -> Title:
        return Title("name", str(children[0])[1:-1].strip() or None, span=self.at(meta))

    def trade(self, meta: Meta, children: list[Any]) -> nodes.Trade:
        markets, timeframe = children
        return nodes.Trade(markets, str(timeframe), span=self.at(meta))

    def market_list(self, _: Meta, children: list[Any]) -> tuple[str, ...]:
        return tuple(str(each) for each in children)

    def budget(self, meta: Meta, children: list[Any]) -> nodes.Money:
        return nodes.Money(_decimal(children[0]), str(children[1]), span=self.at(meta))

    def let(self, meta: Meta, children: list[Any]) -> nodes.Let:
        return nodes.Let(str(children[0]), _plain(children[1]), span=self.at(meta))

    def rule(self, meta: Meta, children: list[Any]) -> nodes.Rule:
        action, portion, name, condition = children
        label = str(name) if name else None
        if portion is not None and str(action) == "buy":
            message = "a `buy` takes no percent of a position; the amount stands in `size`"
            self.problems.append(Diagnostic("E302", message, self.at(meta), "", "for example: size 5% of equity"))
        kind: Any = str(action)
        return nodes.Rule(kind, _percent(portion), label, _plain(condition), span=self.at(meta))

    def alert(self, meta: Meta, children: list[Any]) -> nodes.Alert:
        return nodes.Alert(str(children[0])[1:-1], _plain(children[1]), span=self.at(meta))

    def stop_loss(self, meta: Meta, children: list[Any]) -> nodes.StopLoss:
        level, following = children
        return nodes.StopLoss(level, following is not None, span=self.at(meta))

    def no_stop(self, meta: Meta, _: list[Any]) -> nodes.StopLoss:
        return nodes.StopLoss(None, span=self.at(meta))

    def take_profit(self, meta: Meta, children: list[Any]) -> Title:
        return Title("targets", tuple(children), span=self.at(meta))

    def target(self, meta: Meta, children: list[Any]) -> nodes.Target:
        return nodes.Target(children[0], _percent(children[1]), span=self.at(meta))

    def r_multiple(self, meta: Meta, children: list[Any]) -> nodes.Multiple:
        return nodes.Multiple(_decimal(children[0]), span=self.at(meta))

    r_activation = r_multiple

    def distance(self, meta: Meta, children: list[Any]) -> nodes.Distance:
        return nodes.Distance(_plain(children[0]), span=self.at(meta))

    activation = distance

    def level(self, meta: Meta, children: list[Any]) -> nodes.AtPrice:
        return nodes.AtPrice(_plain(children[1]), span=self.at(meta))

    def trailing_stop(self, meta: Meta, children: list[Any]) -> nodes.TrailingStop:
        return nodes.TrailingStop(_plain(children[0]), children[1], span=self.at(meta))

    def break_even(self, meta: Meta, children: list[Any]) -> nodes.BreakEven:
        return nodes.BreakEven(children[0], span=self.at(meta))

    def leave_after(self, meta: Meta, children: list[Any]) -> nodes.ExitAfter:
        span = children[1]
        is_bars = isinstance(span, int)
        return nodes.ExitAfter(None if is_bars else span, span if is_bars else None, span=self.at(meta))

    def span(self, _: Meta, children: list[Any]) -> str:
        return str(children[0])

    def bar_span(self, meta: Meta, children: list[Any]) -> int:
        return self.whole(meta, children[0])

    def leave_at(self, meta: Meta, children: list[Any]) -> nodes.ExitAt:
        return nodes.ExitAt(str(children[2]), str(children[3]), span=self.at(meta))

    def size_equity(self, meta: Meta, children: list[Any]) -> nodes.SizeEquity:
        return nodes.SizeEquity(nodes.Percent(_decimal(children[0])), span=self.at(meta))

    def size_money(self, meta: Meta, children: list[Any]) -> nodes.SizeMoney:
        money = nodes.Money(_decimal(children[0]), str(children[1]))
        return nodes.SizeMoney(money, span=self.at(meta))

    def size_risk(self, meta: Meta, children: list[Any]) -> nodes.SizeRisk:
        return nodes.SizeRisk(nodes.Percent(_decimal(children[0])), span=self.at(meta))

    def hours_only(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), (), children[1], None, span=self.at(meta))

    def days_window(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), children[1], children[2], None, span=self.at(meta))

    def condition_window(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), (), None, _plain(children[1]), span=self.at(meta))

    def gate(self, token: Any) -> Any:
        """`only` or `never`."""
        return str(token)

    def day_range(self, _: Meta, children: list[Any]) -> tuple[int, ...]:
        first, last = (DAYS.index(str(each)) for each in children)
        return tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1)))

    def day_list(self, _: Meta, children: list[Any]) -> tuple[int, ...]:
        return tuple(sorted({DAYS.index(str(each)) for each in children}))

    def hours(self, meta: Meta, children: list[Any]) -> nodes.Hours:
        start, end, zone = (str(each) for each in children)
        return nodes.Hours(start, end, zone, span=self.at(meta))

    def open_positions(self, meta: Meta, children: list[Any]) -> Title:
        setting = nodes.Setting(self.whole(meta, children[1]), span=self.at(meta))
        return Title("open_positions", setting, span=self.at(meta))

    def entries_a_day(self, meta: Meta, children: list[Any]) -> Title:
        setting = nodes.Setting(self.whole(meta, children[1]), span=self.at(meta))
        return Title("entries_a_day", setting, span=self.at(meta))

    def cooldown(self, meta: Meta, children: list[Any]) -> nodes.Cooldown:
        after: Any = "any" if children[1] is None else str(children[1])
        return nodes.Cooldown(str(children[0]), after, span=self.at(meta))

    def ask(self, meta: Meta, children: list[Any]) -> nodes.Ask:
        orders, duration, otherwise = (None if each is None else " ".join(str(each).split()) for each in children)
        chosen: Any = orders
        fallback: Any = otherwise or "skip"
        return nodes.Ask(chosen, duration or "5m", fallback, span=self.at(meta))

    def ask_never(self, meta: Meta, _: list[Any]) -> nodes.Ask:
        return nodes.Ask("never", span=self.at(meta))

    # expressions

    def any_of(self, meta: Meta, children: list[Any]) -> nodes.AnyOf:
        for each in children:
            if isinstance(each, nodes.AllOf):
                self.problems.append(self.mixed(meta))
        return nodes.AnyOf(tuple(_plain(each) for each in children), span=self.at(meta))

    def mixed(self, meta: Meta) -> Diagnostic:
        """`a and b or c` without parentheses can be read in two ways."""
        hint = "write `(a and b) or c` or `a and (b or c)`"
        return Diagnostic("E501", "`and` with `or` can be read in two ways", self.at(meta), "which one?", hint)

    def all_of(self, meta: Meta, children: list[Any]) -> nodes.AllOf:
        return nodes.AllOf(tuple(_plain(each) for each in children), span=self.at(meta))

    def then_within(self, meta: Meta, children: list[Any]) -> nodes.Sequence:
        bars = self.whole(meta, children[1])
        return nodes.Sequence(_plain(children[0]), bars, _plain(children[2]), span=self.at(meta))

    def first_since(self, meta: Meta, children: list[Any]) -> nodes.FirstSince:
        return nodes.FirstSince(_plain(children[0]), _plain(children[1]), span=self.at(meta))

    def not_(self, meta: Meta, children: list[Any]) -> nodes.Not:
        return nodes.Not(_plain(children[0]), span=self.at(meta))

    def throughout(self, meta: Meta, children: list[Any]) -> nodes.Throughout:
        return nodes.Throughout(_plain(children[0]), self.whole(meta, children[1]), span=self.at(meta))

    def recently(self, meta: Meta, children: list[Any]) -> nodes.Recently:
        return nodes.Recently(_plain(children[0]), self.whole(meta, children[2]), span=self.at(meta))

    def compare(self, meta: Meta, children: list[Any]) -> nodes.Compare:
        operators: Any = tuple(str(each) for each in children[1::2])
        return nodes.Compare(tuple(_plain(each) for each in children[::2]), operators, span=self.at(meta))

    def crosses(self, meta: Meta, children: list[Any]) -> nodes.Crosses:
        side: Any = str(children[1])
        return nodes.Crosses(_plain(children[0]), side, _plain(children[2]), span=self.at(meta))

    def moves(self, meta: Meta, children: list[Any]) -> nodes.Moves:
        trend: Any = str(children[1])
        bars = 1 if children[2] is None else self.whole(meta, children[2])
        return nodes.Moves(_plain(children[0]), trend, bars, span=self.at(meta))

    def near(self, meta: Meta, children: list[Any]) -> nodes.Near:
        tolerance = nodes.Percent(_decimal(children[1]))
        return nodes.Near(_plain(children[0]), tolerance, _plain(children[2]), span=self.at(meta))

    def between(self, meta: Meta, children: list[Any]) -> nodes.Between:
        operand, low, high = (_plain(each) for each in children)
        return nodes.Between(operand, low, high, span=self.at(meta))

    def is_word(self, meta: Meta, children: list[Any]) -> nodes.OneOf:
        return nodes.OneOf(_plain(children[0]), (children[1],), span=self.at(meta))

    def in_words(self, meta: Meta, children: list[Any]) -> nodes.OneOf:
        return nodes.OneOf(_plain(children[0]), tuple(children[1:]), span=self.at(meta))

    def word(self, _: Meta, children: list[Any]) -> str:
        return str(children[0])

    def arithmetic(self, meta: Meta, children: list[Any]) -> nodes.Arithmetic:
        operator: Any = str(children[1])
        return nodes.Arithmetic(_plain(children[0]), operator, _plain(children[2]), span=self.at(meta))

    def negative(self, meta: Meta, children: list[Any]) -> nodes.Negative:
        return nodes.Negative(_plain(children[0]), span=self.at(meta))

    def share(self, meta: Meta, children: list[Any]) -> nodes.Share:
        relation: Any = str(children[1])
        return nodes.Share(nodes.Percent(_decimal(children[0])), relation, _plain(children[2]), span=self.at(meta))

    def share_of(self, meta: Meta, children: list[Any]) -> nodes.Share:
        return nodes.Share(nodes.Percent(_decimal(children[0])), "of", _plain(children[1]), span=self.at(meta))

    def number(self, meta: Meta, children: list[Any]) -> nodes.Number:
        return nodes.Number(_decimal(children[0]), span=self.at(meta))

    def percent(self, meta: Meta, children: list[Any]) -> nodes.Percent:
        return nodes.Percent(_decimal(children[0]), span=self.at(meta))

    def duration(self, meta: Meta, children: list[Any]) -> nodes.Duration:
        return nodes.Duration(str(children[0]), span=self.at(meta))

    def clock(self, meta: Meta, children: list[Any]) -> nodes.Clock:
        return nodes.Clock(str(children[0]), span=self.at(meta))

    def zone(self, meta: Meta, children: list[Any]) -> nodes.Zone:
        return nodes.Zone(str(children[0]), span=self.at(meta))

    def shifted(self, meta: Meta, children: list[Any]) -> nodes.Shifted:
        return nodes.Shifted(_plain(children[0]), self.whole(meta, children[1], least=0), span=self.at(meta))

    def on_timeframe(self, meta: Meta, children: list[Any]) -> nodes.OnTimeframe:
        return nodes.OnTimeframe(_plain(children[0]), str(children[1]), span=self.at(meta))

    def of_market(self, meta: Meta, children: list[Any]) -> nodes.OfMarket:
        return nodes.OfMarket(_plain(children[0]), str(children[1]), span=self.at(meta))

    def name(self, meta: Meta, children: list[Any]) -> nodes.Name:
        return nodes.Name(str(children[0]), span=self.at(meta))

    def call(self, meta: Meta, children: list[Any]) -> nodes.Call:
        arguments = tuple(_plain(each) for each in children[1:] if each is not None)
        return nodes.Call(str(children[0]), arguments, span=self.at(meta))

    def component(self, meta: Meta, children: list[Any]) -> nodes.Component:
        return nodes.Component(children[0], str(children[1]), span=self.at(meta))

    def group(self, meta: Meta, children: list[Any]) -> nodes.Group:
        return nodes.Group(_plain(children[0]), span=self.at(meta))

    def at_least(self, meta: Meta, children: list[Any]) -> nodes.AtLeast:
        count = self.whole(meta, children[1])
        return nodes.AtLeast(count, tuple(_plain(each) for each in children[2:]), span=self.at(meta))
