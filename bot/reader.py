"""English -> Reading: the model where there is a key, the phrasebook where there is none or it is down."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.desk import Desk
from bot.english.budget import Purse
from bot.english.client import AnthropicModel, Usage
from bot.english.loop import Workshop, compile_english
from bot.english.model_settings import ModelSettings
from runtime.ledger import model_calls
from runtime.ledger.people import Person
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.reading import Reading


class Reader:
    """Reads what people write."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        settings = desk.settings
        key = settings.anthropic_api_key
        self.settings = ModelSettings(
            api_key=key.get_secret_value() if key else None,
            model=settings.model,
            base_url=settings.anthropic_base_url,
            timeout_seconds=settings.model_timeout_seconds,
            daily_dollars=settings.model_daily_dollars,
        )
        self.model: AnthropicModel | None = AnthropicModel(self.settings) if key else None

    async def read(self, text: str, current: str | None, person: Person) -> Reading:
        """The reading of a text; commands, dangers and questions never reach the model."""
        plain = read(text, current)
        if self.model is None or plain.outcome in ("command", "answer", "refuse") or plain.command == "undo":
            return plain
        shop = Workshop(self.model, self.settings, self._purse(person))
        found = await compile_english(text, current, self.desk.limits, self.problems, shop)
        if found.command != "model_unavailable":
            return found
        return replace(plain, reasons=(*found.reasons, "I read it without the model.", *plain.reasons))

    async def close(self) -> None:
        """Lets go of the model's connection."""
        if self.model is not None:
            await self.model.close()

    def problems(self, rules: str) -> list[str]:
        """What the compiler says of rules, rendered; none for rules that hold."""
        try:
            self.desk.compiled(rules)
        except StrategyError as error:
            return [render(each, rules) for each in error.diagnostics]
        return []

    def _purse(self, person: Person) -> Purse:
        ledger, clock = self.desk.ledger, self.desk.clock

        def spent() -> Decimal:
            with ledger.read() as c:
                return model_calls.spent(c, person.id, _midnight(clock()))

        def reserve(model: str, worst: Decimal) -> int:
            with ledger.write() as c:
                return model_calls.reserve(c, person.id, "compile", model, worst, clock())

        def book(call: int, usage: Usage, cost: Decimal) -> None:
            with ledger.write() as c:
                model_calls.book(c, call, usage.input, usage.output, usage.cache_read, usage.cache_write, cost)

        return Purse(spent, reserve, book)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
