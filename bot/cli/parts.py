"""Builds the parts of a running Sayso from its settings: clock, randomness, ledger, feed, conversation."""

import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bot.clock import system_clock
from bot.desk import Desk
from bot.notices import Notices
from bot.settings import Settings, SettingsError, load_limits
from runtime.core.calendar import milliseconds
from runtime.feeds.columns import CandleFileError
from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.follower import Follower
from runtime.feeds.given import Given
from runtime.feeds.outside_files import OutsideError
from runtime.feeds.store import CandleStore
from runtime.feeds.venue_clock import VenueClock
from runtime.ledger import replays
from runtime.ledger.instance import claim
from runtime.ledger.ledger import Ledger, open_ledger
from runtime.live_markets import LiveMarkets
from runtime.markets import Feed, Markets, feed_from, file_feed


def new_token() -> str:
    """128 random bits as text."""
    return secrets.token_urlsafe(16)


def _feed(settings: Settings, ledger: Ledger) -> Feed:
    """The candles that were asked for; where none were, those of the last time; else the simulated market."""
    if settings.exchange:
        return _exchange_feed(settings, ledger)
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


def _exchange_feed(settings: Settings, ledger: Ledger) -> Feed:
    """The exchange as it was followed before; a new one must answer first."""
    with ledger.read() as c:
        last = replays.newest(c)
    if last is not None and (feed := feed_from(last.feed)).exchange == settings.exchange:
        return feed
    with closing(_source(settings, settings.exchange)) as source:
        return Feed(settings.seed, {}, settings.exchange, source.now_ms())


def _source(settings: Settings, exchange: str) -> ExchangeSource:
    return ExchangeSource(exchange, settings.exchange_url or None, attempts=2)


def given_of(settings: Settings) -> Given:
    """What the owner gives beside candles; raises SettingsError for a file that cannot be used."""
    outside = [each.strip() for each in settings.outside.split(";") if each.strip()]
    universe = tuple(each.strip() for each in settings.universe.split(",") if each.strip())
    try:
        return Given(outside, settings.events, universe)
    except OutsideError as error:
        raise SettingsError(f"{str(error)[0].upper()}{str(error)[1:]}.") from None


def _markets(settings: Settings, feed: Feed) -> Markets:
    """The feed's markets; those of an exchange are followed from now on."""
    given = given_of(settings)
    if not feed.exchange:
        return Markets(feed, given)
    clock = VenueClock(time.monotonic, lambda: milliseconds(system_clock()))
    store = CandleStore(settings.candle_folder)
    follower = Follower(store, _source(settings, feed.exchange), clock, time.monotonic)
    follower.start()
    return LiveMarkets(feed, store, _source(settings, feed.exchange), follower, given)


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
            desk.open_markets = partial(_markets, settings)
            notices = Notices(desk)
            desk.tell, desk.forgotten = notices.tell, notices.forget
            try:
                yield desk
            finally:
                desk.close()
        finally:
            ledger.close()
    finally:
        instance.close()
