"""Hard limits: the owner's, never the chat's, never a model's. All on by default, unknown keys refused."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[Decimal, Field(gt=0, le=100)]
Mode = Literal["paper", "live"]


class Profile(BaseModel):
    """The limits of one mode; percents of the account's equity unless said otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_percent: Share = Field(description="largest order")
    market_percent: Share = Field(description="largest position in one market, waiting orders counted")
    gross_percent: Share = Field(description="all positions together, waiting orders counted")
    leverage: Annotated[Decimal, Field(ge=1, le=20)] = Field(
        Decimal(1), description="highest leverage; 1 borrows nothing"
    )
    daily_loss_percent: Share = Field(
        Decimal(3), description="loss in a UTC day, open loss counted, that stops new entries"
    )
    daily_halt_percent: Share = Field(
        Decimal(5), description="loss in a UTC day that halts the account until you resume it"
    )
    drawdown_percent: Share = Field(Decimal(10), description="fall from the highest equity that halts the account")
    orders_a_minute: Annotated[int, Field(gt=0, le=60)] = Field(
        5, description="entries a strategy may send in one minute"
    )
    orders_a_day: Annotated[int, Field(gt=0, le=2000)] = Field(
        200, description="entries an account may send in a UTC day"
    )
    stale_candles: Annotated[Decimal, Field(ge=1, le=10)] = Field(
        Decimal(2), description="age of the newest candle, in candles, above which nothing is bought"
    )
    drift_percent: Share = Field(Decimal(2), description="how far the price may move between the question and your yes")
    slippage_percent: Annotated[Decimal, Field(ge=0, le=10)] = Field(
        Decimal("0.5"), description="slippage and gap beyond a stop that the worst case reckons with"
    )
    fee_percent: Annotated[Decimal, Field(ge=0, le=5)] = Field(
        Decimal("0.1"), description="fee a side, of the order's value"
    )


class Paper(Profile):
    """No borrowing: up to the whole of the strategy's own budget."""

    order_percent: Share = Field(Decimal(100), description="largest order")
    market_percent: Share = Field(Decimal(100), description="largest position in one market, waiting orders counted")
    gross_percent: Share = Field(Decimal(100), description="all positions together, waiting orders counted")


class Live(Profile):
    """The strict figures for real money."""

    order_percent: Share = Field(Decimal(10), description="largest order")
    market_percent: Share = Field(Decimal(25), description="largest position in one market, waiting orders counted")
    gross_percent: Share = Field(Decimal(100), description="all positions together, waiting orders counted")


class Tighter(BaseModel):
    """Limits of one person that are lower than those of everybody; what is missing is as for everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_percent: Share | None = None
    market_percent: Share | None = None
    gross_percent: Share | None = None
    leverage: Annotated[Decimal, Field(ge=1, le=20)] | None = None
    daily_loss_percent: Share | None = None
    daily_halt_percent: Share | None = None
    drawdown_percent: Share | None = None
    orders_a_minute: Annotated[int, Field(gt=0, le=60)] | None = None
    orders_a_day: Annotated[int, Field(gt=0, le=2000)] | None = None


class PersonLimits(BaseModel):
    """One person's own figures for both modes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: Tighter = Field(default_factory=Tighter)
    live: Tighter = Field(default_factory=Tighter)


class Limits(BaseModel):
    """Both profiles; a missing value means the strict default. `people` have lower ones, by their numeric id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: Paper = Field(default_factory=Paper)
    live: Live = Field(default_factory=Live)
    people: dict[str, PersonLimits] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_lower(self) -> Self:
        for person, own in self.people.items():
            for mode in ("paper", "live"):
                for name, value in getattr(own, mode).model_dump(exclude_none=True).items():
                    if value > getattr(self.profile(mode), name):
                        raise ValueError(
                            f"people.{person}.{mode}.{name} is above that of everybody: it can only be lower"
                        )
        return self

    def of(self, ids: Iterable[str]) -> "Limits":
        """The limits of the person with these ids: the lowest of each figure."""
        paper, live = self.paper, self.live
        for own in (self.people[each] for each in ids if each in self.people):
            paper = paper.model_copy(update=_lower(paper, own.paper))
            live = live.model_copy(update=_lower(live, own.live))
        return Limits(paper=paper, live=live)

    def profile(self, mode: Mode) -> Profile:
        """The limits in force for a mode."""
        return self.paper if mode == "paper" else self.live


def _lower(profile: Profile, own: Tighter) -> dict[str, Any]:
    return {name: min(getattr(profile, name), value) for name, value in own.model_dump(exclude_none=True).items()}
