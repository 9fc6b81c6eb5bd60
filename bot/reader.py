"""English -> Reading: the model where there is a key, the phrasebook where there is none or it is down."""

from datetime import datetime
from decimal import Decimal

from bot.desk import Desk
from bot.english.behaviour import Behaviour, behaviour
from bot.english.budget import Purse, Spent
from bot.english.client import AnthropicModel, Model, Usage
from bot.english.loop import Asked, Workshop
from bot.english.model_settings import ModelSettings, prices_of
from bot.english.prompt import MOST_QUESTIONS
from bot.english.readings import Judge
from bot.english.understanding import understood
from bot.settings import Settings
from runtime.ledger import model_calls
from runtime.ledger.people import Person
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.phrasebook.reading import Reading
from strategy_dsl.phrasebook.wishes import vague_reading


def model_settings(settings: Settings) -> ModelSettings:
    """The model's part of the settings; raises PriceError."""
    key = settings.anthropic_api_key
    return ModelSettings(
        api_key=key.get_secret_value() if key else None,
        model=settings.model,
        base_url=settings.anthropic_base_url,
        timeout_seconds=settings.model_timeout_seconds,
        daily_dollars=settings.model_daily_dollars,
        daily_tokens=settings.model_daily_tokens,
        prices=prices_of(settings.model_prices),
    )


class Reader:
    """Reads what people write; `model_edits` of the settings names another model for changes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.settings = model_settings(desk.settings)
        edits = self.settings.with_model(desk.settings.model_edits)
        self._tasks = {"compile": self.settings, "edit": edits}
        self._models = (
            {name: AnthropicModel(each) for name, each in self._tasks.items()} if self.settings.api_key else {}
        )
        self._judge = Judge(desk.compiled, self._behaviour)

    async def read(self, text: str, current: str | None, person: Person, asked: int = 0) -> Reading:
        """The reading of a text after so many questions; commands, dangers and vague wishes need no model."""
        if current is not None and (vague := vague_reading(text, current)) is not None:
            return vague
        wish = Asked(text, current, self.desk.limits, MOST_QUESTIONS - asked)
        return await understood(wish, self.problems, self._shop("edit" if current else "compile", person))

    @property
    def model(self) -> Model | None:
        """The model of the settings; None without a key."""
        return self._models.get("compile")

    def _shop(self, task: str, person: Person) -> Workshop | None:
        if task not in self._models:
            return None
        return Workshop(self._models[task], self._tasks[task], self.purse(person, task), self._judge)

    async def close(self) -> None:
        """Lets go of the model's connections."""
        for each in self._models.values():
            await each.close()

    def problems(self, rules: str) -> list[str]:
        """What the compiler says of rules, rendered; none for rules that hold."""
        try:
            self.desk.compiled(rules)
        except StrategyError as error:
            return [render(each, rules) for each in error.diagnostics]
        return []

    def _behaviour(self, compiled: Compiled) -> Behaviour:
        return behaviour(compiled, self.desk.markets().history)

    def purse(self, person: Person, task: str) -> Purse:
        """The money of a person for one kind of task."""
        ledger, clock = self.desk.ledger, self.desk.clock

        def spent() -> Spent:
            with ledger.read() as c:
                found = model_calls.used(c, person.id, midnight(clock())).values()
            return Spent(sum((each.cost for each in found), Decimal(0)), sum(each.tokens for each in found))

        def reserve(model: str, worst: Decimal, most: Usage) -> int:
            with ledger.write() as c:
                return model_calls.reserve(c, person.id, task, model, worst, clock(), (most.input, most.output))

        def book(call: int, usage: Usage, cost: Decimal) -> None:
            with ledger.write() as c:
                model_calls.book(c, call, usage.input, usage.output, usage.cache_read, usage.cache_write, cost)

        return Purse(spent, reserve, book)


def midnight(at: datetime) -> datetime:
    """The beginning of a UTC day: when a day's allowance is free again."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
