"""What the model costs, how long it may take and how much a person may spend in a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens in and out."""

    input: Decimal
    output: Decimal


PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "claude-haiku-4-5": Price(Decimal(1), Decimal(5)),
        "claude-sonnet-4-5": Price(Decimal(3), Decimal(15)),
        "claude-opus-4-5": Price(Decimal(5), Decimal(25)),
        "claude-opus-4-1": Price(Decimal(15), Decimal(75)),
    }
)
"""Known list prices; a model that is not here is reckoned as the dearest of them."""


@dataclass(frozen=True)
class ModelSettings:
    """Everything about the model that the owner configures; the key never shows in a repr."""

    api_key: str | None = field(default=None, repr=False)
    model: str = "claude-opus-5-5"
    base_url: str = "https://api.anthropic.com"
    timeout_seconds: float = 60.0
    max_retries: int = 1
    max_tokens: int = 2048
    repairs: int = 2
    daily_dollars: Decimal = Decimal("1.00")
    prices: Mapping[str, Price] = field(default_factory=lambda: PRICES)

    def price(self) -> Price:
        """The price of the model, the dearest known one where it is unknown."""
        known = self.prices.get(self.model)
        if known:
            return known
        listed = self.prices.values() or PRICES.values()
        return Price(max(one.input for one in listed), max(one.output for one in listed))
