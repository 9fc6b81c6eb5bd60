"""Numbers, money and days as the language writes them."""

from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.timeframes import DAYS


def decimal_text(value: Decimal) -> str:
    """A number as the language writes it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(money: nodes.Money) -> str:
    """`1,000 USDT`."""
    return f"{grouped(money.amount)} {money.currency}"


def grouped(amount: Decimal) -> str:
    """`1,000.5`."""
    whole, dot, rest = decimal_text(amount).partition(".")
    return f"{int(whole):,}{dot}{rest}"


def rounded(amount: Decimal) -> str:
    """An amount for people: `1,000.50`, cents only where there are any, every digit below 1."""
    return f"{amount:,.2f}".removesuffix(".00") if amount >= 1 or not amount else f"{amount.normalize():f}"


def percent_text(percent: nodes.Percent) -> str:
    """`5%`."""
    return f"{decimal_text(percent.value)}%"


def bars_text(bars: int) -> str:
    """`1 bar`, `3 bars`."""
    return f"{bars} bar" if bars == 1 else f"{bars} bars"


def days_text(days: tuple[int, ...]) -> str:
    """`monday to friday` for an unbroken run of three or more, else the days one by one."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return ", ".join(DAYS[each] for each in days)
