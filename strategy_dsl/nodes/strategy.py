"""A whole strategy."""

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node
from strategy_dsl.nodes.clauses import (
    Alert,
    Ask,
    BreakEven,
    Cooldown,
    ExitAfter,
    ExitAt,
    Let,
    Money,
    Rule,
    Setting,
    SizeEquity,
    SizeMoney,
    SizeRisk,
    StopLoss,
    Target,
    Trade,
    TrailingStop,
    Window,
)


@dataclass(frozen=True)
class Strategy(Node):
    """All clauses of one strategy, each kind in the order written; None where nothing was written."""

    name: str | None = None
    trade: Trade | None = None
    budget: Money | None = None
    lets: tuple[Let, ...] = ()
    rules: tuple[Rule, ...] = ()
    alerts: tuple[Alert, ...] = ()
    stop: StopLoss | None = None
    targets: tuple[Target, ...] = ()
    trailing: TrailingStop | None = None
    break_even: BreakEven | None = None
    exits_after: tuple[ExitAfter, ...] = ()
    exits_at: tuple[ExitAt, ...] = ()
    size: SizeEquity | SizeMoney | SizeRisk | None = None
    windows: tuple[Window, ...] = ()
    open_positions: Setting | None = None
    entries_a_day: Setting | None = None
    cooldowns: tuple[Cooldown, ...] = ()
    ask: Ask | None = None

    def entries(self) -> tuple[Rule, ...]:
        """The rules that open."""
        return tuple(rule for rule in self.rules if rule.action == "buy")

    def closers(self) -> tuple[Rule, ...]:
        """The rules that close."""
        return tuple(rule for rule in self.rules if rule.action != "buy")
