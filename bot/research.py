"""A backtest for people: figures, honest words about luck, a chart in characters and one as PNG."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from bot.backtest_notes import backtest_notes
from bot.charts import ChartError, backtest_picture
from bot.text_charts import terminal_chart
from bot.trade_marks import TradeMark
from runtime.backtest import Backtest, Costs
from runtime.candles import Candles
from runtime.core.calendar import moment
from runtime.core.evidence import Evidence
from runtime.core.metrics import Metrics
from runtime.core.trades import Closed
from runtime.markets import Markets
from runtime.report import Report, report_on
from runtime.variants import History
from strategy_dsl.compiler import Compiled
from strategy_dsl.limits import Profile
from strategy_dsl.program import build_program


@dataclass(frozen=True, eq=False)
class Study:
    """One backtest with everything that is told about it."""

    report: Report
    label: str
    first_ms: int
    last_ms: int
    candles: int
    holes: int
    chart: str
    picture: Path | None
    notes: tuple[str, ...]

    @property
    def backtest(self) -> Backtest:
        """What was run."""
        return self.report.backtest

    @property
    def metrics(self) -> Metrics:
        """What it came to."""
        return self.report.metrics

    @property
    def evidence(self) -> Evidence:
        """What that proves."""
        return self.report.evidence

    @property
    def days(self) -> str:
        """`2 Jan 2024 to 31 Dec 2024`."""
        first, last = moment(self.first_ms), moment(self.last_ms)
        return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


SLIPPAGE = 0.0005
WIDTH = 60


def history_of(compiled: Compiled, markets: Markets, limits: Profile) -> History:
    """The candles before the replay, the budget as cash, the costs of the limits; raises MarketError for no candles."""
    program = markets.placed(build_program(compiled.strategy))
    candles = {market: markets.history(market, program.timeframe) for market in program.reads}
    budget = compiled.strategy.budget
    cash = float(budget.amount) if budget else 10_000.0
    costs, given = Costs(float(limits.fee_percent) / 100, SLIPPAGE), markets.given
    return History(candles, cash, costs, given.events(), given.values())


def study(
    compiled: Compiled,
    markets: Markets,
    limits: Profile,
    folder: Path | None,
    *,
    tried: int = 1,
    dark: bool = False,
) -> Study:
    """Runs a strategy on the history before the replay; `tried` versions of it were looked at.

    Draws no picture without a `folder`. Raises MarketError where there is no history.
    """
    history = history_of(compiled, markets, limits)
    report = report_on(compiled.strategy, history, tried)
    found = report.backtest
    first = next(iter(history.candles.values()))
    picture = None
    if folder is not None:
        picture = _kept(folder, compiled, found, first, simulated=markets.feed.is_simulated, dark=dark)
    return Study(
        report,
        markets.label,
        int(found.time[0]),
        int(found.time[-1]),
        len(found.time),
        markets.holes(first.market, first.timeframe),
        terminal_chart(found.equity, WIDTH, 8, marks(found), times=found.time, unit=_unit(compiled)),
        picture,
        backtest_notes(compiled.strategy, history, chat=True),
    )


def marks(found: Backtest, market: str | None = None) -> list[TradeMark]:
    """What was bought and sold, of one market or of all, for charts; a short is sold first and bought back."""
    shown = [each for each in found.trades if market in (None, each.market)]
    begun = [TradeMark(each.entry_ms, each.entry_price, _kind(each, 1), each.pnl > 0) for each in shown]
    return begun + [TradeMark(each.exit_ms, each.exit_price, _kind(each, -1), each.pnl > 0) for each in shown]


def _kind(trade: Closed, end: int) -> Literal["entry", "exit"]:
    """The mark of a purchase or of a sale: `end` is 1 for the trade's entry, -1 for its exit."""
    # long where the engine knows no sides
    return "entry" if getattr(trade, "side", 1) * end > 0 else "exit"


def draw(
    path: Path, compiled: Compiled, found: Backtest, candles: Candles, *, simulated: bool = False, dark: bool = False
) -> None:
    """The picture of a backtest on one market's candles; raises ChartError."""
    # of several markets with different holes: the equity at this one's own candles
    equity = found.equity[np.searchsorted(found.time, candles.time)]
    title = compiled.strategy.name or "Backtest"
    backtest_picture(path, candles, marks(found, candles.market), equity, title, simulated=simulated, dark=dark)


def _unit(compiled: Compiled) -> str:
    budget = compiled.strategy.budget
    return f"equity in {budget.currency}" if budget else "equity"


def _kept(
    folder: Path, compiled: Compiled, found: Backtest, candles: Candles, *, simulated: bool, dark: bool
) -> Path | None:
    path = folder / f"backtest-{compiled.hash[:12]}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draw(path, compiled, found, candles, simulated=simulated, dark=dark)
    except (OSError, ChartError):
        # the figures and the chart in characters do without a disk
        return None
    return path
