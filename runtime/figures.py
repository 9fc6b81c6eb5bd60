"""The figures of a report: one row each with its name, its definition in words and where its value comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from runtime.core.metrics import SHORTEST_YEARLY_DAYS, Metrics


@dataclass(frozen=True)
class Figure:
    """One figure: its key in JSON, its name and definition for people, its unit, and its value of a run.

    `percent` values are fractions (0.01 for one percent); `share` is one without a sign, `fall` one with a minus.
    """

    key: str
    label: str
    definition: str
    unit: Literal["percent", "fall", "share", "ratio", "count", "money"]
    value: Callable[[Metrics], float | None]

    def text(self, metrics: Metrics) -> str:
        """The value for people, `none` where it cannot be computed."""
        value = self.value(metrics)
        if value is None:
            return "none"
        match self.unit:
            case "percent":
                return f"{value * 100:+,.1f}%".replace("+0.0%", "0.0%").replace("-0.0%", "0.0%")
            case "fall":
                return f"-{value * 100:.1f}%".replace("-0.0%", "0.0%")
            case "share":
                return f"{value * 100:.0f}%"
            case "ratio":
                return f"{value:,.2f}"
            case "count":
                return f"{value:,.0f}"
            case "money":
                return f"{value:+,.2f}"


FIGURES: tuple[Figure, ...] = (
    Figure("return", "Return", "final equity over the opening cash, less 1", "percent", lambda m: m.total_return),
    Figure(
        "holding_return",
        "Holding",
        "the return of buying at the first close and keeping it; of equal parts with several markets",
        "percent",
        lambda m: m.holding_return,
    ),
    Figure(
        "max_drawdown",
        "Deepest fall",
        "drawdown: the largest fall of the equity at a close from its highest one before",
        "fall",
        lambda m: m.max_drawdown.fraction,
    ),
    Figure(
        "holding_drawdown",
        "Holding's fall",
        "the same for holding",
        "fall",
        lambda m: m.holding_drawdown.fraction,
    ),
    Figure("exposure", "In the market", "the share of candles with an open position", "share", lambda m: m.exposure),
    Figure("trades", "Trades", "closed trades; one that left in parts counts once", "count", lambda m: m.trades.count),
    Figure(
        "win_rate", "Won", "trades with a result above 0 after fees, over all", "share", lambda m: m.trades.win_rate
    ),
    Figure("expectancy", "Average trade", "expectancy: mean result after fees", "money", lambda m: m.trades.expectancy),
    Figure("best_trade", "Best trade", "the largest result after fees", "money", lambda m: m.trades.best),
    Figure("worst_trade", "Worst trade", "the smallest result after fees", "money", lambda m: m.trades.worst),
    Figure(
        "profit_factor",
        "Profit factor",
        "the sum of all wins over the sum of all losses; none without a loss",
        "ratio",
        lambda m: m.trades.profit_factor,
    ),
    Figure(
        "sharpe",
        "Sharpe",
        "mean daily return over its standard deviation, times the root of 365; risk-free rate 0",
        "ratio",
        lambda m: m.sharpe,
    ),
    Figure(
        "sortino",
        "Sortino",
        "mean daily return over the root mean square of the losing days (others count as 0), times the root of 365",
        "ratio",
        lambda m: m.sortino,
    ),
    Figure(
        "calmar",
        "Calmar",
        f"yearly compound return over the deepest fall; none under {SHORTEST_YEARLY_DAYS} days",
        "ratio",
        lambda m: m.calmar,
    ),
)
"""In the order in which they are shown."""
