"""The one place where float64 (indicators, decisions) and Decimal (money) meet."""

from decimal import Decimal


def exact(value: float) -> Decimal:
    """The shortest decimal that stands for a float: prices read from candles keep their digits."""
    return Decimal(repr(float(value)))


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Money for people, half up to even, two places unless said."""
    return value.quantize(Decimal(1).scaleb(-places))
