"""Settings from the environment and `.env`: the only place that reads them."""

import tomllib
from decimal import Decimal
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.english.model_settings import prices_of
from bot.languages import ENGLISH, LANGUAGES
from strategy_dsl.limits import Limits
from strategy_dsl.timeframes import zone_exists


class SettingsError(Exception):
    """A setting or the limits file cannot be used; the text says which and what to do."""


class Settings(BaseSettings):
    """Everything an owner can set; secrets never show."""

    model_config = SettingsConfigDict(
        env_prefix="SAYSO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(Path("sayso-data"), description="folder of the database and pictures")
    database_url: str = Field("", description="SQLAlchemy URL; empty means an SQLite file in the data folder")
    limits_file: Path = Field(Path("limits.toml"), description="hard limits; strict defaults where absent")
    candles: str = Field("", description="candle files to replay, separated by commas, each PATH or MARKET=PATH")
    exchange: str = Field("", description="an exchange that ccxt knows: paper on its present prices, without a key")
    exchange_url: str = Field("", description="another host in place of the exchange's own")
    outside: str = Field(
        "",
        description="values from outside, NAME[:MARKET]=FILE.csv[,AGE] separated by semicolons; files may grow",
    )
    events: str = Field("", description="file of high-impact events, times in its first column")
    universe: str = Field("", description="markets that a universe of an exchange chooses among, separated by commas")
    simulated: bool = Field(False, description="go back to the simulated market after a replay of files")
    seed: int = Field(7, description="seed of the simulated market")
    candles_a_second: float = Field(12.0, gt=0, le=10_000, description="speed of the replay")
    dark_pictures: bool = Field(False, description="pictures light on dark, for a dark chat")
    zone: str = Field("UTC", description="your time zone at the first start; `timezone` in the chat changes it")
    language: str = Field(ENGLISH, description="language of the readback, sentence by sentence where it has templates")
    model: str = Field("claude-opus-5-5", description="model that reads English")
    model_edits: str = Field("", description="model that reads changes of rules in force; empty means the same")
    model_timeout_seconds: float = Field(
        50.0, gt=0, le=300, description="longest wait for the model, all requests for one text together"
    )
    model_daily_dollars: Decimal = Field(
        Decimal("1.00"), ge=0, description="most that the model may cost a person a day"
    )
    model_daily_tokens: int = Field(400_000, ge=0, description="most tokens of the model a person a day")
    model_comments: bool = Field(
        default=False, description="a short comment of the model, marked as such, behind each day's summary"
    )
    model_prices: str = Field(
        "", description="dollars for a million tokens in and out, NAME=IN/OUT separated by commas; unknown: the dearest"
    )
    transcriber: str = Field(
        "", description="reads voice notes: `module:function`, or a program that gets the file's path last; empty: off"
    )
    telegram_users: str = Field("", description="numeric Telegram ids that may use the bot, separated by commas")
    telegram_viewers: str = Field("", description="numeric Telegram ids that may look at the owner's account, not act")
    telegram_groups: str = Field(
        "", description="numeric ids of groups in which commands are answered; who is not listed may only look"
    )
    telegram_webhook: str = Field(
        "", description="https address to which Telegram shall bring updates; empty means polling"
    )
    telegram_listen: str = Field("127.0.0.1:8443", description="host and port behind that address")
    telegram_api_url: str = Field("", description="another Bot API server; empty means Telegram's own")

    anthropic_api_key: SecretStr | None = Field(
        None, validation_alias="ANTHROPIC_API_KEY", description="key of the model"
    )
    anthropic_base_url: str = Field(
        "https://api.anthropic.com", validation_alias="ANTHROPIC_BASE_URL", description="server of the model"
    )
    telegram_bot_token: SecretStr | None = Field(
        None, validation_alias="TELEGRAM_BOT_TOKEN", description="token from @BotFather"
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if not zone_exists(zone):
            raise ValueError(f"there is no time zone {zone}")
        return zone

    @field_validator("language")
    @classmethod
    def _spoken_language(cls, language: str) -> str:
        if language not in LANGUAGES:
            raise ValueError(f"there is no language {language}, only {' and '.join(LANGUAGES)}")
        return language

    @field_validator("model_prices")
    @classmethod
    def _readable_prices(cls, prices: str) -> str:
        prices_of(prices)
        return prices

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'sayso.db').resolve()}"

    @property
    def pictures(self) -> Path:
        """Where pictures are put."""
        return self.data_dir / "pictures"

    @property
    def candle_folder(self) -> Path:
        """The candle store."""
        return self.data_dir / "candles"

    def candle_paths(self) -> list[str]:
        """The candle files to replay; empty means the simulated market."""
        return [each.strip() for each in self.candles.split(",") if each.strip()]


def load_settings(**overrides: object) -> Settings:
    """Reads the settings; raises SettingsError in one sentence for a broken one."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(f"{_sentence('setting', error)}: mend it, or leave it out for the default.") from None


def load_limits(path: Path) -> Limits:
    """Reads the limits file; strict defaults without one, SettingsError for anything it does not know."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Limits()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The limits file {path} cannot be read ({type(error).__name__}): mend or remove it."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The limits file {path} is not valid TOML ({error}): mend it.") from None
    try:
        return Limits.model_validate(data)
    except ValidationError as error:
        raise SettingsError(f"{_sentence('limit', error)}: mend it in {path}.") from None


def _sentence(what: str, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    shown = name if name.isupper() or what == "limit" else f"SAYSO_{name.upper()}"
    problem = (
        "there is no such limit" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
    )
    return f"The {what} {shown} cannot be used ({problem[0].lower()}{problem[1:]})"
