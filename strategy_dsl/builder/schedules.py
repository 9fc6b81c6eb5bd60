"""Lark's tree -> clauses that go by the clock, by weights or by levels."""

from typing import Any

from lark import v_args
from lark.tree import Meta

from strategy_dsl import nodes
from strategy_dsl.builder.clauses import ClauseBuilder
from strategy_dsl.builder.expressions import decimal, plain
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.timeframes import DAYS

EVERY_DAY = tuple(range(7))
Clock = tuple[str, str]
MIDNIGHT: Clock = ("00:00", "UTC")


@v_args(meta=True)
class Builder(ClauseBuilder):
    """Builds every clause."""

    def schedule(self, meta: Meta, children: list[Any]) -> nodes.Schedule:
        timing, scheduled, condition = children
        found = {**scheduled, "condition": None if condition is None else plain(condition)}
        return nodes.Schedule(timing, span=self.at(meta), **found)

    def scheduled_order(self, meta: Meta, children: list[Any]) -> dict[str, Any]:
        action, amount, market = children
        opens = str(action) in ("buy", "short")
        if amount is not None and opens == isinstance(amount, nodes.Percent):
            right = "`buy 50 USDT` or `buy 5% of equity`" if opens else "`sell 50%`"
            message = f"this amount does not fit `{action}`"
            self.problems.append(Diagnostic("E302", message, self.at(meta), "", f"write {right}"))
            amount = None
        named = None if market is None else str(market)
        return {"action": str(action), "amount" if opens else "portion": amount, "market": named}

    def share_of_position(self, meta: Meta, children: list[Any]) -> nodes.Percent:
        return nodes.Percent(decimal(children[0]), span=self.at(meta))

    def equity_share(self, meta: Meta, children: list[Any]) -> nodes.SizeEquity:
        return nodes.SizeEquity(nodes.Percent(decimal(children[0])), span=self.at(meta))

    def risk_share(self, meta: Meta, children: list[Any]) -> nodes.SizeRisk:
        return nodes.SizeRisk(nodes.Percent(decimal(children[0])), span=self.at(meta))

    def scheduled_exit(self, meta: Meta, children: list[Any]) -> dict[str, Any]:
        _, portion, market = children
        share = None if portion is None else nodes.Percent(decimal(portion), span=self.at(meta))
        return {"action": "exit", "portion": share, "market": None if market is None else str(market)}

    def scheduled_alert(self, _: Meta, children: list[Any]) -> dict[str, Any]:
        return {"action": "alert", "text": str(children[0])[1:-1]}

    def every_interval(self, meta: Meta, children: list[Any]) -> nodes.Timing:
        return nodes.Timing(interval=str(children[0]), span=self.at(meta))

    def every_weekday(self, meta: Meta, children: list[Any]) -> nodes.Timing:
        days = tuple(sorted({DAYS.index(str(each)) for each in children[:-1]}))
        return self._timing(meta, children[-1], days=days)

    def every_day(self, meta: Meta, children: list[Any]) -> nodes.Timing:
        return self._timing(meta, children[-1], days=EVERY_DAY)

    def every_month(self, meta: Meta, children: list[Any]) -> nodes.Timing:
        day = 1 if children[0] is None else self.whole(meta, children[0])
        if day > 31:
            self.problems.append(Diagnostic("E106", f"a month has no day {day}", self.at(meta), "1 to 31"))
            day = 31
        return self._timing(meta, children[-1], day_of_month=day)

    def every_month_end(self, meta: Meta, children: list[Any]) -> nodes.Timing:
        return self._timing(meta, children[-1], day_of_month=0)

    def _timing(self, meta: Meta, clock: Clock | None, **when: Any) -> nodes.Timing:
        at, zone = clock or MIDNIGHT
        return nodes.Timing(clock=at, zone=zone, span=self.at(meta), **when)

    def clock_time(self, _: Meta, children: list[Any]) -> Clock:
        return str(children[1]), str(children[2])

    # weights

    def hold(self, meta: Meta, children: list[Any]) -> nodes.Hold:
        what, condition, otherwise = children
        asked = None if condition is None else plain(condition)
        return nodes.Hold(**what, condition=asked, otherwise=otherwise or (), span=self.at(meta))

    def weight_list(self, _: Meta, children: list[Any]) -> dict[str, Any]:
        return {"weights": tuple(children)}

    def each_weight(self, _: Meta, children: list[Any]) -> dict[str, Any]:
        return {"each": plain(children[0])}

    def best_by(self, meta: Meta, children: list[Any]) -> dict[str, Any]:
        count, among, rank = children
        return {"best": self.whole(meta, count), "among": among or (), "rank": plain(rank)}

    def weight(self, meta: Meta, children: list[Any]) -> nodes.Weight:
        return nodes.Weight(plain(children[0]), str(children[1]), span=self.at(meta))

    def cash_weight(self, meta: Meta, children: list[Any]) -> nodes.Weight:
        return nodes.Weight(plain(children[0]), nodes.CASH, span=self.at(meta))

    def otherwise(self, _: Meta, children: list[Any]) -> tuple[nodes.Weight, ...]:
        found: tuple[nodes.Weight, ...] = children[0]["weights"]
        return found

    def cash(self, _: Meta, __: list[Any]) -> tuple[nodes.Weight, ...]:
        return ()

    def rebalance(self, meta: Meta, children: list[Any]) -> nodes.Rebalance:
        return nodes.Rebalance(children[0], span=self.at(meta))

    def rebalance_drift(self, meta: Meta, children: list[Any]) -> nodes.Rebalance:
        return nodes.Rebalance(None, nodes.Percent(decimal(children[0])), span=self.at(meta))

    # levels

    def grid(self, meta: Meta, children: list[Any]) -> nodes.Grid:
        low, high, steps, money = children
        return nodes.Grid(decimal(low), decimal(high), self.whole(meta, steps), money, span=self.at(meta))

    def add_ladder(self, meta: Meta, children: list[Any]) -> nodes.Add:
        amount, _, distances, beside, *options = children
        return self._add(meta, amount, options, distances=distances, **self._beside(beside))

    def add_steps(self, meta: Meta, children: list[Any]) -> nodes.Add:
        amount, every, beside, *options = children
        return self._add(meta, amount, options, every=plain(every), **self._beside(beside))

    def add_when(self, meta: Meta, children: list[Any]) -> nodes.Add:
        amount, condition, *options = children
        return self._add(meta, amount, options, condition=plain(condition))

    def _add(self, meta: Meta, amount: Any, options: list[Any], **what: Any) -> nodes.Add:
        given: dict[str, Any] = {}
        for name, value in options:
            if name in given:
                self.problems.append(Diagnostic("E301", f"two values for `{name}` of this `add`", self.at(meta)))
            given[name] = value
        return nodes.Add(amount, span=self.at(meta), **what, **given)

    def _beside(self, token: Any) -> dict[str, str]:
        side, _, reference = " ".join(str(token).split()).partition(" ")
        return {"side": side, "reference": reference}

    def distances(self, _: Meta, children: list[Any]) -> tuple[nodes.Node, ...]:
        return tuple(plain(each) for each in children)

    def add_factor(self, _: Meta, children: list[Any]) -> tuple[str, Any]:
        return "factor", decimal(children[0])

    def add_times(self, meta: Meta, children: list[Any]) -> tuple[str, Any]:
        return "times", self.whole(meta, children[1])

    def add_apart(self, _: Meta, children: list[Any]) -> tuple[str, Any]:
        return "apart", str(children[0])
