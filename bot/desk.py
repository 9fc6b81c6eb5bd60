"""What every command works with: the ledger, the limits, a person's running market."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from bot.settings import Settings
from runtime.engine import Engine
from runtime.events import Event, Tell
from runtime.ledger import accounts, approvals, intents, people, preferences, replays, runs, strategies
from runtime.ledger.ledger import Ledger
from runtime.ledger.people import Person
from runtime.live_run import LiveRun
from runtime.markets import Feed, Markets, feed_from
from runtime.ready import on_paper
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.limits import Limits

Clock = Callable[[], datetime]
FILLERS = frozenset({"the", "my", "strategy", "bot", "a", "please"})
"""Words around a strategy's name that do not belong to it."""
OPENING_CASH = Decimal(10_000)
_limits: ContextVar[Limits | None] = ContextVar("limits", default=None)


@dataclass
class Desk:
    """The parts that a conversation uses; made once by the composition root."""

    ledger: Ledger
    all_limits: Limits
    settings: Settings
    feed: Feed
    clock: Clock
    new_token: Callable[[], str]
    tell: Tell = field(default=lambda c, event: None)
    forgotten: Callable[[], None] = field(default=lambda: None)
    open_markets: Callable[[Feed], Markets] = field(default=Markets)
    _engines: dict[int, Engine] = field(default_factory=dict)
    _markets: dict[str, Markets] = field(default_factory=dict)

    @property
    def limits(self) -> Limits:
        """The limits of the person who is served; those of everybody where nobody is."""
        return _limits.get() or self.all_limits

    @contextmanager
    def serving(self, limits: Limits) -> Iterator[None]:
        """What is read, judged and shown goes by these limits of one person for as long as it lasts."""
        token = _limits.set(limits)
        try:
            yield
        finally:
            _limits.reset(token)

    def limits_of(self, c: Connection, person_id: int) -> Limits:
        """The limits of a person: everybody's, or lower ones of their own."""
        return self.all_limits.of(each.user_id for each in people.addresses(c, person_id))

    @property
    def pictures(self) -> Path:
        """Where pictures are put."""
        return self.settings.pictures

    def engine(self, c: Connection, person: Person) -> Engine:
        """The person's engine on their running market, made if there is none."""
        account = self.account(c, person)
        replay = replays.current(c, account.id)
        if replay is None or feed_from(replay.feed) != self.feed:
            replay = self._new_replay(c, account.id, replay)
        engine = self._engines.get(replay.id)
        if engine is None or engine.person_id != person.id:
            # another's market of this number was begun in a transaction that failed; the zone may have changed, too
            engine = Engine(
                replay.id, people.get(c, person.id), self.markets(), self.limits_of(c, person.id), self._told,
                self.new_token,
            )  # fmt: skip
            self._engines[replay.id] = engine
            if "candles_a_second" in self.settings.model_fields_set:
                replays.set_speed(c, replay.id, self.settings.candles_a_second)
        return engine

    def _told(self, c: Connection, event: Event) -> None:
        self.tell(c, event)

    def _new_replay(self, c: Connection, account_id: int, old: replays.Replay | None) -> replays.Replay:
        """Another market: what ran on the old one has ended, its strategies stay and can be started again."""
        if old is not None:
            for each in approvals.open_ones(c, accounts.get(c, account_id).person_id):
                approvals.settle(c, each.token, "withdrawn", "another market was opened", each.opened_at)
                intents.set_state(c, each.intent_id or "", "SKIPPED")
            for run in runs.active(c, old.id):
                runs.end(c, run.id, self.clock())
                strategies.set_state(c, run.strategy_id, "stopped", "another market was opened", self.clock())
            replays.set_state(c, old.id, "ended")
        return replays.create(c, account_id, self.feed.data(), self.settings.candles_a_second, self.clock())

    def account(self, c: Connection, person: Person) -> accounts.Account:
        """The person's paper account."""
        return accounts.ensure_account(c, person.id, "paper", "USDT", OPENING_CASH, self.clock())

    def markets(self) -> Markets:
        """The candles of the present feed, loaded once."""
        key = repr(self.feed.data())
        if key not in self._markets:
            self._markets[key] = self.open_markets(self.feed)
        return self._markets[key]

    def close(self) -> None:
        """Lets go of what markets hold open."""
        for each in self._markets.values():
            each.close()

    def forget(self) -> None:
        """Drops everything in memory that a failed transaction may have touched."""
        for engine in self._engines.values():
            engine.forget()
        self.forgotten()

    def forget_engine(self, person: Person) -> None:
        """Drops what is in memory of one person's runs: the ledger has all of it."""
        self._engines = {key: each for key, each in self._engines.items() if each.person_id != person.id}

    def compiled(self, text: str) -> Compiled:
        """A stored or new text as a checked strategy that this version can run; raises StrategyError."""
        return on_paper(compile_rules(text, self.limits, "paper", OPENING_CASH), text, self.markets().given)

    def current(self, c: Connection, person: Person) -> strategies.Strategy | None:
        """The strategy that a person means when they name none: the one worked on last."""
        mine = strategies.listing(c, person.id)
        chosen = preferences.get(c, person.id, "strategy")
        if (found := next((each for each in mine if each.id == chosen), None)) is not None:
            return found
        return max(mine, key=lambda each: strategies.versions(c, each.id)[-1].id, default=None)

    def named(self, c: Connection, person: Person, words: str) -> strategies.Strategy | None:
        """The strategy that some words name, whole or in part; the one that is meant anyway where there are none."""
        wanted = " ".join(each for each in words.casefold().split() if each not in FILLERS)
        if not wanted:
            return self.current(c, person)
        mine = strategies.listing(c, person.id)
        for fits in (str.__eq__, str.startswith, str.__contains__):
            found = [each for each in mine if fits(each.name.casefold(), wanted)]
            if len(found) == 1:
                return found[0]
        return None

    def run_of(self, c: Connection, person: Person, strategy: strategies.Strategy) -> LiveRun | None:
        """The run of a strategy, if it is at work."""
        return next((each for each in self.engine(c, person).runs(c) if each.strategy.id == strategy.id), None)

    def person(self, c: Connection, person_id: int) -> list[people.Address]:
        """Where a person can be reached."""
        return people.addresses(c, person_id)
