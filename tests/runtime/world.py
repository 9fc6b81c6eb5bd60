"""One person, one strategy and its run on made candles, over a real ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from sqlalchemy import Connection

from bot.trades import trades_of
from runtime.candles import Candles
from runtime.core.calendar import moment
from runtime.core.resample import resampled
from runtime.engine import Engine
from runtime.events import Event
from runtime.feeds.given import Given
from runtime.ledger import accounts, approvals, fills, intents, people, replays, runs, strategies
from runtime.ledger.ledger import Ledger
from runtime.live_run import LiveRun
from runtime.markets import Feed, Markets
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from tests.made import OPEN

SLIPPAGE = 0.0005
TOKENS = count(1)


class MadeMarkets(Markets):
    """Markets of given candles; the replay begins with the first."""

    def __init__(self, candles: Mapping[str, Candles]) -> None:
        super().__init__(Feed(0, {}), Given(universe=tuple(sorted(candles))))
        self.made = candles
        self._start_ms = min(int(each.time[0]) for each in candles.values())

    def candles(self, market: str, timeframe: str) -> Candles:
        """The given candles, or longer ones made from them."""
        return resampled(self.made[market], timeframe)


@dataclass
class World:
    """A running strategy; `engine()` gives an engine, made anew from the ledger after `restart()`."""

    ledger: Ledger
    candles: Mapping[str, Candles]
    limits: Limits = OPEN
    person: people.Person = field(init=False)
    account_id: int = field(init=False)
    replay_id: int = field(init=False)
    run_ids: list[int] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Makes the person, the account and the market."""
        self.markets = self.make_markets()
        self.start = moment(self.markets.start_ms)
        with self.ledger.write() as c:
            self.person = people.ensure_person(c, "terminal", "owner", "terminal", "you", "owner", self.start)
            account = accounts.ensure_account(c, self.person.id, "paper", "USDT", Decimal(10_000), self.start)
            self.account_id = account.id
            self.replay_id = replays.create(c, account.id, {"seed": 0, "files": {}}, 1.0, self.start).id
            replays.move(c, self.replay_id, self.start, 0)
        self.restart()

    def make_markets(self) -> Markets:
        """The markets to run on."""
        return MadeMarkets(self.candles)

    def restart(self) -> None:
        """Forgets everything that is in memory."""
        self._engine = Engine(
            self.replay_id, self.person, self.markets, self.limits, self._tell, lambda: f"token-{next(TOKENS)}"
        )

    def engine(self) -> Engine:
        """The engine at work."""
        return self._engine

    def _tell(self, c: Connection, event: Event) -> None:
        self.told.append(event)

    def run(self, rules: str, name: str = "one") -> int:
        """Starts a strategy; the number of its run."""
        compiled = compile_rules(rules, self.limits)
        budget = compiled.strategy.budget
        assert budget is not None
        with self.ledger.write() as c:
            made = strategies.create(c, self.person.id, self.account_id, name, budget.amount, self.start)
            assert made is not None
            self._version(c, made.id, rules)
            current = strategies.get(c, made.id).version_id
            assert current is not None
            started = runs.start(c, made.id, current, self.replay_id, self._engine.clock(c))
            strategies.set_state(c, made.id, "paper", "", self.start)
            assert started is not None
        self.run_ids.append(started.id)
        return started.id

    def _version(self, c: Connection, strategy_id: int, rules: str) -> strategies.Version:
        compiled = compile_rules(rules, self.limits)
        return strategies.add_version(c, strategy_id, compiled.text, compiled.hash, "", rules, {}, "rules", self.start)

    def edit(self, rules: str) -> None:
        """Other rules for the first run, the way the conversation does it."""
        with self.ledger.write() as c:
            run = runs.get(c, self.run_ids[0])
            made = self._version(c, run.strategy_id, rules)
            self._engine.save(c)
            self._engine.withdraw(c, run.id, "the rules changed")
            runs.set_version(c, run.id, made.id)

    def play(self, candles: int = 100_000, at_once: int = 50, restart_every: int = 0) -> int:
        """Plays until the end, a question, or that many candles; how many were played."""
        played = 0
        while played < candles:
            with self.ledger.write() as c:
                step = self._engine.advance(c, min(at_once, candles - played))
            if not step:
                break
            played += step
            if restart_every and played % restart_every < step:
                self.restart()
        return played

    def waiting(self) -> list[approvals.Approval]:
        """The open questions."""
        with self.ledger.read() as c:
            return self._engine.waiting(c)

    def answer(self, token: str, answer: str) -> str:
        """Answers one question."""
        with self.ledger.write() as c:
            return self._engine.settle(c, token, answer, str(self.person.id))

    def live(self, at: int = 0) -> LiveRun:
        """A run as the engine has it."""
        with self.ledger.read() as c:
            return self._engine.run_of(c, self.run_ids[at])

    def state(self) -> str:
        """The account's state."""
        with self.ledger.read() as c:
            return accounts.get(c, self.account_id).state

    def fills(self, at: int = 0) -> list[fills.Fill]:
        """What was filled, oldest first."""
        with self.ledger.read() as c:
            return fills.of_run(c, self.run_ids[at])

    def intents(self, at: int = 0) -> dict[str, intents.Intent]:
        """Every intent by its number."""
        with self.ledger.read() as c:
            return {each.id: each for each in intents.listing(c, self.run_ids[at])}

    def sales(self, at: int = 0) -> list[tuple[str, int, int, float, float, float, str]]:
        """Market, entry and exit time, prices, quantity and reason of every sale, as a backtest lists them."""
        with self.ledger.read() as c:
            found = [
                (trade.market, _ms(trade.opened_at), _ms(sale.at), float(trade.price), float(sale.price),
                 float(sale.quantity), sale.kind)
                for trade in trades_of(c, self.run_ids[at]) for sale in trade.sales
            ]  # fmt: skip
        return sorted(found, key=lambda each: (each[2], each[1], each[0]))

    def kinds(self) -> list[str]:
        """What was told, without the noise of playing."""
        return [each.kind for each in self.told if each.kind not in ("played", "day")]


def _ms(at: object) -> int:
    return int(at.timestamp() * 1000)  # type: ignore[attr-defined]
