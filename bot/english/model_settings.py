"""What the model costs, how long it may take and how much a person may spend in a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
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
    timeout_seconds: float = 50.0
    """For all requests of one text together."""
    max_retries: int = 1
    max_tokens: int = 2048
    repairs: int = 2
    daily_dollars: Decimal = Decimal("1.00")
    daily_tokens: int = 400_000
    prices: Mapping[str, Price] = field(default_factory=lambda: PRICES)

    def price(self) -> Price:
        """The price of the model, the dearest known one where it is unknown."""
        known = self.prices.get(self.model)
        if known:
            return known
        # an owner's low price of one model says nothing of an unknown one
        listed = (*self.prices.values(), *PRICES.values())
        return Price(max(one.input for one in listed), max(one.output for one in listed))

    def with_model(self, name: str) -> "ModelSettings":
        """The same for another model; an empty name keeps this one."""
        return replace(self, model=name or self.model)


class PriceError(ValueError):
    """A price that cannot be read; the text says which."""


def prices_of(text: str) -> Mapping[str, Price]:
    """The owner's prices beside the known ones: `NAME=IN/OUT, …` in dollars for a million tokens."""
    found = dict(PRICES)
    for each in (part.strip() for part in text.split(",") if part.strip()):
        try:
            name, given = each.split("=")
            first, last = (Decimal(amount) for amount in given.split("/"))
        except (ValueError, InvalidOperation):
            raise PriceError(f"{each} is no price: write it as NAME=IN/OUT, for example claude-x=3/15") from None
        if not (first.is_finite() and last.is_finite()) or min(first, last) < 0:
            raise PriceError(f"{each} is no price: both amounts must be 0 or more")
        found[name.strip()] = Price(first, last)
    return MappingProxyType(found)
