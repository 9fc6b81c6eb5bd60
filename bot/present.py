"""One person's strategies on a market that is live: candles as they close, questions by the clock, what is told."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.desk import Desk
from bot.summaries import due_dates
from runtime.core.calendar import moment
from runtime.engine import Engine
from runtime.events import Event
from runtime.lateness import Lateness
from runtime.ledger import people, preferences, replays, runs, summaries
from runtime.ledger.people import Person
from runtime.live_markets import LiveMarkets

ROUND_SECONDS = 1.0
"""Between two looks at clocks and questions while nothing closes."""
SUNDAY = 6
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
        self._summed: date | None = None

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
        if markets.is_heard:
            self._sum_up(c, engine)
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

    def _sum_up(self, c: Connection, engine: Engine) -> None:
        """Tells the days that are over where the person lives, each once; the ledger remembers which."""
        # by the exchange's clock, as everything that is summed up: this computer's may be wrong
        person, now = people.get(c, self.person.id), engine.clock(c)
        place = ZoneInfo(person.zone)
        today = now.astimezone(place).date()
        live = engine.runs(c)
        if today == self._summed or not live:
            return
        at = time.fromisoformat(preferences.get(c, person.id, "summary_at", "00:00"))
        first = min(runs.get(c, run.id).started_at for run in live).astimezone(place).date()
        for day in due_dates(summaries.last(c, person.id), first, now, person.zone, at):
            self._tell_on(c, now, "day", f"day-0-{person.id}-{day}", {"date": day.isoformat()})
            if day.weekday() == SUNDAY:
                monday = (day - timedelta(days=SUNDAY)).isoformat()
                self._tell_on(c, now, "week", f"week-{person.id}-{monday}", {"monday": monday})
        if now.astimezone(place).time() >= at:
            self._summed = today

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
        self._tell_on(c, at, kind, key, data)

    def _tell_on(self, c: Connection, at: datetime, kind: str, key: str, data: dict[str, object]) -> None:
        self.desk.tell(c, Event(kind, key, self.person.id, 0, at, data))  # type: ignore[arg-type]
