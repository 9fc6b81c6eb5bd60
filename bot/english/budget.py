"""Money for model calls: reserved before a call at its worst, booked after it at what it was."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bot.english.client import ModelError, Reply, Usage
from bot.english.model_settings import MILLION, ModelSettings, Price

CACHE_WRITE = Decimal("1.25")
CACHE_READ = Decimal("0.1")
CHARACTERS_A_TOKEN = 2
SPENT = (
    "Today's allowance for the model is used up (${cap}). It is free again tomorrow (UTC); plain sentences such as"
    " “buy BTC when RSI drops below 30, stop 3%” work without it."
)


TOO_MANY = (
    "Today's {cap:,} tokens for the model are used up. They are free again tomorrow (UTC); plain sentences such as"
    " “buy BTC when RSI drops below 30, stop 3%” work without it."
)


@dataclass(frozen=True)
class Spent:
    """What a person's calls of today come to; a call that was never booked counts as reserved."""

    dollars: Decimal = Decimal(0)
    tokens: int = 0


@dataclass(frozen=True)
class Purse:
    """One person's money for today: what is spent, how to reserve, how to book."""

    spent: Callable[[], Spent]
    reserve: Callable[[str, Decimal, Usage], int]
    book: Callable[[int, Usage, Decimal], None]

    def begin(self, settings: ModelSettings, characters: int) -> int:
        """Reserve the worst case of one call; raises ModelError where the day's cap would be passed."""
        worst, usage, spent = worst_case(settings, characters), most(settings, characters), self.spent()
        if spent.dollars + worst > settings.daily_dollars:
            raise ModelError(SPENT.format(cap=settings.daily_dollars))
        if spent.tokens + usage.input + usage.output > settings.daily_tokens:
            raise ModelError(TOO_MANY.format(cap=settings.daily_tokens))
        return self.reserve(settings.model, worst, usage)

    def end(self, call: int, settings: ModelSettings, reply: Reply) -> None:
        """Book what the call really cost."""
        self.book(call, reply.usage, cost(reply.usage, settings.price()))

    def free(self, call: int) -> None:
        """Book nothing for a call that the model never answered and does not bill."""
        self.book(call, Usage(), Decimal(0))


def no_purse() -> Purse:
    """A purse without a bottom, for calls that belong to no person: a command of the owner's own shell."""
    return Purse(Spent, lambda _, __, ___: 0, lambda _, __, ___: None)


def most(settings: ModelSettings, characters: int) -> Usage:
    """The most tokens of one call: every character a half one, the answer as long as allowed."""
    return Usage(input=-(-characters // CHARACTERS_A_TOKEN), output=settings.max_tokens)


def worst_case(settings: ModelSettings, characters: int) -> Decimal:
    """The most that one call can cost: every character a half token, the answer as long as allowed."""
    price = settings.price()
    tokens = Decimal(characters) / CHARACTERS_A_TOKEN
    return (tokens * CACHE_WRITE * price.input + settings.max_tokens * price.output) / MILLION


def cost(usage: Usage, price: Price) -> Decimal:
    """What the tokens of one call cost: cache writes 1.25 times, cache reads a tenth of the input price."""
    weighted = usage.input + usage.cache_write * CACHE_WRITE + usage.cache_read * CACHE_READ
    return (weighted * price.input + usage.output * price.output) / MILLION
