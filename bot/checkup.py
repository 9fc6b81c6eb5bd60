"""Is everything set up: each check with what to do about it; `sayso doctor` and `doctor` in the chat show it."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from bot.clock import system_clock
from bot.settings import Settings, SettingsError, load_limits
from runtime.core.calendar import milliseconds
from runtime.core.machine.warm import machine_is_warm
from runtime.feeds.columns import CandleFileError
from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.exchange_faults import ExchangeError
from runtime.lateness import SKEW_MS
from runtime.ledger.errors import LedgerError, LedgerInUse
from runtime.ledger.instance import claim
from runtime.ledger.ledger import open_ledger
from runtime.markets import file_feed
from strategy_dsl.parser import build_grammar


@dataclass(frozen=True)
class Finding:
    """One check: fine, worth knowing, or wrong, with the next step."""

    check: str
    state: Literal["ok", "note", "wrong"]
    text: str


def findings(settings: Settings, *, running: bool = False) -> Iterator[Finding]:
    """Every check, in the order in which a person should mend; asked by the `running` Sayso, its database is open."""
    for check in CHECKS:
        if not (running and check is _database):
            yield from check(settings)


def _language(_: Settings) -> Iterator[Finding]:
    build_grammar(strict=True)
    yield Finding("language", "ok", "the grammar builds without conflicts")


def _limits(settings: Settings) -> Iterator[Finding]:
    try:
        load_limits(settings.limits_file)
    except SettingsError as error:
        yield Finding("limits", "wrong", str(error))
        return
    if settings.limits_file.exists():
        yield Finding("limits", "ok", f"read from {settings.limits_file}")
    else:
        yield Finding(
            "limits", "note", f"no {settings.limits_file}: the strict defaults hold; `sayso settings` lists them"
        )


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    if not os.access(folder, os.W_OK):
        yield Finding("folder", "wrong", f"{folder} cannot be written: choose another with SAYSO_DATA_DIR")
    else:
        yield Finding("folder", "ok", f"{settings.data_dir} can be written")


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not (settings.data_dir / "sayso.db").exists():
        yield Finding("database", "note", "none yet: the first `sayso chat` makes it")
        return
    try:
        claim(settings.url).close()
        open_ledger(settings.url).close()
    except LedgerInUse as error:
        yield Finding("database", "note", str(error))
    except LedgerError as error:
        yield Finding("database", "wrong", str(error))
    else:
        yield Finding("database", "ok", "opens, at the newest revision")


def _exchange(settings: Settings) -> Iterator[Finding]:
    if not settings.exchange:
        return
    try:
        with closing(ExchangeSource(settings.exchange, settings.exchange_url or None, attempts=1)) as source:
            skew = (source.now_ms() - milliseconds(system_clock())) / 1000
    except ExchangeError as error:
        yield Finding("exchange", "wrong", str(error))
        return
    far = abs(skew) * 1000 > SKEW_MS
    text = f"{settings.exchange} answers; its clock and this computer's differ by {abs(skew):.1f} s"
    yield Finding("exchange", "note" if far else "ok", f"{text}: set yours right" if far else text)


def _candles(settings: Settings) -> Iterator[Finding]:
    try:
        feed = file_feed(settings.candle_paths(), settings.seed)
    except CandleFileError as error:
        yield Finding("candles", "wrong", str(error))
        return
    text = " and ".join(feed.files) if feed.files else "none named: the built-in simulated market is used"
    yield Finding("candles", "ok" if feed.files else "note", text)


def _model(settings: Settings) -> Iterator[Finding]:
    if settings.anthropic_api_key is None:
        yield Finding("model", "note", "no ANTHROPIC_API_KEY: the phrasebook reads your English")
    elif find_spec("anthropic") is None:
        yield Finding("model", "wrong", "the package anthropic is missing: run `make setup`")
    else:
        yield Finding("model", "ok", f"{settings.model} at {settings.anthropic_base_url}, not asked now")


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_bot_token is None:
        yield Finding("telegram", "note", "no TELEGRAM_BOT_TOKEN: get one from @BotFather to use `make bot`")
    else:
        yield Finding("telegram", "ok", "a token is set, not tried now")


def _engine(_: Settings) -> Iterator[Finding]:
    if machine_is_warm():
        yield Finding("engine", "ok", "compiled: the first backtest waits for nothing")
    else:
        yield Finding(
            "engine", "note", "not compiled yet: `make setup` or the first backtest does it, in about a minute"
        )


def _live(_: Settings) -> Iterator[Finding]:
    yield Finding("live", "note", "this version has no way to send an order to an exchange")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _language, _limits, _folder, _database, _candles, _exchange, _model, _telegram, _engine, _live,
)  # fmt: skip
"""One row per check."""
