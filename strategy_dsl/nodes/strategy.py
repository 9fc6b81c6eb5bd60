"""A whole strategy."""

from pydantic.dataclasses import dataclass

from strategy_dsl.nodes.base import Node
from strategy_dsl.nodes.clauses import (
    Alert,
    Ask,
    BreakEven,
    Cooldown,
    EntriesADay,
    ExitAfter,
    ExitAt,
    Halt,
    Let,
    Leverage,
    Money,
    OpenPositions,
    Order,
    Pause,
    Reverse,
    Rule,
    SizeEquity,
    SizeMoney,
    SizeRisk,
    SizeVolatility,
    StopLoss,
    Target,
    Trade,
    TrailingStop,
    Window,
)
from strategy_dsl.nodes.schedules import Add, Grid, Hold, Rebalance, Schedule


@dataclass(frozen=True)
class Strategy(Node):
    """All clauses of one strategy, each kind in the order written; None where nothing was written."""

    name: str | None = None
    trade: Trade | None = None
    budget: Money | None = None
    lets: tuple[Let, ...] = ()
    rules: tuple[Rule, ...] = ()
    reverse: Reverse | None = None
    schedules: tuple[Schedule, ...] = ()
    hold: Hold | None = None
    rebalances: tuple[Rebalance, ...] = ()
    grid: Grid | None = None
    alerts: tuple[Alert, ...] = ()
    order: Order | None = None
    adds: tuple[Add, ...] = ()
    stop: StopLoss | None = None
    targets: tuple[Target, ...] = ()
    trailing: TrailingStop | None = None
    break_even: BreakEven | None = None
    exits_after: tuple[ExitAfter, ...] = ()
    exits_at: tuple[ExitAt, ...] = ()
    size: SizeEquity | SizeMoney | SizeRisk | SizeVolatility | None = None
    leverage: Leverage | None = None
    open_positions: OpenPositions | None = None
    entries_a_day: EntriesADay | None = None
    cooldowns: tuple[Cooldown, ...] = ()
    windows: tuple[Window, ...] = ()
    pauses: tuple[Pause, ...] = ()
    halts: tuple[Halt, ...] = ()
    ask: Ask | None = None

    def entries(self) -> tuple[Rule, ...]:
        """The rules that open."""
        return tuple(rule for rule in self.rules if rule.opens)

    def closers(self) -> tuple[Rule, ...]:
        """The rules that close."""
        return tuple(rule for rule in self.rules if not rule.opens)

    def opens(self) -> bool:
        """Whether anything can open a position."""
        return bool(self.entries() or self.hold or self.grid) or any(
            each.action in ("buy", "short") for each in self.schedules
        )

    def shorts(self) -> bool:
        """Whether anything can open a short."""
        return any(rule.action == "short" for rule in self.rules) or any(
            each.action == "short" for each in self.schedules
        )
