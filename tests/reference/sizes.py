"""How large an entry is (Meaning 9, `size`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from strategy_dsl import nodes
from tests.reference import functions
from tests.reference.levels import Plan
from tests.reference.views import DAY_MS, length_ms

if TYPE_CHECKING:
    from tests.reference.machine import Run

YEAR_MS = 365 * DAY_MS


class Size(NamedTuple):
    """Money or coins; `all_in` is as much as the cash covers after fees."""

    notional: float | None = None
    quantity: float | None = None
    all_in: bool = False


def entry_size(run: Run, market: str, at: int, plan: Plan, price: float) -> Size | None:
    """The size that the strategy says, read at the deciding close; None while unknown."""
    equity = run.account.equity()
    match run.strategy.size:
        case nodes.SizeRisk(percent):
            if plan.risk is None:
                return None
            distance = abs(plan.risk.laid(price, 1) - price)
            return Size(notional=equity * float(percent.value) / 100 / distance * price) if distance > 0 else None
        case nodes.SizeVolatility(percent):
            swing = volatility(run, market, at)
            if swing is None:
                return None
            notional = equity * float(percent.value) / 100 / swing if swing else math.inf
            return Size(notional=min(notional, equity), all_in=notional >= equity)
        case size:
            return fixed_size(run, market, size or nodes.SizeEquity(nodes.Percent(5)))


def fixed_size(run: Run, market: str, size: nodes.Money | nodes.SizeMoney | nodes.SizeEquity) -> Size:
    """Money, coins or a share of equity."""
    if isinstance(size, nodes.SizeEquity):
        share = float(size.percent.value) / 100
        return Size(notional=run.account.equity() * share, all_in=share >= 1)
    money = size.money if isinstance(size, nodes.SizeMoney) else size
    amount = float(money.amount)
    return Size(quantity=amount) if money.currency == market.split("/")[0] else Size(notional=amount)


def volatility(run: Run, market: str, at: int) -> float | None:
    """The deviation of the last 100 candle returns, a year."""
    view = run.world.view(market)
    returns = functions.change(view.close[: at + 1], 1)[-100:]
    if len(returns) < 100 or None in returns:
        return None
    return functions.deviation_of(returns) * math.sqrt(YEAR_MS / length_ms(view.timeframe))


def needed(run: Run, size: Size, price: float) -> float:
    """What an entry takes from the cash, margin and fee; nothing is needed beyond it where it takes all there is."""
    notional = size.notional if size.quantity is None else size.quantity * price
    return 0.0 if size.all_in else (notional or 0.0) * (1 / run.account.leverage + run.account.fee_rate)


def coins(run: Run, size: Size, price: float) -> float:
    """The quantity at a price; 0 where the cash does not pay for it."""
    account = run.account
    quantity = size.quantity if size.quantity is not None else (size.notional or 0.0) / price
    if size.all_in:
        quantity = min(quantity, account.all_that_is_covered() / price)
        return quantity if quantity * price > 1e-9 * account.budget else 0.0
    return quantity if account.covers(quantity * price) else 0.0
