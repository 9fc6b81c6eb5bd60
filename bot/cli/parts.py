"""Builds the parts of a running Sayso from its settings: clock, randomness, ledger, feed, conversation."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.desk import Desk
from bot.notices import Notices
from bot.settings import Settings, load_limits
from runtime.feeds.columns import CandleFileError
from runtime.ledger import replays
from runtime.ledger.instance import claim
from runtime.ledger.ledger import Ledger, open_ledger
from runtime.markets import Feed, feed_from, file_feed


def system_clock() -> datetime:
    """The present in UTC; the one place where the wall clock is read."""
    return datetime.now(UTC)  # noqa: TID251


def new_token() -> str:
    """128 random bits as text."""
    return secrets.token_urlsafe(16)


def _feed(settings: Settings, ledger: Ledger) -> Feed:
    """The candles that were asked for; where none were, those of the last time; else the simulated market."""
    if settings.candle_paths():
        return file_feed(settings.candle_paths(), settings.seed)
    with ledger.read() as c:
        last = replays.newest(c)
    if last is None or settings.simulated:
        return Feed(settings.seed, {})
    feed = feed_from(last.feed)
    for path in feed.files.values():
        if not Path(path).is_file():
            raise CandleFileError(
                f"{path}, which was replayed last time, is gone: name another, or ask for the simulated market"
            )
    return feed


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """A desk on its database, claimed for this process alone until the end."""
    limits = load_limits(settings.limits_file)
    instance = claim(settings.url)
    try:
        ledger = open_ledger(settings.url)
        try:
            feed = _feed(settings, ledger)
            desk = Desk(ledger, limits, settings, feed, system_clock, new_token)
            notices = Notices(desk)
            desk.tell, desk.forgotten = notices.tell, notices.forget
            yield desk
        finally:
            ledger.close()
    finally:
        instance.close()
