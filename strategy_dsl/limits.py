"""Hard limits: the owner's, never the chat's, never a model's. All on by default, unknown keys refused."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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


class Limits(BaseModel):
    """Both profiles; a missing value means the strict default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: Paper = Field(default_factory=Paper)
    live: Live = Field(default_factory=Live)

    def profile(self, mode: Mode) -> Profile:
        """The limits in force for a mode."""
        return self.paper if mode == "paper" else self.live
