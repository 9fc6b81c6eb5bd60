"""Builds the parts of a running Sayso from its settings: clock, randomness, ledger, feed, conversation."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.desk import Desk
from bot.notices import Notices
from bot.settings import Settings, load_limits
from runtime.ledger.instance import claim
from runtime.ledger.ledger import open_ledger
from runtime.markets import Feed, file_feed


def system_clock() -> datetime:
    """The present in UTC; the one place where the wall clock is read."""
    return datetime.now(UTC)  # noqa: TID251


def new_token() -> str:
    """128 random bits as text."""
    return secrets.token_urlsafe(16)


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """A desk on its database, claimed for this process alone until the end."""
    limits = load_limits(settings.limits_file)
    feed = file_feed(settings.candle_paths(), settings.seed) if settings.candle_paths() else Feed(settings.seed, {})
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    instance = claim(settings.url)
    try:
        ledger = open_ledger(settings.url)
        try:
            desk = Desk(ledger, limits, settings, feed, system_clock, new_token)
            desk.tell = Notices(desk).tell
            yield desk
        finally:
            ledger.close()
    finally:
        instance.close()
