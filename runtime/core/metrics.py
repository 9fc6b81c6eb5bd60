"""What a run came to: return, drawdown and the usual ratios, each defined where it is computed.

Equity is worth at each candle's close, as float64: these are measurements, no money is booked from them.
A ratio that cannot be computed is None, never infinite and never 0 in its place.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from runtime.candles import Floats, Times
from strategy_dsl.timeframes import UNITS_MS

DAY_MS = UNITS_MS["d"]
DAYS_A_YEAR = 365
SHORTEST_YEARLY_DAYS = 30
"""A shorter run is not raised to a year: a good week would promise a fortune."""


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall from a peak: `fraction` of that peak (0.25 is a quarter), opening times of the two candles."""

    fraction: float
    peak_ms: int
    trough_ms: int


@dataclass(frozen=True)
class MonthReturn:
    """What one calendar month (UTC) brought, 0.01 for one percent; the first and last may be parts of months."""

    year: int
    month: int
    fraction: float


@dataclass(frozen=True)
class TradeFigures:
    """What closed trades came to, in the account's currency; None where there is nothing to divide by."""

    count: int
    win_rate: float | None
    expectancy: float | None
    profit_factor: float | None
    best: float | None
    worst: float | None


@dataclass(frozen=True)
class Metrics:
    """One run in numbers; fractions throughout, 0.01 for one percent."""

    total_return: float
    holding_return: float
    max_drawdown: Drawdown
    holding_drawdown: Drawdown
    exposure: float
    trades: TradeFigures
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    months: tuple[MonthReturn, ...]


def measure(times: Times, equity: Floats, holding: Floats, exposed: NDArray[np.bool_], pnl: Floats) -> Metrics:
    """All figures of a run.

    `times` are candle openings in ms, `equity` the account at each close, `holding` what simply buying at the
    start would be worth (any scale: prices will do), `exposed` whether a position was open in that candle, all
    of one length of at least 1; `pnl` is the result of each closed trade after fees.
    Raises ValueError when lengths differ, nothing is there, or equity does not begin above zero.
    """
    if not len(times) or any(len(column) != len(times) for column in (equity, holding, exposed)):
        raise ValueError("times, equity, holding and exposed need one length of at least 1")
    if not (equity[0] > 0 and holding[0] > 0):
        raise ValueError("equity and holding begin above zero")
    days = daily_returns(times, equity)
    fall = max_drawdown(times, equity)
    return Metrics(
        total_return=total_return(equity),
        holding_return=total_return(holding),
        max_drawdown=fall,
        holding_drawdown=max_drawdown(times, holding),
        exposure=float(np.mean(exposed)),
        trades=trade_figures(pnl),
        sharpe=sharpe(days),
        sortino=sortino(days),
        calmar=calmar(times, equity, fall),
        months=monthly_returns(times, equity),
    )


def total_return(equity: Floats) -> float:
    """The last value over the first, less 1."""
    return float(equity[-1] / equity[0] - 1)


def drawdowns(equity: Floats) -> Floats:
    """How far each value is below the highest one so far: 0 at a new high, 0.25 a quarter below."""
    below: Floats = 1 - equity / np.maximum.accumulate(equity)
    return below


def largest_drawdown(equity: Floats) -> float:
    """The largest of `drawdowns`, to the bit: taking from 1 keeps the order."""
    return float(1 - (equity / np.maximum.accumulate(equity)).min())


def max_drawdown(times: Times, equity: Floats) -> Drawdown:
    """The largest of `drawdowns`, with the peak it fell from and the first time it was so deep."""
    below = drawdowns(equity)
    trough = int(below.argmax())
    peak = int(equity[: trough + 1].argmax())
    return Drawdown(float(below[trough]), int(times[peak]), int(times[trough]))


def trade_figures(pnl: Floats) -> TradeFigures:
    """Closed trades in numbers.

    Win rate: trades above 0 over all. Expectancy: mean result. Profit factor: the sum of wins over the sum of
    losses (positive), None without a loss.
    """
    if not len(pnl):
        return TradeFigures(0, None, None, None, None, None)
    won, lost = float(pnl[pnl > 0].sum()), -float(pnl[pnl < 0].sum())
    return TradeFigures(
        count=len(pnl),
        win_rate=float(np.mean(pnl > 0)),
        expectancy=float(pnl.mean()),
        profit_factor=won / lost if lost > 0 else None,
        best=float(pnl.max()),
        worst=float(pnl.min()),
    )


def daily_returns(times: Times, equity: Floats) -> Floats:
    """Simple returns from one UTC day's last value to the next day's; days without candles have none.

    Candles of a day or longer give one return each. The first day's return counts from the first value.
    """
    ends = np.append(np.flatnonzero(np.diff(times // DAY_MS)), len(times) - 1)
    closes = np.append(equity[:1], equity[ends])
    closes = closes[1:] if ends[0] == 0 else closes
    returns: Floats = closes[1:] / closes[:-1] - 1
    return returns


def sharpe(returns: Floats) -> float | None:
    """Mean daily return over its standard deviation (n - 1), times the root of 365; risk-free rate 0."""
    if len(returns) < 2 or (spread := float(returns.std(ddof=1))) < 1e-12:
        return None
    return float(returns.mean()) / spread * math.sqrt(DAYS_A_YEAR)


def sortino(returns: Floats) -> float | None:
    """Mean daily return over the root mean square of its losses (gains count as 0), times the root of 365."""
    if len(returns) < 2 or (spread := math.sqrt(float(np.mean(np.minimum(returns, 0) ** 2)))) < 1e-12:
        return None
    return float(returns.mean()) / spread * math.sqrt(DAYS_A_YEAR)


def calmar(times: Times, equity: Floats, fall: Drawdown) -> float | None:
    """The yearly compound return (365 days) over the maximum drawdown; None for runs under 30 days."""
    days = float(times[-1] - times[0]) / DAY_MS
    if days < SHORTEST_YEARLY_DAYS or fall.fraction < 1e-12 or equity[-1] <= 0:
        return None
    yearly = math.expm1(math.log(float(equity[-1] / equity[0])) * DAYS_A_YEAR / days)
    return yearly / fall.fraction


def monthly_returns(times: Times, equity: Floats) -> tuple[MonthReturn, ...]:
    """The return of each calendar month by candle opening, oldest first; months without candles are left out."""
    months = times.astype("datetime64[ms]").astype("datetime64[M]")
    ends = np.append(np.flatnonzero(np.diff(months.astype(np.int64))), len(times) - 1)
    closes = np.append(equity[:1], equity[ends])
    named = (datetime.fromtimestamp(times[end] / 1000, UTC) for end in ends)
    return tuple(
        MonthReturn(when.year, when.month, float(after / before - 1))
        for when, before, after in zip(named, closes[:-1], closes[1:], strict=True)
    )
