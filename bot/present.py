"""One person's strategies on a market that is live: candles as they close, questions by the clock, what is told."""

from sqlalchemy import Connection

from bot.desk import Desk
from runtime.core.calendar import moment
from runtime.engine import Engine
from runtime.events import Event
from runtime.lateness import Lateness
from runtime.ledger import replays
from runtime.ledger.people import Person
from runtime.live_markets import LiveMarkets

ROUND_SECONDS = 1.0
"""Between two looks at clocks and questions while nothing closes."""
WORTH_TELLING = 2
"""So many missed candles are told even when nothing would have been bought on them."""


class Present:
    """Plays what has closed; `due` is cheap and called often, `play` belongs into a transaction."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person
        self.lateness = Lateness()
        self._generation = -1
        self._waited = ROUND_SECONDS

    def due(self, markets: LiveMarkets, seconds: float) -> bool:
        """Whether something has come, or it is time for a round."""
        markets.refresh()
        self._waited += seconds
        if markets.generation == self._generation and self._waited < ROUND_SECONDS:
            return False
        self._generation, self._waited = markets.generation, 0.0
        return True

    def play(self, c: Connection, markets: LiveMarkets, most: int) -> int:
        """One round; returns the candles played."""
        engine = self.desk.engine(c, self.person)
        if replays.get(c, engine.replay_id).state != "running":
            return 0
        played = self._round(c, engine, most) if markets.is_heard else 0
        self._tell_feed(c, engine, markets)
        return played

    def _round(self, c: Connection, engine: Engine, most: int) -> int:
        if engine.expire(c):
            engine.save(c)
        played = engine.advance(c, most) if engine.runs(c) else 0
        if played:
            self._generation = -1
        else:
            self._tell_missed(c, engine)
        return played

    def _tell_missed(self, c: Connection, engine: Engine) -> None:
        missed = engine.presence.take_missed()
        if missed.entries or missed.candles >= WORTH_TELLING:
            self._tell(c, engine, "missed", {"candles": missed.candles, "entries": missed.entries})

    def _tell_feed(self, c: Connection, engine: Engine, markets: LiveMarkets) -> None:
        wanted = {(market, run.program.timeframe) for run in engine.runs(c) for market in run.program.reads}
        for notice in self.lateness.look(markets, wanted):
            self._tell(c, engine, notice.kind, {**notice.data, "exchange": markets.feed.exchange})

    def _tell(self, c: Connection, engine: Engine, kind: str, data: dict[str, object]) -> None:
        at = engine.clock(c)
        key = f"{kind}-{engine.replay_id}-{int(at.timestamp() * 1000)}"
        for name in ("since_ms", "opened_ms"):
            if name in data:
                data[name.removesuffix("_ms")] = moment(int(str(data[name])))
        self.desk.tell(c, Event(kind, key, self.person.id, 0, at, data))  # type: ignore[arg-type]
