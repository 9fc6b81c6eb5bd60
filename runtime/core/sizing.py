"""How much an entry is worth."""

from dataclasses import dataclass
from decimal import Decimal

from runtime.core.orders import Plan
from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Size:
    """Either a value in quote currency or, for sizes in coins, a quantity; `refused` says why neither."""

    notional: float = 0.0
    quantity: float = 0.0
    refused: str = ""


def sized(
    strategy: nodes.Strategy,
    plan: Plan,
    price: float,
    equity: float,
    cash: float,
    fee_rate: float,
    volatility: float = 0.0,
) -> Size:
    """The size of an entry decided at `price`; fees come on top, and a share of equity never passes the cash."""
    affordable = cash / (1 + fee_rate)
    match strategy.size:
        case nodes.SizeMoney(nodes.Money(amount, currency)):
            in_quote = strategy.budget is not None and currency == strategy.budget.currency
            wanted = float(amount) if in_quote else float(amount) * price
            if wanted > affordable * (1 + ROUNDING):
                return _no_cash(wanted, affordable)
            return Size(wanted) if in_quote else Size(wanted, float(amount))
        case nodes.SizeEquity(percent):
            return _within(equity * float(percent.value) / 100, affordable, equity)
        case nodes.SizeRisk(percent):
            distance = plan.risk(price, price) or 0.0
            if not distance > 0:
                return Size(refused="the stop's distance is not known")
            return _within(equity * float(percent.value) / 100 / (distance / price), affordable, equity)
        case nodes.SizeVolatility(percent):
            if not volatility > 0:
                return Size(refused="the market's volatility is not known")
            return _within(min(equity, equity * float(percent.value) / 100 / volatility), affordable, equity)
    return Size(refused="no size")


def _within(wanted: float, affordable: float, equity: float) -> Size:
    """What the cash covers, where only fees stand between it and the whole equity; else refused."""
    if wanted <= affordable:
        return Size(wanted)
    only_fees = wanted <= equity * (1 + ROUNDING) and affordable >= equity * 0.9
    return Size(affordable) if only_fees else _no_cash(wanted, affordable)


def _no_cash(wanted: float, affordable: float) -> Size:
    asked, there = (decimal_text(Decimal(f"{value:.2f}")) for value in (wanted, max(0.0, affordable)))
    return Size(refused=f"not enough cash: {asked} needed, {there} free")
