"""Levels of a trade: where a stop, a target or a trailing distance lies."""

from typing import Literal, NamedTuple


class Level(NamedTuple):
    """One level as the entry's decision froze it.

    `price` is a price, `share` a ratio of the entry price, `distance` an amount of price,
    `risk` a multiple of the stop's distance.
    """

    kind: Literal["price", "share", "distance", "risk"]
    value: float

    def below(self, price: float) -> float:
        """The level laid off downwards from a price."""
        return self.value if self.kind == "price" else price - self.length(price)

    def above(self, price: float, risk: float | None) -> float:
        """The level laid off upwards from a price; `risk` is the stop's distance."""
        return self.value if self.kind == "price" else price + self.length(price, risk)

    def length(self, price: float, risk: float | None = None) -> float:
        """The distance in price."""
        match self.kind:
            case "share":
                return self.value * price
            case "risk":
                return self.value * (risk or 0.0)
        return self.value
