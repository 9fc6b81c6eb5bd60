"""Lark's tree -> clauses."""

from typing import Any

from lark import v_args
from lark.tree import Meta
from pydantic.dataclasses import dataclass

from strategy_dsl import nodes
from strategy_dsl.builder.expressions import ExpressionBuilder, decimal, percent, plain
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.timeframes import DAYS


@dataclass(frozen=True)
class Kept(nodes.Node):
    """A clause whose value is kept without a node of its own: the strategy's name, its targets."""

    field: str
    value: Any


def _text(token: Any) -> str:
    """A terminal of several words with single spaces."""
    return " ".join(str(token).split())


def _quoted(token: Any) -> str:
    return str(token)[1:-1]


@v_args(meta=True)
class ClauseBuilder(ExpressionBuilder):
    """Builds the clauses about what is traded, when it is entered and how it is left."""

    def title(self, meta: Meta, children: list[Any]) -> Kept:
        return Kept("name", _quoted(children[0]).strip() or None, span=self.at(meta))

    def trade(self, meta: Meta, children: list[Any]) -> nodes.Trade:
        markets, perpetual, timeframe = children
        return nodes.Trade(markets, str(timeframe), perpetual is not None, span=self.at(meta))

    def trade_universe(self, meta: Meta, children: list[Any]) -> nodes.Trade:
        count, quote, perpetual, timeframe, excluded = children
        universe = nodes.Universe(self.whole(meta, count), str(quote), excluded or ())
        return nodes.Trade((), str(timeframe), perpetual is not None, universe, span=self.at(meta))

    def market_list(self, _: Meta, children: list[Any]) -> tuple[str, ...]:
        return tuple(str(each) for each in children)

    def budget(self, meta: Meta, children: list[Any]) -> Kept:
        return Kept("budget", children[0], span=self.at(meta))

    def money(self, meta: Meta, children: list[Any]) -> nodes.Money:
        return nodes.Money(decimal(children[0]), str(children[1]), span=self.at(meta))

    def let(self, meta: Meta, children: list[Any]) -> nodes.Let:
        return nodes.Let(str(children[0]), plain(children[1]), span=self.at(meta))

    def rule(self, meta: Meta, children: list[Any]) -> nodes.Rule:
        action, portion, name, condition = children
        kind: Any = str(action)
        rule = nodes.Rule(kind, percent(portion), str(name) if name else None, plain(condition), span=self.at(meta))
        if portion is not None and rule.opens:
            message = f"a `{kind}` takes no percent of a position; the amount stands in `size`"
            self.problems.append(Diagnostic("E302", message, self.at(meta), "", "for example: size 5% of equity"))
        return rule

    def reverse(self, meta: Meta, _: list[Any]) -> nodes.Reverse:
        return nodes.Reverse(span=self.at(meta))

    def alert(self, meta: Meta, children: list[Any]) -> nodes.Alert:
        return nodes.Alert(_quoted(children[0]), plain(children[1]), span=self.at(meta))

    def order_market(self, meta: Meta, _: list[Any]) -> nodes.Order:
        return nodes.Order("market", span=self.at(meta))

    def order_limit(self, meta: Meta, children: list[Any]) -> nodes.Order:
        return self.waiting_order(meta, "limit", children[1:])

    def order_stop(self, meta: Meta, children: list[Any]) -> nodes.Order:
        return self.waiting_order(meta, "stop", children[2:])

    def waiting_order(self, meta: Meta, kind: Any, children: list[Any]) -> nodes.Order:
        """A limit or stop order; without a time it waits for one bar."""
        price, waiting = children
        bars, duration = (waiting, None) if isinstance(waiting, int) else (None, waiting)
        if waiting is None:
            bars = 1
        return nodes.Order(kind, plain(price), duration, bars, span=self.at(meta))

    def waiting(self, _: Meta, children: list[Any]) -> str:
        return str(children[0])

    def waiting_bars(self, meta: Meta, children: list[Any]) -> int:
        return self.whole(meta, children[0])

    # the way out

    def stop_loss(self, meta: Meta, children: list[Any]) -> nodes.StopLoss:
        level, reference, following = children
        return nodes.StopLoss(level, following is not None, self.reference(reference), span=self.at(meta))

    def no_stop(self, meta: Meta, _: list[Any]) -> nodes.StopLoss:
        return nodes.StopLoss(None, span=self.at(meta))

    def reference(self, token: Any) -> Any:
        """`of average entry` -> `average entry`; the first fill where nothing is said."""
        return "entry" if token is None else _text(token).removeprefix("of ")

    def take_profit(self, meta: Meta, children: list[Any]) -> Kept:
        return Kept("targets", tuple(children), span=self.at(meta))

    def target(self, meta: Meta, children: list[Any]) -> nodes.Target:
        level, reference, following, portion = children
        where, moves = self.reference(reference), following is not None
        return nodes.Target(level, percent(portion), where, moves, span=self.at(meta))

    def r_multiple(self, meta: Meta, children: list[Any]) -> nodes.Multiple:
        return nodes.Multiple(decimal(children[0]), span=self.at(meta))

    r_activation = r_multiple

    def distance(self, meta: Meta, children: list[Any]) -> nodes.Distance:
        return nodes.Distance(plain(children[0]), span=self.at(meta))

    activation = distance

    def once(self, meta: Meta, children: list[Any]) -> nodes.Once:
        return nodes.Once(plain(children[0]), span=self.at(meta))

    def level(self, meta: Meta, children: list[Any]) -> nodes.AtPrice:
        return nodes.AtPrice(plain(children[1]), span=self.at(meta))

    def trailing_stop(self, meta: Meta, children: list[Any]) -> nodes.TrailingStop:
        return nodes.TrailingStop(plain(children[1]), children[2], span=self.at(meta))

    def break_even(self, meta: Meta, children: list[Any]) -> nodes.BreakEven:
        return nodes.BreakEven(children[0], span=self.at(meta))

    def leave_after(self, meta: Meta, children: list[Any]) -> nodes.ExitAfter:
        span = children[1]
        is_bars = isinstance(span, int)
        return nodes.ExitAfter(None if is_bars else span, span if is_bars else None, span=self.at(meta))

    def leave_at(self, meta: Meta, children: list[Any]) -> nodes.ExitAt:
        return nodes.ExitAt(str(children[2]), str(children[3]), span=self.at(meta))

    # how much

    def size_equity(self, meta: Meta, children: list[Any]) -> nodes.SizeEquity:
        return nodes.SizeEquity(nodes.Percent(decimal(children[0])), span=self.at(meta))

    def size_money(self, meta: Meta, children: list[Any]) -> nodes.SizeMoney:
        return nodes.SizeMoney(children[0], span=self.at(meta))

    def size_risk(self, meta: Meta, children: list[Any]) -> nodes.SizeRisk:
        return nodes.SizeRisk(nodes.Percent(decimal(children[0])), span=self.at(meta))

    def size_volatility(self, meta: Meta, children: list[Any]) -> nodes.SizeVolatility:
        return nodes.SizeVolatility(nodes.Percent(decimal(children[0])), span=self.at(meta))

    def leverage(self, meta: Meta, children: list[Any]) -> nodes.Leverage:
        return nodes.Leverage(decimal(children[0]), span=self.at(meta))

    # when, and how often

    def hours_only(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), (), children[1], None, span=self.at(meta))

    def days_window(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), children[1], children[2], None, span=self.at(meta))

    def condition_window(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), (), None, plain(children[1]), span=self.at(meta))

    def event_window(self, meta: Meta, children: list[Any]) -> nodes.Window:
        return nodes.Window(self.gate(children[0]), (), None, None, str(children[1]), span=self.at(meta))

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

    def open_positions(self, meta: Meta, children: list[Any]) -> nodes.OpenPositions:
        _, count, best, rank = children
        order: Any = "highest" if best is None else str(best)
        return nodes.OpenPositions(
            self.whole(meta, count), None if rank is None else plain(rank), order, span=self.at(meta)
        )

    def entries_a_day(self, meta: Meta, children: list[Any]) -> nodes.EntriesADay:
        _, count, zone = children
        return nodes.EntriesADay(self.whole(meta, count), str(zone or "UTC"), span=self.at(meta))

    def cooldown(self, meta: Meta, children: list[Any]) -> nodes.Cooldown:
        after: Any = "any" if children[1] is None else str(children[1])
        return nodes.Cooldown(str(children[0]), after, span=self.at(meta))

    def cooldown_side(self, meta: Meta, children: list[Any]) -> nodes.Cooldown:
        return nodes.Cooldown(str(children[0]), "other side", span=self.at(meta))

    def pause_for(self, meta: Meta, children: list[Any]) -> nodes.Pause:
        return nodes.Pause(plain(children[1]), duration=str(children[0]), span=self.at(meta))

    def pause_until(self, meta: Meta, children: list[Any]) -> nodes.Pause:
        until, zone, condition = children
        return nodes.Pause(plain(condition), until=until, zone=str(zone or "UTC"), span=self.at(meta))

    def pause_end(self, _: Meta, children: list[Any]) -> str:
        return str(children[0])

    def halt(self, meta: Meta, children: list[Any]) -> nodes.Halt:
        return nodes.Halt(plain(children[1]), children[0] is not None, span=self.at(meta))

    def ask(self, meta: Meta, children: list[Any]) -> nodes.Ask:
        orders, duration, otherwise = (None if each is None else _text(each) for each in children)
        chosen: Any = orders
        fallback: Any = otherwise or "skip"
        return nodes.Ask(chosen, duration or "5m", fallback, span=self.at(meta))

    def ask_never(self, meta: Meta, _: list[Any]) -> nodes.Ask:
        return nodes.Ask("never", span=self.at(meta))
